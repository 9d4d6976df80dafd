"""Who may: every rule row has a case that it decides, and what it answers."""

from datetime import datetime

import pytest

from patientoverblik.access import (
    ALL_PARTS,
    Actor,
    Block,
    Evidence,
    OrganisationRef,
    Permit,
    PersonFacts,
    PowerOfAttorney,
    Question,
    Refusal,
    Relation,
    decide,
)
from patientoverblik.access.changes import LONGEST, turns
from patientoverblik.access.rules import RULES
from patientoverblik.problems import CATALOGUE

CLINIC = OrganisationRef("1.2.208.176.1.1", "331", "Lægehuset")
OTHER = OrganisationRef("1.2.208.176.1.1", "332")
PATIENT, HOLDER = 7, 8
NURSE = Actor("professional", "nurse", organisation=CLINIC)
CITIZEN = Actor("citizen", "citizen", person=PATIENT)
RELATIVE = Actor("relative", "relative", person=HOLDER)
SYSTEM = Actor("system", "ehr", organisation=CLINIC)
JOB = Actor("job", "rereader")


def millis(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


AT = millis("2026-11-23T12:00:00+01:00")
ADULT = PersonFacts(born=millis("1970-05-05T00:00:00+01:00"))
TREATED = Evidence(relations=(Relation("contact", CLINIC),), person=ADULT)
POWER = PowerOfAttorney("p1", HOLDER, ("appointments",))

CASES = [
    ("professional-relation", NURSE, "treatment", TREATED),
    ("professional-no-relation", NURSE, "treatment", Evidence(relations=(Relation("contact", OTHER),))),
    ("professional-no-relation", Actor("professional", "nowhere"), "treatment", TREATED),
    ("citizen-self", CITIZEN, "own-overview", Evidence(person=ADULT)),
    ("citizen-other", Actor("citizen", "x", person=HOLDER), "own-overview", Evidence(person=ADULT)),
    ("citizen-other", Actor("citizen", "x", person=HOLDER), "own-overview", Evidence()),
    ("citizen-under-age", CITIZEN, "own-overview", Evidence()),
    ("citizen-under-age", CITIZEN, "own-overview", Evidence(person=PersonFacts(born=AT - 1000))),
    ("citizen-dead", CITIZEN, "own-overview", Evidence(person=PersonFacts(born=ADULT.born, died=AT))),
    ("relative-power", RELATIVE, "on-behalf", Evidence(powers=(POWER,))),
    ("relative-no-power", RELATIVE, "on-behalf", Evidence()),
    ("relative-no-power", RELATIVE, "on-behalf", Evidence(powers=(POWER,), person=PersonFacts(died=AT))),
    ("relative-no-power", Actor("relative", "keyless"), "on-behalf", Evidence(powers=(PowerOfAttorney("p", 0, ()),))),
    ("system-delivers", SYSTEM, "delivery", Evidence()),
    ("system-reads-not", Actor("system", "nobody's"), "delivery", Evidence()),
    ("system-reads-not", SYSTEM, "treatment", TREATED),
    ("job-maintains", JOB, "maintenance", Evidence()),
    ("no-rule", NURSE, "own-overview", TREATED),
    ("no-rule", CITIZEN, "treatment", TREATED),
    ("no-rule", RELATIVE, "own-overview", Evidence(powers=(POWER,))),
    ("no-rule", JOB, "treatment", TREATED),
]


@pytest.mark.parametrize(("rule", "actor", "purpose", "evidence"), CASES)
def test_the_rule_that_decides(rule, actor, purpose, evidence):
    answer = decide(Question(actor, PATIENT, purpose, AT), evidence)
    row = next(row for row in RULES if row.id == rule)
    assert (answer.rule, answer.code) == (row.id, row.code)
    assert isinstance(answer, Refusal if row.scope is None else Permit)


def test_every_rule_has_a_case():
    assert {rule.id for rule in RULES} == {case[0] for case in CASES}


def test_every_reason_stands_in_the_catalogue_with_its_gravity():
    for rule in RULES:
        assert (CATALOGUE[rule.code].severity == "error") == (rule.scope is None)


@pytest.mark.parametrize("actor", [NURSE, CITIZEN, RELATIVE, SYSTEM])
@pytest.mark.parametrize("purpose", ["treatment", "own-overview", "on-behalf"])
def test_an_unknown_patient_is_refused_like_an_unrelated_one(actor, purpose):
    """N8: nobody without a right learns whether a patient exists."""
    stranger = Actor(actor.kind, actor.id, organisation=OTHER, person=99)
    known = decide(Question(stranger, PATIENT, purpose, AT), Evidence(TREATED.relations, (POWER,), (), ADULT))
    unknown = decide(Question(stranger, 0, purpose, AT), Evidence())
    assert isinstance(known, Refusal)
    assert known == unknown


def test_nobody_is_the_unknown_patient():
    """An actor without a key of their own is not the patient without one."""
    answer = decide(Question(Actor("citizen", "x"), 0, "own-overview", AT), Evidence(person=ADULT))
    assert isinstance(answer, Refusal)


def test_delivery_gives_no_reading():
    answer = decide(Question(SYSTEM, PATIENT, "delivery", AT), TREATED)
    assert isinstance(answer, Permit)
    assert answer.scope == frozenset()


def test_a_relative_reads_the_parts_of_all_powers_in_force():
    powers = (
        POWER,
        PowerOfAttorney("p2", HOLDER, ("plans",), valid_until=AT + 1),
        PowerOfAttorney("p3", HOLDER, ("psychiatry",), valid_until=AT),
        PowerOfAttorney("p4", HOLDER, ("card",), valid_from=AT + 1),
        PowerOfAttorney("p5", 99, ("measurements",)),
    )
    answer = decide(Question(RELATIVE, PATIENT, "on-behalf", AT), Evidence(powers=powers))
    assert isinstance(answer, Permit)
    assert answer.scope == {"appointments", "plans"}
    assert answer.on_behalf_of == PATIENT


def test_the_citizen_meets_no_block_of_their_own_and_others_do():
    evidence = Evidence(TREATED.relations, (POWER,), (Block("b1"),), ADULT)
    own = decide(Question(CITIZEN, PATIENT, "own-overview", AT), evidence)
    nurse = decide(Question(NURSE, PATIENT, "treatment", AT), evidence)
    relative = decide(Question(RELATIVE, PATIENT, "on-behalf", AT), evidence)
    assert (own.blocks, nurse.blocks, relative.blocks) == ((), evidence.blocks, evidence.blocks)


def test_only_blocks_that_name_the_actor_and_are_in_force_count():
    blocks = (
        Block("mine", organisation=CLINIC),
        Block("me", person="nurse"),
        Block("theirs", organisation=OTHER),
        Block("another", person="doctor"),
        Block("over", valid_until=AT),
        Block("later", valid_from=AT + 1),
        Block("both", organisation=CLINIC, person="nurse"),
        Block("me-elsewhere", organisation=OTHER, person="nurse"),
    )
    answer = decide(Question(NURSE, PATIENT, "treatment", AT), Evidence(TREATED.relations, (), blocks, ADULT))
    assert [block.id for block in answer.blocks] == ["mine", "me", "both"]


@pytest.mark.parametrize(
    "evidence",
    [
        Evidence(relations=(Relation("contact", CLINIC, valid_until=AT + 5),)),
        Evidence(TREATED.relations, blocks=(Block("b", valid_from=AT + 5),)),
        Evidence(TREATED.relations, blocks=(Block("b", valid_until=AT + 5),)),
        Evidence(TREATED.relations, person=PersonFacts(died=AT + 5)),
        Evidence(TREATED.relations, powers=(PowerOfAttorney("p", 1, (), valid_until=AT + 5),)),
    ],
)
def test_a_permit_ends_at_the_next_known_change(evidence):
    answer = decide(Question(NURSE, PATIENT, "treatment", AT), evidence)
    assert answer.valid_until == AT + 5
    assert answer.holds(AT + 4)
    assert not answer.holds(AT + 5)


def test_a_permit_is_never_long():
    assert decide(Question(NURSE, PATIENT, "treatment", AT), TREATED).valid_until == AT + LONGEST


@pytest.mark.parametrize(
    ("born", "day"),
    [
        ("2011-06-01T00:00:00+02:00", "2026-06-01T00:00:00+02:00"),
        ("2011-12-31T00:00:00+01:00", "2026-12-31T00:00:00+01:00"),
        ("2012-02-29T00:00:00+01:00", "2027-03-01T00:00:00+01:00"),
        ("1911-07-01T00:00:00+01:00", "1926-07-01T00:00:00+01:00"),
    ],
)
def test_fifteen_is_reached_at_midnight_in_copenhagen(born, day):
    at = turns(15, millis(born))
    assert at == millis(day)
    person = Evidence(person=PersonFacts(born=millis(born)))
    before = decide(Question(CITIZEN, PATIENT, "own-overview", at - 1), person)
    after = decide(Question(CITIZEN, PATIENT, "own-overview", at), person)
    assert isinstance(before, Refusal)
    assert isinstance(after, Permit)


def test_a_job_reads_everything():
    answer = decide(Question(JOB, PATIENT, "maintenance", AT), Evidence(blocks=(Block("b"),)))
    assert (answer.scope, answer.blocks, answer.may_read_withheld) == (frozenset(ALL_PARTS), (), True)
