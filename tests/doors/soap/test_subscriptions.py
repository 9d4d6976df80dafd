"""Subscriptions at the door (ITI-52) and what they tell (ITI-53): begun, refused, told, decided again, and ended."""

from __future__ import annotations

import asyncio

import msgspec
import pytest
from lxml import etree

from patientoverblik.access import Block, Relation
from patientoverblik.care.systems import CPR
from patientoverblik.edges.soap.ebrim import RegistryObject, read_objects
from patientoverblik.edges.soap.names import LCM, RIM, WSA, WSN
from patientoverblik.edges.soap.objects import folder_object
from patientoverblik.service.notification import mind_subscriptions
from patientoverblik.service.subscribe import LONGEST, MOST_HELD
from patientoverblik.sharing.model import Code, Folder, PatientId
from tests.conftest import SHARED
from tests.doors.soap.subscribing import (
    DOCUMENTS,
    FOLDERS,
    OF_ANYBODY,
    SETS,
    ends_of,
    fault_of,
    follows_our_description,
    reference_of,
    renew,
    subscribe,
    told,
    unsubscribe,
    waiting,
    with_consumers,
)
from tests.doors.soap.test_stored_queries import association
from tests.doors.soap.test_transactions import stored
from tests.doors.soap.test_updates import amended
from tests.doors.soap.world import ENTRY, NOW, PATIENT, SET, Door, described, plan, submission, told_of
from tests.generative.doors.worlds import place

MINUTE = 60_000
FOLDER = "urn:uuid:33333333-3333-4333-8333-000000000001"
OF_ANYBODYS_SETS = "urn:uuid:868cad3d-ec09-4565-b66c-1be10d034399"
CODE = Code("x", "1.2", "Forløb")


@pytest.fixture
def door() -> Door:
    return with_consumers(Door(related=("general-practice", "lung")), "general-practice", "lung")


def objects(message: bytes) -> tuple[RegistryObject, ...]:
    (listed,) = etree.fromstring(message).iter(f"{{{RIM}}}RegistryObjectList")
    return read_objects(listed)


def put(door: Door, change) -> None:
    door.house.storage.act(change).result()


def block(door: Door, organisation: str = "general-practice", id_: str = "b1") -> None:
    """An organisation may not see what the practice wrote."""
    one = Block(id_, organisation=place(organisation), origin=place("general-practice"))
    put(door, lambda transaction: transaction.put_block(7, one))


def end_relation(door: Door, organisation: str = "general-practice") -> None:
    over = Relation("contact", place(organisation), valid_until=door.house.clock() - 1)
    put(door, lambda transaction: transaction.put_relation(7, over))


def held(door: Door) -> int:
    return len(door.house.storage.reader().subscriptions(7))


# what a subscriber is told


def test_a_subscription_tells_of_a_document_in_full(door: Door) -> None:
    answer = subscribe(door)
    reference = reference_of(answer)
    stored(door)
    (message,) = told(door.house)
    root = etree.fromstring(message)
    (one,) = objects(message)
    assert (one.kind, one.id, one.name) == ("entry", ENTRY.format(1), described(plan(), door.house).title)
    addresses = [found.text for found in root.iter(f"{{{WSA}}}Address")]
    assert addresses == [reference, f"urn:oid:{door.house.home}"]
    (topic,) = root.iter(f"{{{WSN}}}Topic")
    assert topic.text == "ihe:FullDocumentEntry"


def test_a_notification_holds_what_the_registration_schema_allows(door: Door) -> None:
    folder_ = SHARED / "data/xds/schema/nist-v3"
    if not folder_.is_dir():
        pytest.skip("the norm's schemas are not here")
    schema = etree.XMLSchema(etree.parse(folder_ / "lcm.xsd"))
    subscribe(door)
    subscribe(door, filter_=SETS)
    subscribe(door, topic="MinimalDocumentEntry")
    stored(door)
    messages = told(door.house)
    assert len(messages) == 3
    for message in messages:
        (request,) = etree.fromstring(message).iter(f"{{{LCM}}}SubmitObjectsRequest")
        assert schema.validate(etree.fromstring(etree.tostring(request))), schema.error_log


def test_an_answer_follows_our_description(door: Door) -> None:
    assert follows_our_description(subscribe(door))


def test_a_minimal_notification_says_ids_alone(door: Door) -> None:
    subscribe(door, topic="MinimalDocumentEntry")
    stored(door)
    (message,) = told(door.house)
    (one,) = objects(message)
    assert (one.kind, one.id) == ("reference", ENTRY.format(1))
    assert b"ExtrinsicObject" not in message
    assert b"2512489996" not in message


