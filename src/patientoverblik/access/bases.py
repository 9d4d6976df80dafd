"""What access can rest on: a treatment relation, a national role, custody, a guardianship, a power of attorney.

Each is a question about one case, answered from the evidence alone.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec

from patientoverblik.access.changes import is_child, is_dead, is_of_age
from patientoverblik.access.model import ALL_PARTS, Evidence, Part, Question
from patientoverblik.access.policy import NationalRole, Policy
from patientoverblik.access.units import related
from patientoverblik.access.visible import within
from patientoverblik.care import COPENHAGEN, to_millis

# The person register has custody of children born from this day (nsp.md §8).
CUSTODY_KNOWN_FROM = to_millis(datetime(2004, 5, 1, tzinfo=COPENHAGEN))
EVERYTHING: frozenset[Part] = frozenset(ALL_PARTS)


class Case(msgspec.Struct, frozen=True):
    """A question, the evidence to it and what the service has configured."""

    question: Question
    evidence: Evidence
    policy: Policy

    @property
    def at(self) -> int:
        """When it is asked (milliseconds UTC)."""
        return self.question.at


def has_relation(case: Case) -> bool:
    """Whether it is confirmed that the professional's organisation treats the patient now."""
    place = case.question.actor.organisation
    return place is not None and any(
        relation.level == "confirmed"
        and relation.organisation.same(place)
        and within(case.at, relation.valid_from, relation.valid_until)
        for relation in case.evidence.relations
    )


def may_have_relation(case: Case) -> bool:
    """Whether some evidence, not yet confirmed or of a unit above or below, says that the organisation treats now."""
    place = case.question.actor.organisation
    return place is not None and any(
        related(relation.organisation, place, case.policy.units)
        and within(case.at, relation.valid_from, relation.valid_until)
        for relation in case.evidence.relations
    )


def is_assistant(case: Case) -> bool:
    """Whether the professional acts for a principal, whose relation and authorisation count."""
    return case.question.actor.principal is not None


def is_authorised(case: Case) -> bool:
    """Whether the professional, or the principal where there is one, has an authorisation."""
    actor = case.question.actor
    return (actor.principal or actor).authorisation != ""


def national_role(case: Case) -> NationalRole | None:
    """The professional's national role, if the configuration knows it and enough evidence stands behind it."""
    role = case.policy.national_roles.get(case.question.actor.national_role)
    return role if role is not None and (role.relation == "none" or may_have_relation(case)) else None


def overrides(case: Case) -> bool:
    """Whether an override is in force for the professional: never for one who acts for another, nor for ever."""
    return case.question.override is not None and not is_assistant(case) and not long_dead(case)


def long_dead(case: Case) -> bool:
    """Whether the patient has been dead for longer than professionals keep access."""
    died, kept = case.evidence.person.died, case.policy.after_death
    return kept > 0 and died > 0 and died + kept <= case.at


def is_self(case: Case) -> bool:
    """Whether the actor is the patient."""
    question = case.question
    return question.patient != 0 and question.actor.person == question.patient


def has_died(case: Case) -> bool:
    """Whether the patient is dead."""
    return is_dead(case.evidence, case.at)


def too_young(case: Case) -> bool:
    """Whether the patient is not known to be 15."""
    return not is_of_age(case.evidence, case.at)


def has_custody(case: Case) -> bool:
    """Whether the actor holds custody of the patient, who is under 15 and in the register with custody."""
    born = case.evidence.person.born
    return born >= CUSTODY_KNOWN_FROM and is_child(case.evidence, case.at) and is_registered_holder(case)


def is_registered_holder(case: Case) -> bool:
    """Whether the register has the actor as a holder of custody now, whatever the child's age."""
    holder = case.question.actor.person
    return holder != 0 and any(
        custody.holder == holder and within(case.at, custody.valid_from, custody.valid_until)
        for custody in case.evidence.custodies
    )


def guardians_parts(case: Case) -> frozenset[Part]:
    """The parts the actor's guardianships reach."""
    holder = case.question.actor.person
    return frozenset(
        part
        for guardian in case.evidence.guardians
        if guardian.holder == holder != 0 and within(case.at, guardian.valid_from, guardian.valid_until)
        for part in guardian.parts
    )


def powers_parts(case: Case) -> frozenset[Part]:
    """The parts the actor's powers of attorney name."""
    return frozenset(_parts_of_powers(case))


def relatives_parts(case: Case) -> frozenset[Part]:
    """All that the actor may see for the patient, on every basis together: to lose one never shows more."""
    custody = EVERYTHING if has_custody(case) else frozenset()
    return custody | guardians_parts(case) | powers_parts(case)


def _parts_of_powers(case: Case) -> Iterator[Part]:
    holder = case.question.actor.person
    grown = is_of_age(case.evidence, case.at)
    for power in case.evidence.powers:
        if power.holder == holder != 0 and within(case.at, power.valid_from, power.valid_until):
            yield from () if power.for_child and grown else power.parts
