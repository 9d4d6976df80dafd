"""FHIR Consent (PCF shape) through ``decide``: each published case decides as its text says, or is a finding.

The published examples are read from the shared data; the rest are small Consents of our own.
"""

import json

import msgspec
import pytest

from patientoverblik.access import (
    Actor,
    Evidence,
    OrganisationRef,
    Override,
    PowerOfAttorney,
    Question,
    Relation,
    decide,
    visible,
)
from patientoverblik.formats.fhir.consent import read_consent
from patientoverblik.problems import Finding
from patientoverblik.service import blocks, register_consent
from patientoverblik.service.consents import translate
from tests.conftest import SHARED
from tests.unit.service.make import CITIZEN, CPR, NOW, a_house, an_entry, run

SOR = "1.2.208.176.1.1"
GOOD_HEALTH, CLINIC = OrganisationRef(SOR, "1"), OrganisationRef(SOR, "2")
ORGANISATIONS = {"Organization/f001": GOOD_HEALTH, "Organization/clinic": CLINIC}
HERE = Actor("professional", "doctor", organisation=GOOD_HEALTH)
THERE = Actor("professional", "gp", organisation=CLINIC)
NURSE = Actor("professional", "f204", organisation=CLINIC)
PERSON = Actor("relative", "r", person=9)
EVIDENCE = Evidence(
    (Relation("contact", GOOD_HEALTH), Relation("contact", CLINIC)), (PowerOfAttorney("p", 9, ("plans",)),)
)
JANUARY = 1_421_000_000_000  # 11 January 2015
SHELF = {
    "theirs": an_entry("theirs", GOOD_HEALTH, created=NOW),
    "ours": an_entry("ours", CLINIC, created=NOW),
    "task": an_entry("task", CLINIC, created=NOW),
    "january": an_entry("january", CLINIC, created=JANUARY),
}
EVERYTHING = set(SHELF)


class Known:
    """The references of the examples."""

    def organisation(self, reference):
        return ORGANISATIONS.get(reference.literal)

    def professional(self, reference):
        return reference.literal.rpartition("/")[2]

    def person(self, reference):
        return 9 if reference.literal == "Patient/example" else 0

    def document(self, reference):
        return "1.2.208.184^task" if reference.literal == "Task/example3" else ""


def example(name):
    path = SHARED / "data/fhir/r4/examples" / f"Consent-consent-example-{name}.json"
    if not path.exists():
        pytest.skip("shared FHIR examples are not here")
    return path.read_bytes()


def translated(data, **more):
    consent = read_consent(data)
    return consent if isinstance(consent, Finding) else translate(consent, Known(), **more)


def seen(rows, actor=THERE, override=None, at=NOW):
    purpose = "on-behalf" if actor.kind == "relative" else "treatment"
    evidence = msgspec.structs.replace(EVIDENCE, blocks=tuple(rows))
    permit = decide(Question(actor, 7, purpose, at, override), evidence)
    return {name for name, entry in SHELF.items() if visible(permit, entry)}


def codes(found):
    return {finding.code for finding in found.findings}


def test_not_author_withholds_what_the_organisation_wrote():
    rows = translated(example("notAuthor")).rows
    assert seen(rows) == seen(rows, HERE) == EVERYTHING - {"theirs"}


def test_not_org_withholds_everything_from_the_organisation():
    rows = translated(example("notOrg")).rows
    assert (seen(rows, HERE), seen(rows)) == (set(), EVERYTHING)


def test_not_them_withholds_everything_from_the_person():
    rows = translated(example("notThem")).rows
    assert (seen(rows, NURSE), seen(rows)) == (set(), EVERYTHING)


def test_not_this_withholds_the_one_record():
    rows = translated(example("notThis")).rows
    assert seen(rows) == EVERYTHING - {"task"}


def test_out_withholds_the_hospitals_data_from_everyone():
    rows = translated(example("Out")).rows
    assert seen(rows) == seen(rows, HERE) == EVERYTHING - {"theirs"}


def test_emergency_withholds_the_hospitals_data_but_for_an_override():
    found = translated(example("Emergency"))
    assert codes(found) == {"consent.emergency"}
    assert seen(found.rows, HERE) == EVERYTHING - {"theirs"}
    assert seen(found.rows, HERE, Override("unreachable", "r")) == EVERYTHING


def test_grantor_gives_the_one_person_access_and_nobody_else():
    rows = translated(example("grantor")).rows
    assert "theirs" in seen(rows, PERSON)
    assert "theirs" not in seen(rows) | seen(rows, HERE)


@pytest.mark.parametrize(
    ("name", "means", "left"), [("basic", "validity", EVERYTHING), ("notTime", "data", EVERYTHING - {"january"})]
)
def test_a_period_alone_means_two_things_in_the_published_cases_so_it_must_be_said(name, means, left):
    """One text means when the consent holds, the other when the data are from; the structure is the same."""
    unsaid = translated(example(name))
    assert (unsaid.rows, codes(unsaid)) == ((), {"consent.period-unclear"})
    assert seen(translated(example(name), period_means=means).rows) == left


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pkb", {"consent.nested-untyped"}),
        ("signature", {"consent.class", "consent.not-found"}),
        ("smartonfhir", {"consent.class"}),
    ],
)
def test_what_cannot_be_carried_out_is_a_finding_and_nothing_is(name, expected):
    found = translated(example(name))
    assert found.rows == ()
    assert codes(found) & expected


def test_every_published_case_has_a_test():
    folder = SHARED / "data/fhir/r4/examples"
    names = {path.name[24:-5] for path in folder.glob("Consent-consent-example-*.json")}
    tested = {"notAuthor", "notOrg", "notThem", "notThis", "notTime", "Out", "Emergency", "basic", "grantor"}
    assert names <= tested | {"pkb", "signature", "smartonfhir"}


