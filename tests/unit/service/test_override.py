"""Override: only after a plain look, only in person, told to the patient at once, and followed up."""

import msgspec
import pytest

from patientoverblik.access import Actor, Block, Evidence, OrganisationRef, PersonFacts, Principal, Refusal, Relation
from patientoverblik.service import (
    Listed,
    Shown,
    answer_follow_up,
    follow_ups,
    list_documents,
    look,
    notices,
    override,
    seen,
    settle_follow_ups,
)
from tests.unit.service.make import (
    ADULT,
    BLOCKS_EYES,
    CITIZEN,
    CLINIC,
    CPR,
    DAY,
    DOCTOR,
    EYES,
    HOUR,
    JOB,
    KEY,
    NOW,
    RELATIVE,
    STRANGER,
    SYSTEM,
    TREATS,
    a_house,
    learn,
    put,
    run,
)

OFFICER = Actor("officer", "officer")


@pytest.fixture
def house(synthetic, storage):
    made = a_house(storage=storage)
    learn(made, TREATS)
    learn(made, BLOCKS_EYES)
    put(made, "mine")
    put(made, "eyes", EYES)
    return made


def looked(house, actor=DOCTOR):
    return run(look(house, actor, CPR, "treatment", "professional"))


def opened(house, actor=DOCTOR, reason="Bevidstløs"):
    return run(override(house, actor, CPR, "unreachable", reason))


def test_only_after_a_plain_look_that_was_filtered(house):
    assert opened(house).code == "service.override-first-plain"
    first = looked(house)
    assert (first.overview.filtered, first.may_override, len(first.overview.lines)) == (True, True, 3)
    assert opened(house).until == NOW + HOUR
    again = looked(house)
    assert (again.overview.filtered, again.may_override, len(again.overview.lines)) == (False, False, 6)
    assert again.rule == "professional-override"
    assert again.follow_ups == ("override",)


def test_a_list_that_was_filtered_opens_as_well(house):
    assert isinstance(run(list_documents(house, DOCTOR, CPR, "treatment")), Listed)
    assert not isinstance(opened(house), Refusal)


def test_a_look_that_shows_everything_opens_nothing(synthetic):
    house = a_house()
    learn(house, TREATS)
    put(house, "mine")
    assert not looked(house).may_override
    assert opened(house).code == "service.override-first-plain"


def test_where_readers_are_not_told_of_blocks_every_plain_look_opens(synthetic):
    """Else the answer to an override would tell whether there is a block."""
    for evidence in (TREATS, Evidence(TREATS.relations, blocks=BLOCKS_EYES.blocks)):
        house = a_house(block_notice="none")
        learn(house, evidence)
        put(house, "eyes", EYES)
        first = looked(house)
        assert (first.overview.filtered, first.may_override) == (False, True)
        assert not run(list_documents(house, DOCTOR, CPR, "treatment")).filtered
        assert not isinstance(opened(house), Refusal)


def test_a_refused_look_opens_for_a_stranger_and_the_relation_is_followed_up(house):
    assert isinstance(looked(house, STRANGER), Refusal)
    assert not isinstance(opened(house, STRANGER), Refusal)
    assert looked(house, STRANGER).follow_ups == ("override", "unconfirmed-relation")


def test_it_holds_for_one_actor_in_one_session_for_one_hour(house):
    mine = msgspec.structs.replace(DOCTOR, session="one")
    looked(house, mine)
    opened(house, mine)
    assert not looked(house, mine).overview.filtered
    assert looked(house, msgspec.structs.replace(mine, session="two")).overview.filtered
    assert looked(house, msgspec.structs.replace(mine, id="nurse")).overview.filtered
    house.clock.now += HOUR
    assert looked(house, mine).overview.filtered


def test_a_plain_look_of_another_session_does_not_open(house):
    looked(house, msgspec.structs.replace(DOCTOR, session="one"))
    assert opened(house, msgspec.structs.replace(DOCTOR, session="two")).code == "service.override-first-plain"


def test_a_plain_look_of_long_ago_does_not_open(house):
    looked(house)
    house.clock.now += HOUR
    assert opened(house).code == "service.override-first-plain"


@pytest.mark.parametrize(
    "actor",
    [
        SYSTEM,
        JOB,
        CITIZEN,
        RELATIVE,
        OFFICER,
        msgspec.structs.replace(DOCTOR, principal=Principal("d", authorisation="A")),
    ],
)
def test_never_by_anyone_but_a_professional_in_person(house, actor):
    looked(house)
    assert opened(house, actor).code == "service.override-not-yours"


def test_an_assistant_may_not_use_the_override_of_the_principal(house):
    looked(house)
    opened(house)
    helper = msgspec.structs.replace(DOCTOR, principal=Principal("doctor", authorisation="A"))
    assert looked(house, helper).overview.filtered


def test_a_reason_is_needed_unless_the_wire_has_none(house):
    looked(house)
    assert opened(house, reason="  ").code == "service.override-no-reason"
    system = msgspec.structs.replace(DOCTOR, client="EPJ Test")
    assert opened(house, system, None).reason == "ikke oplyst af EPJ Test"


