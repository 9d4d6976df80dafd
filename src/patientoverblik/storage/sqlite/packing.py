"""How values are kept in a column: MessagePack, compressed once where that makes them smaller; digests as 32 bytes."""

from threading import local

import msgspec
import zstandard

from patientoverblik.access import Block, Look, PersonFacts, PowerOfAttorney, Relation, SecurityEvent, Session
from patientoverblik.sharing.model import Association, DocumentEntry, SubmissionSet

LEVEL = 3
WORTH_PACKING = 512
PLAIN = b"\x00"
PACKED = b"\x01"
_tools = local()

encode = msgspec.msgpack.Encoder().encode
decode_entry = msgspec.msgpack.Decoder(DocumentEntry).decode
decode_set = msgspec.msgpack.Decoder(SubmissionSet).decode
decode_association = msgspec.msgpack.Decoder(Association).decode
decode_block = msgspec.msgpack.Decoder(Block).decode
decode_power = msgspec.msgpack.Decoder(PowerOfAttorney).decode
decode_relation = msgspec.msgpack.Decoder(Relation).decode
decode_person = msgspec.msgpack.Decoder(PersonFacts).decode
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


def _compressor() -> zstandard.ZstdCompressor:
    if not hasattr(_tools, "compressor"):
        _tools.compressor = zstandard.ZstdCompressor(level=LEVEL)
    return _tools.compressor  # type: ignore[no-any-return]


def _decompressor() -> zstandard.ZstdDecompressor:
    if not hasattr(_tools, "decompressor"):
        _tools.decompressor = zstandard.ZstdDecompressor()
    return _tools.decompressor  # type: ignore[no-any-return]
