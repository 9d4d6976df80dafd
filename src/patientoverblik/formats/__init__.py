"""From bytes to what they mean, and back: one mapping per format, declared as data and used both ways."""

from patientoverblik.formats.cda import (
    Head,
    Parsed,
    compose,
    decode_care,
    decode_record,
    derive,
    encode_care,
    encode_record,
    profiles,
)
from patientoverblik.formats.fhir import FhirParsed
from patientoverblik.formats.joint import (
    AnyParsed,
    explain,
    formats_known,
    identify,
    named,
    parse,
    read,
    read_record,
    stamp,
    write,
)
from patientoverblik.formats.model import Books, Loss, Reading, Unread

__all__ = [
    "AnyParsed",
    "Books",
    "FhirParsed",
    "Head",
    "Loss",
    "Parsed",
    "Reading",
    "Unread",
    "compose",
    "decode_care",
    "decode_record",
    "derive",
    "encode_care",
    "encode_record",
    "explain",
    "formats_known",
    "identify",
    "named",
    "parse",
    "profiles",
    "read",
    "read_record",
    "stamp",
    "write",
]
