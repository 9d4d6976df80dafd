"""Remarks and worklists in a database: remarks lie with their patient, facts with the organisation they are for."""

from functools import lru_cache

import msgspec

from patientoverblik.service.remark import Remark
from patientoverblik.service.visit import Visit
from patientoverblik.service.work import Work
from patientoverblik.storage.sql.locators import LocatorReads, LocatorWrites
from patientoverblik.storage.sql.packing import encode
from patientoverblik.storage.sql.place import VISIT, WITHIN, replacing, within
from patientoverblik.storage.sql.putting import once, put

_VISITED = f"select data from trail where {WITHIN} and name = ?"  # noqa: S608 - constants of our own
FACTS_KEPT = 16384  # of about 800 bytes each
_remark = msgspec.msgpack.Decoder(Remark).decode
_work = lru_cache(maxsize=FACTS_KEPT)(msgspec.msgpack.Decoder(Work).decode)


class WorkReads(LocatorReads):
    """Reading what patients wrote to parties, and what stands on worklists."""

    def remarks(self, patient: int) -> tuple[Remark, ...]:
        """Every remark of the patient, linked keys included, by patient key and id."""
        return tuple(one for key in self.linked_keys(patient) for one in self._remarks(key))

    def work_of(self, organisation: str) -> tuple[Work, ...]:
        """Every fact on an organisation's worklist, by patient key and id."""
        rows = self._connection.all(
            "select data from work where organisation = ? order by patient, id", (organisation,)
        )
        return tuple([_work(data) for (data,) in rows])

    def work_read(self, reader: str) -> frozenset[str]:
        """The ids of the facts that a reader has marked as read."""
        return frozenset(row[0] for row in self._connection.all("select id from work_read where reader = ?", (reader,)))

    def visit(self, patient: int, reader: str) -> Visit | None:
        """A reader's newest visit to one patient key."""
        found = self._connection.one(*visited(patient, reader))
        return Visit(patient, reader, *map(int, found[0].split())) if found else None

    def _remarks(self, key: int) -> tuple[Remark, ...]:
        rows = self._connection.all("select data from remark where patient = ? order by id", (key,))
        return tuple(_remark(data) for (data,) in rows)


class WorkWrites(WorkReads, LocatorWrites):
    """Changing remarks and worklists inside an act."""

    def put_remark(self, remark: Remark) -> None:
        """Add a remark, or replace the one with its id."""
        self._connection.later(put("remark", "patient, id", "data"), (remark.patient, remark.id, encode(remark)))

    def put_work(self, work: Work) -> None:
        """Add a fact, or replace the one with its organisation, patient and id."""
        self._connection.later(
            put("work", "organisation, patient, id", "follows", "data"),
            (work.organisation, work.patient, work.id, work.follows, encode(work)),
        )

    def drop_work(self, patient: int, follows: str) -> None:
        """Forget every fact of a patient that follows from something."""
        self._connection.later("delete from work where patient = ? and follows = ?", (patient, follows))

    def mark_read(self, reader: str, work: str) -> None:
        """A reader has read a fact; once is enough."""
        self._connection.later(once("work_read", "reader", "id"), (reader, work))

    def put_visit(self, visit: Visit) -> None:
        """Keep a visit in place of the one before."""
        patient, name, data = visit.patient, visit.reader.encode(), b"%d %d" % (visit.at, visit.before)
        self._connection.later(replacing(self._connection.own_places, "trail"), (*within(patient, VISIT), name, data))


def visited(patient: int, reader: str) -> tuple[str, tuple[object, ...]]:
    """The question for a visit, which lies behind the patient's looks: a page that writing a look touches anyway. Its
    row is named by the reader and holds both times, as digits."""
    return _VISITED, (*within(patient, VISIT), reader.encode())
