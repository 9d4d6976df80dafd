"""FHIR R4 both ways: a document in JSON or XML to what it says, and what is said to resources."""

from patientoverblik.formats.fhir.encoding import Resource, decode_json, encode_json
from patientoverblik.formats.fhir.engine.tables import system_of, url_of
from patientoverblik.formats.fhir.parsing import FhirParsed, parse_fhir
from patientoverblik.formats.fhir.reading import FhirRecord, explain, identify, named, read, read_record, write
from patientoverblik.formats.fhir.registry import heads as profiles
from patientoverblik.formats.fhir.registry import stamp
from patientoverblik.formats.fhir.writing import (
    Anchor,
    Shape,
    places,
    resource_id,
    worded,
    write_document,
    write_resources,
)
from patientoverblik.formats.fhir.xml import encode_xml

__all__ = [
    "Anchor",
    "FhirParsed",
    "FhirRecord",
    "Resource",
    "Shape",
    "decode_json",
    "decode_xml",
    "encode_json",
    "encode_xml",
    "explain",
    "identify",
    "named",
    "parse_fhir",
    "places",
    "profiles",
    "read",
    "read_record",
    "resource_id",
    "stamp",
    "system_of",
    "url_of",
    "worded",
    "write",
    "write_document",
    "write_resources",
]


def decode_xml(data: bytes) -> Resource:
    """A resource from XML in its JSON form; ``ValueError`` where it is none."""
    parsed = parse_fhir(data)
    if not isinstance(parsed, FhirParsed):
        raise ValueError(parsed.findings[0].code)
    return parsed.resource