PRIVACY = {"coding": [{"code": "patient-privacy"}]}


def a_consent(provision=None, base="OPTIN", **more):
    made = {"resourceType": "Consent", "status": "active", "scope": PRIVACY, "patient": {"reference": "Patient/1"}}
    made["policyRule"] = {"coding": [{"code": base}]}
    return json.dumps({**made, **({} if provision is None else {"provision": provision}), **more}).encode()


def actor(role, reference):
    return {"role": {"coding": [{"code": role}]}, "reference": {"reference": reference}}


def test_a_period_of_data_hides_that_period():
    found = translated(a_consent({"type": "deny", "dataPeriod": {"start": "2015-01-01", "end": "2015-01-31"}}))
    assert found.findings == ()
    assert seen(found.rows) == EVERYTHING - {"january"}


def test_the_validity_of_a_denial_is_its_own():
    (row,) = translated(a_consent({"type": "deny", "period": {"start": "2015-01-01", "end": "2015-01-31"}})).rows
    assert (row.valid_from, row.valid_until) == (1_420_066_800_000, 1_422_745_200_000)
    assert seen([row]) == EVERYTHING


def test_an_exception_shares_what_the_rule_denies():
    inner = {"type": "permit", "data": [{"meaning": "instance", "reference": {"reference": "Task/example3"}}]}
    found = translated(
        a_consent({"type": "deny", "actor": [actor("IRCP", "Organization/clinic")], "provision": [inner]})
    )
    assert (seen(found.rows), seen(found.rows, HERE)) == ({"task"}, EVERYTHING)


def test_a_denial_by_author_and_type_names_both():
    inner = {"type": "deny", "data": [{"meaning": "authoredby", "reference": {"reference": "Organization/f001"}}]}
    found = translated(
        a_consent({"type": "permit", "actor": [actor("IRCP", "Organization/clinic")], "provision": [inner]})
    )
    assert (seen(found.rows), seen(found.rows, HERE)) == (EVERYTHING - {"theirs"}, EVERYTHING)


def test_a_base_of_opt_out_denies_everything_and_opt_in_nothing():
    assert seen(translated(a_consent(base="OPTOUT")).rows) == set()
    assert seen(translated(a_consent()).rows) == EVERYTHING


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "consent.not-one"),
        (b"[]", "consent.not-one"),
        (b'{"resourceType": "Patient"}', "consent.not-one"),
        (a_consent({"type": "maybe"}), "consent.not-one"),
        (a_consent(modifierExtension=[]), "consent.field-unknown"),
        (a_consent({"type": "deny", "extension": []}), "consent.field-unknown"),
        (a_consent(status="inactive"), "consent.not-active"),
        (a_consent(scope={"coding": [{"code": "research"}]}), "consent.scope"),
        (a_consent(base="SOMETHING"), "consent.says-nothing"),
        (a_consent({"type": "deny", "securityLabel": [{"code": "PSY"}]}), "consent.label"),
        (a_consent({"type": "deny", "class": [{"code": "x"}]}), "consent.class"),
        (a_consent({"type": "deny", "purpose": [{"code": "ETREAT"}]}), "consent.purpose"),
        (a_consent({"type": "deny", "actor": [actor("IRCP", "Organization/unknown")]}), "consent.not-found"),
        (a_consent({"type": "deny", "actor": [actor("WIT", "Organization/f001")]}), "consent.role"),
        (a_consent({"type": "deny", "data": [{"meaning": "instance", "reference": {}}]}), "consent.not-found"),
        (a_consent({"type": "deny", "provision": [{}]}), "consent.nested-untyped"),
        (
            a_consent({"type": "deny", "provision": [{"type": "permit", "provision": [{"type": "deny"}]}]}),
            "consent.too-deep",
        ),
    ],
)
def test_nothing_is_passed_over(data, code):
    found = translated(data)
    assert code in ({found.code} if isinstance(found, Finding) else codes(found))
    assert getattr(found, "rows", ()) == ()


def test_a_denial_of_other_acts_than_reading_hides_nothing_and_says_so():
    found = translated(a_consent({"type": "deny", "action": [{"coding": [{"code": "correct"}]}]}))
    assert (found.rows, codes(found)) == ((), {"consent.action"})


def test_the_citizen_registers_a_consent_whole_or_not_at_all():
    house = a_house()
    kept = run(register_consent(house, CITIZEN, CPR, example("notOrg"), Known()))
    assert run(blocks(house, CITIZEN, CPR)) == kept
    assert kept[0].valid_from == NOW
    one_record = run(register_consent(house, CITIZEN, CPR, example("notThis"), Known()))
    assert one_record.code == "service.block-not-offered"
    assert run(register_consent(house, CITIZEN, CPR, example("pkb"), Known())).rule == "consent-not-carried-out"
    assert run(register_consent(house, THERE, CPR, example("notOrg"), Known())).code == "access.no-right"
    assert run(blocks(house, CITIZEN, CPR)) == kept


@pytest.mark.parametrize(("type_", "reaches"), [("deny", True), ("permit", False)])
def test_a_denial_reaches_the_wards_of_the_hospital_it_names_and_a_permission_does_not(type_, reaches):
    """Where a Consent does not say, the doubt hides (docs/adr/0011)."""
    hospital = [actor("PRCP", "Organization/f001"), actor("AUT", "Organization/f001")]
    rows = translated(a_consent({"type": "permit", "provision": [{"type": type_, "actor": hospital}]})).rows
    assert [(row.with_units, row.origin_with_units) for row in rows] == [(reaches, reaches)]
