"""What a look tells of the service's use: how fast and how complete, and nothing of the patient."""

from typing import Literal, Protocol

import msgspec

from patientoverblik.access import Actor, ActorKind
from patientoverblik.overview.model import SourceState

Door = Literal["portal", "own-system"]


class Used(msgspec.Struct, frozen=True, gc=False):
    """One overview shown: by what kind of actor, through which door, how many milliseconds after it was asked for, and
    from how many of the connected sources. ``actor`` is for telling people apart within a day and is not kept."""

    at: int
    kind: ActorKind
    door: Door
    millis: int
    connected: int
    retrieved: int
    actor: str


class Use(Protocol):
    """Where use is told to; it must not wait, and nothing it does can fail a look."""

    def __call__(self, used: Used) -> None:
        """Take one event."""


def untold(used: Used) -> None:
    """Nobody counts."""


def used_by(actor: Actor, sources: tuple[SourceState, ...], asked: int, shown: int) -> Used:
    """The use of one overview, asked for and shown at these times (milliseconds UTC)."""
    connected = [source for source in sources if source.state != "not-connected"]
    retrieved = sum(source.state == "retrieved" for source in connected)
    door: Door = "own-system" if actor.client else "portal"
    return Used(shown, actor.kind, door, max(0, shown - asked), len(connected), retrieved, actor.id)
