"""The life of a document on the database of production: provided, amended, withdrawn, brought back, removed for good."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from patientoverblik.service.house import Removers
from patientoverblik.storage.sqlite import SqliteStorage
from tests.doors.soap.test_removals import everything, remove, remove_bytes
from tests.doors.soap.test_transactions import fetch, found, stored, update
from tests.doors.soap.test_updates import UNIQUE, amended, back
from tests.doors.soap.test_without_bytes import elsewhere, register
from tests.doors.soap.world import Door, told_of
from tests.generative.doors.worlds import place


@pytest.fixture
def door(tmp_path: Path):
    storage = SqliteStorage(tmp_path / "door.sqlite3")
    yield Door(storage=storage)
    storage.close()


def test_the_whole_life_of_a_document(door: Door) -> None:
    stored(door)
    assert told_of(amended(door, title="Nyt"))[0] == "Success"
    (one,) = found(door)
    assert (one.name, one.version) == ("Nyt", "2")
    assert told_of(update(door, one.id))[0] == "Success"
    assert found(door) == []
    assert told_of(back(door, one.id))[0] == "Success"
    unique = found(door)[0].identifiers[UNIQUE]
    assert told_of(fetch(door, unique))[0] == "Success"
    content = door.house.storage.reader().entries(7)[0].content
    door.serve(msgspec.structs.replace(door.house, removers=Removers((place("general-practice"),))))
    assert told_of(remove(door, *everything(door))) == ("Success", [])
    assert told_of(remove_bytes(door, unique)) == ("Success", [])
    reader = door.house.storage.reader()
    assert (everything(door), reader.content(7, content), reader.reading(7, content)) == ([], None, None)
    stored(door)
    assert found(door)[0].identifiers[UNIQUE] == unique


def test_what_lies_elsewhere_is_kept_without_bytes(door: Door) -> None:
    assert told_of(register(door, elsewhere(door))) == ("Success", [])
    (one,) = found(door)
    assert told_of(fetch(door, one.identifiers[UNIQUE]))[1] == ["XDSUnknownRepositoryId sharing.document-elsewhere"]
