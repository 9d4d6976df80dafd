"""Who may see what, and why: every read needs a permit, and only ``decide`` makes one."""

from patientoverblik.access.model import (
    Actor,
    ActorKind,
    Block,
    Evidence,
    Look,
    OrganisationRef,
    Part,
    PersonFacts,
    PowerOfAttorney,
    Purpose,
    Question,
    Refusal,
    Relation,
    SecurityEvent,
    Shareable,
    ShownDocument,
)

__all__ = [
    "Actor",
    "ActorKind",
    "Block",
    "Evidence",
    "Look",
    "OrganisationRef",
    "Part",
    "PersonFacts",
    "PowerOfAttorney",
    "Purpose",
    "Question",
    "Refusal",
    "Relation",
    "SecurityEvent",
    "Shareable",
    "ShownDocument",
]
