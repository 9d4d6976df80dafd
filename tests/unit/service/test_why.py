"""Why: the rule that decides and what would change it, who can see what, and a block seen through the other's eyes."""

import pytest

from patientoverblik.access import Block, Custody, Evidence, PowerOfAttorney, Refusal, Relation
from patientoverblik.problems import CATALOGUE
from patientoverblik.service import blocks, explain_access, preview_block, put_block, who_can_see
from tests.unit.service.make import (
    CITIZEN,
    CLINIC,
    CPR,
    DOCTOR,
    EYES,
    HOLDER,
    HOSPITAL,
    KEY,
    NOW,
    POWER,
    STRANGER,
    TREATS,
    a_house,
    learn,
    put,
    run,
)


@pytest.fixture
def house(synthetic):
    made = a_house()
    learn(made, TREATS)
    learn(made, POWER)
    put(made, "mine")
    put(made, "eyes", EYES)
    return made


def test_ones_own_access_is_explained_with_rule_reason_basis_and_what_would_change_it(house):
    yes = run(explain_access(house, DOCTOR, CPR, "treatment"))
    assert (yes.permitted, yes.rule, yes.basis.provision) == (
        True,
        "professional-relation",
        "sundhedsloven § 42 a stk. 1",
    )
    assert yes.changes == ("access.change-relation-ends",)
    no = run(explain_access(house, STRANGER, CPR, "treatment"))
    assert (no.permitted, no.code, no.until) == (False, "access.no-relation", 0)
    assert set(no.changes) <= set(CATALOGUE)


def test_the_explanation_of_ones_own_access_does_not_tell_of_a_block(house):
    before = run(explain_access(house, DOCTOR, CPR, "treatment"))
    learn(house, Evidence(blocks=(Block("b"),)))
    assert run(explain_access(house, DOCTOR, CPR, "treatment")) == before


def test_the_citizen_is_told_who_can_see_and_why(house):
    learn(house, Evidence(blocks=(Block("b", organisation=HOSPITAL),)))
    learn(house, Evidence(relations=(Relation("contact", HOSPITAL), Relation("contact", EYES, valid_until=NOW))))
    learn(house, Evidence(custodies=(Custody("c", 99),)))
    told = run(who_can_see(house, CITIZEN, CPR))
    assert [(one.organisation, one.person, one.decided.rule, one.outcome) for one in told] == [
        (CLINIC, 0, "professional-relation", "positive"),
        (HOSPITAL, 0, "professional-relation", "negative"),
        (None, HOLDER, "relative-power", "positive"),
    ]
    assert isinstance(run(who_can_see(house, DOCTOR, CPR)), Refusal)


def test_the_citizen_is_told_who_can_see_one_document(house):
    learn(house, Evidence(blocks=(Block("b", origin=EYES),), powers=(PowerOfAttorney("q", 5, ("plans",)),)))
    for document, seen in (("urn:uuid:eyes", [False, False, False]), ("urn:uuid:mine", [True, False, True])):
        assert [one.sees for one in run(who_can_see(house, CITIZEN, CPR, document))] == seen


def test_a_block_is_previewed_through_the_other_partys_eyes_and_leaves_nothing(house):
    def lines(block):
        previewed = run(preview_block(house, CITIZEN, CPR, block, HOSPITAL, "professional"))
        return len(previewed.overview.lines), previewed.overview.filtered

    assert lines(None) == (6, False)
    assert lines(Block("x", origin=EYES)) == (3, True)
    assert lines(Block("x", organisation=CLINIC)) == (6, False)
    assert run(blocks(house, CITIZEN, CPR)) == ()
    assert house.storage.reader().looks(KEY) == ()
    assert isinstance(run(preview_block(house, DOCTOR, CPR, None, HOSPITAL, "professional")), Refusal)
    assert run(preview_block(house, CITIZEN, CPR, None, HOSPITAL, "nonsense")).code == "service.unknown-view"


@pytest.mark.parametrize(
    ("block", "code"),
    [
        (Block("", document="1.2.208.184^mine"), "service.block-not-offered"),
        (Block("", types=("81215-6", "PDC")), "service.block-type-open"),
        (Block("", valid_until=NOW), "service.block-says-nothing"),
    ],
)
def test_what_is_not_offered_is_said_and_not_kept(house, block, code):
    assert run(put_block(house, CITIZEN, CPR, block)).code == code
    assert run(blocks(house, CITIZEN, CPR)) == ()


def test_a_consent_to_one_document_is_kept(house):
    made = run(
        put_block(house, CITIZEN, CPR, Block("", kind="consent", document="1.2.208.184^mine", organisation=CLINIC))
    )
    assert run(blocks(house, CITIZEN, CPR)) == (made,)
    assert {event.act for event in house.storage.reader().events(KEY)} >= {"consent-put"}


def test_a_citizen_is_told_what_a_block_does_not_hide():
    assert "skrevet af" in CATALOGUE["service.block-quotes"].da
