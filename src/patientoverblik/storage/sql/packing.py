"""How values are kept in a column: MessagePack, compressed once where that makes them smaller; digests as 32 bytes."""

from functools import lru_cache
from threading import local

import msgspec
import zstandard

from patientoverblik.access import (
    Attempt,
    Block,
    Custody,
    FollowUp,
    Guardian,
    Look,
    Notice,
    Opening,
    PersonFacts,
    PowerOfAttorney,
    Protection,
    Relation,
    SecurityEvent,
    Session,
)
from patientoverblik.sharing.model import Association, DocumentEntry, Folder, SubmissionSet

LEVEL = 3
WORTH_PACKING = 512
ENTRIES_KEPT = 2048  # of about 3 kB each
PLAIN = b"\x00"
PACKED = b"\x01"
_tools = local()

encode = msgspec.msgpack.Encoder().encode
decode_entry = msgspec.msgpack.Decoder(DocumentEntry).decode
decode_folder = msgspec.msgpack.Decoder(Folder).decode
decode_set = msgspec.msgpack.Decoder(SubmissionSet).decode
decode_association = msgspec.msgpack.Decoder(Association).decode
decode_block = msgspec.msgpack.Decoder(Block).decode
decode_power = msgspec.msgpack.Decoder(PowerOfAttorney).decode
decode_relation = msgspec.msgpack.Decoder(Relation).decode
decode_person = msgspec.msgpack.Decoder(PersonFacts).decode
decode_custody = msgspec.msgpack.Decoder(Custody).decode
decode_guardian = msgspec.msgpack.Decoder(Guardian).decode
decode_protection = msgspec.msgpack.Decoder(Protection).decode
decode_opening = msgspec.msgpack.Decoder(Opening).decode
decode_attempt = msgspec.msgpack.Decoder(Attempt).decode
decode_follow_up = msgspec.msgpack.Decoder(FollowUp).decode
decode_notice = msgspec.msgpack.Decoder(Notice).decode
decode_look = msgspec.msgpack.Decoder(Look).decode
decode_event = msgspec.msgpack.Decoder(SecurityEvent).decode
decode_session = msgspec.msgpack.Decoder(Session).decode


def pack(data: bytes) -> bytes:
    """Bytes as kept: one mark, then the bytes, compressed where that saves room."""
    if len(data) >= WORTH_PACKING:
        packed = _compressor().compress(data)
        if len(packed) < len(data):
            return PACKED + packed
    return PLAIN + data


def unpack(kept: bytes) -> bytes:
    """The bytes that :func:`pack` was given."""
    return _decompressor().decompress(kept[1:]) if kept[:1] == PACKED else kept[1:]


@lru_cache(maxsize=ENTRIES_KEPT)
def entry_of(kept: bytes) -> DocumentEntry:
    """An entry from its column, the very same value for the very same bytes: what follows from it need not be worked
    out again."""
    return decode_entry(unpack(kept))


def _compressor() -> zstandard.ZstdCompressor:
    if not hasattr(_tools, "compressor"):
        _tools.compressor = zstandard.ZstdCompressor(level=LEVEL)
    return _tools.compressor  # type: ignore[no-any-return]


def _decompressor() -> zstandard.ZstdDecompressor:
    if not hasattr(_tools, "decompressor"):
        _tools.decompressor = zstandard.ZstdDecompressor()
    return _tools.decompressor  # type: ignore[no-any-return]
