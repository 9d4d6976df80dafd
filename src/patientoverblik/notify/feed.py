"""What a feed is: somebody who is told of looks, events or notices, a batch at a time."""

from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from patientoverblik.service.outbox import Kind, Message
from patientoverblik.service.ports import Reader


class Undelivered(msgspec.Struct, frozen=True):
    """Why one message was not taken: a problem code; ``final`` if trying again is of no use; ``counts`` is no where the
    receiver has said nothing of it, so that it is tried for as long as it takes. ``spread`` is how much longer than
    usual to wait (ms)."""

    code: str
    final: bool = False
    counts: bool = True
    spread: int = 0


class Feed(Protocol):
    """One receiver. ``together`` is the largest batch, ``lease`` how long (ms) one delivery may take at most."""

    name: str
    kinds: frozenset[Kind]
    together: int
    lease: int

    def tell(self, reader: Reader, messages: Sequence[Message]) -> Mapping[str, Undelivered]:
        """Tell a batch. What comes back are the messages not taken, by id; all others were. Where nobody was reached,
        or nothing is known of any of them, a :class:`patientoverblik.problems.Fault` is raised."""
