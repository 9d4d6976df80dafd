"""How values are kept in a column: MessagePack, compressed once where that makes them smaller; digests as 32 bytes."""

from functools import lru_cache
from threading import local

import msgspec
import zstandard

from patientoverblik import access
from patientoverblik.sharing.model import Association, DocumentEntry, Folder, SubmissionSet

LEVEL = 3
WORTH_PACKING = 512
LARGE = 1_000_000
ENTRIES_KEPT = 3072  # of about 6 kB each: a list of 150 patients with 20 documents
OBJECTS_KEPT = 4096  # of about 0.5 kB each
PLAIN = b"\x00"
PACKED = b"\x01"
_tools = local()

encode = msgspec.msgpack.Encoder().encode
decode_entry = msgspec.msgpack.Decoder(DocumentEntry).decode
decode_folder = msgspec.msgpack.Decoder(Folder).decode
decode_set = msgspec.msgpack.Decoder(SubmissionSet).decode
decode_association = msgspec.msgpack.Decoder(Association).decode
decode_block = msgspec.msgpack.Decoder(access.Block).decode
decode_power = msgspec.msgpack.Decoder(access.PowerOfAttorney).decode
decode_relation = msgspec.msgpack.Decoder(access.Relation).decode
decode_person = msgspec.msgpack.Decoder(access.PersonFacts).decode
decode_custody = msgspec.msgpack.Decoder(access.Custody).decode
decode_guardian = msgspec.msgpack.Decoder(access.Guardian).decode
decode_protection = msgspec.msgpack.Decoder(access.Protection).decode
decode_opening = msgspec.msgpack.Decoder(access.Opening).decode
decode_attempt = msgspec.msgpack.Decoder(access.Attempt).decode
decode_follow_up = msgspec.msgpack.Decoder(access.FollowUp).decode
decode_notice = msgspec.msgpack.Decoder(access.Notice).decode
decode_look = msgspec.msgpack.Decoder(access.Look).decode
decode_event = msgspec.msgpack.Decoder(access.SecurityEvent).decode
decode_session = msgspec.msgpack.Decoder(access.Session).decode


def pack(data: bytes) -> bytes:
    """Bytes as kept: one mark, then the bytes, compressed where that saves room."""
    if len(data) >= WORTH_PACKING:
        packed = _compressor().compress(data)
        if len(packed) < len(data):
            return PACKED + packed
        del packed  # as large as what it was made of, and of no use
    return PLAIN + data


def is_large(data: bytes) -> bool:
    """Whether bytes are so many, and so little smaller when compressed (by the first of them), that they are kept as
    they are, without another copy of them in memory."""
    first = memoryview(data)[:LARGE]
    return len(data) > LARGE and len(_compressor().compress(first)) > 0.95 * LARGE


def unpack(kept: bytes) -> bytes:
    """The bytes that :func:`pack` was given."""
    return unmarked(kept[:1], kept[1:])


def unmarked(mark: bytes, rest: bytes) -> bytes:
    """The bytes that stand behind a mark."""
    return _decompressor().decompress(rest) if mark == PACKED else rest


@lru_cache(maxsize=ENTRIES_KEPT)
def entry_of(kept: bytes) -> DocumentEntry:
    """An entry from its column, the very same value for the very same bytes: what follows from it need not be worked
    out again."""
    return decode_entry(unpack(kept))


@lru_cache(maxsize=OBJECTS_KEPT)
def set_of(kept: bytes) -> SubmissionSet:
    """A submission set from its column, the very same value for the very same bytes."""
    return decode_set(kept)


@lru_cache(maxsize=OBJECTS_KEPT)
def association_of(kept: bytes) -> Association:
    """An association from its column, the very same value for the very same bytes."""
    return decode_association(kept)


def _compressor() -> zstandard.ZstdCompressor:
    if not hasattr(_tools, "compressor"):
        _tools.compressor = zstandard.ZstdCompressor(level=LEVEL)
    return _tools.compressor  # type: ignore[no-any-return]


def _decompressor() -> zstandard.ZstdDecompressor:
    if not hasattr(_tools, "decompressor"):
        _tools.decompressor = zstandard.ZstdDecompressor()
    return _tools.decompressor  # type: ignore[no-any-return]
