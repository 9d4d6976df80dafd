"""Interventions: what is planned or done, by whom, and how far it has come (CPD-DK, section 62387-6)."""

from typing import cast

from patientoverblik.care import Concept, Intervention, InterventionKind, Moment, Period
from patientoverblik.formats.cda import record
from patientoverblik.formats.cda.datatypes import CD, ST
from patientoverblik.formats.cda.derive.meaning import INTENT, INTERVENTION_KIND, INTERVENTION_STATUS
from patientoverblik.formats.cda.derive.party import organisation_at, participations_of
from patientoverblik.formats.cda.derive.values import (
    Notes,
    concept_of,
    identifiers_of,
    moment_of,
    period_of,
    stated,
    text_of,
    value_of,
)
from patientoverblik.formats.cda.derive.words import joined, unknown_status

DEADLINE = "RehabilitationDeadline"


def intervention_of(
    wire: record.Intervention, group: CD | None, section: str, notes: Notes, place: str
) -> Intervention:
    """An intervention; ``group`` is the code of the sub-section it stands in."""
    activity = INTERVENTION_STATUS.get((wire.mood, wire.status))
    if activity is None:
        unknown_status(wire.status, notes, place)
    period = _period(wire, notes, place)
    return Intervention(
        place=place,
        ids=identifiers_of(wire.ids),
        words=intervention_words(wire),
        section=section,
        documented_by=participations_of(wire.authors, "author", notes, f"{place}.authors"),
        note=text_of(wire.note),
        kind=cast(InterventionKind, value_of(wire.kind, "intervention-kind") or implied_kind(wire, group)),
        code=_code(wire),
        intent=stated(wire.intent, "intent", INTENT.get(wire.mood)),
        authorisation=stated(wire.authorisation, "authorisation", None),
        activity=stated(wire.activity, "activity", activity),
        status_reason=text_of(wire.status_reason),
        instruction=text_of(wire.instruction),
        period=period,
        start_by=moment_of(wire.start_by, notes, f"{place}.start_by") or _deadline(group, period),
        repetition=text_of(wire.repetition),
        next_due=moment_of(wire.next_due, notes, f"{place}.next_due"),
        performers=participations_of(wire.performers, "performer", notes, f"{place}.performers"),
        responsible=organisation_at(wire.responsible),
        requested_of=organisation_at(wire.requested_of),
        reasons=identifiers_of(wire.reasons),
        goals=identifiers_of(wire.goals),
        realises=identifiers_of(wire.realises),
        replaces=identifiers_of(wire.replaces),
    )


def implied_kind(wire: record.Intervention, group: CD | None) -> str:
    """The kind by the code of the related observation, of the intervention, or of its sub-section; else other."""
    for code in (*(each.code for each in wire.related), wire.code, group):
        if code is not None and code.code in INTERVENTION_KIND:
            return INTERVENTION_KIND[code.code]
    return "other"


def intervention_words(wire: record.Intervention) -> str:
    """The intervention in its author's words: its text, else the words of what it refers to."""
    if wire.words:
        return wire.words
    return joined(*(each.words or _value_words(each) for each in wire.related))


def _value_words(each: record.RelatedObservation) -> str:
    return each.value.text if isinstance(each.value, ST) else ""


def _code(wire: record.Intervention) -> Concept | None:
    """What is done: the service that the intervention refers to, else the most specific code it bears."""
    for each in wire.related:
        found = concept_of(each.value) if isinstance(each.value, CD) else concept_of(each.code)
        if found is not None:
            return found
    return concept_of(wire.code)


def _period(wire: record.Intervention, notes: Notes, place: str) -> Period | None:
    found = period_of(wire.time, notes, f"{place}.time", "both")
    if found is not None and (found.start or found.end):
        return found
    others = (period_of(each.time, notes, f"{place}.related", "both") for each in wire.related)
    return next((each for each in others if each is not None and (each.start or each.end)), found)


def _deadline(group: CD | None, period: Period | None) -> Moment | None:
    """A sub-section that tells the latest start says so by the time of its entry."""
    if group is None or group.code != DEADLINE or period is None:
        return None
    return period.end or period.start
