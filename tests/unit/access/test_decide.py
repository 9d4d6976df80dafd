"""Who may: every rule row has a case that it decides, and what it answers."""

from datetime import datetime
from pathlib import Path

import pytest

from patientoverblik.access import (
    ALL_PARTS,
    Actor,
    Block,
    Custody,
    Evidence,
    Guardian,
    OrganisationRef,
    Override,
    Permit,
    PersonFacts,
    Policy,
    PowerOfAttorney,
    Principal,
    Protection,
    Question,
    Refusal,
    Relation,
    decide,
    legal_basis,
)
from patientoverblik.access.changes import LONGEST, turns
from patientoverblik.access.policy import NationalRole
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
CHILD = PersonFacts(born=millis("2015-05-05T00:00:00+02:00"))
GROWN = PersonFacts(born=millis("2010-05-05T00:00:00+02:00"))
LONG_DEAD = PersonFacts(born=ADULT.born, died=millis("2025-01-01T00:00:00+01:00"))
UNCONFIRMED = Evidence(relations=(Relation("referral", CLINIC, level="incomplete"),), person=ADULT)
CUSTODY = (Custody("c", HOLDER),)
ASSISTANT = Actor("professional", "helper", organisation=CLINIC, principal=Principal("doctor", authorisation="ABC12"))
UNBACKED = Actor("professional", "helper", organisation=CLINIC, principal=Principal("doctor"))
AUTHORISED = Actor("professional", "nurse", organisation=CLINIC, authorisation="XYZ99")
CARER = Actor("professional", "carer", organisation=CLINIC, national_role="PlejeAssR3")
OFFICER = Actor("officer", "officer", role="replay-officer")

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
    ("relative-dead", RELATIVE, "on-behalf", Evidence(powers=(POWER,), person=PersonFacts(died=AT))),
    ("relative-no-power", RELATIVE, "on-behalf", Evidence(person=PersonFacts(died=AT))),
    ("relative-custody", RELATIVE, "on-behalf", Evidence(custodies=CUSTODY, person=CHILD)),
    ("relative-child-grown", RELATIVE, "on-behalf", Evidence(custodies=CUSTODY, person=GROWN)),
    ("relative-child-grown", RELATIVE, "on-behalf", Evidence(custodies=CUSTODY)),
    ("relative-dead", RELATIVE, "on-behalf", Evidence(custodies=CUSTODY, person=PersonFacts(CHILD.born, AT))),
    ("relative-guardian", RELATIVE, "on-behalf", Evidence(guardians=(Guardian("g", HOLDER),), person=ADULT)),
    ("relative-guardian", RELATIVE, "on-behalf", Evidence(guardians=(Guardian("g", HOLDER),), powers=(POWER,))),
    ("assistant-relation", ASSISTANT, "treatment", TREATED),
    ("assistant-unauthorised", UNBACKED, "treatment", TREATED),
    ("professional-no-relation", ASSISTANT, "treatment", Evidence()),
    ("professional-unconfirmed", ASSISTANT, "treatment", UNCONFIRMED),
    ("professional-unconfirmed", AUTHORISED, "treatment", UNCONFIRMED),
    ("professional-relation", AUTHORISED, "treatment", TREATED),
    ("professional-no-relation", NURSE, "treatment", UNCONFIRMED),
    ("professional-national-role", CARER, "treatment", UNCONFIRMED),
    ("professional-relation", CARER, "treatment", TREATED),
    ("professional-no-relation", CARER, "treatment", Evidence(person=ADULT)),
    ("professional-long-dead", NURSE, "treatment", Evidence(TREATED.relations, person=LONG_DEAD)),
    ("professional-accounts", NURSE, "oversight", Evidence()),
    ("no-rule", Actor("professional", "nowhere"), "oversight", Evidence()),
    ("officer-replays", OFFICER, "replay", Evidence()),
    ("officer-reads-not", Actor("officer", "x", role="clerk"), "replay", Evidence()),
    ("officer-reads-not", OFFICER, "treatment", TREATED),
    ("officer-oversees", OFFICER, "oversight", Evidence()),
    ("relative-no-power", Actor("relative", "keyless"), "on-behalf", Evidence(powers=(PowerOfAttorney("p", 0, ()),))),
    ("system-delivers", SYSTEM, "delivery", Evidence()),
    ("system-reads-not", Actor("system", "nobody's"), "delivery", Evidence()),
    ("system-reads-not", SYSTEM, "treatment", TREATED),
    ("system-reads-not", SYSTEM, "notification", UNCONFIRMED),
    ("system-reads-not", SYSTEM, "notification", Evidence(TREATED.relations, person=LONG_DEAD)),
    ("system-told", SYSTEM, "notification", TREATED),
    ("job-maintains", JOB, "maintenance", Evidence()),
    ("citizen-self", CITIZEN, "blocking", Evidence(person=ADULT)),
    ("citizen-under-age", CITIZEN, "blocking", Evidence(person=CHILD)),
    ("blocks-by-custody", RELATIVE, "blocking", Evidence(custodies=CUSTODY, person=CHILD)),
    ("blocks-of-grown", RELATIVE, "blocking", Evidence(custodies=CUSTODY, person=GROWN)),
    ("blocks-of-dead", RELATIVE, "blocking", Evidence(custodies=CUSTODY, person=PersonFacts(CHILD.born, AT))),
    ("blocks-by-guardian", RELATIVE, "blocking", Evidence(guardians=(Guardian("g", HOLDER),), person=ADULT)),
    ("blocks-not-yours", RELATIVE, "blocking", Evidence(powers=(POWER,))),
    ("no-rule", NURSE, "own-overview", TREATED),
    ("no-rule", NURSE, "blocking", TREATED),
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


