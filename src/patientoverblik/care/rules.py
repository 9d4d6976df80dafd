"""Rules across the values of one contribution: each gives findings, none refuses (DESIGN decision 8).

The rules state what contradicts itself within a document; they never judge what is clinically right.
A finding's place is the place of the item it is about.
"""

from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal, InvalidOperation

from patientoverblik.care.contribution import Contribution
from patientoverblik.care.goal import Goal
from patientoverblik.care.intervention import Intervention
from patientoverblik.care.item import Item
from patientoverblik.care.moment import Moment
from patientoverblik.care.values import Amount, Identifier, Period, Quantity, Range
from patientoverblik.problems import Finding

Rule = Callable[[Contribution], Iterator[Finding]]
ENDED_PLAN = frozenset({"completed", "revoked", "entered-in-error"})
SETTLED_GOAL = frozenset({"completed", "cancelled", "entered-in-error"})
SETTLED_ACTIVITY = frozenset({"completed", "cancelled", "stopped", "entered-in-error"})
NOT_GRANTED = frozenset({"proposed", "declined", "revoked"})


def check(contribution: Contribution) -> tuple[Finding, ...]:
    """All findings of all rules, in the order of the rules and of the items."""
    return tuple(finding for rule in RULES for finding in rule(contribution))


def items(contribution: Contribution) -> Iterator[Item]:
    """Every item of a contribution, the plan first."""
    if contribution.plan is not None:
        yield contribution.plan
    yield from contribution.conditions
    yield from contribution.goals
    yield from contribution.interventions
    yield from contribution.measurements
    yield from contribution.contacts
    yield from contribution.appointments


def periods_run_forward(contribution: Contribution) -> Iterator[Finding]:
    """No period ends before it starts."""
    for item in items(contribution):
        for name in ("period", "onset"):
            period = getattr(item, name, None)
            if isinstance(period, Period) and _reversed(period):
                yield Finding("care.period-reversed", item.place)


def bounds_are_in_order(contribution: Contribution) -> Iterator[Finding]:
    """No range has a low bound above its high bound."""
    for place, amount in _amounts(contribution):
        if isinstance(amount, Range) and _crossed(amount):
            yield Finding("care.range-reversed", place)


def amounts_have_units(contribution: Contribution) -> Iterator[Finding]:
    """A quantity or range without a unit is told of; the unit is never guessed."""
    for place, amount in _amounts(contribution):
        if isinstance(amount, Quantity | Range) and not amount.unit:
            yield Finding("care.no-unit", place)


def measurements_precede_the_document(contribution: Contribution) -> Iterator[Finding]:
    """No value is measured after the document that tells of it was made."""
    created = contribution.document.created
    if not isinstance(created, Moment):
        return
    for measurement in contribution.measurements:
        if isinstance(measurement.time, Moment) and measurement.time.earliest >= created.latest:
            yield Finding("care.measured-after-document", measurement.place)


def activity_has_a_grant(contribution: Contribution) -> Iterator[Finding]:
    """An intervention in progress has been granted (KL: two statuses that stand apart, domain model I4)."""
    for each in contribution.interventions:
        if each.activity == "in-progress" and each.authorisation in NOT_GRANTED:
            yield Finding("care.activity-without-grant", each.place)


def an_ended_plan_leaves_nothing_open(contribution: Contribution) -> Iterator[Finding]:
    """A plan that has ended has no open intervention or professional goal; a patient's own goals live on (I5)."""
    if contribution.plan is None or contribution.plan.status not in ENDED_PLAN:
        return
    aims: tuple[Goal | Intervention, ...] = (*contribution.goals, *contribution.interventions)
    for item in aims:
        if _open(item):
            yield Finding("care.open-in-ended-plan", item.place)


def one_is_responsible_at_a_time(contribution: Contribution) -> Iterator[Finding]:
    """The whole plan has one responsible actor at every instant: no two at once, and nobody in between (I8)."""
    plan = contribution.plan
    if plan is None:
        return
    spans = sorted(
        (_start(each.period), _end(each.period), each.place) for each in plan.responsibilities if not each.covers
    )
    until = spans[0][1] if spans else 0
    for start, end, place in spans[1:]:
        if start != until:
            yield Finding("care.responsibility-overlap" if start < until else "care.responsibility-gap", place)
        until = max(until, end)


