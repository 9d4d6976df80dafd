"""Whatever is done to the trail below the storage is found after a checkpoint (issue: security trail)."""

from __future__ import annotations

import sqlite3
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.service.seals import NOTHING_BEFORE, chained
from patientoverblik.service.verify import Witnessed
from patientoverblik.storage.sqlite import SqliteStorage
from patientoverblik.storage.sqlite.place import EVENT, part_span
from tests.storages.samples import DOCTOR, event
from tests.storages.sealing import KEY, codes, house_of, last_checkpoint, looked_through, seal

EVENTS = "select place, patient, name, data from trail where part = 0 order by place"
Tamper = Any


def history(path: Path, rounds: list[list[int]]) -> None:
    """Events by patient, each round sealed."""
    storage = SqliteStorage(path)
    number = 0
    for patients in rounds:
        for patient in patients:
            number += 1
            one = event(number, patient, DOCTOR)
            storage.act(lambda tx, one=one: tx.add_event(one)).result(timeout=10)
        seal(storage)
    storage.close()


def found_after(path: Path, witnessed: tuple[Witnessed, ...] = ()) -> list[str]:
    storage = SqliteStorage(path)
    try:
        return codes(storage, witnessed=witnessed)
    finally:
        storage.close()


def change(database: sqlite3.Connection, draw: Any) -> None:
    place, _, _, data = _any(database, draw)
    at = draw(st.integers(0, len(data) - 1))
    changed = data[:at] + bytes([data[at] ^ draw(st.integers(1, 255))]) + data[at + 1 :]
    database.execute("update trail set data = ? where place = ?", (changed, place))


def change_digest(database: sqlite3.Connection, draw: Any) -> None:
    place, _, digest, _ = _any(database, draw)
    database.execute("update trail set name = ? where place = ?", (bytes([digest[0] ^ 1]) + digest[1:], place))


def delete(database: sqlite3.Connection, draw: Any) -> None:
    database.execute("delete from trail where place = ?", (_any(database, draw)[0],))


def truncate(database: sqlite3.Connection, draw: Any) -> None:
    place, patient, _, _ = _any(database, draw)
    database.execute("delete from trail where part = 0 and patient = ? and place >= ?", (patient, place))


def remove_chain(database: sqlite3.Connection, draw: Any) -> None:
    database.execute("delete from trail where patient = ?", (_any(database, draw)[1],))


def swap(database: sqlite3.Connection, draw: Any) -> None:
    rows = database.execute(EVENTS).fetchall()
    one = draw(st.sampled_from(rows))
    other = draw(st.sampled_from([row for row in rows if row[3] != one[3]]))
    for place, row in ((one[0], other), (other[0], one)):
        database.execute("update trail set name = ?, data = ? where place = ?", (row[2], row[3], place))


def swap_words(database: sqlite3.Connection, draw: Any) -> None:
    rows = database.execute(EVENTS).fetchall()
    one = draw(st.sampled_from(rows))
    other = draw(st.sampled_from([row for row in rows if row[3] != one[3]]))
    for place, row in ((one[0], other), (other[0], one)):
        database.execute("update trail set data = ? where place = ?", (row[3], place))


def insert(database: sqlite3.Connection, draw: Any) -> None:
    """One more entry somewhere, those behind it moved."""
    place, patient, digest, data = _any(database, draw)
    last = part_span(patient, EVENT)[1]
    behind = database.execute("select place from trail where place between ? and ? order by place desc", (place, last))
    for (moved,) in behind.fetchall():
        database.execute("update trail set place = place + 1 where place = ?", (moved,))
    row = (place, patient, digest, data + b"x")
    database.execute("insert into trail (place, patient, part, name, data) values (?, ?, 0, ?, ?)", row)