@pytest.mark.parametrize("evidence", [TREATED, Evidence(), UNCONFIRMED])
def test_an_override_decides_before_the_relation_does(evidence):
    answer = decide(overridden(NURSE), evidence)
    assert isinstance(answer, Permit)
    assert (answer.rule, answer.code) == ("professional-override", "access.override")


def overridden(actor, purpose="treatment"):
    return Question(actor, PATIENT, purpose, AT, Override("unreachable", "Bevidstløs"))


def test_every_rule_has_a_case():
    assert {rule.id for rule in RULES} == {case[0] for case in CASES} | {"professional-override"}


def test_every_rule_has_a_legal_basis_and_what_would_change_it():
    for rule in RULES:
        basis = legal_basis(rule.id)
        assert basis.mark.startswith(("[S]", "[U]"))
        assert basis.provision or basis.mark == "[U]"
        assert set(basis.changes) <= set(CATALOGUE)


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


@pytest.mark.parametrize(
    ("actor", "purpose"),
    [
        (ASSISTANT, "treatment"),
        (CITIZEN, "own-overview"),
        (RELATIVE, "on-behalf"),
        (SYSTEM, "treatment"),
        (JOB, "maintenance"),
    ],
)
def test_an_override_is_for_professionals_in_person_alone(actor, purpose):
    evidence = Evidence(TREATED.relations, (POWER,), (Block("b"),), ADULT)
    plain = decide(Question(actor, PATIENT, purpose, AT), evidence)
    again = decide(overridden(actor, purpose), evidence)
    assert (again.rule, getattr(again, "blocks", None)) == (plain.rule, getattr(plain, "blocks", None))
    assert getattr(again, "override", None) is None


def test_an_override_lifts_every_block_and_is_followed_up():
    answer = decide(overridden(NURSE), Evidence(TREATED.relations, (), (Block("b"),), ADULT))
    assert (answer.blocks, answer.outcome, answer.follow_ups) == ((), "positive", ("override",))
    assert answer.override == Override("unreachable", "Bevidstløs")
    assert decide(overridden(NURSE), Evidence()).follow_ups == ("override", "unconfirmed-relation")


@pytest.mark.parametrize(
    ("actor", "person", "kinds"),
    [
        (Actor("professional", "n", organisation=CLINIC, person=PATIENT), ADULT, ("own-data",)),
        (Actor("professional", "n", organisation=CLINIC, person=3), PersonFacts(family=(3, 4)), ("family",)),
        (NURSE, PersonFacts(employers=(CLINIC,)), ("colleague",)),
        (NURSE, PersonFacts(employers=(OTHER,)), ()),
        (NURSE, PersonFacts(family=(0,)), ()),
    ],
)
def test_looks_at_oneself_family_and_colleagues_are_flagged(actor, person, kinds):
    answer = decide(Question(actor, PATIENT, "treatment", AT), Evidence(TREATED.relations, person=person))
    assert answer.follow_ups == kinds


