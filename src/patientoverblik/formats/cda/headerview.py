"""A document's header as names and texts for a person to read (DK CDA Header 1.1): no number of any person."""

from collections.abc import Iterator

import msgspec
from lxml import etree

from patientoverblik.care import parse_moment

NAMESPACE = "{urn:hl7-org:v3}"
_LABELS = (
    ("author", "Forfatter", "assignedAuthor", "assignedPerson", "representedOrganization"),
    ("legalAuthenticator", "Godkendt af", "assignedEntity", "assignedPerson", "representedOrganization"),
    ("informationRecipient", "Modtager", "intendedRecipient", "informationRecipient", "receivedOrganization"),
)


class HeaderFact(msgspec.Struct, frozen=True):
    """A name and what it is; ``moment`` is an ISO 8601 text where the fact is a time, for the page to say in Danish."""

    name: str
    text: str
    moment: str = ""


def header_facts(root: etree._Element) -> tuple[HeaderFact, ...]:
    """Patient, times, authors, custodian, recipients, version: those that are there."""
    return tuple(fact for fact in _facts(root) if fact.text or fact.moment)


def _facts(root: etree._Element) -> Iterator[HeaderFact]:
    yield HeaderFact("Patient", _name(root.find(_path("recordTarget", "patientRole", "patient", "name"))))
    yield HeaderFact("Skrevet", "", _moment(root.find(_path("effectiveTime"))))
    for role, label, entity, person, organisation in _LABELS:
        for found in root.findall(_path(role, entity)):
            yield HeaderFact(label, _party(found, person, organisation))
    custodian = root.find(_path("custodian", "assignedCustodian", "representedCustodianOrganization", "name"))
    yield HeaderFact("Ansvarlig organisation", _name(custodian))
    yield HeaderFact(
        "Gælder fra", "", _moment(root.find(_path("documentationOf", "serviceEvent", "effectiveTime", "low")))
    )
    yield HeaderFact(
        "Gælder til", "", _moment(root.find(_path("documentationOf", "serviceEvent", "effectiveTime", "high")))
    )
    version = root.find(_path("versionNumber"))
    yield HeaderFact("Version", "" if version is None else version.get("value", ""))


def _party(entity: etree._Element, person: str, organisation: str) -> str:
    parts = (_name(entity.find(_path(person, "name"))), _name(entity.find(_path(organisation, "name"))))
    return ", ".join(part for part in parts if part)


def _name(element: etree._Element | None) -> str:
    """The words of a name in the order written."""
    if element is None:
        return ""
    return " ".join(word for part in element.itertext() for word in str(part).split())


def _moment(element: etree._Element | None) -> str:
    """The ISO 8601 text of an HL7 time stamp (TS), empty where it is none."""
    written = "" if element is None else element.get("value", "")
    digits, zone = written[:14].split("+")[0].split("-")[0], written[-5:] if written[-5:-4] in ("+", "-") else ""
    if not digits.isdigit() or len(digits) < 4:
        return ""
    date = "-".join(part for part in (digits[:4], digits[4:6], digits[6:8]) if part)
    clock = ":".join(part for part in (digits[8:10], digits[10:12], digits[12:14]) if part)
    text = f"{date}T{clock}{zone[:3] + ':' + zone[3:] if zone else ''}" if clock else date
    return text if _is_moment(text) else ""


def _is_moment(text: str) -> bool:
    try:
        parse_moment(text)
    except ValueError:
        return False
    return True


def _path(*steps: str) -> str:
    return "/".join(f"{NAMESPACE}{step}" for step in steps)
