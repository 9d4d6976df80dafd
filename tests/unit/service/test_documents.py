"""Listing and retrieving: only what exists for the reader, whole or not at all, and always logged."""

import pytest

from patientoverblik.access import Refusal
from patientoverblik.service import Listed, Retrieved, list_documents, retrieve
from tests.unit.service.make import (
    BLOCKS_EYES,
    CITIZEN,
    CPR,
    DOCTOR,
    EYES,
    JOB,
    KEY,
    OTHER_CPR,
    STRANGER,
    SYSTEM,
    TREATS,
    a_house,
    learn,
    put,
    run,
)

pytestmark = pytest.mark.usefixtures("synthetic")

UNKNOWN = Refusal("no-such-document", "sharing.document-unknown")


@pytest.fixture
def house():
    house = a_house()
    learn(house, TREATS)
    put(house, "A")
    put(house, "C", EYES)
    return house


def test_lists_what_exists_for_the_reader_and_logs_it(house):
    listed = run(list_documents(house, DOCTOR, CPR, "treatment"))
    assert isinstance(listed, Listed)
    assert {entry.uuid for entry in listed.entries} == {"urn:uuid:A", "urn:uuid:C"}
    assert house.storage.reader().look(KEY, listed.look).act == "list"


def test_a_blocked_document_is_in_no_list_and_no_total(house):
    learn(house, BLOCKS_EYES)
    listed = run(list_documents(house, DOCTOR, CPR, "treatment"))
    assert ([entry.uuid for entry in listed.entries], listed.total, listed.filtered) == (["urn:uuid:A"], 1, True)


def test_a_list_is_refused_without_a_right_alike_for_all(house):
    known = run(list_documents(house, STRANGER, CPR, "treatment"))
    unknown = run(list_documents(house, STRANGER, OTHER_CPR, "treatment"))
    assert known == unknown == Refusal("professional-no-relation", "access.no-relation")


@pytest.mark.parametrize("document", ["urn:uuid:A", "1.2.208.184^A"])
@pytest.mark.parametrize("patient", [None, CPR])
def test_retrieves_the_very_bytes_by_either_id(house, document, patient):
    found = run(retrieve(house, DOCTOR, "treatment", document, patient))
    assert isinstance(found, Retrieved)
    assert found.data == b"A"
    written = house.storage.reader().look(KEY, found.look)
    assert (written.act, [shown.entry for shown in written.documents]) == ("document", ["urn:uuid:A"])


def test_a_blocked_document_is_answered_like_one_that_does_not_exist(house):
    learn(house, BLOCKS_EYES)
    for patient in (None, CPR):
        blocked = run(retrieve(house, DOCTOR, "treatment", "1.2.208.184^C", patient))
        nowhere = run(retrieve(house, DOCTOR, "treatment", "1.2.208.184^X", patient))
        assert blocked == nowhere == UNKNOWN
    assert run(retrieve(house, CITIZEN, "own-overview", "1.2.208.184^C", CPR)).data == b"C"


def test_without_a_patient_no_right_is_answered_like_no_document(house):
    for actor in (STRANGER, SYSTEM):
        assert run(retrieve(house, actor, "treatment", "urn:uuid:A")) == UNKNOWN
        assert run(retrieve(house, actor, "treatment", "urn:uuid:X")) == UNKNOWN
    assert house.storage.reader().events(KEY)[-1].outcome == "refused"


@pytest.mark.parametrize("actor", [DOCTOR, CITIZEN])
def test_a_gp_appointment_is_had_whole_by_no_reader(house, actor):
    """The reason of an appointment in general practice is never shown, so its bytes are not given out (DESIGN 12)."""
    put(house, "G", parts=("appointments",), withheld=("gp-appointment-reason",), title="Kontrol af psoriasis")
    purpose = "treatment" if actor is DOCTOR else "own-overview"
    assert run(retrieve(house, actor, purpose, "urn:uuid:G")).code == "sharing.document-withheld"
    assert "psoriasis" not in str(run(list_documents(house, actor, CPR, purpose)))
    assert run(retrieve(house, JOB, "maintenance", "urn:uuid:G")).data == b"G"


def test_a_protected_address_is_kept_from_others_and_not_from_the_citizen(house):
    put(house, "P", withheld=("protected-address",))
    assert run(retrieve(house, DOCTOR, "treatment", "urn:uuid:P")).code == "sharing.document-withheld"
    assert run(retrieve(house, CITIZEN, "own-overview", "urn:uuid:P")).data == b"P"


def test_a_fact_nobody_declared_readers_for_is_kept_from_everyone(house):
    put(house, "U", withheld=("something-new",))
    assert isinstance(run(retrieve(house, CITIZEN, "own-overview", "urn:uuid:U")), Refusal)


@pytest.mark.parametrize("title", ["Aftale for 2512489996", "Aftale for 251248-9996"])
def test_a_number_in_a_title_is_in_no_answer(house, title):
    """MedCom's appointment titles carry the patient's number; no list and no receipt of a reader holds it (DESIGN 14)."""
    put(house, "N", title=title)
    listed = run(list_documents(house, DOCTOR, CPR, "treatment"))
    assert {entry.title for entry in listed.entries if entry.uuid == "urn:uuid:N"} == {"Aftale"}
    assert run(retrieve(house, DOCTOR, "treatment", "urn:uuid:N", CPR)).entry.title == "Aftale"
