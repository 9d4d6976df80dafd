"""Looking by SOAP is looking: the HSUID header's patient, blocks, overrides, the citizen's log and the audit feed."""

from __future__ import annotations

import msgspec
import pytest

from patientoverblik.access import Block
from patientoverblik.care.systems import CPR
from patientoverblik.notify.posting import Posting
from patientoverblik.sharing.model import PatientId
from tests.doors.soap.test_transactions import ALL, APPROVED, FIND, GET, fetch, found, stored
from tests.doors.soap.world import ENTRY, Door, told_of
from tests.generative.doors.worlds import place

OTHER = "0902771238"


@pytest.fixture
def door() -> Door:
    made = Door(related=("general-practice", "lung"))
    stored(made)
    return made


def unique(door: Door) -> str:
    (one,) = found(door)
    return one.identifiers["urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"]


def block(door: Door) -> None:
    """The lung clinic may not see what the practice wrote."""
    one = Block("b1", organisation=place("lung"), origin=place("general-practice"))
    door.house.storage.act(lambda transaction: transaction.put_block(7, one)).result()


def test_a_query_about_another_citizen_than_the_call_is_refused(door: Door) -> None:
    asked = door.query(FIND, *ALL, about=OTHER)
    assert told_of(asked) == ("Failure", ["XDSPatientIdDoesNotMatch service.other-patient"])


def test_by_ids_and_by_document_id_another_citizens_documents_are_not_there(door: Door) -> None:
    named = unique(door)
    asked = door.query(GET, ("$XDSDocumentEntryEntryUUID", f"('{ENTRY.format(1)}')"), about=OTHER)
    assert told_of(asked) == ("Success", [])
    assert ENTRY.format(1) not in asked.text
    status, errors = told_of(fetch(door, named, about=OTHER))
    assert (status, errors) == ("Failure", told_of(fetch(door, "1.2.3", about=OTHER))[1])


def test_a_number_linked_with_the_calls_is_the_same_citizen(door: Door) -> None:
    storage = door.house.storage
    storage.act(lambda transaction: transaction.claim_patient(PatientId(CPR, OTHER), 9)).result()
    storage.act(lambda transaction: transaction.link(7, 9)).result()
    assert told_of(door.query(FIND, *ALL, about=OTHER))[0] == "Success"


def test_an_unknown_patient_is_answered_alike_whoever_the_call_is_about(door: Door) -> None:
    slots = (("$XDSDocumentEntryPatientId", f"'{OTHER}^^^&1.2.208.176.1.2&ISO'"), ("$XDSDocumentEntryStatus", APPROVED))
    assert told_of(door.query(FIND, *slots)) == ("Failure", ["XDSPatientIdDoesNotMatch service.other-patient"])


def test_a_soap_look_lands_in_the_log_and_in_the_audit_feed(door: Door) -> None:
    posting = Posting(door.house.storage, (("audit", frozenset({"event", "look"})),))
    door.serve(msgspec.structs.replace(door.house, storage=posting))
    fetch(door, unique(door))
    at = door.house.clock()
    posted = posting.act(lambda transaction: transaction.claim("audit", at + 1, at + 2, 100)).result()
    assert {one.kind for one in posted} == {"look", "event"}
    assert [posted.count(one) for one in posted] == [1] * 4
    looks = posting.reader().looks(7)
    assert [look.act for look in looks][-2:] == ["list", "document"]
    assert {look.actor.session.partition(":")[0] for look in looks} == {"saml"}


def test_an_override_needs_a_plain_look_first_and_then_shows_everything_and_says_so(door: Door) -> None:
    block(door)
    early = door.query(FIND, *ALL, by="lung", override=True)
    assert told_of(early) == ("Failure", ["XDSRegistryError service.override-first-plain"])
    plain = door.query(FIND, *ALL, by="lung")
    assert told_of(plain) == ("Success", ["XDSRegistryError xds.filtered"])
    assert ENTRY.format(1) not in plain.text
    for _ in range(2):
        opened = door.query(FIND, *ALL, by="lung", override=True)
        assert told_of(opened) == ("Success", ["XDSRegistryError xds.override"])
        assert ENTRY.format(1) in opened.text
    evidence = door.house.storage.reader().evidence(7)
    (opening,) = evidence.openings
    assert opening.reason.startswith("ikke oplyst af ")
    told = door.house.storage.reader().notices(7)
    assert [notice.kind for notice in told] == ["override"]
    assert door.house.storage.reader().looks(7)[-1].override == opening.override
    assert opening.ground == "unstated"


def test_an_override_holds_for_its_session_alone(door: Door) -> None:
    block(door)
    door.query(FIND, *ALL, by="lung")
    assert ENTRY.format(1) in door.query(FIND, *ALL, by="lung", override=True).text
    assert told_of(door.query(FIND, *ALL, by="general-practice", override=True))[0] == "Failure"
    named = unique(door)
    assert told_of(fetch(door, named, by="lung", override=True)) == ("Success", ["XDSRegistryError xds.override"])
