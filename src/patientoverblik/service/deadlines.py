"""By when what is handed over must have begun: as the parties have agreed, else as the law says.

The law's deadlines are rows of ``tables/deadlines.csv``, each with its source. Nothing is inferred: a row names a kind
of plan, or a code that an intervention carries.
"""

import csv
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files

import msgspec

from patientoverblik.care import COPENHAGEN, Concept, Contribution, Intervention, Moment, Period, parse_moment
from patientoverblik.overview.facts import end_of


class Deadline(msgspec.Struct, frozen=True):
    """The first moment that is too late (ms UTC; 0 where nothing says), and the law it follows from; empty where the
    parties have agreed it."""

    at: int = 0
    basis: str = ""


class Legal(msgspec.Struct, frozen=True):
    """One row: a kind of plan, or a code of an intervention (``what`` and ``value``), and how many days it may take
    from the discharge, or the later start that the plan says."""

    what: str
    value: str
    days: int
    basis: str
    source: str


def deadline(care: Contribution, acts: Sequence[Intervention], responsible: Period) -> Deadline:
    """The deadline of what a document hands over: the latest start of its interventions, or else their end; of a whole
    plan, when the receiver's responsibility begins. Where none of them says, the law's."""
    starts = [act.start_by.latest for act in acts if act.start_by]
    ends = [end_of(act.period.end) for act in acts if act.period and act.period.end]
    law = _legal(care, acts)
    taken_over = [] if acts or law else [end_of(responsible.start)] if responsible.start else []
    agreed = min(starts or ends or taken_over, default=0)
    return Deadline(agreed) if agreed or law is None else Deadline(_after(_start(care, acts), law.days), law.basis)


@cache
def legal_deadlines() -> tuple[Legal, ...]:
    """The rows of the table."""
    text = files("patientoverblik.service").joinpath("tables", "deadlines.csv").read_text(encoding="utf-8")
    return tuple(msgspec.convert(row, Legal, strict=False) for row in csv.DictReader(text.splitlines()))


def _legal(care: Contribution, acts: Iterable[Intervention]) -> Legal | None:
    codes = [act.code for act in acts if isinstance(act.code, Concept)]
    named = {("code", coding.code) for code in codes for coding in code.codings}
    named |= {("plan", care.plan.kind)} if care.plan else set()
    rows = (row for row in legal_deadlines() if (row.what, row.value) in named)
    return min(rows, key=lambda row: row.days, default=None)


def _start(care: Contribution, acts: Iterable[Intervention]) -> Moment | None:
    """When the time runs from: the first start the interventions say, else the plan's, else when it was written."""
    said = [act.period.start for act in acts if act.period and act.period.start]
    plan = care.plan.period if care.plan else None
    created = care.document.created
    written = created if isinstance(created, Moment) else None
    return min(said, key=lambda one: one.earliest, default=(plan.start if plan else None) or written)


def _after(start: Moment | None, days: int) -> int:
    """The end of the Danish day that lies so many days after another; 0 where that is not known."""
    if start is None:
        return 0
    day = datetime.fromtimestamp(start.earliest / 1000, COPENHAGEN).date() + timedelta(days=days)
    return parse_moment(day.isoformat()).latest
