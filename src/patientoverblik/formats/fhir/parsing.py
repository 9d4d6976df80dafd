"""Bytes to a FHIR resource, safely and once: JSON or XML, told apart by their first character (HL7 FHIR R4).

Numbers keep their digits. Nothing outside the bytes is fetched. The parser's own message never leaves.
"""

import re
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
# What no string of FHIR may hold (R4, datatypes: string) and no XML can; an escaped backslash is passed over whole.
_ESCAPED = rb"\\(?:u00(?:0[0-8bcefBCEF]|1[0-9a-fA-F])|u[fF]{3}[efEF]|[bf])"
_UNCARRIED = re.compile(rb"\\\\|" + _ESCAPED + rb"|\xef\xbf[\xbe\xbf]")
_LOOKS_SO = re.compile(_ESCAPED)
_IN_ITS_PLACE = "\ufffd".encode()


@dataclass(frozen=True)
class FhirParsed:
    """A resource parsed once, which is only read; ``form`` is json or xml, ``size`` how many bytes it came from.

    ``strangers`` are findings of the form: in XML what JSON has no place for, in JSON what XML has none for.
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
    said = data.removeprefix(_BOM)
    carried = _carried(said)
    try:
        resource = _DECODER.decode(carried)
    except (msgspec.DecodeError, RecursionError, ValueError):
        return refused("fhir.not-json")
    if not isinstance(resource.get("resourceType"), str):
        return refused("fhir.not-a-resource")
    if _too_deep(resource):
        return refused("fhir.too-deep")
    changed = carried is not said
    return FhirParsed(resource, "json", len(data), (Finding("fhir.control-characters"),) if changed else ())


def _carried(said: bytes) -> bytes:
    """The text with the sign for an unknown character in place of each that cannot be carried on; the very same where
    there is none."""
    if b"\xef\xbf" not in said and not _LOOKS_SO.search(said):
        return said
    carried = _UNCARRIED.sub(lambda found: found[0] if found[0] == b"\\\\" else _IN_ITS_PLACE, said)
    return said if carried == said else carried


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
