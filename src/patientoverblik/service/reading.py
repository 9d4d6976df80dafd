"""A document understood once: parsed, checked and read; everything the service asks of formats and conformance."""

from collections.abc import Mapping
from functools import cache

import msgspec

from patientoverblik import conformance, formats
from patientoverblik.formats.model import Reading, Unread
from patientoverblik.problems import Finding
from patientoverblik.sharing.identify import identify_any
from patientoverblik.sharing.metadata import unique_id_of
from patientoverblik.sharing.model import Code, PatientId, ReadState

FORMAT_CODES = "1.2.208.184.100.10"
XML_TYPES = frozenset({"text/xml", "application/xml", "application/hl7-v3+xml", "application/hl7-sda+xml"})
FHIR_TYPES = frozenset({"application/fhir+xml", "application/fhir+json", "application/json"})
MARKS = (b"urn:hl7-org:v3", b"http://hl7.org/fhir", b'"resourceType"')
"""What stands near the beginning of a CDA or FHIR document, and of nothing else that is delivered."""
BEGINNING = 2000


class Understood(msgspec.Struct, frozen=True):
    """What came of trying to read a document.

    ``admissible`` is False for one that is unsafe or not of its format; ``unique_id`` and ``patients`` are what its
    header says, whether its content could be read or not. ``anonymous`` is a CDA document without a valid patient id:
    whose it is cannot be held against the request's metadata.
    """

    read: Reading | Unread
    state: ReadState
    admissible: bool = True
    unique_id: str = ""
    patients: tuple[PatientId, ...] = ()
    anonymous: bool = False
    format_code: Code | None = None

    @property
    def reading(self) -> Reading | None:
        """The reading, None where there is none."""
        return self.read if isinstance(self.read, Reading) else None


def understand(data: bytes, mime_type: str) -> Understood:
    """Parse a document once, check it, and read it; what is neither XML nor FHIR by its type is kept as it is."""
    if mime_type.partition(";")[0].strip().lower() not in XML_TYPES | FHIR_TYPES:
        return Understood(Unread(_misnamed(data)), "not-text")
    parsed = formats.parse(data)
    return Understood(parsed, "unreadable", admissible=False) if isinstance(parsed, Unread) else _understood(parsed)


def _misnamed(data: bytes) -> tuple[Finding, ...]:
    """What to tell where a CDA or FHIR document comes by a media type that nobody reads."""
    begins = data[:BEGINNING]
    return (Finding("service.media-type-unread"),) if any(mark in begins for mark in MARKS) else ()


def _understood(parsed: formats.AnyParsed) -> Understood:
    profile = formats.identify(parsed)
    checked = conformance.check(parsed.root, profile or "") if isinstance(parsed, formats.Parsed) else ()
    read = formats.read(parsed)
    document, patients = formats.named(parsed, read) or (None, None)
    return Understood(
        msgspec.structs.replace(read, findings=tuple(dict.fromkeys((*read.findings, *checked)))),
        _state(read, profile),
        unique_id=unique_id_of(document) if document else "",
        patients=identify_any(patients or ()),
        anonymous=patients is not None and not identify_any(patients),
        format_code=format_codes().get(profile or ""),
    )


def read_again(data: bytes) -> Reading | None:
    """A stored document's reading by today's mapping, None where it cannot be read."""
    parsed = formats.parse(data)
    read = parsed if isinstance(parsed, Unread) else formats.read(parsed)
    return read if isinstance(read, Reading) else None


def current_stamp(profile: str) -> str:
    """The stamp of today's mapping of a profile; empty where there is no such profile."""
    return formats.stamp(profile) if profile in format_codes() else ""


@cache
def current_stamps() -> frozenset[str]:
    """The stamps of today's mappings; a reading with any other is stale."""
    return frozenset(formats.stamp(profile) for profile in format_codes())


def explained(data: bytes, place: str) -> tuple[str, str]:
    """The XPath and the mapping line of a place of a document's reading; both empty where it cannot be told."""
    parsed = formats.parse(data)
    return ("", "") if isinstance(parsed, Unread) else formats.explain(parsed, place) or ("", "")


@cache
def format_codes() -> Mapping[str, Code]:
    """The XDS format code of every profile, by the profile's id."""
    return {one.id: Code(one.format_code, FORMAT_CODES, one.format_name) for one in formats.formats_known()}


def _state(read: Reading | Unread, profile: str | None) -> ReadState:
    if isinstance(read, Reading):
        return "read"
    return "unreadable" if profile else "no-profile"
