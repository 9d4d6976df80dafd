"""What a block hits and a consent lifts: place with and without units, period, type, one document; custody's hidden items."""

import msgspec
import pytest

from patientoverblik.access import (
    Actor,
    Block,
    Custody,
    Evidence,
    OrganisationRef,
    PersonFacts,
    Policy,
    PowerOfAttorney,
    Principal,
    Question,
    Relation,
    TypeRule,
    decide,
    sift,
    visible,
    whole,
)
from patientoverblik.access.visible import against
from patientoverblik.sharing.model import Author, Code, DocumentEntry

SOR = "1.2.208.176.1.1"
HOSPITAL, WARD, BED, GP = (OrganisationRef(SOR, value) for value in ("1", "11", "111", "2"))
TREE = {(SOR, "11"): (SOR, "1"), (SOR, "111"): (SOR, "11")}
AT = 1_790_000_000_000
NURSE = Actor("professional", "nurse", organisation=GP)
CARD = Code("PDC", "1.2.208.184.100.1")


def entry(**more):
    facts = {"uuid": "u", "logical_id": "u", "version": 1, "patient": 7, "status": "approved", "unique_id": "doc"}
    facts |= {"content": "c", "repository": "r", "home": "h", "registered": AT, "parts": ("plans",), "created": 500}
    return DocumentEntry(**(facts | more))


def permit(*blocks, actor=NURSE, units=TREE, at=AT, **policy):
    evidence = Evidence((Relation("contact", actor.organisation),), (), blocks)
    return decide(Question(actor, 7, "treatment", at), evidence, Policy(units=units, **policy))


def sees(document, *blocks, **more):
    return visible(permit(*blocks, **more), document)


@pytest.mark.parametrize(
    ("origin", "with_units", "place", "hidden"),
    [
        (HOSPITAL, False, HOSPITAL, True),
        (HOSPITAL, False, WARD, False),
        (HOSPITAL, True, WARD, True),
        (HOSPITAL, True, BED, True),
        (WARD, True, HOSPITAL, False),
        (HOSPITAL, True, GP, False),
    ],
)
def test_a_place_of_origin_with_and_without_its_units(origin, with_units, place, hidden):
    block = Block("b", origin=origin, origin_with_units=with_units)
    assert sees(entry(custodian=place), block) is not hidden


@pytest.mark.parametrize(
    ("named", "with_units", "place", "held"),
    [
        (HOSPITAL, False, WARD, False),
        (HOSPITAL, True, BED, True),
        (WARD, True, HOSPITAL, False),
        (WARD, False, WARD, True),
    ],
)
def test_an_organisation_is_named_with_and_without_its_units(named, with_units, place, held):
    block = Block("b", organisation=named, with_units=with_units)
    actor = Actor("professional", "n", organisation=place)
    assert bool(permit(block, actor=actor).blocks) is held


def test_a_circle_in_the_organisation_tree_ends():
    circle = {(SOR, "1"): (SOR, "11"), (SOR, "11"): (SOR, "1")}
    block = Block("b", origin=GP, origin_with_units=True)
    assert sees(entry(custodian=WARD), block, units=circle)


@pytest.mark.parametrize(
    ("times", "hidden"),
    [
        ({"created": 5000, "service_start": 100, "service_stop": 900}, True),
        ({"created": 5000, "service_start": 100, "service_stop": 199}, False),
        ({"created": 5000, "service_start": 300, "service_stop": 900}, False),
        ({"created": 250}, True),
        ({"created": 300}, False),
    ],
)
def test_a_stay_that_spans_the_period_is_of_the_period(times, hidden):
    assert sees(entry(**times), Block("b", origin_from=200, origin_until=300)) is not hidden


@pytest.mark.parametrize(
    ("times", "shared"),
    [({"created": 250}, True), ({"created": 250, "service_start": 100}, False), ({"created": 300}, False)],
)
def test_a_consent_for_a_period_reaches_what_lies_in_it_whole(times, shared):
    consent = Block("c", kind="consent", origin_from=200, origin_until=300)
    assert sees(entry(**times), Block("b"), consent) is shared


def test_a_consent_for_a_place_reaches_what_the_place_itself_wrote():
    consent = Block("c", kind="consent", origin=WARD)
    assert sees(entry(authors=(Author(WARD),), submitter=HOSPITAL), Block("b"), consent)
    assert not sees(entry(authors=(Author(GP), Author(WARD))), Block("b"), consent)


def test_a_consent_to_one_document_shares_that_and_its_later_versions():
    by_id = Block("c", kind="consent", document="doc")
    by_series = Block("c", kind="consent", document="crisis-plan")
    assert sees(entry(), Block("b"), by_id)
    assert not sees(entry(unique_id="other"), Block("b"), by_id)
    assert sees(entry(unique_id="newer", series="crisis-plan"), Block("b"), by_series)