def test_sets_and_folders_are_told_of_as_one_object_each(door: Door) -> None:
    subscribe(door, filter_=SETS)
    subscribe(door, filter_=FOLDERS)
    data = plan()
    entry = described(data, door.house)
    made = folder_object(Folder(FOLDER, "2.25.77", 0, FOLDER, title="Mappe", codes=(CODE,)), PATIENT, "")
    more = (made, association("s", SET.format(1), made.id), association("m", made.id, entry.uuid))
    assert told_of(door.provide(submission(entry, more=more), {entry.uuid: data}))[0] == "Success"
    found = [objects(message) for message in told(door.house)]
    assert sorted(len(one) for one in found) == [1, 1]
    assert {one[0].id for one in found} == {SET.format(1), made.id}


def test_a_folder_that_something_is_put_into_is_told_of_again(door: Door) -> None:
    entry = described(plan(), door.house)
    made = folder_object(Folder(FOLDER, "2.25.77", 0, FOLDER, title="Mappe", codes=(CODE,)), PATIENT, "")
    more = (made, association("s", SET.format(1), made.id), association("m", made.id, entry.uuid))
    assert told_of(door.provide(submission(entry, more=more), {entry.uuid: plan()}))[0] == "Success"
    subscribe(door, filter_=FOLDERS)
    data = plan().replace(b"<title>", b"<title>Ny ")
    newer = msgspec.structs.replace(described(data, door.house, 2), unique_id="1.2.208.176.43210.6")
    link = association("r", newer.uuid, entry.uuid, "urn:ihe:iti:2007:AssociationType:RPLC")
    answer = door.provide(submission(newer, number=2, more=(link,)), {newer.uuid: data})
    assert told_of(answer)[0] == "Success"
    (message,) = told(door.house)
    assert [one.id for one in objects(message)] == [FOLDER]


def test_the_filter_is_the_stored_querys(door: Door) -> None:
    code = described(plan(), door.house).type_code
    assert code is not None
    subscribe(door, ("$XDSDocumentEntryTypeCode", f"('{code.code}^^{code.scheme}')"))
    subscribe(door, ("$XDSDocumentEntryTypeCode", "('other^^1.2.3')"))
    subscribe(door, ("$XDSSubmissionSetIntendedRecipient", "('Ingen%')"), filter_=SETS)
    stored(door)
    assert len(told(door.house)) == 1


def test_a_new_version_is_told_of_too(door: Door) -> None:
    stored(door)
    subscribe(door)
    assert told_of(amended(door, title="Nyt"))[0] == "Success"
    (message,) = told(door.house)
    (one,) = objects(message)
    assert (one.version, one.name) == ("2", "Nyt")


def test_what_was_there_before_and_what_is_sent_again_is_not_told_of(door: Door) -> None:
    stored(door)
    subscribe(door)
    stored(door)
    assert waiting(door.house) == ()


def test_a_subscription_under_a_linked_number_is_told_too(door: Door) -> None:
    other = PatientId(CPR, "0902771238")
    put(door, lambda transaction: (transaction.claim_patient(other, 9), transaction.link(7, 9)))
    reference_of(subscribe(door, patient="'0902771238^^^&1.2.208.176.1.2&ISO'"))
    stored(door)
    assert len(told(door.house)) == 1


# what nobody is told


def test_a_blocked_document_leaves_nothing_that_waits_and_ends_nothing(door: Door) -> None:
    subscribe(door, by="lung")
    block(door, "lung")
    stored(door)
    assert waiting(door.house) == ()
    assert held(door) == 1
    assert [look for look in door.house.storage.reader().looks(7) if look.act == "list"] == []


def test_a_block_made_before_it_is_sent_is_met(door: Door) -> None:
    subscribe(door, by="lung")
    stored(door)
    block(door, "lung")
    assert told(door.house) == []
    assert held(door) == 1


def test_a_right_that_has_ended_ends_the_subscription_when_something_is_to_be_sent(door: Door) -> None:
    subscribe(door)
    stored(door)
    end_relation(door)
    assert told(door.house) == []
    assert held(door) == 0
    event = door.house.storage.reader().events(7)[-1]
    assert (event.act, event.outcome, event.actor.kind) == ("subscription-end", "refused", "job")


def test_a_right_that_has_ended_is_found_where_nothing_happens(door: Door) -> None:
    subscribe(door)
    end_relation(door)
    assert asyncio.run(mind_subscriptions(door.house)) == 0
    door.house.clock.now += 15 * MINUTE
    assert asyncio.run(mind_subscriptions(door.house)) == 1
    assert held(door) == 0


