"""Which part of the overview a document belongs to, and what in it some readers must not see.

A power of attorney is given part by part, so a document's parts follow from its kind and its origin.
"""

import re
from collections.abc import Iterator

from patientoverblik.access import Part
from patientoverblik.care import Appointment, Contribution, Patient
from patientoverblik.sharing.codes import CodeList, listed
from patientoverblik.sharing.model import Code, DocumentEntry

PROTECTED_WORDS = ("BESKYTTET",)
PROTECTED_USE = "CONF"
MARKED = re.compile(rb"""BESKYTTET|\buse\s*=\s*["'][^"']*\bCONF\b""", re.IGNORECASE)
ABOUT_HOME = ("name-and-address", "temporary-address")
GENERAL_PRACTICE = ("2.16.840.1.113883.6.96", "394761003")
APPOINTMENT_FORMATS = ("urn:ad:dk:medcom:apd", "urn:ad:dk:medcom:appointment")


def parts_of(entry: DocumentEntry, care: Contribution) -> tuple[Part, ...]:
    """The parts a document belongs to: its kind, and psychiatry by label, practice setting or facility type."""
    return tuple(dict.fromkeys((*_kind(entry, care), *_psychiatry(entry))))


def withheld_of(entry: DocumentEntry, care: Contribution) -> tuple[str, ...]:
    """The facts in a document that its entry must name because some readers may not see them (DESIGN 12).

    The reason of an appointment in general practice can stand in any text of its document, the title and the narrative
    too, so every such document is taken to hold one.
    """
    home = any(item.protected and item.field in ABOUT_HOME for item in care.card)
    return _facts(
        reason=any(_is_gp(entry, one) for one in care.appointments), address=home or is_protected(care.patient)
    )


def withheld_unread(entry: DocumentEntry, data: bytes) -> tuple[str, ...]:
    """The facts that a document which could not be read may hold: an appointment may be one in general practice."""
    by_type = _part("type_code", entry.type_code)
    by_format = entry.format_code is not None and entry.format_code.code.startswith(APPOINTMENT_FORMATS)
    return _facts(reason=by_type == "appointments" or by_format, address=MARKED.search(data) is not None)


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


def _facts(reason: bool, address: bool) -> tuple[str, ...]:
    facts = {"gp-appointment-reason": reason, "protected-address": address}
    return tuple(fact for fact, stands in facts.items() if stands)


def _is_gp(entry: DocumentEntry, appointment: Appointment) -> bool:
    """By its sector; where the document states none, by the kind of place it comes from."""
    if appointment.sector != "other":
        return appointment.sector == "general-practice"
    place = entry.facility_type
    return place is not None and (place.scheme, place.code) == GENERAL_PRACTICE


def _shown(patient: Patient) -> Iterator[str]:
    if patient.name:
        yield from (patient.name.text, *patient.name.given, *patient.name.family)
    for address in patient.addresses:
        yield from (address.text, address.city, *address.lines)
