"""MinLog2 entries: what the citizen reads on sundhed.dk of who looked (nsp.md §4, schema of 12 March 2025).

Texts longer than the schema's limits are cut at a word with "…"; identifiers are never cut. An entry that cannot be
made is a problem code: it is then kept as failed, never sent half.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
from lxml import etree

from patientoverblik.access import Actor, OrganisationRef
from patientoverblik.care.systems import CPR, SOR, YDERNUMMER
from patientoverblik.notify.record import Ourselves, Record
from patientoverblik.notify.texts import clean, cut, instant
from patientoverblik.service.words import DANISH
from patientoverblik.sharing.model import PatientId

NAMESPACE = "http://www.sundhedsdatastyrelsen.dk/minlog/xml.schema/2025/03/12/minlog2-registration.xsd"
MOST_TOGETHER = 500
EARLIEST = 1_420_070_400_000
ORGANISATION_SOURCES = {SOR: "SOR", YDERNUMMER: "YDER", "http://cvr.dk": "CVR"}
FILTERS = {"citizen": "Ikke borger", "custody-holder": "Ikke forældremyndigheds-indehaver"}
ACTIVITIES = {
    "look": "act.overview",
    "list": "act.list",
    "handover-list": "act.handover-list",
    "flag": "act.flag",
    "retrieve": "act.document",
    "replay": "act.replay",
}


class Text(NamedTuple):
    """An element of text with the schema's limit."""

    name: str
    value: str
    limit: int


class Sourced(NamedTuple):
    """An element that is an identifier, with its source."""

    name: str
    value: str
    source: str
    limit: int


Element = Text | Sourced


class Entry(msgspec.Struct, frozen=True):
    """One ``LogDataEntry``: its ``Destination`` in the schema's order. ``sequence`` is its SequenceNumber."""

    sequence: str
    destination: tuple[Element, ...]


def entry_of(record: Record, ourselves: Ourselves) -> Entry | str:
    """The entry of a look, or the problem code of why there can be none."""
    user = _user(record)
    if record.patient is None:
        return "notify.no-patient-number"
    if user is None:
        return "notify.no-user-number"
    if record.at < EARLIEST:
        return "notify.too-old"
    made = (
        *_what(record, ourselves),
        *_organisation(record.actor.organisation),
        _person("PersonIdentifier", record.patient),
        Text("CorrelationId", _plain(record.request or record.id), 46),
        Text("SequenceNumber", _plain(record.id), 36),
        user,
        Text("UserPersonName", record.actor.name, 50),
        Text("UserRole", _role(record.actor), 200),
        *_principal(record.actor),
        *(Text("Filter", FILTERS[who], 50) for who in record.hidden_from),
    )
    fitted = tuple(each._replace(value=_fitted(each)) for each in made)
    if any(isinstance(each, Sourced) and len(each.value) > each.limit for each in fitted):
        return "notify.too-long"
    return Entry(_plain(record.id), tuple(each for each in fitted if each.value))


def _fitted(element: Element) -> str:
    """What can be written of a value: a text within its limit, an identifier whole."""
    plain = clean(element.value).strip()
    return plain if isinstance(element, Sourced) else cut(plain, element.limit)


def _what(record: Record, ourselves: Ourselves) -> tuple[Element, ...]:
    return (
        Text("SystemName", ourselves.name, 25),
        Text("Activity", DANISH[ACTIVITIES[record.act]], 75),
        Text("Reason", DANISH.get(f"purpose.{record.purpose}", ""), 50),
        Text("Addition", "Værdispring" if record.overridden else "Ingen", 50),
        Text("Criticality", "Ingen", 50),
        Text("DateTime", instant(record.at), 30),
    )


def _organisation(place: OrganisationRef | None) -> tuple[Element, ...]:
    if place is None:
        return ()
    source = ORGANISATION_SOURCES.get(place.system, "")
    known = (Sourced("OrganisationId", place.value, source, 200),) if source else ()
    return (*known, Text("OrganisationName", place.name, 200))


def _person(name: str, number: PatientId) -> Element:
    return Sourced(name, number.value, "CPR" if number.system == CPR else "eCPR", 50)


def _user(record: Record) -> Element | None:
    authorisation = clean(record.actor.authorisation).strip()
    if authorisation:
        return Sourced("UserPersonIdentifier", authorisation, "Autorisation", 50)
    if record.user is None or record.user.system != CPR:
        return None
    return Sourced("UserPersonIdentifier", record.user.value, "CPR", 50)


def _role(actor: Actor) -> str:
    return actor.role or actor.national_role or DANISH.get(f"kind.{actor.kind}", "")


def _principal(actor: Actor) -> tuple[Element, ...]:
    if actor.principal is None:
        return ()
    return (
        Sourced("OnBehalfOfPersonIdentifier", actor.principal.authorisation, "Autorisation", 50),
        Text("OnBehalfOfPersonName", actor.principal.name, 50),
        Text("OnBehalfOfUserRole", actor.principal.role, 200),
    )


def request(entries: Sequence[Entry]) -> bytes:
    """``RegistrationRequest`` of at most 500 entries, as XML; ``ValueError`` for none or more."""
    if not 0 < len(entries) <= MOST_TOGETHER:
        raise ValueError(f"a request holds 1 to {MOST_TOGETHER} entries")
    root = etree.Element(f"{{{NAMESPACE}}}RegistrationRequest", nsmap={"minlog": NAMESPACE})
    for entry in entries:
        destination = etree.SubElement(etree.SubElement(root, "LogDataEntry"), "Destination")
        for each in entry.destination:
            _write(destination, each)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _write(destination: etree._Element, element: Element) -> None:
    made = etree.SubElement(destination, element.name)
    made.text = element.value
    if isinstance(element, Sourced):
        made.set("source", element.source)


def _plain(id_: str) -> str:
    return id_.removeprefix("urn:uuid:")
