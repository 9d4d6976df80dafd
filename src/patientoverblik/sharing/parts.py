"""Which part of the overview a document belongs to, and what in it some readers must not see.

A power of attorney is given part by part, so a document's parts follow from its kind and its origin.
"""

import re
from collections.abc import Iterator

from msgspec import convert

from patientoverblik.access import Part
from patientoverblik.care import Appointment, Contribution, Patient
from patientoverblik.formats import profiles
from patientoverblik.sharing.codes import CodeList, listed
from patientoverblik.sharing.model import Code, DocumentEntry

PROTECTED_WORDS = ("BESKYTTET",)
PROTECTED_USE = "CONF"
MARKED = re.compile(rb"""BESKYTTET|\buse\s*=\s*["'][^"']*\bCONF\b""", re.IGNORECASE)
ABOUT_HOME = ("name-and-address", "temporary-address")
ABOUT_OTHERS = ("custody-over", "custody-holder", "guardian")
# HL7 v3 ActCode: information on an adolescent, kept from holders of custody. No Danish code is public (nsp.md §8).
ADOLESCENT = Code("ADOL", "2.16.840.1.113883.5.4")
GENERAL_PRACTICE = frozenset({"394761003", "550661000005105"})  # general practice, and the doctors out of hours
APPOINTMENT_FORMATS = ("urn:ad:dk:medcom:apd", "urn:ad:dk:medcom:appointment")


def parts_of(entry: DocumentEntry, care: Contribution) -> tuple[Part, ...]:
    """The parts a document belongs to: its kind, what its profile says of every document of its own, and psychiatry
    by label, practice setting or facility type."""
    return tuple(dict.fromkeys((*_kind(entry, care), *_declared(entry.profile), *_psychiatry(entry))))


def withheld_of(entry: DocumentEntry, care: Contribution) -> tuple[str, ...]:
    """The facts in a document that its entry must name because some readers may not see them (DESIGN 12).

    The reason of an appointment in general practice can stand in any text of its document, the title and the narrative
    too, so every such document is taken to hold one; so is an appointment document whose appointment could not be read.
    """
    home = any(item.protected and item.field in ABOUT_HOME for item in care.card)
    met = any(_is_gp(entry, one) for one in care.appointments) if care.appointments else _is_appointment(entry)
    others = bool(care.relatives) or any(item.field in ABOUT_OTHERS for item in care.card)
    return _facts(entry, reason=met, address=home or is_protected(care.patient), relatives=others)


def withheld_unread(entry: DocumentEntry, data: bytes) -> tuple[str, ...]:
    """The facts that a document which could not be read may hold: an appointment may be one in general practice."""
    return _facts(entry, reason=_is_appointment(entry), address=MARKED.search(data) is not None)


def is_protected(patient: Patient) -> bool:
    """Whether the document marks the patient's name or address as protected."""
    return any(PROTECTED_USE in address.use.upper() for address in patient.addresses) or any(
        word in text.upper() for text in _shown(patient) for word in PROTECTED_WORDS
    )


def _kind(entry: DocumentEntry, care: Contribution) -> tuple[Part, ...]:
    """By its type; a card is one whatever the document that bears it is called."""
    by_type = _part("type_code", entry.type_code)
    beside: tuple[Part, ...] = ("card",) if care.card else ()
    return (by_type, *beside) if by_type else tuple(_contributed(care)) or ("plans",)


def _declared(profile: str) -> tuple[Part, ...]:
    return next((convert(head.parts, tuple[Part, ...]) for head in profiles() if head.id == profile), ())


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


def _facts(entry: DocumentEntry, reason: bool, address: bool, relatives: bool = False) -> tuple[str, ...]:
    facts = {"gp-appointment-reason": reason, "protected-address": address, "relatives": relatives}
    facts["custody-holder"] = _is_kept_from_custody(entry)
    return tuple(fact for fact, stands in facts.items() if stands)


def _is_kept_from_custody(entry: DocumentEntry) -> bool:
    marked = (*entry.event_codes, *((entry.confidentiality,) if entry.confidentiality else ()))
    return any((code.code, code.scheme) == (ADOLESCENT.code, ADOLESCENT.scheme) for code in marked)


def _is_appointment(entry: DocumentEntry) -> bool:
    by_format = entry.format_code is not None and entry.format_code.code.startswith(APPOINTMENT_FORMATS)
    return by_format or _part("type_code", entry.type_code) == "appointments"


def _is_gp(entry: DocumentEntry, appointment: Appointment) -> bool:
    """By its sector; where the document states none, by the kind of place it comes from."""
    if appointment.sector != "other":
        return appointment.sector == "general-practice"
    place = entry.facility_type
    return place is not None and place.code in GENERAL_PRACTICE


def _shown(patient: Patient) -> Iterator[str]:
    if patient.name:
        yield from (patient.name.text, *patient.name.given, *patient.name.family)
    for address in patient.addresses:
        yield from (address.text, address.city, *address.lines)
