"""FHIR documents read to record and care, with the books; written again in the form they came in."""

from typing import Literal

import msgspec

from patientoverblik.care import Contribution, Identifier
from patientoverblik.formats.cda.parsing import refused
from patientoverblik.formats.fhir import registry
from patientoverblik.formats.fhir.document import read_care
from patientoverblik.formats.fhir.encoding import decode_json, encode_json
from patientoverblik.formats.fhir.engine.walk import TooMuchLost, Walk, fhirpath
from patientoverblik.formats.fhir.entries import AnotherPatient, entries_of
from patientoverblik.formats.fhir.index import Index
from patientoverblik.formats.fhir.parsing import FhirParsed
from patientoverblik.formats.fhir.xml import encode_xml
from patientoverblik.formats.model import Books, Reading, Unread
from patientoverblik.problems import Finding


class FhirRecord(msgspec.Struct, frozen=True, tag_field="is", tag="fhir"):
    """A FHIR document as its author arranged it: FHIR is a record already, so it is the resource itself, in JSON."""

    form: Literal["json", "xml"]
    text: str


def identify(parsed: FhirParsed) -> str | None:
    """The id of the profile a document is of, None if it is no resource of R4."""
    return registry.recognise(parsed.resource)


def read(parsed: FhirParsed) -> Reading | Unread:
    """Read a parsed document whole: its record, what it contributes, what was lost, and the books."""
    profile = identify(parsed)
    if profile is None:
        return refused("fhir.no-profile")
    walk = Walk()
    care = _walked(parsed, profile, walk)
    if isinstance(care, Unread):
        return care
    return Reading(
        profile=profile,
        stamp=registry.stamp(profile),
        record=record_of(parsed),
        care=care,
        losses=tuple(walk.losses),
        findings=(*parsed.strangers, *walk.findings, *_told(walk, care)),
        books=Books(walk.read, walk.constant, walk.quiet, walk.lost),
    )


def read_record(parsed: FhirParsed, _profile: str) -> FhirRecord:
    """Only the record of a document."""
    return record_of(parsed)


def record_of(parsed: FhirParsed) -> FhirRecord:
    """The record of a document."""
    form: Literal["json", "xml"] = "json" if parsed.form == "json" else "xml"
    return FhirRecord(form, encode_json(parsed.resource).decode())


def write(record: FhirRecord, _profile: str) -> bytes:
    """The document of a record, in the form it came in."""
    return record.text.encode() if record.form == "json" else encode_xml(decode_json(record.text.encode()))


def named(parsed: FhirParsed, came: Reading | Unread) -> tuple[Identifier | None, tuple[Identifier, ...]] | None:
    """The document's identifier and its patient's, whether its content could be read or not; None if it is no resource
    of R4. ``came`` is what came of reading it: where it was read, it has said both."""
    if isinstance(came, Reading):
        return came.care.document.id, came.care.patient.ids
    profile = identify(parsed)
    return None if profile is None else (None, _patients(parsed, profile))


def explain(parsed: FhirParsed, place: str) -> tuple[str, str] | None:
    """Where a place comes from: its FHIRPath, and ``file:line [Shape]`` of the profile; None where it is not there."""
    name = identify(parsed)
    if name is None:
        return None
    profile = registry.profile(name)
    way = (None, str(parsed.resource.get("resourceType")), -1)
    entries = list(entries_of(parsed.resource, way, Walk(), profile))
    Index(profile, entries)
    found = [one for one in entries if place == (at := fhirpath(one.way)) or place.startswith(f"{at}.")]
    if not found or found[-1].codec is None:
        return None
    shape = found[-1].codec.shape
    return place, f"{shape.source} [{shape.name}]"


def _patients(parsed: FhirParsed, profile: str) -> tuple[Identifier, ...]:
    compiled = registry.profile(profile)
    way = (None, str(parsed.resource.get("resourceType")), -1)
    index = Index(compiled, list(entries_of(parsed.resource, way, Walk(), compiled)))
    return tuple(one for entry in index.entries if entry.type == "Patient" for one in index.ids(entry))


def _walked(parsed: FhirParsed, profile: str, walk: Walk) -> Contribution | Unread:
    try:
        return read_care(parsed.resource, registry.profile(profile), walk)
    except AnotherPatient:
        return refused("fhir.several-patients")
    except TooMuchLost:
        return refused("fhir.too-much-lost")


def _told(walk: Walk, care: Contribution) -> tuple[Finding, ...]:
    """That something was lost, told once, at the first place, with how many places there are; and what is missing."""
    found: list[Finding] = []
    if walk.losses:
        found.append(Finding("fhir.places-lost", walk.losses[0].place, about=str(len(walk.losses))))
    if not care.patient.ids:
        found.append(Finding("fhir.no-patient"))
    if not care.document.id.value and care.document.id.system.startswith("2.25."):
        found.append(Finding("fhir.id-from-content"))
    return tuple(found)
