"""The story as its documents tell it, worked out from the care values alone: what stands after each step."""

from collections.abc import Iterable, Iterator
from typing import Any

from patientoverblik.care import Contribution, Goal, Identifier, Intervention, Moment
from patientoverblik.demo.story import Delivery, Event
from patientoverblik.demo.storyboard import STEPS, STORY


def until(events: Iterable[Event], step: str) -> list[Event]:
    """Every event up to and including a step."""
    return [event for event in events if STEPS.index(event.step) <= STEPS.index(step)]


def current(events: Iterable[Event]) -> list[Contribution]:
    """The newest version of each document."""
    newest: dict[Identifier, Contribution] = {}
    for event in events:
        if isinstance(event, Delivery):
            document = event.care.document
            newest[document.series or document.id] = event.care
    return list(newest.values())


def counts(events: list[Event]) -> tuple[tuple[int, int], ...]:
    """(active, total) of plans, conditions, patient's goals, professional goals, interventions and appointments."""
    cares, at = current(events), max(event.at.latest for event in events)
    goals = [goal for care in cares for goal in care.goals]
    acts = [act for care in cares for act in care.interventions]
    realised = {one for act in acts for one in act.realises} | {one for act in acts for one in act.replaces}
    appointments: dict[object, int] = {}
    for booked in (booked for care in cares for booked in care.appointments):
        end = booked.period.end
        assert isinstance(end, Moment)
        row = booked.series or booked.ids[0]
        appointments[row] = max(end.latest, appointments.get(row, 0))
    plans = [care.plan for care in cares if care.plan and care.plan.kind != "patient-goals"]
    return (
        _pair(plan.status == "active" for plan in plans),
        _pair(one.clinical_status != "resolved" for care in cares for one in care.conditions),
        _pair(_is_open(goal) for goal in goals if goal.kind == "patient"),
        _pair(_is_open(goal) for goal in goals if goal.kind != "patient"),
        _pair(_is_going(act) and act.ids[0] not in realised for act in acts),
        _pair(end > at for end in appointments.values()),
    )


def on_hold(events: list[Event]) -> tuple[str, ...]:
    """The short names of the interventions on hold."""
    held = {act.ids[0] for care in current(events) for act in care.interventions if act.activity == "on-hold"}
    return tuple(short for short in (f"I{number}" for number in range(1, 31)) if STORY.id(short) in held)


def items(care: Contribution) -> Iterator[Any]:
    """Every item of a contribution that has identifiers."""
    for field in ("conditions", "goals", "interventions", "measurements", "contacts", "appointments", "card"):
        yield from getattr(care, field)
    if care.plan:
        yield care.plan


def _is_open(goal: Goal) -> bool:
    return goal.lifecycle == "active"


def _is_going(act: Intervention) -> bool:
    return act.activity in ("not-started", "scheduled", "in-progress")


def _pair(active: Iterable[bool]) -> tuple[int, int]:
    told = list(active)
    return sum(told), len(told)
