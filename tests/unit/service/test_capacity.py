"""In what capacity somebody comes, the same at every door."""

import msgspec
import pytest

from patientoverblik.access import Actor, Principal
from patientoverblik.service.capacity import deliverer, purpose_with, usual_purpose
from tests.unit.service.make import CITIZEN, CLINIC, DOCTOR, KEY, RELATIVE, SYSTEM, a_house

LINKED = KEY + 1


@pytest.fixture
def reader():
    house = a_house()
    house.storage.act(lambda transaction: transaction.link(KEY, LINKED)).result()
    return house.storage.reader()


def test_what_each_kind_of_actor_comes_for():
    told = {kind: usual_purpose(kind) for kind in ("professional", "citizen", "relative", "system", "officer")}
    assert told == {
        "professional": "treatment",
        "citizen": "own-overview",
        "relative": "on-behalf",
        "system": "delivery",
        "officer": "treatment",
    }


@pytest.mark.parametrize("patient", [KEY, LINKED])
def test_whoever_looks_at_their_own_data_looks_at_their_own(reader, patient):
    for actor in (CITIZEN, msgspec.structs.replace(RELATIVE, person=KEY)):
        assert purpose_with(reader, actor, patient) == "own-overview"
    assert purpose_with(reader, RELATIVE, patient) == "on-behalf"


def test_a_professional_who_looks_themselves_up_is_at_work(reader):
    assert purpose_with(reader, msgspec.structs.replace(DOCTOR, person=KEY), KEY) == "treatment"


def test_a_patient_never_seen_is_nobodys_own(reader):
    assert purpose_with(reader, msgspec.structs.replace(RELATIVE, person=0), 0) == "on-behalf"


def test_a_professional_delivers_as_the_one_their_system_acts_for():
    doctor = Actor("professional", "d", "Doris", "Læge", CLINIC, authorisation="AB123", client="epj")
    person = Principal("d", "Doris", "Læge", "AB123")
    assert deliverer(doctor) == Actor("system", "epj", "epj", organisation=CLINIC, principal=person)
    assert deliverer(SYSTEM) == SYSTEM
    assert deliverer(CITIZEN) == CITIZEN
