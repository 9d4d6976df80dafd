"""Systems as subscribers (ITI-52): told ids alone, of whom their organisation treats, and nothing a block might hide."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from lxml import etree

from patientoverblik.access import Actor, Block, Relation
from patientoverblik.edges.identity.soap.messages import hsuid_header, hsuid_rows
from patientoverblik.edges.soap.names import WSN
from patientoverblik.service.log import Search, log_page
from patientoverblik.service.subscribe import MOST_HELD
from tests.doors.soap.subscribing import (
    DOCUMENTS,
    OF_ANYBODY,
    PULL_POINTS,
    UNSUBSCRIBE,
    create,
    fault_of,
    fetched,
    get_messages,
    reference_of,
    renew,
    subscribe,
    told,
    unsubscribe,
    waiting,
    with_consumers,
    with_system,
)
from tests.doors.soap.test_pull_points import ids_in
from tests.doors.soap.test_subscriptions import block, end_relation, put
from tests.doors.soap.test_transactions import stored
from tests.doors.soap.world import ENTRY, NANCY, NOW, Door, described, envelope, person, plan
from tests.generative.doors.worlds import place

ITSELF = {"itself": True}
MINUTE = 60_000


@pytest.fixture
def door() -> Door:
    made = with_consumers(Door(related=("general-practice", "lung")), "general-practice", "lung")
    return with_system(made, "lung")


def of_type(door: Door, code: str = "") -> tuple[str, str]:
    """The filter's parameter for the type of the document that will come, or another."""
    found = described(plan(), door.house).type_code
    assert found is not None
    return "$XDSDocumentEntryTypeCode", f"('{code or found.code}^^{found.scheme}')"


def listen(door: Door, *slots: tuple[str, ...], **how: object):
    """A system's subscription about anybody."""
    how = {"filter_": OF_ANYBODY, "topic": "MinimalDocumentEntry", "patient": ""} | ITSELF | how
    return subscribe(door, *(slots or (of_type(door),)), **how)


def anybodys(door: Door) -> int:
    return len(door.house.storage.reader().subscriptions(0))


# about anybody


def test_a_system_is_told_whose_document_came_and_its_id_alone(door: Door) -> None:
    reference_of(listen(door))
    stored(door)
    (message,) = told(door.house)
    assert ids_in(message) == [ENTRY.format(1)]
    assert b"$XDSDocumentEntryPatientId" in message
    assert f"{NANCY}^^^&amp;1.2.208.176.1.2&amp;ISO".encode() in message
    assert described(plan(), door.house).title.encode() not in message
    assert b"ExtrinsicObject" not in message


def test_it_is_told_by_the_filter_alone(door: Door) -> None:
    listen(door, of_type(door, "other"))
    listen(door, ("$XDSDocumentEntryHealthcareFacilityTypeCode", "('x^^1.2.3')"))
    listen(door, of_type(door), ("$XDSDocumentEntryAuthorPerson", "('Ingen%')"))
    assert anybodys(door) == 3
    stored(door)
    assert waiting(door.house) == ()


def test_it_waits_with_the_patient_and_says_nothing_of_the_document(door: Door) -> None:
    listen(door)
    stored(door)
    (message,) = waiting(door.house)
    assert message.patient == 7
    assert NANCY.encode() not in message.data


def test_who_is_not_treated_there_is_not_told_of_and_the_subscription_goes_on(door: Door) -> None:
    listen(door)
    end_relation(door, "lung")
    stored(door)
    assert waiting(door.house) == ()
    assert anybodys(door) == 1


def test_a_relation_that_ends_while_it_waits_is_met(door: Door) -> None:
    listen(door)
    stored(door)
    end_relation(door, "lung")
    assert told(door.house) == []
    assert anybodys(door) == 1


def test_a_relation_that_is_not_confirmed_is_not_enough(door: Door) -> None:
    end_relation(door, "lung")
    put(door, lambda tx: tx.put_relation(7, Relation("referral", place("lung"), level="incomplete")))
    listen(door)
    stored(door)
    assert waiting(door.house) == ()


@pytest.mark.parametrize(
    "more",
    [{}, {"organisation": place("lung")}, {"person": "ZZ998"}, {"person": "ZZ998", "organisation": place("lung")}],
)
def test_a_block_against_anybody_there_hides_it_from_the_system(door: Door, more: dict) -> None:
    listen(door)
    put(door, lambda tx: tx.put_block(7, Block("b1", origin=place("general-practice"), **more)))
    stored(door)
    assert waiting(door.house) == ()
    assert [one for one in door.house.storage.reader().looks(7) if one.act == "list"] == []


