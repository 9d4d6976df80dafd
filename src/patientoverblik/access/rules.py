"""The rules of access as a table: the first row that fits decides (nsp.md §6-8, DESIGN 1).

Each row names an actor kind, the purposes it is about and conditions that must all hold. A row with a scope permits;
one without refuses. The Danish and English reason of every row is its code in the catalogue, its legal basis stands in
``tables/legal.csv``. Whether the patient exists is never part of a condition: an unknown patient has no evidence, and
meets the same refusals (storyboard N8), and only who would have access is told that somebody died long ago. To lose a
basis never leads to a row that shows more (DESIGN 21).
"""

from collections.abc import Callable
from typing import get_args

import msgspec

from patientoverblik.access.bases import (
    EVERYTHING,
    Case,
    guardians_parts,
    has_custody,
    has_died,
    has_relation,
    is_assistant,
    is_authorised,
    is_registered_holder,
    is_self,
    long_dead,
    may_have_relation,
    national_role,
    overrides,
    powers_parts,
    relatives_parts,
    too_young,
)
from patientoverblik.access.model import ActorKind, Part, Purpose

Condition = Callable[[Case], bool]
Scope = Callable[[Case], frozenset[Part]]


class Rule(msgspec.Struct, frozen=True):
    """One row; ``scope`` None refuses. ``blocked`` says whether the patient's blocks hold for the actor."""

    id: str
    actor: ActorKind | None
    purposes: tuple[Purpose, ...]
    when: tuple[Condition, ...]
    code: str
    scope: Scope | None = None
    blocked: bool = True
    may_read_withheld: bool = False
    confirmed: bool = True


def speaks_for_organisation(case: Case) -> bool:
    """Whether the actor names the organisation it acts for."""
    return case.question.actor.organisation is not None


def may_be_told(case: Case) -> bool:
    """Whether it is confirmed that the system's organisation treats the patient, who is not long dead."""
    return has_relation(case) and not long_dead(case)


def is_unauthorised(case: Case) -> bool:
    """Whether the principal has no authorisation."""
    return not is_authorised(case)


def has_national_role(case: Case) -> bool:
    """Whether the professional, acting for nobody else, has a national role with enough evidence behind it."""
    return national_role(case) is not None and not is_assistant(case) and not long_dead(case)


def acts_for_patient(case: Case) -> bool:
    """Whether anything lets the actor act for the patient, as long as the patient lives."""
    return bool(relatives_parts(case)) or is_registered_holder(case)


def has_guardianship(case: Case) -> bool:
    """Whether the actor is the patient's guardian for some part."""
    return bool(guardians_parts(case))


def has_power(case: Case) -> bool:
    """Whether the actor has a power of attorney for some part."""
    return bool(powers_parts(case))


def may_replay(case: Case) -> bool:
    """Whether the officer's role is one that may replay looks."""
    return case.question.actor.role in case.policy.replay_roles


def everything(_: Case) -> frozenset[Part]:
    """All parts of the overview."""
    return EVERYTHING


def nothing(_: Case) -> frozenset[Part]:
    """No part: to deliver, follow up or replay gives no reading of what stands today."""
    return frozenset()


def roles_parts(case: Case) -> frozenset[Part]:
    """The parts of the professional's national role."""
    role = national_role(case)
    return frozenset() if role is None else role.parts


_ANY: tuple[Purpose, ...] = get_args(Purpose)
_CARE: tuple[Purpose, ...] = ("treatment",)
_FOR_ANOTHER: tuple[Purpose, ...] = ("on-behalf",)
_BLOCKING: tuple[Purpose, ...] = ("blocking",)
_OWN: tuple[Purpose, ...] = ("own-overview", "replay", "blocking")
_SEES_TO_IT: tuple[Purpose, ...] = ("oversight",)
_JOBS: tuple[Purpose, ...] = ("maintenance", "replay", "delivery")

