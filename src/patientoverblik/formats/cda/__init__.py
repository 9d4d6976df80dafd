"""CDA documents both ways: parse, identify, read to record and care, write back, explain where a line comes from."""

import contextlib
import re
from collections.abc import Mapping
from typing import Any, cast

import msgspec

from patientoverblik.care import Contribution
from patientoverblik.formats.cda import registry
from patientoverblik.formats.cda.compose import compose
from patientoverblik.formats.cda.derive import derive
from patientoverblik.formats.cda.documents import Record
from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.cda.engine.profile import Head
from patientoverblik.formats.cda.engine.reader import Incomplete
from patientoverblik.formats.cda.engine.walk import TooMuchLost, Walk, line_of
from patientoverblik.formats.cda.parsing import Parsed, parse, refused
from patientoverblik.formats.cda.places import place as path_of
from patientoverblik.formats.cda.quirks import quirks
from patientoverblik.formats.cda.registry import stamp
from patientoverblik.formats.model import Books, Reading, Unread
from patientoverblik.problems import Finding

__all__ = [
    "Head",
    "Parsed",
    "Record",
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


def profiles() -> tuple[Head, ...]:
    """What each profile says of itself: id, title, parts, format code, whether it is an example."""
    return registry.heads()


def identify(parsed: Parsed) -> str | None:
    """The id of the profile a document is of, None if of none that is known."""
    return registry.recognise(parsed.tree)


def read(parsed: Parsed) -> Reading | Unread:
    """Read a parsed document whole: its record, what it contributes, what was lost, and the books."""
    profile = identify(parsed)
    if profile is None:
        return refused("cda.no-profile")
    walk = Walk()
    record = _walked(parsed, profile, walk)
    if isinstance(record, Unread):
        return record
    care, findings = derive(record, profile)
    return Reading(
        profile=profile,
        stamp=stamp(profile),
        record=record,
        care=care,
        losses=tuple(walk.losses),
        findings=(*walk.findings, *_told(walk), *quirks(record, walk), *findings),
        books=Books(walk.read, walk.constant, walk.quiet, walk.lost),
    )


def read_record(parsed: Parsed, profile: str) -> Record | Unread:
    """Only the record of a document, by a profile of the caller's choice."""
    return _walked(parsed, profile, Walk())


def write(record: Record, profile: str) -> bytes:
    """The canonical document of a record; ``KeyError`` if there is no such profile."""
    return registry.loaded()[profile].write(record)


def encode_care(care: Contribution) -> bytes:
    """A contribution as it is kept."""
    return _ENCODER.encode(care)


def decode_care(kept: bytes) -> Contribution:
    """A contribution from how it is kept; ``msgspec.DecodeError`` if it is none."""
    return _CARE.decode(kept)


def encode_record(record: Record) -> bytes:
    """A record as it is kept."""
    return _ENCODER.encode(record)


def decode_record(kept: bytes) -> Record:
    """A record from how it is kept; ``msgspec.DecodeError`` if it is none."""
    return _RECORD.decode(kept)


def explain(parsed: Parsed, place: str) -> tuple[str, str] | None:
    """Where a place of the record comes from: an absolute XPath, and ``file:line [Shape] field`` of the profile.

    None where the document is of no profile, or the place is not in its record.
    """
    profile = identify(parsed)
    if profile is None:
        return None
    walk = Walk(trace=True)
    record = _walked(parsed, profile, walk)
    if isinstance(record, Unread):
        return None
    found = _nearest(record, place, walk)
    return _line(profile, *found) if found else None


_ENCODER = msgspec.msgpack.Encoder()
_CARE = msgspec.msgpack.Decoder(Contribution)
_RECORD: msgspec.msgpack.Decoder[Record] = msgspec.msgpack.Decoder(Record)
_STEP = re.compile(r"([a-z_]+)(?:\[(\d+)\])?")
_INCOMPLETE = {"id": "cda.no-document-id", "patient": "cda.no-patient"}


def _walked(parsed: Parsed, profile: str, walk: Walk) -> Record | Unread:
    try:
        return cast(Record, registry.loaded()[profile].read(parsed.tree, walk))
    except TooMuchLost:
        return refused("cda.too-much-lost")
    except Incomplete as missing:
        return refused(_INCOMPLETE.get(str(missing), "cda.incomplete"), line_of(parsed.tree))


def _told(walk: Walk) -> tuple[Finding, ...]:
    """That something was lost, told once, at the first place, with how many places there are."""
    if not walk.losses:
        return ()
    return (Finding("cda.places-lost", walk.losses[0].place, about=str(len(walk.losses))),)


def _nearest(record: Record, place: str, walk: Walk) -> tuple[str, str, str] | None:
    """The element, shape and field of the deepest value on the way to a place that an element of its own stands for."""
    trace = walk.trace or {}
    value: object = record
    found = (*_traced(trace, record), "")
    for step in place.split(".") if place else ():
        parts = _STEP.fullmatch(step)
        if parts is None:
            return None
        value = getattr(value, parts[1], None)
        found = (found[0], found[1], parts[1])
        if parts[2] is not None:
            value = _item(value, int(parts[2]))
        if value is None:
            return None
        if id(value) in trace:
            found = (*_traced(trace, value), "")
    return found


def _item(value: object, number: int) -> object:
    with contextlib.suppress(IndexError):
        return value[number] if isinstance(value, tuple) else None
    return None


def _traced(trace: Mapping[int, tuple[Element, str]], value: object) -> tuple[str, str]:
    element, shape = trace[id(value)]
    return path_of(cast(Any, element)), shape


def _line(profile: str, path: str, shape: str, field: str) -> tuple[str, str]:
    """The profile's line for a field of a shape, or for the shape itself."""
    found = registry.loaded()[profile].source.shapes[shape]
    source = next((line.source for line in found.lines if field and line.field == field), found.source)
    return path, f"{source} [{shape}] {field}".strip()