def a_patient_goal_is_the_patients(contribution: Contribution) -> Iterator[Finding]:
    """A goal of the patient's own is expressed by the patient or a relative on the patient's behalf (I3)."""
    for goal in contribution.goals:
        kind = getattr(goal.expressed_by, "kind", "patient")
        if goal.kind == "patient" and kind not in ("patient", "relative"):
            yield Finding("care.patient-goal-of-another", goal.place)


def identifiers_tell_items_apart(contribution: Contribution) -> Iterator[Finding]:
    """No two items of a document carry the same identifier, and none carries the document's own (DESIGN decision 6)."""
    seen: set[tuple[str, str]] = set()
    document = _key(contribution.document.id)
    for item in items(contribution):
        keys = {_key(each) for each in item.ids}
        if document in keys:
            yield Finding("care.id-of-document", item.place)
        if keys & seen:
            yield Finding("care.id-repeats", item.place)
        seen |= keys


def links_have_targets(contribution: Contribution) -> Iterator[Finding]:
    """What an item points at within its plan stands in the document."""
    known = {_key(each) for item in items(contribution) for each in item.ids}
    aims: tuple[Goal | Intervention, ...] = (*contribution.goals, *contribution.interventions)
    for item in aims:
        if any(_key(link) not in known for link in _links(item)):
            yield Finding("care.link-without-target", item.place)


def one_temporary_address(contribution: Contribution) -> Iterator[Finding]:
    """The card names at most one temporary address at a time (I10)."""
    spans: list[tuple[int, int]] = []
    for each in contribution.card:
        if each.field == "temporary-address":
            start, end = _start(each.period or Period()), _end(each.period or Period())
            if any(start < other_end and other_start < end for other_start, other_end in spans):
                yield Finding("care.two-temporary-addresses", each.place)
            spans.append((start, end))


RULES: tuple[Rule, ...] = (
    periods_run_forward,
    bounds_are_in_order,
    amounts_have_units,
    measurements_precede_the_document,
    activity_has_a_grant,
    an_ended_plan_leaves_nothing_open,
    one_is_responsible_at_a_time,
    a_patient_goal_is_the_patients,
    identifiers_tell_items_apart,
    links_have_targets,
    one_temporary_address,
)

_ALWAYS = 1 << 62


def _amounts(contribution: Contribution) -> Iterator[tuple[str, Amount]]:
    for measurement in contribution.measurements:
        yield measurement.place, measurement.amount
    for goal in contribution.goals:
        for target in goal.targets:
            yield goal.place, target.amount


def _links(item: Goal | Intervention) -> Iterable[Identifier]:
    if isinstance(item, Goal):
        return (*item.addresses, *item.supports, *item.part_of)
    return (*item.reasons, *item.goals)


def _open(item: Goal | Intervention) -> bool:
    if isinstance(item, Goal):
        return item.kind != "patient" and isinstance(item.lifecycle, str) and item.lifecycle not in SETTLED_GOAL
    return isinstance(item.activity, str) and item.activity not in SETTLED_ACTIVITY


def _key(identifier: Identifier) -> tuple[str, str]:
    return identifier.system.lower(), identifier.value


def _reversed(period: Period) -> bool:
    return period.start is not None and period.end is not None and period.start.earliest >= period.end.latest


def _start(period: Period) -> int:
    return -_ALWAYS if period.start is None else period.start.earliest


def _end(period: Period) -> int:
    return _ALWAYS if period.end is None else _instant(period.end)


def _instant(end: Moment) -> int:
    """A date ends with its day; a clock time is the instant itself."""
    return end.latest if end.is_date else end.earliest


def _crossed(amount: Range) -> bool:
    if amount.low is None or amount.high is None:
        return False
    low, high = _number(amount.low.value), _number(amount.high.value)
    return low is not None and high is not None and low > high


def _number(digits: str) -> Decimal | None:
    try:
        found = Decimal(digits)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None