def test_a_consent_is_for_those_it_names():
    assert not sees(entry(), Block("b"), Block("c", kind="consent", organisation=HOSPITAL))
    assert sees(entry(), Block("b"), Block("c", kind="consent", organisation=GP))
    assert not sees(entry(), Block("b"), Block("c", kind="consent", valid_until=AT))


@pytest.mark.parametrize(("day", "open_"), [("before", False), ("after", True)])
def test_the_card_cannot_be_blocked_since_it_was_renewed(day, open_):
    at = AT if day == "after" else 1_700_000_000_000
    card = entry(type_code=CARD, parts=("card",))
    assert sees(card, Block("b"), at=at) is open_
    assert sees(card, Block("b", types=("PDC",)), at=at) is open_
    assert not sees(entry(), Block("b"), at=at)


def test_what_cannot_be_blocked_for_professionals_can_be_kept_from_relatives():
    relative = Actor("relative", "r", person=9)
    evidence = Evidence(powers=(PowerOfAttorney("p", 9, ("card",)),), blocks=(Block("b"),))
    answer = decide(Question(relative, 7, "on-behalf", AT), evidence)
    assert not visible(answer, entry(type_code=CARD, parts=("card",)))


def test_a_permit_ends_when_a_type_rule_changes():
    rule = TypeRule("PDC", AT + 7, 0, False)
    assert permit(Block("b"), types=(rule,)).valid_until == AT + 7


def test_a_block_of_a_type_hits_that_type_alone():
    block = Block("b", types=("81215-6",))
    assert not sees(entry(type_code=Code("81215-6", "2.16.840.1.113883.6.1")), block)
    assert sees(entry(type_code=Code("39289-4", "2.16.840.1.113883.6.1")), block)
    assert sees(entry(), block)


def test_items_hidden_from_holders_of_custody_do_not_exist_for_any_relative():
    holder = Actor("relative", "r", person=9)
    child = PersonFacts(born=AT - 5 * 365 * 86_400_000)
    evidence = Evidence((Relation("contact", GP),), custodies=(Custody("c", 9),), person=child)
    hidden = entry(withheld=("custody-holder",))
    answer = decide(Question(holder, 7, "on-behalf", AT), evidence)
    assert answer.rule == "relative-custody"
    assert not visible(answer, hidden)
    assert visible(answer, entry())
    nurse = decide(Question(NURSE, 7, "treatment", AT), evidence)
    assert visible(nurse, hidden)
    assert whole(nurse, hidden)


def test_what_is_hidden_from_holders_of_custody_is_hidden_without_a_word():
    """The notice says that a block took something away; to a parent it would tell that the child keeps something."""
    child = PersonFacts(born=AT - 10 * 365 * 86_400_000)
    evidence = Evidence(person=child, custodies=(Custody("c", 9),))
    answer = decide(Question(Actor("relative", "r", person=9), 7, "on-behalf", AT), evidence)
    kept = entry(uuid="kept", withheld=("custody-holder",))
    assert sift(answer, [kept, entry(unique_id="other")]) == ((entry(unique_id="other"),), False)
    everything = msgspec.structs.replace(evidence, blocks=(Block("b"),))
    answer = decide(Question(Actor("relative", "r", person=9), 7, "on-behalf", AT), everything)
    assert sift(answer, [kept]) == ((), False)
    assert sift(answer, [kept, entry(unique_id="other")]) == ((), True)


@pytest.mark.parametrize(("withdrawn_is", "left"), [("of the same set", ()), ("of another set", ("withdrawn",))])
def test_a_withdrawn_document_goes_with_the_one_in_force_of_its_set(withdrawn_is, left):
    """What both said is told as no longer in force only to whom the other is hidden from: a block would add to it."""
    series = "s" if withdrawn_is == "of the same set" else "t"
    by = (Author(GP),)
    hidden = entry(uuid="in force", series="s", created=AT, authors=by)
    gone = entry(uuid="withdrawn", unique_id="w", series=series, series_version=1, status="deprecated", authors=by)
    found, filtered = sift(permit(Block("b", origin_from=AT)), [hidden, gone])
    assert (tuple(one.uuid for one in found), filtered) == (left, True)


@pytest.mark.parametrize(
    ("actor", "hit"),
    [
        (Actor("professional", "login-1", authorisation="ABC12"), True),
        (Actor("professional", "ABC12", authorisation="ABC12"), True),
        (Actor("professional", "login-1"), True),
        (Actor("professional", "helper", principal=Principal("x", authorisation="ABC12")), True),
        (Actor("professional", "login-2", authorisation="ABC13"), False),
        (Actor("professional", "login-2"), False),
    ],
)
def test_a_named_professional_is_named_at_every_door_whatever_it_calls_them(actor, hit):
    """A login knows somebody by its own name for them, a card by their authorisation: they are one person."""
    assert against(Block("b", person="login-1", authorisation="ABC12"), actor, {}) is hit
