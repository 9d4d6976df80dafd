"""What is kept of a worklist never outlives what it follows from: a block, a relation, a protected address, a day."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from patientoverblik.access import Block, Evidence, PersonFacts, Relation
from patientoverblik.service.house import House
from patientoverblik.service.work import Work, key_of
from patientoverblik.service.worklist import NEAR, RECENT, Wanted, WorkList, mark_read, work_list
from patientoverblik.storage.sqlite import SqliteStorage
from tests.unit.service.make import (
    CLINIC,
    DAY,
    DOCTOR,
    EYES,
    HOSPITAL,
    HOUR,
    KEY,
    NOW,
    STRANGER,
    TREATS,
    Time,
    a_house,
    learn,
    put,
    run,
)
from tests.unit.service.test_worklist import hand_in

COLLEAGUE = msgspec.structs.replace(DOCTOR, id="colleague")
MIDNIGHT = NOW + DAY - NOW % DAY


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """Two plans on the list of a clinic that treats the patient, in a database that keeps what it has decoded."""
    storage = SqliteStorage(tmp_path / "kept.sqlite3")
    house = a_house(clock=Time(), storage=storage)
    learn(house, TREATS)
    for place in (HOSPITAL, EYES):
        hand_in(house, place.value, place)
    assert listed(house).total == listed(house).total == 2
    yield house
    storage.close()


def listed(house: House, actor=DOCTOR, wanted: Wanted = Wanted()) -> WorkList:  # noqa: B008 - a frozen value
    found = run(work_list(house, actor, wanted))
    assert isinstance(found, WorkList), found
    assert len(found.items) == found.total
    return found


def due(house: House, at: int, kind: str = "deadline", came: int = NOW) -> None:
    fact = Work(key_of(CLINIC), KEY, "f", kind, "f", came, "Kontrol", due=at)  # type: ignore[arg-type]
    house.storage.act(lambda tx: (tx.drop_work(KEY, "f"), tx.put_work(fact))).result()


def test_not_a_block(house: House) -> None:
    learn(house, Evidence(blocks=(Block("b", origin=HOSPITAL),)))
    found = listed(house)
    assert (found.total, found.counts, found.unread) == (1, {"plan": 1}, 1)


def test_not_the_beginning_of_a_block(house: House) -> None:
    learn(house, Evidence(blocks=(Block("b", origin=HOSPITAL, valid_from=NOW + HOUR),)))
    assert listed(house).total == 2
    house.clock.now = NOW + HOUR - 1
    assert listed(house).total == 2
    house.clock.now = NOW + HOUR
    assert listed(house).total == 1


def test_not_a_block_of_one_reader_nor_is_it_anothers(house: House) -> None:
    assert listed(house, COLLEAGUE).total == 2
    learn(house, Evidence(blocks=(Block("b", person=DOCTOR.id, origin=HOSPITAL),)))
    assert [listed(house, reader).total for reader in (DOCTOR, COLLEAGUE, DOCTOR)] == [1, 2, 1]


@pytest.mark.parametrize("wait", [0, HOUR])
def test_not_a_relation(house: House, wait: int) -> None:
    ended = tuple(msgspec.structs.replace(one, valid_until=NOW + wait) for one in TREATS.relations)
    learn(house, Evidence(relations=ended))
    assert listed(house).total == (2 if wait else 0)
    house.clock.now = NOW + wait
    assert listed(house).total == 0
    learn(house, Evidence(relations=(Relation("referral", CLINIC),)))
    assert listed(house).total == 2


@pytest.mark.parametrize("wait", [0, HOUR])
def test_not_that_an_address_is_not_protected(house: House, wait: int) -> None:
    put(house, "named", CLINIC, source_patient_info=("PID-5|Testesen^Berta",))
    assert [one.name for one in listed(house).items] == ["Berta Testesen"] * 2
    learn(house, Evidence(person=PersonFacts(born=1, protected=True, protected_from=NOW + wait)))
    assert [bool(one.name) for one in listed(house).items] == [wait > 0] * 2
    house.clock.now = NOW + wait
    assert [one.name for one in listed(house).items] == ["", ""]


def test_not_the_day_of_a_deadline(house: House) -> None:
    due(house, MIDNIGHT)
    for at, overdue in ((NOW, False), (MIDNIGHT - 1, False), (MIDNIGHT, True), (NOW, False)):
        house.clock.now = at
        assert [one.overdue for one in listed(house).items if one.work.kind == "deadline"] == [overdue]
    assert listed(house, wanted=Wanted(due="past")).total == 0
    house.clock.now = MIDNIGHT
    assert listed(house, wanted=Wanted(due="past")).total == 1


def test_not_the_time_that_something_is_news_or_near(house: House) -> None:
    due(house, NOW + HOUR + NEAR)
    for at, total in ((NOW, 2), (NOW + HOUR - 1, 2), (NOW + HOUR, 3)):
        house.clock.now = at
        assert listed(house).total == total
    due(house, 0, "plan", NOW + HOUR - RECENT)
    for at, total in ((NOW, 3), (NOW + HOUR - 1, 3), (NOW + HOUR, 2)):
        house.clock.now = at
        assert listed(house).total == total


def test_not_a_fact_that_is_gone_or_new(house: House) -> None:
    due(house, NOW + HOUR)
    assert listed(house).counts == {"plan": 2, "deadline": 1}
    house.storage.act(lambda tx: tx.drop_work(KEY, "f")).result()
    assert listed(house).counts == {"plan": 2}


def test_and_what_one_has_read_is_unread_to_another(house: House) -> None:
    read = listed(house).items[0].work.id
    assert run(mark_read(house, DOCTOR, [read])) == 1
    assert [listed(house, reader).unread for reader in (DOCTOR, COLLEAGUE)] == [1, 2]
    assert [one.work.id for one in listed(house).items if one.read] == [read]
    assert read not in [one.work.id for one in listed(house, wanted=Wanted(unread=True)).items]


def test_nor_is_it_a_strangers(house: House) -> None:
    assert listed(house, STRANGER).total == 0
    assert listed(house).total == 2
