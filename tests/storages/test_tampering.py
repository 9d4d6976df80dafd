"""Whatever is done to the trail below the storage is found, before a checkpoint as after it (issue: security trail)."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from operator import attrgetter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.access import Actor
from patientoverblik.service.checkpoint import remove_old
from patientoverblik.service.seals import NOTHING_BEFORE, TailEnd, chained
from patientoverblik.service.verify import Witnessed
from patientoverblik.storage.sql.place import EVENT, part_span
from patientoverblik.storage.sqlite import SqliteStorage
from tests.storages.samples import DOCTOR, event
from tests.storages.sealing import KEY, codes, house_of, last_checkpoint, looked_through, seal

EVENTS = "select place, patient, name, data from trail where part = 0 order by place"
Tamper = Any


def history(path: Path, rounds: list[list[int]], tail: list[int] | None = None) -> None:
    """Events by patient, each round sealed but for the tail."""
    storage = SqliteStorage(path, trail_key=KEY)
    number = 0
    for patients in (*rounds, tail or []):
        for patient in patients:
            number += 1
            one = event(number, patient, DOCTOR)
            storage.act(lambda tx, one=one: tx.add_event(one)).result(timeout=60)
        if patients is not tail:
            seal(storage)
    storage.close()


def found_after(path: Path, witnessed: tuple[Witnessed, ...] = (), ends: tuple[TailEnd, ...] = ()) -> list[str]:
    storage = SqliteStorage(path, trail_key=KEY)
    try:
        return codes(storage, witnessed=witnessed, ends=ends)
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


def forge(database: sqlite3.Connection, draw: Any) -> None:
    """One more entry at the end of a chain, linked as it should be."""
    _append(database, _any(database, draw)[1])


def forge_with_slip(database: sqlite3.Connection, draw: Any) -> None:
    """… and a slip for it, as one without the key can make it."""
    patient = _any(database, draw)[1]
    entry = _append(database, patient)
    values = draw(st.sampled_from([("''", "x''"), ("key", "mac"), ("key", "zeroblob(32)")]))
    database.execute(
        "insert into trail_tail (lane, number, patient, organisation, entry, key, mac)"
        f" select 0, number + 1, ?, '', ?, {values[0]}, {values[1]} from trail_tail order by number desc limit 1",
        (patient, entry),
    )


def cut_with_slips(database: sqlite3.Connection, draw: Any) -> None:
    """The newest entries of one chain that is not the last to have grown, their slips too, and the others moved up."""
    place, patient, _, _ = draw(st.sampled_from([row for row in database.execute(EVENTS).fetchall() if row[1] != LAST]))
    database.execute("delete from trail where part = 0 and patient = ? and place >= ?", (patient, place))
    first = part_span(patient, EVENT)[0]
    database.execute("delete from trail_tail where patient = ? and entry >= ?", (patient, place - first + 1))
    rows = database.execute("select number from trail_tail order by number").fetchall()
    for number, (was,) in enumerate(rows, rows[0][0] if rows else 0):
        database.execute("update trail_tail set number = ? where number = ?", (number, was))


def rewrite_unkeyed(database: sqlite3.Connection, draw: Any) -> None:
    """A chain written anew, and the slips made such as those of an installation without a key."""
    rewrite(database, draw)
    database.execute("update trail_tail set key = '', mac = x'' where sealed = 0")


def cut_as_sealed(database: sqlite3.Connection, draw: Any) -> None:
    truncate(database, draw)
    database.execute("update trail_tail set sealed = 1")


def drop_tail(database: sqlite3.Connection, draw: Any) -> None:
    database.execute("delete from trail_tail")


def drop_slip(database: sqlite3.Connection, draw: Any) -> None:
    numbers = [row[0] for row in database.execute("select number from trail_tail where sealed = 0")]
    database.execute("delete from trail_tail where number = ?", (draw(st.sampled_from(numbers)),))


def swap_slips(database: sqlite3.Connection, draw: Any) -> None:
    numbers = [row[0] for row in database.execute("select number from trail_tail order by number")]
    one = draw(st.integers(0, len(numbers) - 2))
    for was, new in ((numbers[one], -1), (numbers[one + 1], numbers[one]), (-1, numbers[one + 1])):
        database.execute("update trail_tail set number = ? where number = ?", (new, was))


def _append(database: sqlite3.Connection, patient: int) -> int:
    """An entry behind the newest of a chain; its number."""
    rows = [row for row in database.execute(EVENTS).fetchall() if row[1] == patient]
    place, _, digest, data = rows[-1]
    said = data.replace(b"doctor-1", b"doctor-2")
    row = (place + 1, patient, chained(digest, said), said)
    database.execute("insert into trail (place, patient, part, name, data) values (?, ?, 0, ?, ?)", row)
    return place + 2 - part_span(patient, EVENT)[0]  # type: ignore[no-any-return]


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
NAME = attrgetter("__name__")
OF_THE_TAIL = [
    forge,
    forge_with_slip,
    cut_with_slips,
    rewrite_unkeyed,
    cut_as_sealed,
    drop_tail,
    drop_slip,
    swap_slips,
]
LAST = 4
OF_CHECKPOINTS = (forge_checkpoint, drop_checkpoint, sign_nothing)
PATIENTS = st.lists(st.sampled_from([1, 2, 3]), min_size=2, max_size=6)
ROUNDS = st.lists(st.lists(st.sampled_from([1, 2, 1 + (1 << 43)]), min_size=2, max_size=6), min_size=1, max_size=3)


@pytest.mark.parametrize("way", WAYS, ids=NAME)
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


@pytest.mark.parametrize("way", [way for way in WAYS if way not in OF_CHECKPOINTS] + OF_THE_TAIL, ids=NAME)
@settings(max_examples=8, deadline=None)
@given(data=st.data(), rounds=st.lists(PATIENTS, min_size=1, max_size=2), tail=PATIENTS)
def test_tampering_with_what_no_checkpoint_covers_is_found_and_no_later_one_hides_it(
    way: Tamper, data: Any, rounds: list[list[int]], tail: list[int]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        history(path, rounds, [*tail, LAST])
        assert found_after(path) == []
        database = sqlite3.connect(path)
        with database:
            way(database, data.draw)
        database.close()
        assert found_after(path) != []
        storage = SqliteStorage(path, trail_key=KEY)
        storage.act(lambda tx: tx.add_event(event(99, LAST, DOCTOR))).result(timeout=60)
        seal(storage)
        storage.close()
        assert found_after(path) != []


@settings(max_examples=20, deadline=None)
@given(tail=PATIENTS, kept=st.integers(0, 4))
def test_a_witness_finds_that_all_of_a_moment_on_is_gone(tail: list[int], kept: int) -> None:
    """What the tail alone cannot show: everything after some moment is gone, as in a copy of that moment."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        history(path, [[1, 2]], tail)
        storage = SqliteStorage(path, trail_key=KEY)
        ends = storage.reader().tail_ends()
        storage.close()
        assert found_after(path, ends=ends) == []
        with sqlite3.connect(path) as database:
            slips = database.execute("select number, patient, entry from trail_tail where sealed = 0").fetchall()
            for number, patient, entry in slips[min(kept, len(slips) - 1) :]:
                place = part_span(patient, EVENT)[0] + entry - 1
                database.execute("delete from trail where place = ?", (place,))
                database.execute("delete from trail_tail where number = ?", (number,))
        database.close()
        assert found_after(path) == []
        assert found_after(path, ends=ends) == ["trail.tail-missing"]


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
    path = tmp_path / "store.db"
    history(path, [[1, 1, 2]])
    storage = SqliteStorage(path, trail_key=KEY)
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