def test_the_patient_is_told_at_once(house):
    looked(house)
    opening = opened(house)
    told = run(notices(house, CITIZEN, CPR))
    assert [(one.kind, one.about, one.actor.id, one.seen) for one in told] == [("override", opening.id, "doctor", 0)]
    house.clock.now += 5
    assert run(seen(house, CITIZEN, CPR, told[0].id)).seen == NOW + 5
    house.clock.now += 5
    assert run(seen(house, CITIZEN, CPR, told[0].id)).seen == NOW + 5
    assert run(seen(house, CITIZEN, CPR, "another")).code == "service.no-notice"
    assert run(notices(house, DOCTOR, CPR)).code == "access.no-right"


def test_the_look_says_that_it_was_an_override_and_what_blocks_came_to(house):
    looked(house)
    opened(house)
    looked(house)
    plain, forced = house.storage.reader().looks(KEY)
    assert (plain.override, plain.outcome, plain.filtered) == (None, "data-specific", True)
    assert (forced.override.ground, forced.override.reason, forced.filtered) == ("unreachable", "Bevidstløs", False)


def test_one_occasion_is_followed_up_once_with_a_deadline_and_answered_by_the_organisation(house):
    looked(house)
    opened(house)
    looked(house)
    looked(house)
    (one,) = run(follow_ups(house, DOCTOR))
    assert (one.kind, one.state, one.deadline) == ("override", "pending", NOW + 14 * DAY)
    assert run(follow_ups(house, STRANGER)) == ()
    assert run(follow_ups(house, OFFICER)) == (one,)
    assert run(follow_ups(house, OFFICER, CLINIC)) == (one,)
    assert run(follow_ups(house, CITIZEN)).code == "access.no-right"
    assert run(answer_follow_up(house, STRANGER, KEY, one.id, "x")).code == "service.no-follow-up"
    assert run(answer_follow_up(house, DOCTOR, KEY, one.id, " ")).code == "service.no-answer"
    kept = run(answer_follow_up(house, DOCTOR, KEY, one.id, "Patienten var bevidstløs"))
    assert (kept.state, kept.answer) == ("explained", "Patienten var bevidstløs")
    assert run(answer_follow_up(house, OFFICER, KEY, one.id, "andet")).answer == "Patienten var bevidstløs"
    assert run(follow_ups(house, OFFICER)) == (kept,)


def test_a_relation_is_tested_again_until_a_register_has_it_or_time_is_up(synthetic, storage):
    house = a_house(storage=storage)
    doctor = msgspec.structs.replace(DOCTOR, authorisation="AUT01")
    learn(house, Evidence(relations=(Relation("referral", CLINIC, level="incomplete"),)))
    assert isinstance(looked(house, doctor), Shown)
    assert run(settle_follow_ups(house, JOB)) == ()
    learn(house, Evidence(relations=(Relation("contact", CLINIC, NOW - DAY),)))
    assert [one.state for one in run(settle_follow_ups(house, JOB))] == ["confirmed"]
    assert run(settle_follow_ups(house, JOB)) == ()
    assert run(settle_follow_ups(house, DOCTOR)).code == "access.no-right"


def test_a_relation_that_no_register_has_in_time_is_not_confirmed(synthetic):
    house = a_house()
    doctor = msgspec.structs.replace(DOCTOR, authorisation="AUT01")
    learn(house, Evidence(relations=(Relation("referral", CLINIC, level="incomplete"),)))
    looked(house, doctor)
    house.clock.now += 14 * DAY
    assert [one.state for one in run(settle_follow_ups(house, JOB))] == ["not-confirmed"]


@pytest.mark.parametrize(
    ("actor", "person", "kind"),
    [
        (msgspec.structs.replace(DOCTOR, person=KEY), ADULT, "own-data"),
        (msgspec.structs.replace(DOCTOR, person=3), PersonFacts(ADULT.born, family=(3,)), "family"),
        (DOCTOR, PersonFacts(ADULT.born, employers=(OrganisationRef(CLINIC.system, CLINIC.value),)), "colleague"),
    ],
)
def test_looks_at_oneself_family_and_colleagues_are_on_the_list(synthetic, actor, person, kind):
    house = a_house()
    learn(house, Evidence(TREATS.relations, person=person))
    looked(house, actor)
    assert [one.kind for one in run(follow_ups(house, DOCTOR))] == [kind]


def test_a_consent_lifts_what_a_block_hid(house):
    learn(house, Evidence(blocks=(Block("c", kind="consent", organisation=CLINIC),)))
    assert not looked(house).overview.filtered


@pytest.mark.parametrize(
    "place", [OrganisationRef("1.2.208.176.1.4", CLINIC.value), OrganisationRef(CLINIC.system, "")]
)
def test_the_list_of_another_organisation_with_the_same_number_or_none_is_not_told(house, place):
    looked(house)
    opened(house)
    looked(house)
    assert run(follow_ups(house, msgspec.structs.replace(STRANGER, organisation=place))) == ()
    assert run(follow_ups(house, OFFICER, place)) == ()


def test_a_second_override_of_the_same_session_is_followed_up_by_itself(house):
    for _ in range(2):
        looked(house)
        opened(house)
        looked(house)
        house.clock.now += HOUR
    assert [one.kind for one in run(follow_ups(house, DOCTOR))] == ["override", "override"]