def test_a_subscription_goes_on_while_the_right_does_and_ends_in_time(door: Door) -> None:
    subscribe(door, ends="PT1H")
    for _ in range(3):
        door.house.clock.now += 15 * MINUTE
        assert asyncio.run(mind_subscriptions(door.house)) == 0
    door.house.clock.now += 15 * MINUTE - 1
    assert (asyncio.run(mind_subscriptions(door.house)), held(door)) == (0, 1)
    stored(door)
    door.house.clock.now += 1
    assert told(door.house) == []
    assert held(door) == 0


def test_an_address_taken_from_the_configuration_is_told_nothing_more(door: Door) -> None:
    subscribe(door)
    stored(door)
    with_consumers(door, "lung")
    assert told(door.house) == []


def test_what_is_removed_before_it_is_sent_is_not_told_of(door: Door) -> None:
    subscribe(door, filter_=DOCUMENTS)
    stored(door)
    put(door, lambda transaction: transaction.remove_entry(7, ENTRY.format(1)))
    assert told(door.house) == []


def test_being_told_is_a_look_written_once_however_often_it_is_tried(door: Door) -> None:
    subscribe(door)
    stored(door)
    (message,) = waiting(door.house)
    again = msgspec.structs.replace(message, attempts=1)
    assert len(told(door.house, [message, again])) == 2
    looks = [look for look in door.house.storage.reader().looks(7) if look.act == "list"]
    assert [(look.actor.id, [one.entry for one in look.documents]) for look in looks] == [
        (looks[0].actor.id, [ENTRY.format(1)])
    ]
    assert [event.act for event in door.house.storage.reader().events(7)].count("notify") == 1


def test_what_waits_says_nothing_of_patient_or_document(door: Door) -> None:
    subscribe(door)
    stored(door)
    (message,) = waiting(door.house)
    assert b"2512489996" not in message.data
    assert described(plan(), door.house).title.encode() not in message.data


# who may subscribe


def test_without_a_right_to_look_there_is_no_subscription(door: Door) -> None:
    end_relation(door)
    assert fault_of(subscribe(door)) == ("SubscribeCreationFailedFault", "access.no-relation")
    assert held(door) == 0


def test_an_override_does_not_reach_into_a_subscription(door: Door) -> None:
    end_relation(door, "lung")
    by_lung = {"by": "lung"}
    assert fault_of(subscribe(door, **by_lung)) == ("SubscribeCreationFailedFault", "access.no-relation")
    door.query("urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d", ("$XDSDocumentEntryPatientId", "x"), **by_lung)
    assert fault_of(subscribe(door, override=True, **by_lung))[1] == "access.no-relation"
    assert held(door) == 0


@pytest.mark.parametrize(
    "consumer",
    [
        "https://elsewhere.example/dsub",
        "http://consumer.example/dsub",
        "https://consumer.example.evil.example/dsub",
        "https://consumer.example:8443/dsub",
        "https://consumer.example@evil.example/dsub",
        "https://consumer.example/../admin",
        "https://consumer.example/%2e%2e/admin",
        "https://consumer.example/dsub?to=elsewhere",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
    ],
)
def test_only_configured_addresses_are_told(door: Door, consumer: str) -> None:
    assert fault_of(subscribe(door, consumer=consumer)) == ("SubscribeCreationFailedFault", "service.consumer-unknown")


def test_another_organisations_address_is_not_ones_own(door: Door) -> None:
    with_consumers(door, "lung")
    assert fault_of(subscribe(door))[1] == "service.consumer-unknown"
    assert reference_of(subscribe(door, by="lung"))


def test_a_call_about_another_citizen_subscribes_to_nothing(door: Door) -> None:
    assert fault_of(subscribe(door, about="0902771238"))[1] == "service.other-patient"


def test_an_organisation_has_so_many_subscriptions_about_one_patient(door: Door) -> None:
    for _ in range(MOST_HELD):
        assert subscribe(door).status_code == 200
    assert fault_of(subscribe(door))[1] == "service.too-many-subscriptions"
    assert subscribe(door, by="lung").status_code == 200


@pytest.mark.parametrize(
    ("how", "fault"),
    [
        ({"dialect": "urn:x"}, ("TopicExpressionDialectUnknownFault", "xds.topic-dialect")),
        ({"topic": "ExtendedFolder"}, ("TopicNotSupportedFault", "xds.topic")),
        ({"topic": "FolderMetadata"}, ("InvalidFilterFault", "xds.topic-filter")),
        ({"filter_": OF_ANYBODY, "topic": "FullDocumentEntry"}, ("InvalidFilterFault", "xds.parameter-unknown")),
        ({"filter_": OF_ANYBODYS_SETS, "topic": "SubmissionSetMetadata"}, ("InvalidFilterFault", "xds.unknown-query")),
        ({"patient": "nobody"}, ("InvalidFilterFault", "xds.parameter-wrong")),
        ({"consumer": ""}, ("SubscribeCreationFailedFault", "xds.no-consumer")),
        ({"ends": "snart"}, ("UnacceptableInitialTerminationTimeFault", "xds.termination-time")),
        ({"ends": "2026-01-01T00:00:00Z"}, ("UnacceptableInitialTerminationTimeFault", "service.subscription-end")),
        ({"ends": "P31D"}, ("UnacceptableInitialTerminationTimeFault", "service.subscription-end")),
    ],
)
def test_what_cannot_be_kept_is_refused_by_the_norms_own_faults(door: Door, how: dict, fault: tuple) -> None:
    answer = subscribe(door, **how)
    assert (answer.status_code, fault_of(answer)) == (400, fault)
    assert held(door) == 0


