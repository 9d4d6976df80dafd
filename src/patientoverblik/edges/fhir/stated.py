"""What a sender's DocumentReference or List says, in the registry's terms (IHE MHD 4.2, "XDS and MHD Mapping").

The way out is :mod:`registered`; every fault is told, placed by the element, and nothing of what was sent repeated.
"""

import binascii
from base64 import b64decode
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from patientoverblik.access import OrganisationRef
from patientoverblik.care import parse_moment
from patientoverblik.edges.fhir.call import Resource
from patientoverblik.edges.fhir.registered import EXTENSION, URN
from patientoverblik.edges.fhir.values import values_at
from patientoverblik.formats.fhir import system_of
from patientoverblik.problems import Finding
from patientoverblik.sharing.model import AssociationType, Author, Code
from patientoverblik.sharing.stated import Stated

Option = Literal["Minimal", "UnContained.Comprehensive", "Comprehensive", "SimplifiedPublish"]
Resolve = Callable[[Mapping[str, Any]], Resource | None]
"""What a reference leads to within what was sent."""

COMPREHENSIVE = (
    "type",
    "category",
    "subject",
    "securityLabel",
    "content.attachment.language",
    "content.attachment.creation",
    "content.format",
    "context.facilityType",
    "context.practiceSetting",
    "context.sourcePatientInfo",
)
ALWAYS = ("masterIdentifier", "status", "content.attachment.contentType")
REQUIRED: Mapping[Option, tuple[str, ...]] = {
    "Minimal": (*ALWAYS, "content.attachment.url"),
    "UnContained.Comprehensive": (*ALWAYS, *COMPREHENSIVE, "content.attachment.url"),
    "Comprehensive": (*ALWAYS, *COMPREHENSIVE, "content.attachment.url"),
    "SimplifiedPublish": ("status", "subject", "content.attachment.contentType", "content.attachment.data"),
}
BARRED: Mapping[Option, tuple[str, ...]] = {
    "Minimal": ("docStatus", "modifierExtension", "content.attachment.data"),
    "UnContained.Comprehensive": ("docStatus", "modifierExtension", "content.attachment.data"),
    "Comprehensive": ("docStatus", "modifierExtension", "content.attachment.data"),
    "SimplifiedPublish": ("docStatus", "modifierExtension", "content.attachment.url"),
}
RELATIONS: Mapping[str, AssociationType] = {
    "replaces": "RPLC",
    "transforms": "XFRM",
    "appends": "APND",
    "signs": "signs",
}
HASH_LENGTH = 20


class SaidOfDocument(msgspec.Struct, frozen=True):
    """What a DocumentReference says: metadata, how the document is related to others (type, reference), and faults."""

    stated: Stated
    related: tuple[tuple[AssociationType, Mapping[str, Any]], ...]
    findings: tuple[Finding, ...]


class SaidOfSet(msgspec.Struct, frozen=True):
    """What the List of a submission set or folder says."""

    uuid: str
    unique_id: str
    source_id: str
    title: str
    comments: str
    codes: tuple[Code, ...]
    author: Author | None


def said_of_document(reference: Resource, option: Option, resolve: Resolve) -> SaidOfDocument:
    """The metadata of a DocumentReference by the option it is sent under."""
    contents = reference.get("content", [])
    content = contents[0] if contents else {}
    attachment, context = content.get("attachment", {}), reference.get("context", {})
    period = context.get("period", {})
    stated = Stated(
        uuid=_official(reference),
        unique_id=unique_id(reference.get("masterIdentifier", {})),
        mime_type=attachment.get("contentType", ""),
        size=int(attachment.get("size", 0)),
        sha1=_hash(attachment.get("hash", "")),
        title=attachment.get("title", ""),
        comments=reference.get("description", ""),
        language=attachment.get("language", ""),
        created=_time(attachment.get("creation")),
        service_start=_time(period.get("start")),
        service_stop=_time(period.get("end"), end=True),
        class_code=_first(reference.get("category", [])),
        type_code=_first([reference.get("type", {})]),
        format_code=_code(content.get("format", {})),
        facility_type=_first([context.get("facilityType", {})]),
        practice_setting=_first([context.get("practiceSetting", {})]),
        confidentiality=_first(reference.get("securityLabel", [])),
        event_codes=tuple(_codes(context.get("event", []))),
        authors=tuple(_authors(reference.get("author", []), resolve)),
        legal_authenticator=_author(reference.get("authenticator"), resolve),
        reference_ids=tuple(_reference_ids(context.get("related", []))),
    )
    return SaidOfDocument(stated, tuple(_related(reference)), tuple(_faults(reference, option, attachment)))


def _faults(reference: Resource, option: Option, attachment: Mapping[str, Any]) -> Iterator[Finding]:
    for path in REQUIRED[option]:
        if not any(True for _ in values_at(reference, path)):
            yield Finding("mhd.element-missing", place=f".{path}", about=path)
    for path in BARRED[option]:
        if any(True for _ in values_at(reference, path)):
            yield Finding("mhd.element-barred", place=f".{path}", about=path)
    if len(reference.get("content", [])) > 1:
        yield Finding("mhd.element-wrong", place=".content", about="content")
    if reference.get("status") != "current":
        yield Finding("mhd.element-wrong", place=".status", about="status")
    for relation in reference.get("relatesTo", []):
        if relation.get("code") not in RELATIONS:
            yield Finding("mhd.relation-unknown", place=".relatesTo")
    yield from _of_hash(attachment)


