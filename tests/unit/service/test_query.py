"""A stored query by ids tells nothing of patients whom the actor may not see, nor of what is hidden from them."""

import msgspec
import pytest

from patientoverblik.access import Block, Evidence, SecurityEvent
from patientoverblik.service.registry import query
from patientoverblik.sharing.model import Association, Code, Folder, PatientId, SubmissionSet
from patientoverblik.sharing.stored_query import Wanted
from tests.unit.service.make import CPR, DOCTOR, EYES, KEY, NOW, STRANGER, TREATS, a_house, learn, put, run

pytestmark = pytest.mark.usefixtures("synthetic")
OTHER = 8


@pytest.fixture
def house():
    house = a_house()
    house.storage.act(lambda tx: tx.claim_patient(PatientId("1.2.208.176.1.2", "0161709990"), OTHER)).result()
    for patient in (KEY, OTHER):
        learn(house, TREATS, patient)
    put(house, "A")
    return house


def asked(house, actor=DOCTOR):
    return run(query(house, actor, "treatment", Wanted("GetDocuments", uuids=("urn:uuid:A", "urn:uuid:B"))))


def test_ids_of_two_patients_are_refused_only_where_something_of_both_exists_for_the_actor(house):
    put(house, "B", EYES, patient=OTHER)
    assert asked(house).code == "service.several-patients"
    learn(house, Evidence(blocks=(Block("b"),)), OTHER)
    assert [entry.uuid for entry in asked(house).found.entries] == ["urn:uuid:A"]


def test_an_attempt_by_ids_is_written_down_with_the_patient_it_is_about(house):
    assert asked(house, STRANGER).found.entries == ()
    kept = [msgspec.msgpack.decode(one.data, type=SecurityEvent) for one in house.storage.reader().trail()]
    assert [(one.patient, one.act, one.outcome) for one in kept if one.actor == STRANGER] == [(KEY, "list", "refused")]


def around(house, **more):
    """A submission set and a folder around a document, saying of it what it says of itself."""
    kind = Code("39289-4", "2.16.840.1.113883.6.1", "Kontrol af psoriasis")
    put(house, "V", title="Kontrol af psoriasis", type_code=kind, class_code=kind, **more)
    said = {"title": "Kontrol af psoriasis hos 2512489996", "comments": "psoriasis"}
    sets = SubmissionSet("urn:uuid:s", "1.9", KEY, "1.2", NOW, content_type=kind, **said)
    folder = Folder("urn:uuid:f", "1.8", KEY, codes=(kind,), **said)

    def work(tx):
        tx.add_set(sets)
        tx.add_folder(folder)
        for owner in (sets, folder):
            tx.add_association(Association(f"{owner.uuid}-v", "has-member", owner.uuid, "urn:uuid:V", KEY))

    house.storage.act(work).result()


def everything(house):
    answer = run(query(house, DOCTOR, "treatment", Wanted("GetAll"), CPR)).found
    assert (len(answer.sets), len(answer.folders)) == (1, 1)
    return str(answer)


def test_what_stands_around_a_withheld_document_tells_no_more_of_it_than_its_entry(house):
    around(house, withheld=("gp-appointment-reason",))
    assert "psoriasis" not in everything(house)


def test_what_stands_around_a_document_is_told_but_for_a_number(house):
    around(house)
    told = everything(house)
    assert told.count("psoriasis") > 5
    assert "2512489996" not in told
