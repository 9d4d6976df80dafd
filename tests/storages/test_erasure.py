"""Documents erased by an officer: first told, then gone from the file, and nothing else with them."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest

from patientoverblik.access import Actor, Refusal
from patientoverblik.service.erase import Erasure, erase_documents, what_would_go
from patientoverblik.service.house import House
from patientoverblik.sharing.model import Association, PatientId, StoredReading
from patientoverblik.storage.sqlite import SqliteStorage
from tests.storages.samples import CPR, DOCTOR, NANCY, entry, event, submission_set
from tests.storages.sealing import KEY, codes, house_of, seal
from tests.storages.test_contract import did

OFFICER = Actor("officer", "dpo")
WRONG_PERSON = "wrong-person"
SLICE = 24


def kept(storage: Any, patient: int, number: int, random_bytes: bytes) -> None:
    """A document with its set, bytes and reading, each with bytes of its own that nothing makes smaller."""
    content = sha256(random_bytes).hexdigest()
    submitted = submission_set(number, patient)
    one = entry(number, patient, content=content, set_uuid=submitted.uuid, title=random_bytes[:40].hex())

    def work(transaction: Any) -> None:
        transaction.add_set(submitted)
        transaction.add_entry(one)
        transaction.add_association(
            Association(f"urn:uuid:link-{number}", "has-member", submitted.uuid, one.uuid, patient, "Original")
        )
        transaction.claim_unique(one.unique_id, patient, content)
        transaction.add_content(patient, content, random_bytes)
        transaction.put_reading(
            patient, StoredReading(content, "s", random_bytes[:300], random_bytes[300:700], random_bytes[700:900])
        )
        transaction.add_event(event(number, patient, DOCTOR))

    did(storage, work)


def documents(house: House, patient: int) -> list[str]:
    return [one.unique_id for one in house.storage.reader().entries(patient)]


def told(house: House, number: PatientId = NANCY, named: tuple[str, ...] = (), actor: Actor = OFFICER) -> Any:
    return asyncio.run(what_would_go(house, actor, number, frozenset(named)))


def erased(house: House, code: str, named: tuple[str, ...] = (), actor: Actor = OFFICER) -> Any:
    return asyncio.run(erase_documents(house, actor, NANCY, frozenset(named), WRONG_PERSON, code))


@pytest.fixture
def house(storage: Any) -> House:
    did(storage, lambda tx: tx.claim_patient(NANCY, 1), lambda tx: tx.claim_patient(PatientId(CPR, "6112489996"), 2))
    noise = random.Random(7)
    for number, patient in enumerate((1, 2, 1, 1), 1):
        kept(storage, patient, number, noise.randbytes(2000))
    return house_of(storage)


def test_what_would_go_is_told_and_nothing_is_changed(house: House) -> None:
    answer = told(house)
    assert isinstance(answer, Erasure)
    assert [one.unique_id for one in answer.documents] == documents(house, 1)
    assert (answer.others, answer.scrubbed) == (6, False)
    assert len(documents(house, 1)) == 3
    assert told(house, named=(answer.documents[0].uuid,)).code != answer.code


def test_one_document_goes_with_what_it_alone_fills_and_the_others_stay(house: House) -> None:
    first, *others = documents(house, 1)
    whole = [house.storage.reader().content(2, one.content) for one in house.storage.reader().entries(2)]
    gone = house.storage.reader().entries(1)[0]
    answer = erased(house, told(house, named=(first,)).code, (first,))
    assert isinstance(answer, Erasure)
    reader = house.storage.reader()
    assert documents(house, 1) == others
    assert reader.content(1, gone.content) is None
    assert reader.reading(1, gone.content) is None
    assert len(reader.sets(1)) == 2
    assert [reader.content(2, one.content) for one in reader.entries(2)] == whole
    assert all(reader.content(1, one.content) and reader.reading(1, one.content) for one in reader.entries(1))
    last = reader.events(1)[-1]
    assert (last.act, last.rule, last.subjects, last.actor) == ("erase", "erase-wrong-person", (gone.uuid,), OFFICER)


def test_nothing_goes_without_the_code_of_what_is_there_now(house: House) -> None:
    code = told(house).code
    kept(house.storage, 1, 9, b"new" * 900)
    assert erased(house, code).code == "service.erasure-changed"
    assert erased(house, "").code == "service.erasure-changed"
    assert len(documents(house, 1)) == 4
    assert house.storage.reader().events(1)[-1].outcome == "refused"


@pytest.mark.parametrize("actor", [DOCTOR, Actor("job", "j", role="operator"), Actor("citizen", "c", person=1)])
def test_nobody_but_an_officer_erases(house: House, actor: Actor) -> None:
    code = told(house).code
    assert isinstance(told(house, actor=actor), Refusal)
    assert isinstance(erased(house, code, actor=actor), Refusal)
    assert len(documents(house, 1)) == 3


def test_another_patients_document_is_not_found(house: House) -> None:
    theirs = documents(house, 2)
    assert told(house, named=(documents(house, 1)[0], *theirs)).code == "service.nothing-to-erase"
    assert told(house, PatientId(CPR, "6112489997")).code == "service.nothing-to-erase"


def test_the_trail_is_whole_after_an_erasure(house: House) -> None:
    seal(house.storage)
    erased(house, told(house).code)
    assert codes(house.storage) == []
    seal(house.storage)
    assert codes(house.storage) == []
    assert documents(house, 1) == []


def test_nothing_of_what_was_erased_is_left_in_the_file(tmp_path: Path) -> None:
    """Rows move between pages while others are written, and are rewritten: what they leave behind is gone too."""
    path, noise = tmp_path / "store.db", random.Random(11)
    storage = SqliteStorage(path, trail_key=KEY)
    did(storage, lambda tx: tx.claim_patient(NANCY, 1))
    numbers = list(range(1, 241))
    noise.shuffle(numbers)
    for number in numbers:
        kept(storage, number % 24 + 1, number, noise.randbytes(noise.choice((950, 2000, 9000))))
    for one in storage.reader().entries(1):
        did(storage, lambda tx, one=one: tx.put_entry(msgspec.structs.replace(one, status="deprecated")))
    marks = rows_of(path, 1)
    beside = rows_of(path, 2)
    assert len(marks) > 30
    house = house_of(storage)
    answer = erased(house, told(house).code)
    assert answer.scrubbed
    storage.reader().entries(1)
    found = b"".join(each.read_bytes() for each in tmp_path.iterdir())
    assert [mark for mark in marks if mark in found] == []
    assert rows_of(path, 2) == beside
    assert codes(storage) == []
    storage.close()


def rows_of(path: Path, patient: int) -> list[bytes]:
    """A piece out of the middle of everything that is kept of a patient's documents, as it stands in the file."""
    found = []
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        for table, column in (("content", "data"), ("record", "data"), ("record", "losses"), ("shelf", "data")):
            rows = database.execute(f"select {column} from {table} where patient = ?", (patient,)).fetchall()
            found += [data[len(data) // 2 - SLICE // 2 :][:SLICE] for (data,) in rows]
    database.close()
    return found
