"""Health conditions: concern acts with their diagnoses, and health status observations (CPD-DK, section 75310-3)."""

from collections.abc import Iterator
from typing import Any as Anything

from patientoverblik.care import Concept, Condition, Identifier, Unknown
from patientoverblik.formats.cda.constructs import coded
from patientoverblik.formats.cda.datatypes import CD, Any
from patientoverblik.formats.cda.derive.meaning import CONDITION_ROLE, CONDITION_STATUS
from patientoverblik.formats.cda.derive.party import participations_of
from patientoverblik.formats.cda.derive.values import (
    Notes,
    amount_of,
    concept_of,
    identifiers_of,
    moment_of,
    period_of,
    stated,
    text_of,
    value_of,
)
from patientoverblik.formats.cda.derive.words import joined, unknown_status
from patientoverblik.formats.cda.documents import ConcernGroup
from patientoverblik.formats.cda.record import Concern, Diagnosis, HealthStatus

NARRATIVE_ONLY = coded("note").code


def conditions_of(group: ConcernGroup, section: str, notes: Notes, place: str) -> Iterator[Condition]:
    """The conditions of one sub-section, concerns before statuses."""
    for at, concern in enumerate(group.items):
        where = f"{place}.items[{at}]"
        if not _is_note(concern):
            yield from _of_concern(concern, section, notes, where)
    for at, status in enumerate(group.statuses):
        yield _of_status(status, section, notes, f"{place}.statuses[{at}]")


def _is_note(concern: Concern) -> bool:
    return concern.code is not None and concern.code.code == NARRATIVE_ONLY and not concern.diagnoses


def _of_concern(concern: Concern, section: str, notes: Notes, place: str) -> Iterator[Condition]:
    if not concern.diagnoses:
        yield _condition(concern, Diagnosis(code=concern.code), section, notes, place)
    for at, diagnosis in enumerate(concern.diagnoses):
        where = place if len(concern.diagnoses) == 1 else f"{place}.diagnoses[{at}]"
        yield _condition(concern, diagnosis, section, notes, where)


def _condition(concern: Concern, diagnosis: Diagnosis, section: str, notes: Notes, place: str) -> Condition:
    status = CONDITION_STATUS.get(concern.status)
    if status is None:
        unknown_status(concern.status, notes, place)
    return Condition(
        place=place,
        ids=_ids(concern, diagnosis),
        words=joined(diagnosis.words, concern.words),
        section=section,
        documented_by=participations_of(concern.authors, "author", notes, f"{place}.authors"),
        note=joined(text_of(diagnosis.note), text_of(concern.note)),
        code=_code(diagnosis.value),
        role=_role(diagnosis.code) or _role(concern.code) or "other",
        clinical_status=stated(diagnosis.clinical_status, "clinical-status", status),
        verification=stated(diagnosis.verification, "verification", None),
        laterality=concept_of(diagnosis.laterality),
        severity=concept_of(diagnosis.severity),
        onset=period_of(diagnosis.time, notes, f"{place}.time"),
        recorded=moment_of(concern.time, notes, f"{place}.time"),
    )


def _of_status(wire: HealthStatus, section: str, notes: Notes, place: str) -> Condition:
    concern = Concern(ids=wire.ids, words=wire.words, status=wire.status, authors=wire.authors, note=wire.note)
    diagnosis = Diagnosis(
        code=wire.code,
        time=wire.time,
        value=wire.value,
        clinical_status=wire.clinical_status,
        verification=wire.verification,
        laterality=wire.laterality,
        severity=wire.severity,
    )
    return _condition(concern, diagnosis, section, notes, place)


def _ids(concern: Concern, diagnosis: Diagnosis) -> tuple[Identifier, ...]:
    """Act and diagnosis are one condition, so both their identifiers are its; an act of several lends its to none."""
    own = identifiers_of(diagnosis.ids)
    if len(concern.diagnoses) > 1:
        return own
    return tuple(dict.fromkeys((*identifiers_of(concern.ids), *own)))


def _code(value: Any | None) -> Concept | Unknown:
    amount = amount_of(value)
    if isinstance(amount, Concept | Unknown):
        return amount
    return Concept(text=getattr(amount, "words", "") or getattr(amount, "value", ""))


def _role(code: CD | None) -> Anything:
    if code is None:
        return None
    return value_of(code, "condition-role") or CONDITION_ROLE.get(code.code)
