"""Whole or refused: who may see the facts in a document that are hidden from some readers (DESIGN 12)."""

from collections.abc import Mapping
from typing import Protocol

from patientoverblik.access.model import ActorKind, Part
from patientoverblik.access.permit import Permit
from patientoverblik.access.visible import FROM_CUSTODY

GP_REASON = "gp-appointment-reason"
PROTECTED_ADDRESS = "protected-address"
RELATIVES = "relatives"
READERS: Mapping[str, frozenset[ActorKind]] = {
    GP_REASON: frozenset(),
    PROTECTED_ADDRESS: frozenset({"citizen"}),
    RELATIVES: frozenset({"professional", "citizen", "relative"}),
    FROM_CUSTODY: frozenset({"professional", "citizen"}),
}
WITH_RELATIVES: frozenset[Part] = frozenset({"card", "plans"})


class Withholding(Protocol):
    """What :func:`whole` needs to know of a document entry."""

    @property
    def withheld(self) -> tuple[str, ...]:
        """Names of the facts in the document that some readers must not see."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """The parts of the overview the document belongs to."""


def whole(permit: Permit, entry: Withholding) -> bool:
    """Whether this reader may have the bytes as they are."""
    if RELATIVES in entry.withheld and not reaches_relatives(permit.scope):
        return False
    if permit.hides_home or (permit.hides_relatives and names_others(entry)):
        return False
    return permit.may_read_withheld or all(reads(permit.actor.kind, fact) for fact in entry.withheld)


def names_others(entry: Withholding) -> bool:
    """Whether the document may tell of the people around the patient; every document names the patient."""
    return RELATIVES in entry.withheld or "card" in entry.parts


def reaches_relatives(scope: frozenset[Part]) -> bool:
    """Whether these parts tell of relatives, their names, addresses and telephones: the card and the plans do."""
    return not scope.isdisjoint(WITH_RELATIVES)


def reads(kind: ActorKind, fact: str) -> bool:
    """Whether this kind of actor may see a withheld fact; one without declared readers is for jobs only."""
    return kind == "job" or kind in READERS.get(fact, frozenset())