def test_incomplete_evidence_gives_access_that_is_followed_up():
    answer = decide(Question(AUTHORISED, PATIENT, "treatment", AT), UNCONFIRMED)
    assert answer.follow_ups == ("unconfirmed-relation",)


def test_a_relation_of_a_unit_above_or_below_is_incomplete_evidence():
    hospital, ward, strange = (OrganisationRef(CLINIC.system, value) for value in ("900", "901", "800"))
    tree = Policy(units={(ward.system, ward.value): (hospital.system, hospital.value)})
    for here, there in ((hospital, ward), (ward, hospital)):
        evidence = Evidence(relations=(Relation("contact", there),))
        doctor = Actor("professional", "d", organisation=here, authorisation="A")
        answer = decide(Question(doctor, PATIENT, "treatment", AT), evidence, tree)
        assert (answer.rule, answer.follow_ups) == ("professional-unconfirmed", ("unconfirmed-relation",))
        assert isinstance(decide(Question(doctor, PATIENT, "treatment", AT), evidence), Refusal)
    evidence = Evidence(relations=(Relation("contact", strange),))
    assert isinstance(decide(Question(doctor, PATIENT, "treatment", AT), evidence, tree), Refusal)


def test_a_national_role_reaches_the_parts_of_its_row():
    answer = decide(Question(CARER, PATIENT, "treatment", AT), UNCONFIRMED)
    assert answer.scope == {"plans", "appointments", "card", "measurements"}


def test_the_assistant_meets_the_blocks_of_the_principal():
    for name in ("doctor", "ABC12", "helper"):
        evidence = Evidence(TREATED.relations, (), (Block("b", person=name),), ADULT)
        assert decide(Question(ASSISTANT, PATIENT, "treatment", AT), evidence).blocks == evidence.blocks


def test_custody_gives_all_parts_and_a_power_beside_it_takes_none():
    both = Evidence(powers=(POWER,), custodies=CUSTODY, person=CHILD)
    assert decide(Question(RELATIVE, PATIENT, "on-behalf", AT), both).scope == frozenset(ALL_PARTS)


def test_custody_is_known_of_children_born_from_may_2004():
    for born, rule in (
        ("2004-04-30T00:00:00+02:00", "relative-child-grown"),
        ("2004-05-01T00:00:00+02:00", "relative-custody"),
    ):
        then = millis("2010-01-01T00:00:00+01:00")
        person = PersonFacts(born=millis(born))
        assert (
            decide(Question(RELATIVE, PATIENT, "on-behalf", then), Evidence(custodies=CUSTODY, person=person)).rule
            == rule
        )


@pytest.mark.parametrize(("born", "day"), [("2012-02-29", "2027-03-01"), ("2011-11-24", "2026-11-24")])
def test_custody_ends_at_midnight_in_copenhagen_when_the_child_turns_15(born, day):
    at = millis(f"{day}T00:00:00+01:00")
    evidence = Evidence(custodies=CUSTODY, person=PersonFacts(born=millis(f"{born}T00:00:00+01:00")))
    before = decide(Question(RELATIVE, PATIENT, "on-behalf", at - 1), evidence)
    assert (before.rule, before.valid_until) == ("relative-custody", at)
    assert isinstance(decide(Question(RELATIVE, PATIENT, "on-behalf", at), evidence), Refusal)


def test_a_power_given_for_a_child_ends_when_it_turns_15():
    power = PowerOfAttorney("p", HOLDER, ("plans",), for_child=True)
    young = decide(Question(RELATIVE, PATIENT, "on-behalf", AT), Evidence(powers=(power,), person=CHILD))
    grown = decide(Question(RELATIVE, PATIENT, "on-behalf", AT), Evidence(powers=(power,), person=GROWN))
    assert (young.rule, grown.rule) == ("relative-power", "relative-no-power")


