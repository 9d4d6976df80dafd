"""Who may see what, and why: every read needs a permit, and only ``decide`` makes one."""

from patientoverblik.access.decide import decide
from patientoverblik.access.delivery import may_deliver
from patientoverblik.access.model import (
    ALL_PARTS,
    Actor,
    ActorKind,
    Block,
    Evidence,
    Look,
    OrganisationRef,
    Part,
    PersonFacts,
    PowerOfAttorney,
    Principal,
    Purpose,
    Question,
    Refusal,
    Relation,
    SecurityEvent,
    Session,
    Shareable,
    ShownDocument,
)
from patientoverblik.access.permit import Permit
from patientoverblik.access.sift import sift
from patientoverblik.access.visible import visible
from patientoverblik.access.whole import PROTECTED_ADDRESS, reaches_relatives, reads, whole

__all__ = [
    "ALL_PARTS",
    "PROTECTED_ADDRESS",
    "Actor",
    "ActorKind",
    "Block",
    "Evidence",
    "Look",
    "OrganisationRef",
    "Part",
    "Permit",
    "PersonFacts",
    "PowerOfAttorney",
    "Principal",
    "Purpose",
    "Question",
    "Refusal",
    "Relation",
    "SecurityEvent",
    "Session",
    "Shareable",
    "ShownDocument",
    "decide",
    "may_deliver",
    "reaches_relatives",
    "reads",
    "sift",
    "visible",
    "whole",
]
