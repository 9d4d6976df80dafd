"""The trail as a chain: each event carries the digest of all before it, so that a changed or missing one is seen.

One chain per patient; events of acts without a patient have one chain per organisation (DESIGN, Storage and scale).
"""

from collections.abc import Iterable
from hashlib import sha256

import msgspec

from patientoverblik.access import SecurityEvent

START = b"\x00" * 32


def chained(before: bytes, event: bytes) -> bytes:
    """The digest (32 bytes) of an event that follows a chain ending in ``before``."""
    return sha256(before + event).digest()


def unbroken(rows: Iterable[tuple[bytes, bytes]]) -> bool:
    """Whether (event, digest) rows, oldest first, form one chain from its start."""
    before = START
    for event, digest in rows:
        if chained(before, event) != digest:
            return False
        before = digest
    return True


def chain_key(event: SecurityEvent) -> str:
    """The organisation whose chain an event without a patient belongs to; empty where the actor speaks for none."""
    place = event.actor.organisation
    return f"{place.system}|{place.value}" if place else ""


def event_bytes(event: SecurityEvent) -> bytes:
    """An event as it is kept and chained."""
    return msgspec.msgpack.encode(event)