@pytest.mark.parametrize(
    ("blocks", "outcome"),
    [
        ((), "positive"),
        ((Block("b"),), "negative"),
        ((Block("b", origin=OTHER),), "data-specific"),
        ((Block("b", types=("PDC",)),), "data-specific"),
        ((Block("b"), Block("c", kind="consent", document="d")), "data-specific"),
        ((Block("b"), Block("c", kind="consent")), "positive"),
        ((Block("b"), Block("c", kind="consent", organisation=OTHER)), "negative"),
        ((Block("c", kind="consent"),), "positive"),
        ((Block("b", organisation=OTHER),), "positive"),
        ((Block("b", relative=HOLDER),), "positive"),
    ],
)
def test_the_outcome_is_what_blocks_and_consents_come_to_for_the_actor(blocks, outcome):
    answer = decide(Question(NURSE, PATIENT, "treatment", AT), Evidence(TREATED.relations, (), blocks, ADULT))
    assert answer.outcome == outcome


def test_a_block_of_a_named_relative_is_against_that_relative_alone():
    evidence = Evidence(TREATED.relations, (POWER,), (Block("b", relative=HOLDER),), ADULT)
    same_key = Actor("professional", "n", organisation=CLINIC, person=HOLDER)
    assert decide(Question(RELATIVE, PATIENT, "on-behalf", AT), evidence).blocks == evidence.blocks
    assert decide(Question(same_key, PATIENT, "treatment", AT), evidence).blocks == ()


@pytest.mark.parametrize(
    ("actor", "purpose", "own", "near"),
    [
        (NURSE, "treatment", (True, False), (True, True)),
        (RELATIVE, "on-behalf", (True, False), (True, True)),
        (CITIZEN, "own-overview", (False, False), (False, True)),
        (JOB, "maintenance", (False, False), (False, False)),
        (OFFICER, "replay", (True, False), (True, True)),
    ],
)
def test_protection_hides_names_and_homes_for_its_time(actor, purpose, own, near):
    basis = Evidence(TREATED.relations, (POWER,), (), PersonFacts(ADULT.born, protected=True, protected_until=AT + 5))
    answer = decide(Question(actor, PATIENT, purpose, AT), basis)
    assert (answer.hides_home, answer.hides_relatives) == own
    assert answer.valid_until == AT + 5
    later = decide(Question(actor, PATIENT, purpose, AT + 5), basis)
    assert not later.hides_home
    others = Evidence(TREATED.relations, (POWER,), (), ADULT, protections=(Protection(3, 0, AT + 5),))
    answer = decide(Question(actor, PATIENT, purpose, AT), others)
    assert (answer.hides_home, answer.hides_relatives) == near


def test_professionals_keep_access_for_a_time_after_death_and_are_told():
    dead = Evidence(TREATED.relations, person=PersonFacts(ADULT.born, died=AT - 1))
    answer = decide(Question(NURSE, PATIENT, "treatment", AT), dead)
    assert (answer.rule, answer.dead) == ("professional-relation", True)
    gone = decide(Question(NURSE, PATIENT, "treatment", AT), dead, Policy(after_death=1))
    assert gone.rule == "professional-long-dead"


@pytest.mark.parametrize("override", [None, Override("unreachable", "r")])
@pytest.mark.parametrize("actor", [NURSE, AUTHORISED, CARER])
def test_a_stranger_is_not_told_that_somebody_died_long_ago(actor, override):
    roles = {CARER.national_role: NationalRole(CARER.national_role, frozenset(ALL_PARTS), "none")}
    question = Question(actor, PATIENT, "treatment", AT, override)
    answer = decide(question, Evidence(person=LONG_DEAD), Policy(national_roles=roles))
    assert answer == Refusal("professional-no-relation", "access.no-relation")


def test_the_manual_has_every_rule_with_its_reason_and_basis():
    """docs/access.md is what a person reads of the table; it says what the table says."""
    manual = (Path(__file__).parents[3] / "docs" / "access.md").read_text(encoding="utf-8")
    for rule in RULES:
        basis = legal_basis(rule.id)
        row = next(line for line in manual.splitlines() if line.startswith(f"| `{rule.id}` |"))
        assert f"{'yes' if rule.scope else 'no'}: {CATALOGUE[rule.code].en}" in row
        assert row.endswith(f"| {basis.provision or 'decided locally'} {basis.mark} |")
