"""Goals: whose they are, what is wished, and how far they are reached (CPD-DK, section 61146-7)."""

from typing import cast

from patientoverblik.care import (
    Achievement,
    Concept,
    Evaluation,
    Goal,
    GoalKind,
    Horizon,
    Party,
    Period,
    Target,
    Text,
    Unknown,
)
from patientoverblik.formats.cda import record
from patientoverblik.formats.cda.datatypes import CD, ST
from patientoverblik.formats.cda.derive.meaning import GOAL_KIND, GOAL_STATUS
from patientoverblik.formats.cda.derive.party import kind_of, participations_of, party_of, relative_party
from patientoverblik.formats.cda.derive.values import (
    Notes,
    amount_of,
    concept_of,
    concept_or_unknown,
    identifiers_of,
    moment_of,
    moment_or_unknown,
    period_of,
    stated,
    text_of,
    unknown_of,
    value_of,
)
from patientoverblik.formats.cda.derive.words import unknown_status


def goal_of(wire: record.Goal, group: CD | None, section: str, notes: Notes, place: str) -> Goal:
    """A goal; ``group`` is the code of the sub-section it stands in."""
    lifecycle = GOAL_STATUS.get(wire.status)
    if lifecycle is None:
        unknown_status(wire.status, notes, place)
    return Goal(
        place=place,
        ids=identifiers_of(wire.ids),
        words=goal_words(wire),
        section=section,
        documented_by=participations_of(wire.authors, "author", notes, f"{place}.authors"),
        note=text_of(wire.note),
        kind=cast(GoalKind, value_of(wire.kind, "goal-kind") or implied_kind(wire, group)),
        code=concept_of(wire.code),
        lifecycle=stated(wire.lifecycle, "lifecycle", lifecycle),
        achievement=cast("Achievement | None", value_of(wire.achievement, "achievement")),
        period=_period(wire, notes, place),
        due=moment_of(wire.due, notes, f"{place}.due"),
        expressed_by=_expressed_by(wire),
        targets=_targets(wire, notes, place),
        importance=text_of(wire.importance),
        horizon=cast("Horizon | None", value_of(wire.horizon, "horizon")),
        evaluations=tuple(_evaluation(each, notes, place) for each in wire.evaluations),
        addresses=identifiers_of(wire.concerns),
        supports=identifiers_of(wire.supports),
        part_of=identifiers_of(wire.part_of),
        helpers=participations_of(wire.performers, "performer", notes, f"{place}.performers"),
    )


def goal_words(wire: record.Goal) -> str:
    """The goal in its author's words: the text, else a value that is words."""
    return wire.words or (wire.value.text if isinstance(wire.value, ST) else "")


def implied_kind(wire: record.Goal, group: CD | None) -> str:
    """Whose goal it is by code, by the sub-section's code, or by the patient having said it; else a professional's."""
    for code in (wire.code, group):
        if code is not None and code.code in GOAL_KIND:
            return GOAL_KIND[code.code]
    said_by_patient = any(kind_of(each) == "patient" for each in wire.informants)
    return "patient" if said_by_patient else "professional"


def _period(wire: record.Goal, notes: Notes, place: str) -> Period | None:
    return period_of(wire.time, notes, f"{place}.time")


def _expressed_by(wire: record.Goal) -> Party | Unknown:
    if wire.informants:
        first = wire.informants[0]
        return party_of(first) if _is_told(first) else unknown_of(first.code.null if first.code is not None else "")
    return relative_party(wire.relatives[0]) if wire.relatives else Unknown()


def _is_told(wire: record.Party) -> bool:
    code = wire.code.code if wire.code is not None else ""
    return bool(code or wire.name or wire.organisation or identifiers_of(wire.ids) or wire.addresses or wire.telecoms)


def _targets(wire: record.Goal, notes: Notes, place: str) -> tuple[Target, ...]:
    more = tuple(
        Target(
            measure=concept_or_unknown(each.code),
            amount=amount_of(each.value),
            due=moment_of(each.time, notes, f"{place}.targets[{at}].time"),
        )
        for at, each in enumerate(wire.targets)
    )
    amount = amount_of(wire.value)
    if isinstance(amount, Unknown) or (isinstance(amount, Text) and amount.words == goal_words(wire)):
        return more
    measure: Concept | Unknown = concept_of(wire.code) or Unknown()
    return (Target(measure=measure, amount=amount), *more)


def _evaluation(wire: record.Evaluation, notes: Notes, place: str) -> Evaluation:
    return Evaluation(
        time=moment_or_unknown(wire.time, notes, f"{place}.evaluations"),
        achievement=stated(wire.value, "achievement", None),
        words=wire.words,
        by=party_of(wire.performers[0]) if wire.performers else None,
    )
