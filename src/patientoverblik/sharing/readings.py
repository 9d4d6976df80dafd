"""A reading as it is kept: care contribution and record apart, so that the overview fetches only what it shows."""

import msgspec

from patientoverblik.formats.model import Reading
from patientoverblik.sharing.model import StoredReading

_encode = msgspec.msgpack.Encoder().encode


def stored_reading(content: str, reading: Reading) -> StoredReading:
    """The reading of the document with SHA-256 ``content``, in MessagePack, with the stamp of what read it."""
    return StoredReading(
        content=content,
        stamp=reading.stamp,
        care=_encode(reading.care),
        record=_encode(reading.record),
        losses=_encode(reading.losses),
    )
