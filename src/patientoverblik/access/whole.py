"""Whole or refused: who may see the facts in a document that are hidden from some readers (DESIGN 12)."""

from collections.abc import Mapping
from typing import Protocol

from patientoverblik.access.model import ActorKind, Part
from patientoverblik.access.permit import Permit

GP_REASON = "gp-appointment-reason"
PROTECTED_ADDRESS = "protected-address"
RELATIVES = "relatives"
READERS: Mapping[str, frozenset[ActorKind]] = {
    GP_REASON: frozenset(),
    PROTECTED_ADDRESS: frozenset({"citizen"}),
    RELATIVES: frozenset({"professional", "citizen", "relative"}),
}
WITH_RELATIVES: frozenset[Part] = frozenset({"card", "plans"})


class Withholding(Protocol):
    """What :func:`whole` needs to know of a document entry."""

    @property
    def withheld(self) -> tuple[str, ...]:
        """Names of the facts in the document that some readers must not see."""


def whole(permit: Permit, entry: Withholding) -> bool:
    """Whether this reader may have the bytes as they are."""
    if RELATIVES in entry.withheld and not reaches_relatives(permit.scope):
        return False
    return permit.may_read_withheld or all(reads(permit.actor.kind, fact) for fact in entry.withheld)


def reaches_relatives(scope: frozenset[Part]) -> bool:
    """Whether these parts tell of relatives, their names, addresses and telephones: the card and the plans do."""
    return not scope.isdisjoint(WITH_RELATIVES)


def reads(kind: ActorKind, fact: str) -> bool:
    """Whether this kind of actor may see a withheld fact; one without declared readers is for jobs only."""
    return kind == "job" or kind in READERS.get(fact, frozenset())
