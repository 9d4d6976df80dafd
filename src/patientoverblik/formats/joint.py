"""One way in for every format: bytes are CDA or FHIR by what they are, and are read to the same kind of reading."""

from collections.abc import Iterator

import msgspec

from patientoverblik.care import Identifier
from patientoverblik.formats import cda, fhir
from patientoverblik.formats.cda.named import named as cda_named
from patientoverblik.formats.fhir.parsing import from_xml, looks_like_json, parse_json
from patientoverblik.formats.fhir.registry import sources
from patientoverblik.formats.model import Reading, Unread

AnyParsed = cda.Parsed | fhir.FhirParsed
AnyRecord = cda.Record | fhir.FhirRecord


class Format(msgspec.Struct, frozen=True):
    """What a profile says of its documents' format: its id, its XDS format code and that code's display name."""

    id: str
    format_code: str
    format_name: str


def formats_known() -> Iterator[Format]:
    """The format of every profile, CDA's and FHIR's."""
    for one in cda.profiles():
        yield Format(one.id, one.format_code, one.format_name)
    for head in fhir.profiles():
        yield Format(head.id, head.format_code, head.format_name)


def parse(data: bytes) -> AnyParsed | Unread:
    """Parse a document once, or say in one finding why not: JSON is FHIR, XML is what its root element says."""
    if looks_like_json(data):
        return parse_json(data)
    parsed = cda.parse(data)
    if isinstance(parsed, Unread):
        return parsed
    found = from_xml(parsed)
    return parsed if found is None else found


def identify(parsed: AnyParsed) -> str | None:
    """The id of the profile a document is of, None if of none that is known."""
    return fhir.identify(parsed) if isinstance(parsed, fhir.FhirParsed) else cda.identify(parsed)


def read(parsed: AnyParsed) -> Reading | Unread:
    """Read a parsed document whole: its record, what it contributes, what was lost, and the books."""
    return fhir.read(parsed) if isinstance(parsed, fhir.FhirParsed) else cda.read(parsed)


def read_record(parsed: AnyParsed, profile: str) -> AnyRecord | Unread:
    """Only the record of a document, by a profile of the caller's choice."""
    if isinstance(parsed, fhir.FhirParsed):
        return fhir.read_record(parsed, profile)
    return cda.read_record(parsed, profile)


def write(record: AnyRecord, profile: str) -> bytes:
    """The canonical document of a record; ``KeyError`` if there is no such profile."""
    return fhir.write(record, profile) if isinstance(record, fhir.FhirRecord) else cda.write(record, profile)


def explain(parsed: AnyParsed, place: str) -> tuple[str, str] | None:
    """Where a place of the reading comes from: its path in the document, and the profile's line; None if unknown."""
    return fhir.explain(parsed, place) if isinstance(parsed, fhir.FhirParsed) else cda.explain(parsed, place)


def named(parsed: AnyParsed, came: Reading | Unread) -> tuple[Identifier | None, tuple[Identifier, ...]] | None:
    """The document's identifier and its patient's, be its content readable or not; None where it says none. ``came`` is
    what came of reading it."""
    return fhir.named(parsed, came) if isinstance(parsed, fhir.FhirParsed) else cda_named(parsed)


def stamp(profile: str) -> str:
    """The digest of what a reading by this profile depends on; ``KeyError`` if there is no such profile."""
    return fhir.stamp(profile) if profile in sources() else cda.stamp(profile)
