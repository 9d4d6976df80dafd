"""A document goes in: decided, understood once, registered whole or not at all, and answered with how it was read."""

import re

import msgspec
import pytest

from patientoverblik.access import Actor, Block, Evidence, OrganisationRef, Refusal
from patientoverblik.service import (
    Asked,
    Delivery,
    Handed,
    Received,
    Refused,
    deliver,
    explain,
    list_documents,
    look,
    replay,
    retrieve,
    withdraw,
)
from patientoverblik.sharing.model import PatientId
from patientoverblik.sharing.stated import Stated
from tests.unit.service.make import (
    CITIZEN,
    CLINIC,
    CPR,
    DOCTOR,
    EYES,
    HOSPITAL,
    JOB,
    KEY,
    NOW,
    OTHER_CPR,
    STRANGER,
    SYSTEM,
    TREATS,
    a_document,
    a_gp_appointment,
    a_house,
    learn,
    run,
)

EYE_SYSTEM = Actor("system", "eye-ehr", organisation=EYES)


@pytest.fixture
def house(storage):
    house = a_house(storage=storage)
    learn(house, TREATS)
    return house


def hand_in(house, *documents, actor=SYSTEM, **more):
    handed = tuple(one if isinstance(one, Handed) else Handed(one) for one in documents)
    return run(deliver(house, actor, Delivery(handed, **more)))


def goals(house, actor=DOCTOR, purpose="treatment", view="professional"):
    shown = run(look(house, actor, CPR, purpose, view))
    return {line.value.words for line in shown.overview.lines.values() if line.kind == "goal"}


def codes(answer):
    assert isinstance(answer, Refused)
    return {finding.code for finding in answer.findings}


def empty(house):
    """Whether nothing at all was stored."""
    reader = house.storage.reader()
    return not reader.entries(KEY) and not reader.associations(KEY)


def test_a_delivered_document_is_shown_and_retrieved_as_it_was(house):
    data = a_document("A")
    received = hand_in(house, data)
    assert isinstance(received, Received)
    assert goals(house) == {"Mål A"}
    found = run(retrieve(house, DOCTOR, "treatment", "1.2.208.184^A", CPR))
    assert found.data == data
    assert (found.entry.source, found.entry.submitter, found.entry.state) == ("gp", CLINIC, "read")


def test_the_receipt_says_how_it_was_read_and_what_was_lost(house):
    data = a_document("A").replace(b"<title>Plan A</title>", b'<title>Plan A</title><!-- --><x xmlns="urn:x" y="1"/>')
    (receipt,) = hand_in(house, data).receipts
    assert receipt.profile == "cpd-2.0.0"
    assert receipt.unique_id == "1.2.208.184^A"
    assert receipt.status == "stored-with-findings"
    assert [loss.place for loss in receipt.losses]
    assert receipt.books.lost == len(receipt.losses)
    assert 0 < receipt.percent_read < 100


def test_the_whole_delivery_is_written_in_one_act_with_its_event(house):
    acts = house.storage.acts
    received = hand_in(house, a_document("A"), a_document("B"))
    assert house.storage.acts == acts + 1
    event = house.storage.reader().events(KEY)[-1]
    assert (event.act, event.outcome, event.actor) == ("deliver", "done", SYSTEM)
    assert event.subjects == tuple(receipt.entry for receipt in received.receipts)


def test_a_delivery_is_a_sign_of_life_of_its_source(house):
    house.clock.now = NOW + 5
    hand_in(house, a_document("A"))
    assert house.storage.reader().source_times()["gp"] == NOW + 5


def test_a_delivery_is_no_sign_of_life_of_a_party_that_did_not_make_it(house):
    """Documents an operator loads, or that name another party as author, do not make that party retrieved."""
    before = house.storage.reader().source_times()
    house.clock.now = NOW + 5
    hand_in(house, a_document("A"), actor=JOB)
    hand_in(house, a_document("B", HOSPITAL, custodian=CLINIC))
    assert house.storage.reader().source_times() == before


def test_a_host_delivers_what_it_is_custodian_of(house):
    received = hand_in(house, a_document("B", HOSPITAL, custodian=CLINIC))
    found = run(retrieve(house, DOCTOR, "treatment", received.receipts[0].entry))
    assert (found.entry.custodian, found.entry.authors[0].organisation.value) == (CLINIC, HOSPITAL.value)


def test_who_handed_in_what_another_wrote_is_kept_with_it_and_takes_the_place_of_nothing_of_theirs(house):
    own = hand_in(house, a_document("A", EYES), actor=EYE_SYSTEM).receipts[0]
    posed = hand_in(house, a_document("B", EYES, custodian=CLINIC, replaces=("A",))).receipts[0]
    entries = {entry.uuid: entry for entry in house.storage.reader().entries(KEY)}
    assert (entries[own.entry].status, entries[posed.entry].submitter) == ("approved", CLINIC)
    event = list(house.storage.reader().events(KEY))[-1]
    assert (event.act, event.actor.organisation, event.subjects) == ("deliver", CLINIC, (posed.entry,))