def rewrite(database: sqlite3.Connection, draw: Any) -> None:
    """One entry changed and every digest behind it computed anew: the links add up, the signed head does not."""
    _, patient, _, chosen = _any(database, draw)
    before = NOTHING_BEFORE
    for place, owner, _, data in database.execute(EVENTS).fetchall():
        if owner == patient:
            said = data.replace(b"doctor-1", b"doctor-2") if data == chosen else data
            before = chained(before, said)
            database.execute("update trail set data = ?, name = ? where place = ?", (said, before, place))


def move_to_another(database: sqlite3.Connection, draw: Any) -> None:
    patient = _any(database, draw)[1]
    database.execute("update trail set patient = patient + ? where patient = ?", (1 << 43, patient))


def forge_checkpoint(database: sqlite3.Connection, draw: Any) -> None:
    """The trail is cut, and the checkpoint that would tell is altered to say nothing of it."""
    truncate(database, draw)
    database.execute("update trail_checkpoint set heads = x'90'")


def drop_checkpoint(database: sqlite3.Connection, draw: Any) -> None:
    numbers = [row[0] for row in database.execute("select number from trail_checkpoint")]
    database.execute("delete from trail_checkpoint where number = ?", (draw(st.sampled_from(numbers)),))


def sign_nothing(database: sqlite3.Connection, draw: Any) -> None:
    database.execute("update trail_checkpoint set signature = zeroblob(64) where number = 1")


def _any(database: sqlite3.Connection, draw: Any) -> tuple[int, int, bytes, bytes]:
    return draw(st.sampled_from(database.execute(EVENTS).fetchall()))  # type: ignore[no-any-return]


WAYS = [
    change,
    change_digest,
    delete,
    truncate,
    remove_chain,
    swap,
    swap_words,
    insert,
    rewrite,
    move_to_another,
    forge_checkpoint,
    drop_checkpoint,
    sign_nothing,
]
ROUNDS = st.lists(st.lists(st.sampled_from([1, 2, 1 + (1 << 43)]), min_size=2, max_size=6), min_size=1, max_size=3)


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
@settings(max_examples=8, deadline=None)
@given(data=st.data(), rounds=ROUNDS)
def test_tampering_below_the_storage_is_found(way: Tamper, data: Any, rounds: list[list[int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        history(path, rounds)
        storage = SqliteStorage(path)
        newest = last_checkpoint(storage)
        storage.close()
        witnessed = (Witnessed(newest.number, newest.digest.hex()),)
        assert found_after(path, witnessed) == []
        database = sqlite3.connect(path)
        with database:
            way(database, data.draw)
        database.close()
        assert found_after(path, witnessed if way is drop_checkpoint else ()) != []


def test_a_fault_names_a_place_without_a_patient(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    history(path, [[987654321, 987654321, 987654321]])
    with sqlite3.connect(path) as database:
        database.execute("delete from trail where place = (select min(place) + 1 from trail)")
    database.close()
    storage = SqliteStorage(path)
    found, _ = looked_through(storage)
    assert [one.code for one in found] == ["trail.entry-missing"]
    assert found[0].place.endswith("entry 3")
    assert "987654321" not in found[0].place
    storage.close()


def test_a_removed_anchor_or_another_ones_anchor_is_found(tmp_path: Path) -> None:
    import asyncio

    from patientoverblik.access import Actor
    from patientoverblik.service.checkpoint import remove_old

    path = tmp_path / "store.db"
    history(path, [[1, 1, 2]])
    storage = SqliteStorage(path)
    asyncio.run(remove_old(house_of(storage, 1_800_000_000_000), Actor("job", "j"), KEY, 1_790_000_000_000))
    assert codes(storage) == []
    storage.close()
    keep = path.read_bytes()
    for forged in (
        "delete from trail_anchor where patient = 1",
        "update trail_anchor set signature = zeroblob(64) where patient = 2",
        "update trail_anchor set data = (select data from trail_anchor where patient = 2)"
        " , signature = (select signature from trail_anchor where patient = 2) where patient = 1",
        "delete from trail where patient = 1 and part = 0",
    ):
        path.write_bytes(keep)
        with sqlite3.connect(path) as database:
            database.execute(forged)
        database.close()
        assert found_after(path) != [], forged
