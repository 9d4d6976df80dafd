"""The rules of access as a table: the first row that fits decides (nsp.md §6-8, DESIGN 1).

Each row names an actor kind, the purposes it is about and a condition over the question and the evidence. A row with a
scope permits; a row without one refuses. The Danish and English reason of every row is its code in the catalogue.
Whether the patient exists is never part of a condition: an unknown patient has no evidence, and meets the same refusals
(storyboard N8).
"""

from collections.abc import Callable, Iterator

import msgspec

from patientoverblik.access.changes import is_dead, is_of_age
from patientoverblik.access.model import ALL_PARTS, ActorKind, Evidence, Part, PowerOfAttorney, Purpose, Question
from patientoverblik.access.visible import within

Condition = Callable[[Question, Evidence], bool]
Scope = Callable[[Question, Evidence], frozenset[Part]]


class Rule(msgspec.Struct, frozen=True):
    """One row; ``scope`` None refuses. ``blocked`` says whether the patient's blocks hold for the actor."""

    id: str
    actor: ActorKind | None
    purposes: tuple[Purpose, ...]
    when: Condition
    code: str
    scope: Scope | None = None
    blocked: bool = True
    may_read_withheld: bool = False


def has_relation(question: Question, evidence: Evidence) -> bool:
    """Whether the professional's organisation treats the patient now."""
    place = question.actor.organisation
    return place is not None and any(
        relation.organisation.same(place) and within(question.at, relation.valid_from, relation.valid_until)
        for relation in evidence.relations
    )


def is_self(question: Question, _: Evidence) -> bool:
    """Whether the actor is the patient."""
    return question.patient != 0 and question.actor.person == question.patient


def has_power(question: Question, evidence: Evidence) -> bool:
    """Whether the patient lives and has given the actor a power of attorney that is in force."""
    return not is_dead(evidence, question.at) and any(_powers(question, evidence))


def speaks_for_organisation(question: Question, _: Evidence) -> bool:
    """Whether the system names the organisation it delivers for."""
    return question.actor.organisation is not None


def self_after_death(question: Question, evidence: Evidence) -> bool:
    """Whether the patient's own access has ended with their death."""
    return is_self(question, evidence) and is_dead(evidence, question.at)


def self_too_young(question: Question, evidence: Evidence) -> bool:
    """Whether the actor is the patient and not known to be 15."""
    return is_self(question, evidence) and not is_of_age(evidence, question.at)


def always(_: Question, __: Evidence) -> bool:
    """Every question."""
    return True


def everything(_: Question, __: Evidence) -> frozenset[Part]:
    """All parts of the overview."""
    return _EVERYTHING


def nothing(_: Question, __: Evidence) -> frozenset[Part]:
    """No part: to deliver gives no reading."""
    return frozenset()


def powers_parts(question: Question, evidence: Evidence) -> frozenset[Part]:
    """The parts the actor's powers of attorney name."""
    return frozenset(part for power in _powers(question, evidence) for part in power.parts)


def _powers(question: Question, evidence: Evidence) -> Iterator[PowerOfAttorney]:
    for power in evidence.powers:
        if power.holder == question.actor.person != 0 and within(question.at, power.valid_from, power.valid_until):
            yield power


_EVERYTHING: frozenset[Part] = frozenset(ALL_PARTS)
_ANY: tuple[Purpose, ...] = ("treatment", "own-overview", "on-behalf", "delivery", "maintenance", "replay")
_CARE: tuple[Purpose, ...] = ("treatment",)
_FOR_ANOTHER: tuple[Purpose, ...] = ("on-behalf",)
_OWN: tuple[Purpose, ...] = ("own-overview", "replay")

RULES: tuple[Rule, ...] = (
    Rule("professional-relation", "professional", _CARE, has_relation, "access.treatment-relation", everything),
    Rule("professional-no-relation", "professional", _CARE, always, "access.no-relation"),
    Rule("citizen-dead", "citizen", _OWN, self_after_death, "access.closed-after-death"),
    Rule("citizen-under-age", "citizen", _OWN, self_too_young, "access.under-age"),
    Rule("citizen-self", "citizen", _OWN, is_self, "access.own-overview", everything, blocked=False),
    Rule("citizen-other", "citizen", _OWN, always, "access.not-own"),
    Rule("relative-power", "relative", _FOR_ANOTHER, has_power, "access.power-of-attorney", powers_parts),
    Rule("relative-no-power", "relative", _FOR_ANOTHER, always, "access.no-power"),
    Rule("system-delivers", "system", ("delivery",), speaks_for_organisation, "access.delivery", nothing),
    Rule("system-reads-not", "system", _ANY, always, "access.system-reads-not"),
    Rule(
        "job-maintains",
        "job",
        ("maintenance", "replay", "delivery"),
        always,
        "access.maintenance",
        everything,
        blocked=False,
        may_read_withheld=True,
    ),
    Rule("no-rule", None, _ANY, always, "access.no-right"),
)
