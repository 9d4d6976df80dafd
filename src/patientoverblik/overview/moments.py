"""When a document's lines happen and when they fall due."""

from patientoverblik.care import Appointment as _Appointment
from patientoverblik.care import Condition, Contact, Goal, Intervention, Measurement, Moment, Period, Plan, Unknown
from patientoverblik.overview.compare import Placed
from patientoverblik.overview.facts import Due
from patientoverblik.overview.model import LineValue, TimelineEvent

_OPEN = frozenset({"active", "planned", "unknown"})
_RUNNING = frozenset({"active", "planned", "unknown", "on-hold"})
_NOT_BEGUN = frozenset({"planned", "unknown"})
Named = list[tuple[str, Moment | None]]


def dues_of(placed: Placed) -> tuple[Due, ...]:
    """Every deadline the lines state; a day is over when it ends, so nothing due today has passed (DESIGN 15)."""
    return tuple(due for _, line, value in placed for due in _dues(line, value))


def events_of(placed: Placed, lane: str) -> tuple[TimelineEvent, ...]:
    """Everything the lines place in time."""
    return tuple(
        TimelineEvent(at=when.earliest, text=when.text, precision=when.precision, kind=kind, line=line, lane=lane)
        for _, line, value in placed
        for kind, when in _named(value)
        if when is not None
    )


def _dues(line: str, value: LineValue) -> list[Due]:
    match value:
        case Goal():
            return [Due(line, "frist", end.latest, _OPEN) for end in _goal_ends(value) if end]
        case Intervention():
            return [
                *([Due(line, "seneste start", value.start_by.latest, _NOT_BEGUN)] if value.start_by else []),
                *([Due(line, "næste gang", value.next_due.latest, _OPEN)] if value.next_due else []),
            ]
        case Plan(review=Moment() as review):
            return [Due(line, "revurdering", review.latest, _RUNNING)]
    return []


def _goal_ends(value: Goal) -> list[Moment | None]:
    if value.due:
        return [value.due]
    return [each.due for each in value.targets if each.due] or [_end(value.period)]


def _named(value: LineValue) -> Named:
    match value:
        case Plan():
            return [*_period("plan", value.period), ("plan-review", value.review)]
        case Condition():
            return [*_period("condition", value.onset), ("condition-recorded", value.recorded)]
        case Goal():
            return [*_goal(value)]
        case Intervention():
            return [*_period("intervention", value.period), ("start-by", value.start_by), ("next-due", value.next_due)]
        case Measurement(time=Moment() as time):
            return [("measurement", time)]
        case Contact():
            return _period("contact", value.period)
        case _Appointment():
            return [("appointment", _start(value.period))]
    return []


def _goal(value: Goal) -> Named:
    judged: Named = [
        ("goal-evaluation", each.time if isinstance(each.time, Moment) else None) for each in value.evaluations
    ]
    due = value.due or _end(value.period)
    return [("goal-start", _start(value.period)), ("goal-due", due), *judged]


def _period(kind: str, period: Period | None) -> Named:
    return [(f"{kind}-start", _start(period)), (f"{kind}-end", _end(period))]


def _start(period: Period | Unknown | None) -> Moment | None:
    return period.start if isinstance(period, Period) else None


def _end(period: Period | Unknown | None) -> Moment | None:
    return period.end if isinstance(period, Period) else None