_TREATMENT = (
    Rule("assistant-unauthorised", "professional", _CARE, (is_assistant, is_unauthorised), "access.no-authorisation"),
    Rule("professional-long-dead", "professional", _CARE, (long_dead, may_have_relation), "access.long-dead"),
    Rule("professional-override", "professional", _CARE, (overrides,), "access.override", everything, blocked=False),
    Rule("assistant-relation", "professional", _CARE, (is_assistant, has_relation), "access.assistant", everything),
    Rule("professional-relation", "professional", _CARE, (has_relation,), "access.treatment-relation", everything),
    Rule(
        "professional-unconfirmed",
        "professional",
        _CARE,
        (is_authorised, may_have_relation),
        "access.unconfirmed-relation",
        everything,
        confirmed=False,
    ),
    Rule(
        "professional-national-role",
        "professional",
        _CARE,
        (has_national_role,),
        "access.national-role",
        roles_parts,
        confirmed=False,
    ),
    Rule("professional-no-relation", "professional", _CARE, (), "access.no-relation"),
    Rule(
        "professional-accounts",
        "professional",
        _SEES_TO_IT,
        (speaks_for_organisation,),
        "access.accounts-for-looks",
        nothing,
    ),
)

_OWN_OVERVIEW = (
    Rule("citizen-dead", "citizen", _OWN, (is_self, has_died), "access.closed-after-death"),
    Rule("citizen-under-age", "citizen", _OWN, (is_self, too_young), "access.under-age"),
    Rule("citizen-self", "citizen", _OWN, (is_self,), "access.own-overview", everything, blocked=False),
    Rule("citizen-other", "citizen", _OWN, (), "access.not-own"),
)

_ON_BEHALF = (
    Rule("relative-dead", "relative", _FOR_ANOTHER, (acts_for_patient, has_died), "access.closed-after-death"),
    Rule("relative-custody", "relative", _FOR_ANOTHER, (has_custody,), "access.custody", relatives_parts),
    Rule("relative-guardian", "relative", _FOR_ANOTHER, (has_guardianship,), "access.guardian", relatives_parts),
    Rule("relative-power", "relative", _FOR_ANOTHER, (has_power,), "access.power-of-attorney", relatives_parts),
    Rule("relative-child-grown", "relative", _FOR_ANOTHER, (is_registered_holder,), "access.child-decides"),
    Rule("relative-no-power", "relative", _FOR_ANOTHER, (), "access.no-power"),
)

# Who decides on blocks in the patient's place: never by a power of attorney, which is to see and not to decide.
_BLOCKS_FOR_ANOTHER = (
    Rule("blocks-of-dead", "relative", _BLOCKING, (acts_for_patient, has_died), "access.closed-after-death"),
    Rule("blocks-by-custody", "relative", _BLOCKING, (has_custody,), "access.blocks-by-custody", everything),
    Rule(
        "blocks-by-guardian",
        "relative",
        _BLOCKING,
        (has_guardianship,),
        "access.blocks-by-guardian",
        guardians_parts,
    ),
    Rule("blocks-of-grown", "relative", _BLOCKING, (is_registered_holder,), "access.child-decides"),
    Rule("blocks-not-yours", "relative", _BLOCKING, (), "access.blocks-not-yours"),
)

_SERVING = (
    Rule("system-delivers", "system", ("delivery",), (speaks_for_organisation,), "access.delivery", nothing),
    Rule("system-told", "system", ("notification",), (may_be_told,), "access.organisation-treats", everything),
    Rule("system-reads-not", "system", _ANY, (), "access.system-reads-not"),
    Rule("officer-replays", "officer", ("replay",), (may_replay,), "access.replay", nothing),
    Rule("officer-oversees", "officer", _SEES_TO_IT, (), "access.oversight", nothing),
    Rule("officer-reads-not", "officer", _ANY, (), "access.officer-reads-not"),
    Rule(
        "job-maintains",
        "job",
        _JOBS,
        (),
        "access.maintenance",
        everything,
        blocked=False,
        may_read_withheld=True,
    ),
    Rule("no-rule", None, _ANY, (), "access.no-right"),
)

RULES: tuple[Rule, ...] = (*_TREATMENT, *_OWN_OVERVIEW, *_ON_BEHALF, *_BLOCKS_FOR_ANOTHER, *_SERVING)
