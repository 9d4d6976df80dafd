"""Submitting: identity of documents, repeated submissions, the patient, and all or nothing (DESIGN 10)."""

import pytest

from patientoverblik.sharing import Submitted
from tests.unit.sharing.helpers import HOSPITAL, NANCY, OTHER, World, document


def test_a_document_is_registered_with_its_bytes_its_set_and_its_entry() -> None:
    world = World()
    answer = world.submit(document("a"), title="Leverance")
    assert isinstance(answer, Submitted)
    entry = answer.documents[0].entry
    reader = world.storage.reader()
    assert reader.entries(world.patient) == (entry,)
    assert reader.content(world.patient, entry.content) == b"a/"
    assert (entry.status, entry.version, entry.logical_id, entry.registered) == ("approved", 1, entry.uuid, world.now)
    link = reader.associations(world.patient)[0]
    assert (link.type, link.source, link.target, link.label) == ("has-member", answer.set_uuid, entry.uuid, "Original")
    assert reader.locate_unique("1.2^a") == ((world.patient, entry.content),)


def test_the_same_document_again_is_answered_with_the_entry_there_is() -> None:
    world = World()
    first = world.stored(document("a"))
    answer = world.submit(document("a"))
    assert isinstance(answer, Submitted)
    assert [(one.entry, one.again) for one in answer.documents] == [(first, True)]
    assert world.storage.reader().entries(world.patient) == (first,)


def test_the_same_document_gets_another_entry_when_the_norm_wants_it() -> None:
    world = World()
    first = world.stored(document("a"))
    second = world.stored(document("a"), register_again=True)
    assert first.uuid != second.uuid
    assert [entry.status for entry in world.storage.reader().entries(world.patient)] == ["approved", "approved"]


@pytest.mark.parametrize("again", [True, False])
def test_other_bytes_under_the_same_document_id_are_refused(again: bool) -> None:
    world = World()
    world.stored(document("a"))
    assert world.refused(document("a", text="changed"), register_again=again) == ["sharing.document-id-taken"]


def test_the_same_document_id_under_another_patient_is_refused() -> None:
    world = World()
    world.stored(document("a", patients=()))
    answer = world.refused(document("a", patients=()), patient=OTHER)
    assert answer == ["sharing.document-id-taken"]


def test_a_repeated_submission_set_is_answered_as_before() -> None:
    world = World()
    first = world.submit(document("a"), document("b"), unique_id="1.2.9")
    state = world.storage._state
    again = world.submit(document("a"), document("b"), unique_id="1.2.9")
    assert isinstance(first, Submitted)
    assert isinstance(again, Submitted)
    assert again.repeated
    assert (again.set_uuid, again.documents) == (first.set_uuid, first.documents)
    assert world.storage._state == state


def test_a_repeated_submission_is_answered_with_what_it_answered_though_it_added_nothing() -> None:
    world = World()
    world.stored(document("a"))
    first = world.submit(document("a"), unique_id="1.2.9")
    again = world.submit(document("a"), unique_id="1.2.9")
    assert isinstance(first, Submitted)
    assert isinstance(again, Submitted)
    assert first.documents == again.documents


def test_a_submission_set_id_with_other_content_is_refused() -> None:
    world = World()
    world.stored(document("a"), unique_id="1.2.9")
    assert world.refused(document("b"), unique_id="1.2.9") == ["sharing.set-id-taken"]
    assert world.refused(document("a"), unique_id="1.2.9", patient=OTHER) == ["sharing.set-id-taken"]


def test_a_document_about_another_patient_is_refused_always() -> None:
    world = World()
    assert world.refused(document("a", patients=(OTHER,))) == ["sharing.patient-mismatch"]
    world.act(lambda tx: tx.link(tx.claim_patient(NANCY, 1), tx.claim_patient(OTHER, 2)))
    assert world.refused(document("a", patients=(OTHER,))) == ["sharing.patient-mismatch"]


def test_a_document_registered_again_by_a_linked_number_lies_where_it_lay() -> None:
    world = World()
    world.act(lambda tx: tx.link(tx.claim_patient(NANCY, 1), tx.claim_patient(OTHER, 2)))
    first = world.stored(document("a", patients=(NANCY, OTHER)))
    again = world.stored(document("a", patients=(NANCY, OTHER)), patient=OTHER, register_again=True)
    assert (again.patient, again.uuid == first.uuid) == (first.patient, False)


def test_the_patient_is_the_documents_where_the_request_names_none() -> None:
    world = World()
    entry = world.stored(document("a"), patient=None)
    assert entry.patient == world.storage.reader().patient_key(NANCY)
    assert world.refused(document("b", patients=()), patient=None) == ["sharing.no-patient-id"]


def test_two_documents_of_two_patients_cannot_be_one_submission() -> None:
    world = World()
    codes = world.refused(document("a"), document("b", patients=(OTHER,)), patient=None)
    assert codes == ["sharing.patient-mismatch"]


def test_several_documents_are_registered_together_or_not_at_all_and_every_fault_is_told() -> None:
    world = World()
    world.stored(document("taken"))
    codes = world.refused(
        document("good"),
        document("taken", text="changed"),
        document("other", patients=(OTHER,)),
        document(""),
        document("twice"),
        document("twice"),
        document("lost", related=(("RPLC", "urn:uuid:nobody"),)),
    )
    assert sorted(codes) == [
        "sharing.document-id-taken",
        "sharing.document-id-twice",
        "sharing.document-id-twice",
        "sharing.no-document-id",
        "sharing.patient-mismatch",
        "sharing.target-unknown",
    ]


def test_an_empty_submission_is_refused() -> None:
    assert World().refused() == ["sharing.nothing-submitted"]


def test_a_document_id_cannot_be_that_of_a_submission_set() -> None:
    world = World()
    world.stored(document("a"), unique_id="1.2^x")
    assert world.refused(document("x")) == ["sharing.id-of-submission-set"]
    assert world.refused(document("y"), unique_id="1.2^y") == ["sharing.document-id-twice"]


def test_an_entry_id_from_the_sender_is_kept_and_cannot_be_used_twice() -> None:
    world = World()
    entry = world.stored(document("a", uuid="urn:uuid:11111111-1111-4111-8111-111111111111"))
    assert entry.uuid == entry.logical_id == "urn:uuid:11111111-1111-4111-8111-111111111111"
    assert world.refused(document("b", uuid=entry.uuid), submitter=HOSPITAL) == ["sharing.entry-id-taken"]


def test_an_unreadable_document_is_registered_and_shown_as_such() -> None:
    world = World()
    assert world.stored(document("a", patients=(), state="unreadable")).state == "unreadable"
