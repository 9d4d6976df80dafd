"""Bytes to a FHIR resource, safely and once: JSON or XML, told apart by their first character (HL7 FHIR R4).

Numbers keep their digits. Nothing outside the bytes is fetched. The parser's own message never leaves.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec

from patientoverblik.formats.cda.parsing import MOST_BYTES, Parsed, parse, refused
from patientoverblik.formats.fhir.xml import FHIR, resource_of
from patientoverblik.formats.model import Unread
from patientoverblik.problems import Finding

MOST_DEPTH = 60
"""Objects within objects; FHIR documents need about twenty."""

_DECODER = msgspec.json.Decoder(dict[str, Any], float_hook=Decimal)
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class FhirParsed:
    """A resource parsed once, which is only read; ``form`` is json or xml, ``size`` how many bytes it came from.

    ``strangers`` are findings of the XML form: what JSON has no place for.
    """

    resource: dict[str, Any]
    form: str
    size: int
    strangers: tuple[Finding, ...] = ()


def looks_like_json(data: bytes) -> bool:
    """Whether bytes begin as JSON does."""
    return data.removeprefix(_BOM).lstrip()[:1] in (b"{", b"[")


def parse_json(data: bytes) -> FhirParsed | Unread:
    """A resource in JSON, or one finding that says why not."""
    if len(data) > MOST_BYTES:
        return refused("fhir.too-large")
    try:
        resource = _DECODER.decode(data.removeprefix(_BOM))
    except (msgspec.DecodeError, RecursionError, ValueError):
        return refused("fhir.not-json")
    if not isinstance(resource.get("resourceType"), str):
        return refused("fhir.not-a-resource")
    return refused("fhir.too-deep") if _too_deep(resource) else FhirParsed(resource, "json", len(data))


def from_xml(parsed: Parsed) -> FhirParsed | Unread | None:
    """A resource in XML that has been parsed; None where it is no FHIR."""
    if not str(parsed.root.tag).startswith(f"{{{FHIR}}}"):
        return None
    found = resource_of(parsed.root)
    if found is None:
        return refused("fhir.not-a-resource")
    resource, strangers = found
    return FhirParsed(resource, "xml", parsed.size, strangers)


def parse_fhir(data: bytes) -> FhirParsed | Unread:
    """A resource in either form."""
    if looks_like_json(data):
        return parse_json(data)
    parsed = parse(data)
    if isinstance(parsed, Unread):
        return parsed
    return from_xml(parsed) or refused("fhir.not-a-resource")


def _too_deep(resource: dict[str, Any]) -> bool:
    level: list[Any] = [resource]
    for _ in range(MOST_DEPTH):
        level = [inner for one in level for inner in (one.values() if isinstance(one, dict) else one)]
        level = [one for one in level if isinstance(one, dict | list)]
        if not level:
            return False
    return True
