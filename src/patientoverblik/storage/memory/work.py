"""Remarks, worklists and visits in the memory storage."""

from collections.abc import Callable

from patientoverblik.service.remark import Remark
from patientoverblik.service.visit import Visit
from patientoverblik.service.work import Work
from patientoverblik.storage.memory.state import State
from patientoverblik.storage.union import reachable


class WorkReads:
    """Reading what patients wrote to parties, and what stands on worklists."""

    _now: Callable[[], State]

    def remarks(self, patient: int) -> tuple[Remark, ...]:
        """Every remark of the patient, linked keys included, by patient key and id."""
        links = self._now().links
        keys = reachable(patient, lambda key: (other for pair in links if key in pair for other in pair))
        held = (one for one in self._now().remarks.values() if one.patient in keys)
        return tuple(sorted(held, key=lambda one: (one.patient, one.id)))

    def work_of(self, organisation: str) -> tuple[Work, ...]:
        """Every fact on an organisation's worklist, by patient key and id."""
        held = (one for one in self._now().work.values() if one.organisation == organisation)
        return tuple(sorted(held, key=lambda one: (one.patient, one.id)))

    def work_read(self, reader: str) -> frozenset[str]:
        """The ids of the facts that a reader has marked as read."""
        return frozenset(work for who, work in self._now().work_read if who == reader)

    def visit(self, patient: int, reader: str) -> Visit | None:
        """A reader's newest visit to one patient key."""
        return self._now().visits.get((patient, reader))


class WorkWrites(WorkReads):
    """Changing remarks and worklists inside an act."""

    def put_remark(self, remark: Remark) -> None:
        """Add a remark, or replace the one with its id."""
        self._now().remarks[remark.id] = remark

    def put_work(self, work: Work) -> None:
        """Add a fact, or replace the one with its organisation, patient and id."""
        self._now().work[work.organisation, work.patient, work.id] = work

    def drop_work(self, patient: int, follows: str) -> None:
        """Forget every fact of a patient that follows from something."""
        held = self._now().work
        for key in [key for key, one in held.items() if (one.patient, one.follows) == (patient, follows)]:
            del held[key]

    def mark_read(self, reader: str, work: str) -> None:
        """A reader has read a fact; once is enough."""
        self._now().work_read[reader, work] = None

    def put_visit(self, visit: Visit) -> None:
        """Keep a visit in place of the one before."""
        self._now().visits[visit.patient, visit.reader] = visit