def test_a_document_without_author_belongs_to_its_custodian(house):
    data = re.sub(rb"<author>.*?</author>", b"", a_document("B", HOSPITAL), count=1)
    assert codes(hand_in(house, data)) == {"access.not-your-document"}


REFUSED = [
    (b"", "cda.empty"),
    (b"not xml", "cda.not-xml"),
    (b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e "e">]><x>&e;</x>', "cda.doctype"),
    (a_document("A").replace(b"2512489996", b"25124899"), "sharing.no-patient-id"),
]


@pytest.mark.parametrize(("data", "code"), REFUSED)
def test_what_is_not_admissible_is_refused_and_logged_and_stores_nothing(house, data, code):
    refused = hand_in(house, a_document("B"), data)
    assert code in codes(refused)
    assert empty(house)


def test_the_patient_of_the_request_must_be_the_documents(house):
    assert "sharing.patient-mismatch" in codes(hand_in(house, a_document("A"), patient=OTHER_CPR))
    assert empty(house)


def test_an_empty_delivery_is_refused(house):
    assert codes(hand_in(house)) == {"service.empty-delivery"}


def test_an_id_stands_for_one_content(house):
    hand_in(house, a_document("A"))
    changed = a_document("A").replace("Mål A".encode(), "Mål X".encode())
    assert "sharing.document-id-taken" in codes(hand_in(house, changed))
    assert goals(house) == {"Mål A"}


def test_the_same_document_again_is_answered_with_the_one_there_is(house):
    (first,) = hand_in(house, a_document("A")).receipts
    (again,) = hand_in(house, a_document("A")).receipts
    assert (again.entry, again.again) == (first.entry, True)
    (registered,) = hand_in(house, a_document("A"), register_again=True).receipts
    assert registered.entry != first.entry
    assert goals(house) == {"Mål A"}


@pytest.mark.parametrize("actor", [DOCTOR, CITIZEN, STRANGER, Actor("system", "nobody's")])
def test_only_systems_deliver(house, actor):
    refused = hand_in(house, a_document("A"), actor=actor)
    assert isinstance(refused, Refused)
    assert empty(house)


def test_a_system_delivers_for_its_own_organisation_and_those_configured(house):
    assert codes(hand_in(house, a_document("A", EYES))) == {"access.not-your-document"}
    assert empty(house)
    trusted = msgspec.structs.replace(house, delivers_for={(CLINIC.system, CLINIC.value): (EYES,)})
    assert isinstance(hand_in(trusted, a_document("A", EYES)), Received)
    alike = Actor("system", "x", organisation=OrganisationRef("1.2.208.176.1.4", CLINIC.value))
    assert codes(hand_in(trusted, a_document("C", EYES), actor=alike)) == {"access.not-your-document"}
    assert isinstance(hand_in(house, a_document("B", HOSPITAL), actor=JOB), Received)


def test_unreadable_content_of_a_known_document_is_stored_and_stands_in_the_overview(house):
    data = a_document("A").replace(b'root="1.2.208.184.15.1"', b'root="1.2.208.184.77"')
    (receipt,) = hand_in(house, data).receipts
    assert (receipt.status, receipt.profile, receipt.books) == ("stored-with-findings", "", None)
    shown = run(look(house, DOCTOR, CPR, "treatment", "professional"))
    assert [unread.entry for unread in shown.overview.unread] == [receipt.entry]
    assert run(retrieve(house, DOCTOR, "treatment", receipt.entry)).data == data


def test_what_is_not_xml_is_kept_when_its_metadata_say_whose_it_is(house):
    pdf = Handed(b"%PDF-1.7", Stated(mime_type="application/pdf", unique_id="1.2.3^pdf", title="Brev"))
    (receipt,) = hand_in(house, pdf, patient=CPR).receipts
    found = run(retrieve(house, DOCTOR, "treatment", receipt.entry))
    assert (found.data, found.entry.state) == (b"%PDF-1.7", "not-text")


@pytest.mark.parametrize(
    ("begins", "told"), [(a_document("A"), True), (b'{"resourceType":"Bundle"}', True), (b"%PDF-1.7", False)]
)
def test_a_document_that_nobody_reads_because_of_its_media_type_is_told_of(house, begins, told):
    handed = Handed(begins, Stated(mime_type="text/plain", unique_id="1.2.3^misnamed", title="Plan"))
    (receipt,) = hand_in(house, handed, patient=CPR).receipts
    assert ("service.media-type-unread" in [one.code for one in receipt.findings]) == told


