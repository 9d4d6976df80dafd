"""Which part of the overview a document belongs to, and what in it some readers must not see.

A power of attorney is given part by part, so a document's parts follow from its kind and its origin.
"""

from collections.abc import Iterator

from patientoverblik.access import Part
from patientoverblik.care import Appointment, Contribution, Patient
from patientoverblik.sharing.codes import CodeList, listed
from patientoverblik.sharing.model import Code, DocumentEntry

PROTECTED_WORDS = ("BESKYTTET",)
PROTECTED_USE = "CONF"


def parts_of(entry: DocumentEntry, care: Contribution) -> tuple[Part, ...]:
    """The parts a document belongs to: its kind, and psychiatry by label, practice setting or facility type."""
    return tuple(dict.fromkeys((*_kind(entry, care), *_psychiatry(entry))))


def withheld_of(care: Contribution) -> tuple[str, ...]:
    """The facts in a document that its entry must name because some readers may not see them (DESIGN 12)."""
    facts = {
        "gp-appointment-reason": any(_has_gp_reason(one) for one in care.appointments),
        "protected-address": is_protected(care.patient),
    }
    return tuple(fact for fact, stands in facts.items() if stands)


def is_protected(patient: Patient) -> bool:
    """Whether the document marks the patient's name or address as protected."""
    return any(PROTECTED_USE in address.use.upper() for address in patient.addresses) or any(
        word in text.upper() for text in _shown(patient) for word in PROTECTED_WORDS
    )


def _kind(entry: DocumentEntry, care: Contribution) -> tuple[Part, ...]:
    by_type = _part("type_code", entry.type_code)
    return (by_type,) if by_type else tuple(_contributed(care)) or ("plans",)


def _contributed(care: Contribution) -> Iterator[Part]:
    if care.plan or care.goals or care.interventions or care.conditions or care.contacts:
        yield "plans"
    if care.appointments:
        yield "appointments"
    if care.card:
        yield "card"
    if care.measurements:
        yield "measurements"


def _psychiatry(entry: DocumentEntry) -> tuple[Part, ...]:
    marked = (
        *(_part("event_label", code) for code in entry.event_codes),
        _part("practice_setting", entry.practice_setting),
        _part("facility_type", entry.facility_type),
    )
    return tuple(part for part in marked if part)


def _part(code_list: CodeList, code: Code | None) -> Part | None:
    row = listed(code_list, code) if code else None
    return row.part or None if row else None


def _has_gp_reason(appointment: Appointment) -> bool:
    return appointment.sector == "general-practice" and bool(appointment.reason or appointment.words)


def _shown(patient: Patient) -> Iterator[str]:
    if patient.name:
        yield from (patient.name.text, *patient.name.given, *patient.name.family)
    for address in patient.addresses:
        yield from (address.text, address.city, *address.lines)
