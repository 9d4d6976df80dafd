"""Two people in one document, and ids that stand for something of somebody else's."""

import re
from pathlib import Path

import pytest

from patientoverblik.service.deliver import deliver
from patientoverblik.service.delivery import Delivery, Handed
from patientoverblik.service.model import Received
from patientoverblik.sharing.stated import Stated
from patientoverblik.storage.sqlite import SqliteStorage
from tests.attacks.house import ANOTHER, given, handed, treated
from tests.unit.service.make import CPR, KEY, OTHER_CPR, OTHER_KEY, SYSTEM, a_document, run

ID = re.compile(rf'<id [^>]*extension="{CPR.value}"[^>]*/>')
TARGET = re.compile(r"<recordTarget.*?</recordTarget>", re.DOTALL)
CHOSEN = "urn:uuid:11111111-1111-4111-8111-111111111111"


def about_two(found: re.Pattern[str], *, other_first: bool) -> bytes:
    """A plan with one element twice: with the number of the patient, and with that of somebody else."""
    data = a_document("A").decode()
    own = found.search(data)[0]
    other = own.replace(CPR.value, OTHER_CPR.value)
    return data.replace(own, other + own if other_first else own + other, 1).encode()


@pytest.mark.parametrize("patient", [None, CPR, OTHER_CPR], ids=["unsaid", "own", "other"])
@pytest.mark.parametrize("other_first", [False, True])
@pytest.mark.parametrize("found", [ID, TARGET], ids=["two numbers", "two patients"])
def test_a_document_that_names_two_people_is_filed_under_neither(found, other_first, patient):
    house = treated()
    delivery = Delivery((Handed(about_two(found, other_first=other_first)),), patient)
    assert run(deliver(house, SYSTEM, delivery)).code == "sharing.patient-mismatch"
    assert [house.storage.reader().entries(key) for key in (KEY, OTHER_KEY)] == [(), ()]


def test_two_numbers_of_one_person_are_one_person():
    house = treated()
    house.storage.act(lambda held: held.link(KEY, held.claim_patient(OTHER_CPR, OTHER_KEY))).result()
    assert isinstance(handed(house, about_two(ID, other_first=True), SYSTEM.organisation), Received)


@pytest.fixture(params=["memory", "sqlite"])
def house(request, tmp_path: Path):
    return treated(**({"storage": SqliteStorage(tmp_path / "held.db")} if request.param == "sqlite" else {}))


def sent(house, *handed_in: Handed, uuid: str = "") -> str:
    """The code of the refusal of a delivery about another patient."""
    return run(deliver(house, SYSTEM, Delivery(handed_in, uuid=uuid))).code


def another(name: str, uuid: str = "") -> Handed:
    return Handed(a_document(name, patient=ANOTHER), Stated(uuid=uuid))


def test_an_id_that_stands_for_something_of_anothers_is_taken(house):
    """Objects are fetched by their entryUUID alone: the first that is found would hide the other."""
    entry = given(house, "A")
    reader = house.storage.reader()
    of_set = reader.entry(KEY, entry).set_uuid
    for uuid in (entry, of_set, reader.associations(KEY)[0].uuid):
        assert sent(house, another("B", uuid)) == "sharing.entry-id-taken"
        assert sent(house, another("B"), uuid=uuid) == "sharing.entry-id-taken"
    assert (reader.locate_entry(of_set), reader.locate_object(of_set)) == (None, KEY)


def test_one_id_for_two_things_is_told_and_not_tried_again(house):
    assert sent(house, another("B", CHOSEN), another("C", CHOSEN)) == "sharing.entry-id-taken"
    assert sent(house, another("B", CHOSEN), uuid=CHOSEN) == "sharing.entry-id-taken"
    assert isinstance(run(deliver(house, SYSTEM, Delivery((another("B", CHOSEN),)))), Received)
