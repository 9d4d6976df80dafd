"""How far a permit reaches: documents by part, place and period; whole documents; deliveries."""

import pytest

from patientoverblik.access import (
    ALL_PARTS,
    Actor,
    Block,
    Evidence,
    OrganisationRef,
    PowerOfAttorney,
    Question,
    Relation,
    decide,
    may_deliver,
    reads,
    visible,
    whole,
)
from patientoverblik.access.whole import READERS
from patientoverblik.sharing.model import Author, DocumentEntry

SOR = "1.2.208.176.1.1"
CLINIC, EYES, HOST = (OrganisationRef(SOR, value) for value in "123")
NURSE = Actor("professional", "nurse", organisation=CLINIC)
RELATIVE = Actor("relative", "relative", person=8)
AT = 1_000_000


def entry(**more):
    facts = {"uuid": "u", "logical_id": "u", "version": 1, "patient": 7, "status": "approved", "unique_id": "u"}
    facts |= {"content": "c", "repository": "r", "home": "h", "registered": AT, "parts": ("plans",)}
    return DocumentEntry(**(facts | more))


def treating(*blocks):
    return decide(Question(NURSE, 7, "treatment", AT), Evidence((Relation("contact", CLINIC),), (), blocks))


def standing_in(*parts):
    power = PowerOfAttorney("p", 8, parts)
    return decide(Question(RELATIVE, 7, "on-behalf", AT), Evidence(powers=(power,)))


@pytest.mark.parametrize(
    ("power", "parts", "seen"),
    [
        (("plans",), ("plans",), True),
        (("plans",), ("plans", "psychiatry"), False),
        (("plans", "psychiatry"), ("plans", "psychiatry"), True),
        (("appointments",), ("plans",), False),
        (("plans",), (), False),
        (ALL_PARTS, (), True),
    ],
)
def test_every_part_of_a_document_must_be_permitted(power, parts, seen):
    """A document whose parts nobody knows needs all of them."""
    assert visible(standing_in(*power), entry(parts=parts)) is seen


@pytest.mark.parametrize(
    "place",
    [{"authors": (Author(EYES),)}, {"custodian": EYES}, {"submitter": EYES}, {"authors": (Author(HOST), Author(EYES))}],
)
def test_a_block_on_a_place_hits_every_way_to_come_from_it(place):
    assert not visible(treating(Block("b", origin=EYES)), entry(**place))
    assert visible(treating(Block("b", origin=EYES)), entry(custodian=HOST))


@pytest.mark.parametrize(
    ("times", "hit"),
    [
        ({"created": 500}, True),
        ({"created": 100}, True),
        ({"created": 99}, False),
        ({"created": 900}, False),
        ({"created": 5000, "service_start": 200}, True),
        ({"created": 5000, "service_stop": 899}, True),
        ({}, False),
        ({"registered": 300}, True),
        ({"registered": 300, "created": 5000}, False),
    ],
)
def test_a_block_on_a_period_hits_any_time_the_document_can_be_from(times, hit):
    assert visible(treating(Block("b", origin_from=100, origin_until=900)), entry(**times)) is not hit


def test_place_and_period_must_both_fit():
    block = Block("b", origin=EYES, origin_from=100)
    assert visible(treating(block), entry(custodian=EYES, created=50))
    assert visible(treating(block), entry(custodian=HOST, created=500))
    assert not visible(treating(block), entry(custodian=EYES, created=500))


def test_a_withheld_fact_keeps_the_bytes_from_all_but_its_readers():
    job = decide(Question(Actor("job", "j"), 7, "maintenance", AT), Evidence())
    for fact in (*READERS, "unheard-of"):
        assert whole(treating(), entry(withheld=(fact,))) == (fact in ("relatives", "custody-holder")), (
            "a professional reaches every part"
        )
        assert whole(job, entry(withheld=(fact,)))
    assert whole(treating(), entry())
    assert reads("citizen", "protected-address")
    assert not reads("citizen", "gp-appointment-reason")
    assert not reads("relative", "protected-address")


def test_a_system_delivers_for_its_own_and_for_whom_it_is_configured():
    system = Actor("system", "ehr", organisation=CLINIC)
    permit = decide(Question(system, 0, "delivery", AT), Evidence())
    assert may_deliver(permit, (CLINIC,)) is None
    assert may_deliver(permit, (EYES, CLINIC)) is None
    assert may_deliver(permit, ()) is None
    assert may_deliver(permit, (EYES,)).code == "access.not-your-document"
    assert may_deliver(permit, (EYES,), (HOST, EYES)) is None


def test_a_job_delivers_for_anyone():
    permit = decide(Question(Actor("job", "operator"), 0, "delivery", AT), Evidence())
    assert may_deliver(permit, (EYES,)) is None
