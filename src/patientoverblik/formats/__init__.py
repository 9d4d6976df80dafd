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
    explain,
    identify,
    parse,
    profiles,
    read,
    read_record,
    stamp,
    write,
)
from patientoverblik.formats.model import Books, Loss, Reading, Unread

__all__ = [
    "Books",
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
    "identify",
    "parse",
    "profiles",
    "read",
    "read_record",
    "stamp",
    "write",
]
