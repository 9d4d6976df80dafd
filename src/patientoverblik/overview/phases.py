"""Which phase of life a line is in, as its author stated it: a table of the two statuses each kind has.

Time never changes a phase: what is late or past is told by flags. ``hidden`` means entered in error: kept, findable,
not shown.
"""

import csv
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from typing import Any, Literal, cast

from patientoverblik.care import Appointment, Condition, Contact, Goal, Intervention, Plan, Unknown
from patientoverblik.overview.model import LineValue, Phase

Stated = Phase | Literal["hidden"]
OPEN: frozenset[str] = frozenset({"active", "planned", "unknown"})
_CLASS = {"active": "open", "planned": "open", "unknown": "open", "replaced": "ended", "ended": "ended"}


def phase_of(value: LineValue) -> Stated:
    """The phase a value states; what has no status of its own is active."""
    stated = _STATED.get(type(value))
    return "active" if stated is None else stated(value)


def status_class(phase: str) -> str:
    """The class of phases that two parties must agree on before their lines can be one: open, on-hold, ended or
    cancelled."""
    return _CLASS.get(phase, phase)


def _word(status: str | Unknown) -> str:
    return status if isinstance(status, str) else "-"


@lru_cache(maxsize=1024)
def _phase(kind: str, first: str, second: str) -> Stated:
    for row in _rows():
        if row["kind"] == kind and row["first"] in ("*", first) and row["second"] in ("*", second):
            return cast(Stated, row["phase"])
    return "unknown"


@lru_cache(maxsize=1)
def _rows() -> tuple[dict[str, str], ...]:
    table = files(__package__).joinpath("tables", "phases.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(table.splitlines()))


_STATED: dict[type, Callable[[Any], Stated]] = {
    Plan: lambda plan: _phase("plan", _word(plan.status), "-"),
    Condition: lambda condition: _phase("condition", _word(condition.clinical_status), _word(condition.verification)),
    Goal: lambda goal: _phase("goal", _word(goal.lifecycle), goal.achievement or "-"),
    Intervention: lambda act: _phase("intervention", _word(act.activity), _word(act.authorisation)),
    Contact: lambda contact: _phase("contact", _word(contact.status), "-"),
    Appointment: lambda appointment: _phase("appointment", _word(appointment.status), "-"),
}