def test_a_parameter_that_is_not_of_the_filter_is_refused(door: Door) -> None:
    answer = subscribe(door, ("$XDSDocumentEntryTitle", "'x'"))
    assert fault_of(answer) == ("InvalidFilterFault", "xds.parameter-unknown")


def test_a_subscription_lasts_as_it_says(door: Door) -> None:
    subscribe(door)
    subscribe(door, ends="P1DT2H")
    subscribe(door, ends="2027-02-03T12:00:00+01:00")
    ends = sorted(one.ends - NOW for one in door.house.storage.reader().subscriptions(7))
    assert ends == [26 * 60 * MINUTE, 48 * 60 * MINUTE, LONGEST]


# gone on with, and ended, by whom


def test_a_subscription_is_renewed_by_its_subscriber_and_the_answer_follows_our_description(door: Door) -> None:
    reference = reference_of(subscribe(door, ends="PT1H"))
    door.house.clock.now += 30 * MINUTE
    for ends, lasts in (("PT2H", 120 * MINUTE), ("2027-02-01T16:00:00+01:00", 210 * MINUTE), ("", LONGEST)):
        answer = renew(door, reference, ends)
        assert ends_of(answer) == door.house.clock.now + lasts
        (kept,) = door.house.storage.reader().subscriptions(7)
        assert kept.ends == ends_of(answer)
        assert follows_our_description(answer)
    stored(door)
    assert len(told(door.house)) == 1


@pytest.mark.parametrize(
    ("ends", "fault"),
    [
        ("P31D", "service.subscription-end"),
        ("2026-01-01T00:00:00Z", "service.subscription-end"),
        ("PT0S", "service.subscription-end"),
        ("snart", "xds.termination-time"),
        ("P1M", "xds.termination-time"),
    ],
)
def test_a_renewal_to_a_time_that_cannot_be_changes_nothing(door: Door, ends: str, fault: str) -> None:
    reference = reference_of(subscribe(door, ends="PT1H"))
    before = door.house.storage.reader().subscriptions(7)
    assert fault_of(renew(door, reference, ends)) == ("UnacceptableTerminationTimeFault", fault)
    assert door.house.storage.reader().subscriptions(7) == before


def test_nobody_else_renews_it_or_learns_that_it_is_there(door: Door) -> None:
    reference = reference_of(subscribe(door, ends="PT1H"))
    before = door.house.storage.reader().subscriptions(7)
    stranger, nothing = renew(door, reference, by="lung"), renew(door, reference[:-1] + "x", by="lung")
    assert fault_of(stranger) == fault_of(nothing) == ("ResourceUnknownFault", "service.no-subscription")
    assert door.house.storage.reader().subscriptions(7) == before


def test_what_ran_out_or_lost_its_right_is_not_renewed(door: Door) -> None:
    reference = reference_of(subscribe(door, ends="PT1H"))
    door.house.clock.now += 60 * MINUTE
    assert fault_of(renew(door, reference)) == ("ResourceUnknownFault", "service.no-subscription")
    door.house.clock.now -= 60 * MINUTE
    reference = reference_of(subscribe(door, ends="PT1H"))
    end_relation(door)
    assert fault_of(renew(door, reference)) == ("ResourceUnknownFault", "service.no-subscription")
    assert held(door) == 0


def test_the_subscriber_ends_it_and_is_told_no_more(door: Door) -> None:
    reference = reference_of(subscribe(door))
    stored(door)
    assert "UnsubscribeResponse" in unsubscribe(door, reference).text
    assert told(door.house) == []
    assert fault_of(unsubscribe(door, reference)) == ("ResourceUnknownFault", "service.no-subscription")


def test_nobody_else_ends_it_or_learns_that_it_is_there(door: Door) -> None:
    reference = reference_of(subscribe(door))
    stranger = unsubscribe(door, reference, by="lung")
    nothing = unsubscribe(door, reference[:-1] + "x", by="lung")
    assert fault_of(stranger) == fault_of(nothing) == ("ResourceUnknownFault", "service.no-subscription")
    assert held(door) == 1