def _of_hash(attachment: Mapping[str, Any]) -> Iterator[Finding]:
    hashed = attachment.get("hash", "")
    if hashed and not _hash(hashed):
        yield Finding("mhd.element-wrong", place=".content.attachment.hash", about="hash")
    if _is_hexadecimal(hashed):
        yield Finding("mhd.hash-hexadecimal", place=".content.attachment.hash")


def said_of_list(told: Resource, resolve: Resolve) -> SaidOfSet:
    """What a List says of a submission set or folder."""
    extensions = {one.get("url", "").removeprefix(EXTENSION): one for one in told.get("extension", [])}
    designated = [
        one.get("valueCodeableConcept", {}) for one in told.get("extension", []) if _is(one, "designationType")
    ]
    source = extensions.get("sourceId", {}).get("valueIdentifier", {})
    usual: Mapping[str, Any] = next((one for one in told.get("identifier", []) if one.get("use") == "usual"), {})
    return SaidOfSet(
        uuid=_official(told),
        unique_id=unique_id(usual),
        source_id=source.get("value", "").removeprefix("urn:oid:"),
        title=told.get("title", ""),
        comments=next((one.get("text", "") for one in told.get("note", [])), ""),
        codes=tuple(_codes(designated)),
        author=_author(told.get("source"), resolve),
    )


def _is(extension: Mapping[str, Any], name: str) -> bool:
    return bool(extension.get("url") == f"{EXTENSION}{name}")


def unique_id(identifier: Mapping[str, Any]) -> str:
    """The XDS uniqueId of an identifier: an OID or UUID of a URI, else ``root^value`` of a system's."""
    system, value = identifier.get("system", ""), identifier.get("value", "")
    if not value or value.startswith(("urn:oid:", URN)) or not system:
        return str(value.removeprefix("urn:oid:"))
    return f"{system_of(system)}^{value}"


def _official(told: Resource) -> str:
    """The entryUUID that a sender gives: an official identifier, or one that is a UUID and no document's."""
    named = [one for one in told.get("identifier", []) if one.get("use") != "usual"]
    return next((one["value"] for one in named if str(one.get("value", "")).startswith(URN)), "")


def _time(text: str | None, *, end: bool = False) -> int:
    """A time in milliseconds UTC; 0 for none, or one that is none."""
    try:
        moment = parse_moment(text) if text else None
    except ValueError:
        return 0
    if moment is None:
        return 0
    return moment.latest - 1000 if end and moment.is_date else moment.earliest


def _hash(text: str) -> str:
    """The SHA-1 in hexadecimal of what FHIR writes as base64 of its bytes; of hexadecimal text in base64 as well, which
    published examples have."""
    try:
        found = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return ""
    if len(found) == HASH_LENGTH:
        return found.hex()
    return found.decode().lower() if _is_hexadecimal(text) else ""


def _is_hexadecimal(text: str) -> bool:
    try:
        found = b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return len(found) == 2 * HASH_LENGTH and all(each in b"0123456789abcdefABCDEF" for each in found)


def _codes(concepts: list[Any]) -> Iterator[Code]:
    for one in concepts:
        coding: Mapping[str, Any] = next(iter(one.get("coding", [])), {})
        if coding.get("code"):
            yield Code(coding["code"], system_of(coding.get("system", "")), coding.get("display", one.get("text", "")))


def _first(concepts: list[Any]) -> Code | None:
    return next(_codes(concepts), None)


def _code(coding: Mapping[str, Any]) -> Code | None:
    return _first([{"coding": [coding]}])


def _authors(references: list[Any], resolve: Resolve) -> Iterator[Author]:
    """The authors; an organisation beside people is where they write (the Danish profile has both)."""
    found = [one for one in (_author(each, resolve) for each in references) if one is not None]
    places = [one.organisation for one in found if one.organisation and not one.family]
    people = [one for one in found if one.family or one.given]
    yield from (
        msgspec.structs.replace(one, organisation=one.organisation or next(iter(places), None)) for one in people
    )
    if not people:
        yield from found


def _author(reference: Mapping[str, Any] | None, resolve: Resolve) -> Author | None:
    target = resolve(reference) if reference else None
    if target is None:
        return None
    kind = target.get("resourceType")
    if kind == "Organization":
        return Author(_organisation(target))
    if kind == "PractitionerRole":
        person = _author(target.get("practitioner"), resolve) or Author()
        place = _author(target.get("organization"), resolve)
        return msgspec.structs.replace(person, organisation=place.organisation if place else None)
    name: Mapping[str, Any] = next(iter(target.get("name", [])), {})
    return Author(None, name.get("family", ""), tuple(name.get("given", ())))


def _organisation(told: Resource) -> OrganisationRef | None:
    named = next((one for one in told.get("identifier", []) if one.get("system") and one.get("value")), None)
    return OrganisationRef(system_of(named["system"]), named["value"], told.get("name", "")) if named else None


def _reference_ids(related: list[Any]) -> Iterator[str]:
    for one in related:
        named = one.get("identifier", {})
        if named.get("value"):
            yield f"{named['value']}^^^&{system_of(named.get('system', ''))}&ISO"


def _related(reference: Resource) -> Iterator[tuple[AssociationType, Mapping[str, Any]]]:
    for one in reference.get("relatesTo", []):
        if one.get("code") in RELATIONS:
            yield RELATIONS[one["code"]], one.get("target", {})
