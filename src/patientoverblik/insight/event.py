"""A use event as it is kept: a day and no time, and no id of anybody."""

from datetime import UTC, datetime
from hashlib import blake2b

import msgspec

from patientoverblik.access import ActorKind
from patientoverblik.service.use import Door, Used


class UseEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One overview shown on a day (UTC, ``2026-11-23``). ``who`` tells people apart within the day and cannot be traced
    back: it is salted, and the salt is forgotten with the day."""

    day: str
    kind: ActorKind
    door: Door
    millis: int
    connected: int
    retrieved: int
    who: str


def day_of(at: int) -> str:
    """The day of a time (milliseconds UTC)."""
    return datetime.fromtimestamp(at / 1000, UTC).strftime("%Y-%m-%d")


def event_of(used: Used, salt: bytes) -> UseEvent:
    """What is kept of one use."""
    who = blake2b(used.actor.encode(), key=salt, digest_size=6).hexdigest()
    return UseEvent(day_of(used.at), used.kind, used.door, used.millis, used.connected, used.retrieved, who)
