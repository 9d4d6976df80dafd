"""Who may see what, and why: every read needs a permit, and only ``decide`` makes one."""

from patientoverblik.access.decide import decide
from patientoverblik.access.delivery import may_deliver
from patientoverblik.access.followed import Attempt, FollowUp, FollowUpState, Notice, NoticeKind
from patientoverblik.access.legal import Basis, legal_basis
from patientoverblik.access.model import (
    ALL_PARTS,
    Actor,
    ActorKind,
    Block,
    Custody,
    Evidence,
    FollowUpKind,
    Ground,
    Guardian,
    Look,
    Message,
    Opening,
    OrganisationRef,
    Outcome,
    Override,
    Part,
    PersonFacts,
    PowerOfAttorney,
    Principal,
    Protection,
    Purpose,
    Question,
    Refusal,
    Relation,
    SecurityEvent,
    Shareable,
    ShownDocument,
)
from patientoverblik.access.permit import Permit
from patientoverblik.access.policy import NationalRole, Policy, TypeRule
from patientoverblik.access.session import Embedding, Session
from patientoverblik.access.sift import sift
from patientoverblik.access.units import Units
from patientoverblik.access.visible import visible
from patientoverblik.access.whole import PROTECTED_ADDRESS, reaches_relatives, reads, whole

__all__ = [
    "ALL_PARTS",
    "PROTECTED_ADDRESS",
    "Actor",
    "ActorKind",
    "Attempt",
    "Basis",
    "Block",
    "Custody",
    "Embedding",
    "Evidence",
    "FollowUp",
    "FollowUpKind",
    "FollowUpState",
    "Ground",
    "Guardian",
    "Look",
    "Message",
    "NationalRole",
    "Notice",
    "NoticeKind",
    "Opening",
    "OrganisationRef",
    "Outcome",
    "Override",
    "Part",
    "Permit",
    "PersonFacts",
    "Policy",
    "PowerOfAttorney",
    "Principal",
    "Protection",
    "Purpose",
    "Question",
    "Refusal",
    "Relation",
    "SecurityEvent",
    "Session",
    "Shareable",
    "ShownDocument",
    "TypeRule",
    "Units",
    "decide",
    "legal_basis",
    "may_deliver",
    "reaches_relatives",
    "reads",
    "sift",
    "visible",
    "whole",
]