def test_a_consent_to_a_person_there_does_not_open_it_for_the_system(door: Door) -> None:
    listen(door)
    block(door, "lung")
    shared = Block("c1", kind="consent", person="ZZ998", organisation=place("lung"))
    put(door, lambda tx: tx.put_block(7, shared))
    stored(door)
    assert waiting(door.house) == ()


def test_what_is_told_is_in_the_citizens_log_with_the_organisation(door: Door) -> None:
    listen(door)
    stored(door)
    assert len(told(door.house)) == 1
    (look,) = [one for one in door.house.storage.reader().looks(7) if one.act == "list"]
    assert (look.actor.kind, look.actor.organisation.value) == ("system", place("lung").value)
    citizen = Actor("citizen", "nancy", person=7)
    page = asyncio.run(log_page(door.house, citizen, 7, Search()))
    (entry,) = page.entries
    assert (entry.kind_text, entry.purpose_text) == ("Et it-system", "Besked om et nyt dokument")


def test_what_it_is_told_waits_at_its_pull_point(door: Door) -> None:
    with_consumers(door, "lung", address=PULL_POINTS)
    address = reference_of(create(door, **ITSELF))
    listen(door, consumer=address)
    stored(door)
    (message,) = fetched(get_messages(door, address, **ITSELF))
    assert ids_in(message) == [ENTRY.format(1)]


def test_it_ends_in_time_and_is_gone_on_with_and_ended_by_its_own(door: Door) -> None:
    reference = reference_of(listen(door, ends="PT30M"))
    assert fault_of(renew(door, reference))[1] == "service.no-subscription"
    assert renew(door, reference, "PT1H", **ITSELF).status_code == 200
    door.house.clock.now += 45 * MINUTE
    stored(door)
    assert len(waiting(door.house)) == 1
    assert "UnsubscribeResponse" in unsubscribe(door, reference, **ITSELF).text
    assert anybodys(door) == 0


def test_an_organisation_has_so_many_about_anybody(door: Door) -> None:
    for _ in range(MOST_HELD):
        assert listen(door).status_code == 200
    assert fault_of(listen(door))[1] == "service.too-many-subscriptions"


def test_a_professional_subscribes_about_one_citizen(door: Door) -> None:
    assert fault_of(listen(door, itself=False, by="lung"))[1] == "service.other-patient"
    assert anybodys(door) == 0


@pytest.mark.parametrize(
    "slots", [(("$XDSDocumentEntryFormatCode", "('x^^1.2')"),), (("$XDSDocumentEntryPatientId", "'x'"),)]
)
def test_a_filter_names_what_kind_of_document_and_nobody(door: Door, slots: tuple) -> None:
    assert fault_of(listen(door, *slots))[0] == "InvalidFilterFault"


# about one citizen


def test_a_system_may_ask_about_one_citizen_whom_its_organisation_treats(door: Door) -> None:
    how = {"topic": "MinimalDocumentEntry"} | ITSELF
    reference_of(subscribe(door, **how))
    stored(door)
    (message,) = told(door.house)
    assert ids_in(message) == [ENTRY.format(1)]
    assert NANCY.encode() not in message
    end_relation(door, "lung")
    assert fault_of(subscribe(door, **how)) == ("SubscribeCreationFailedFault", "access.system-reads-not")


@pytest.mark.parametrize(("filter_", "topic"), [(DOCUMENTS, "FullDocumentEntry"), (OF_ANYBODY, "FullDocumentEntry")])
def test_a_system_is_told_ids_and_nothing_more(door: Door, filter_: str, topic: str) -> None:
    answers = {DOCUMENTS: lambda: subscribe(door, topic=topic, **ITSELF), OF_ANYBODY: lambda: listen(door, topic=topic)}
    assert fault_of(answers[filter_]()) == ("TopicNotSupportedFault", "service.system-told-ids")


def test_a_systems_word_for_a_person_makes_it_no_person(door: Door) -> None:
    """A system's card with a header that names a professional would be that professional's subscriptions."""
    reference = reference_of(subscribe(door))
    root = etree.fromstring(envelope(UNSUBSCRIBE, f'<n:Unsubscribe xmlns:n="{WSN}"/>', "lung", itself=True))
    root[0].append(hsuid_header(hsuid_rows(person(), NANCY, place("general-practice"), False), NOW))
    answer = door.post(reference.removeprefix("http://door"), etree.tostring(root), "application/soap+xml")
    assert "identity.dgws-level" in answer.text
    assert len(door.house.storage.reader().subscriptions(7)) == 1


def test_nobody_asks_about_anybody_where_no_consumer_is_configured(door: Door) -> None:
    door.serve(msgspec.structs.replace(door.house, consumers=()))
    assert fault_of(listen(door))[1] == "service.consumer-unknown"
