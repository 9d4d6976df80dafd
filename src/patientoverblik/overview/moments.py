"""When a document's lines happen and when they fall due."""

from collections.abc import Iterator

from patientoverblik.care import (
    Appointment,
    Condition,
    Contact,
    Goal,
    Intervention,
    Measurement,
    Moment,
    Period,
    Plan,
    Unknown,
)
from patientoverblik.overview.facts import Due
from patientoverblik.overview.items import Placed
from patientoverblik.overview.model import TimelineEvent

_OPEN = frozenset({"active", "planned", "unknown"})
_RUNNING = frozenset({"active", "planned", "unknown", "on-hold"})
_NOT_BEGUN = frozenset({"planned", "unknown"})
Named = tuple[str, str, Moment | Unknown | None]


def dues_of(placed: Placed) -> tuple[Due, ...]:
    """Every deadline the lines state; a day is over when it ends, so nothing due today has passed (DESIGN 15)."""
    found = [Due(line, "revurdering", plan.review.latest, _RUNNING) for line, plan in placed[Plan] if plan.review]
    for line, goal in placed[Goal]:
        found += [Due(line, "frist", end.latest, _OPEN) for end in _goal_ends(goal) if end]
    for line, intervention in placed[Intervention]:
        if intervention.start_by:
            found.append(Due(line, "seneste start", intervention.start_by.latest, _NOT_BEGUN))
        if intervention.next_due:
            found.append(Due(line, "næste gang", intervention.next_due.latest, _OPEN))
    return tuple(found)


def events_of(placed: Placed, lane: str) -> tuple[TimelineEvent, ...]:
    """Everything the lines place in time."""
    return tuple(
        [
            TimelineEvent(when.earliest, when.text, when.precision, kind, line, lane)
            for named in (_of_plans(placed), _of_goals(placed), _of_meetings(placed))
            for line, kind, when in named
            if isinstance(when, Moment)
        ]
    )


def _of_plans(placed: Placed) -> Iterator[Named]:
    for line, plan in placed[Plan]:
        yield from _period(line, "plan", plan.period)
        yield line, "plan-review", plan.review
    for line, condition in placed[Condition]:
        yield from _period(line, "condition", condition.onset)
        yield line, "condition-recorded", condition.recorded


def _of_goals(placed: Placed) -> Iterator[Named]:
    for line, goal in placed[Goal]:
        yield line, "goal-start", _start(goal.period)
        yield line, "goal-due", goal.due or _end(goal.period)
        for evaluation in goal.evaluations:
            yield line, "goal-evaluation", evaluation.time
    for line, intervention in placed[Intervention]:
        yield from _period(line, "intervention", intervention.period)
        yield line, "start-by", intervention.start_by
        yield line, "next-due", intervention.next_due


def _of_meetings(placed: Placed) -> Iterator[Named]:
    for line, measurement in placed[Measurement]:
        yield line, "measurement", measurement.time
    for line, contact in placed[Contact]:
        yield from _period(line, "contact", contact.period)
    for line, appointment in placed[Appointment]:
        yield line, "appointment", _start(appointment.period)


def _goal_ends(goal: Goal) -> list[Moment | None]:
    if goal.due:
        return [goal.due]
    return [each.due for each in goal.targets if each.due] or [_end(goal.period)]


def _period(line: str, kind: str, period: Period | None) -> tuple[Named, ...]:
    if period is None:
        return ()
    return (line, f"{kind}-start", period.start), (line, f"{kind}-end", period.end)


def _start(period: Period | Unknown | None) -> Moment | None:
    return period.start if isinstance(period, Period) else None


def _end(period: Period | Unknown | None) -> Moment | None:
    return period.end if isinstance(period, Period) else None
