"""The life of a document on the database of production: provided, amended, withdrawn, brought back, removed for good."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from patientoverblik.service.house import Removers
from patientoverblik.storage.sqlite import SqliteStorage
from tests.doors.soap.subscribing import (
    OF_ANYBODY,
    PULL_POINTS,
    create,
    destroy,
    fetched,
    get_messages,
    reference_of,
    subscribe,
    told,
    unsubscribe,
    with_consumers,
    with_system,
)
from tests.doors.soap.test_around import FOLDER, folder, folders, inside, membership, renamed, status
from tests.doors.soap.test_removals import everything, remove, remove_bytes
from tests.doors.soap.test_stored_queries import association
from tests.doors.soap.test_transactions import fetch, found, stored, update
from tests.doors.soap.test_updates import UNIQUE, amended, back
from tests.doors.soap.test_without_bytes import elsewhere, register
from tests.doors.soap.world import ENTRY, SET, Door, described, plan, submission, told_of
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


def test_a_subscription_outlives_the_process_and_is_told(tmp_path: Path) -> None:
    first = SqliteStorage(tmp_path / "door.sqlite3")
    door = with_consumers(Door(storage=first), "general-practice")
    reference = reference_of(subscribe(door, ("$XDSDocumentEntryAuthorPerson", "('%')")))
    stored(door)
    first.close()
    again = SqliteStorage(tmp_path / "door.sqlite3")
    door.serve(msgspec.structs.replace(door.house, storage=again))
    (message,) = told(door.house)
    assert reference.encode() in message
    assert "UnsubscribeResponse" in unsubscribe(door, reference).text
    assert again.reader().subscriptions(7) == ()
    again.close()


def test_what_waits_for_a_system_about_anybody_outlives_the_process_and_is_fetched(tmp_path: Path) -> None:
    first = SqliteStorage(tmp_path / "door.sqlite3")
    door = with_system(with_consumers(Door(storage=first), "general-practice", address=PULL_POINTS), "general-practice")
    address = reference_of(create(door, itself=True))
    code = described(plan(), door.house).type_code
    assert code is not None
    slots = (("$XDSDocumentEntryTypeCode", f"('{code.code}^^{code.scheme}')"),)
    how = {"filter_": OF_ANYBODY, "topic": "MinimalDocumentEntry", "patient": "", "itself": True}
    reference_of(subscribe(door, *slots, consumer=address, **how))
    stored(door)
    first.close()
    again = SqliteStorage(tmp_path / "door.sqlite3")
    door.serve(msgspec.structs.replace(door.house, storage=again))
    (message,) = fetched(get_messages(door, address, itself=True))
    assert ENTRY.format(1).encode() in message
    assert fetched(get_messages(door, address, itself=True)) == []
    destroy(door, address, itself=True)
    assert again.reader().subscriptions(0) == ()
    again.close()


def test_a_folder_and_what_stands_in_it_change_there_too(door: Door) -> None:
    entry = described(plan(), door.house)
    more = (folder(), association("s", SET.format(1), FOLDER), association("m", FOLDER, entry.uuid))
    assert told_of(door.provide(submission(entry, more=more), {entry.uuid: plan()}))[0] == "Success"
    assert renamed(door) == ("Success", [])
    assert inside(door) == {entry.uuid}
    newest = max(door.house.storage.reader().folders(7), key=lambda one: one.version)
    assert status(door, membership(door, newest.uuid)) == ("Success", [])
    assert [one[0] for one in folders(door)] == ["Mappe"]


def test_what_lies_elsewhere_is_kept_without_bytes(door: Door) -> None:
    assert told_of(register(door, elsewhere(door))) == ("Success", [])
    (one,) = found(door)
    assert told_of(fetch(door, one.identifiers[UNIQUE]))[1] == ["XDSUnknownRepositoryId sharing.document-elsewhere"]