def test_a_new_version_takes_the_place_of_the_old(house):
    hand_in(house, a_document("A"))
    hand_in(house, a_document("B", replaces=("A",)))
    assert goals(house) == {"Mål B"}
    assert run(retrieve(house, DOCTOR, "treatment", "1.2.208.184^A")).entry.status == "deprecated"


def test_only_its_owner_replaces_and_withdraws_a_document(house):
    (receipt,) = hand_in(house, a_document("A")).receipts
    refused = hand_in(house, a_document("B", EYES, replaces=("A",)), actor=EYE_SYSTEM)
    assert isinstance(refused, Refused) or goals(house) == {"Mål A", "Mål B"}
    assert isinstance(run(withdraw(house, EYE_SYSTEM, CPR, receipt.entry)), Refusal)
    assert isinstance(run(withdraw(house, DOCTOR, CPR, receipt.entry)), Refusal)
    assert "Mål A" in goals(house)
    assert run(withdraw(house, SYSTEM, CPR, receipt.entry)).status == "deprecated"
    assert house.storage.reader().events(KEY)[-1].act == "withdraw"


def test_a_foreign_document_is_withdrawn_like_one_that_does_not_exist(house):
    (receipt,) = hand_in(house, a_document("A")).receipts
    assert run(withdraw(house, EYE_SYSTEM, CPR, receipt.entry)) == run(withdraw(house, EYE_SYSTEM, CPR, "urn:uuid:x"))


def test_a_refused_delivery_is_logged_by_organisation_or_patient(house):
    before = len(house.storage.reader().events(KEY))
    hand_in(house, a_document("A"), patient=CPR, actor=SYSTEM)
    hand_in(house, a_document("A").replace(b"Plan A", b"Plan B"), patient=CPR)
    events = house.storage.reader().events(KEY)[before:]
    assert [event.outcome for event in events] == ["done", "refused"]
    assert house.storage.broken_chains() == 0


def test_blocks_hold_for_delivered_documents_by_place_of_origin(house):
    hand_in(house, a_document("A"))
    hand_in(house, a_document("B", EYES), actor=EYE_SYSTEM)
    learn(house, Evidence(blocks=(Block("b", origin=OrganisationRef(EYES.system, EYES.value)),)))
    assert goals(house) == {"Mål A"}
    assert goals(house, CITIZEN, "own-overview", "citizen") == {"Mål A", "Mål B"}


def test_every_line_leads_to_its_place_in_the_document_and_the_mapping(house):
    hand_in(house, a_document("A"))
    shown = run(look(house, DOCTOR, CPR, "treatment", "professional"))
    asked = Asked(DOCTOR, CPR, "treatment", "professional", NOW)
    for line in shown.overview.lines:
        told = run(explain(house, asked, line))
        assert all(one.path.startswith("/h:ClinicalDocument") and ".toml:" in one.mapping for one in told.origins)
    assert run(explain(house, asked, "nowhere")).code == "service.no-line"
    hidden = msgspec.structs.replace(asked, actor=STRANGER)
    assert isinstance(run(explain(house, hidden, next(iter(shown.overview.lines)))), Refusal)


def test_a_look_at_delivered_documents_is_replayed_after_a_replacement(house):
    hand_in(house, a_document("A"))
    was = run(look(house, DOCTOR, CPR, "treatment", "professional"))
    house.clock.now += 60_000
    hand_in(house, a_document("B", replaces=("A",)))
    again = run(replay(house, JOB, CPR, was.look))
    assert again.exact
    assert again.overview == was.overview


def test_no_number_of_a_patient_stands_in_any_event(house):
    hand_in(house, a_document("A"))
    hand_in(house, b"<x/>", patient=PatientId(CPR.system, CPR.value))
    reader = house.storage.reader()
    assert CPR.value not in str(reader.events(KEY))


@pytest.mark.parametrize(
    ("actor", "purpose", "view"), [(DOCTOR, "treatment", "professional"), (CITIZEN, "own-overview", "citizen")]
)
def test_the_reason_of_a_gp_appointment_is_shown_nowhere(house, actor, purpose, view):
    hand_in(house, a_gp_appointment("psoriasis"))
    shown = run(look(house, actor, CPR, purpose, view))
    assert [line.kind for line in shown.overview.lines.values()] == ["appointment"]
    listed = run(list_documents(house, actor, CPR, purpose))
    assert len(listed.entries) == 1
    assert b"psoriasis" not in msgspec.json.encode((shown, listed))
    refusal = run(retrieve(house, actor, purpose, listed.entries[0].uuid))
    assert refusal.code == "sharing.document-withheld"
