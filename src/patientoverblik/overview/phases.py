"""Which phase of life a line is in, as its author stated it: a table of the two statuses each kind has.

Time never changes a phase: what is late or past is told by flags. ``hidden`` means entered in error: kept, findable,
not shown.
"""

import csv
from functools import lru_cache
from importlib.resources import files
from typing import Literal, cast

from patientoverblik.care import Appointment, Condition, Contact, Goal, Intervention, Plan, Unknown
from patientoverblik.overview.model import LineValue, Phase

Stated = Phase | Literal["hidden"]
OPEN: frozenset[str] = frozenset({"active", "planned", "unknown"})
_CLASS = {"active": "open", "planned": "open", "unknown": "open", "replaced": "ended", "ended": "ended"}


def phase_of(value: LineValue) -> Stated:
    """The phase a value states; what has no status of its own is active."""
    axes = _axes(value)
    return "active" if axes is None else _phase(*axes)


def status_class(phase: str) -> str:
    """The class of phases that two parties must agree on before their lines can be one: open, on-hold, ended or
    cancelled."""
    return _CLASS.get(phase, phase)


def _axes(value: LineValue) -> tuple[str, str, str] | None:
    match value:
        case Plan(status=status):
            return "plan", _word(status), "-"
        case Condition(clinical_status=clinical, verification=verification):
            return "condition", _word(clinical), _word(verification)
        case Goal(lifecycle=lifecycle, achievement=achievement):
            return "goal", _word(lifecycle), achievement or "-"
        case Intervention(activity=activity, authorisation=authorisation):
            return "intervention", _word(activity), _word(authorisation)
        case Contact(status=status):
            return "contact", _word(status), "-"
        case Appointment(status=stated):
            return "appointment", _word(stated), "-"
    return None


def _word(status: str | Unknown) -> str:
    return "-" if isinstance(status, Unknown) else status


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
