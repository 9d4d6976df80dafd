"""What the SQLite storage promises beyond the contract: durability, grouped commits, forward migration, faults without text."""

import json
import os
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from itertools import pairwise
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from patientoverblik.problems import CATALOGUE
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.sql.place import CARE, ENTRY, EVENT, EVIDENCE, part_span, span
from patientoverblik.storage.sqlite import SqliteStorage
from patientoverblik.storage.sqlite import migrate as migration
from patientoverblik.storage.sqlite.connection import fault_of, open_reader
from tests.storages.samples import entry, event, key_of, look, reading
from tests.storages.watcher import Watcher, is_offence, patient_tables, scans

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def sqlite(path: Path) -> Iterator[SqliteStorage]:
    storage = SqliteStorage(path)
    yield storage
    storage.close()


def test_a_new_database_is_for_its_owner_alone_whatever_the_umask_says(path: Path) -> None:
    before = os.umask(0)
    try:
        storage = SqliteStorage(path)
        storage.act(lambda transaction: transaction.keep_secret("seal", b"x")).result()
        modes = {each.name: each.stat().st_mode & 0o777 for each in path.parent.iterdir()}
        storage.close()
    finally:
        os.umask(before)
    assert len(modes) > 1
    assert set(modes.values()) == {0o600}


def hold(storage: SqliteStorage) -> tuple[threading.Event, "Future[Any]"]:
    """Occupy the writer until the event is set, so that acts gather behind it."""
    free, running = threading.Event(), threading.Event()

    def work(tx: Any) -> None:
        running.set()
        assert free.wait(60)

    held = storage.act(work)
    assert running.wait(60)
    return free, held


def test_every_commit_is_flushed_to_disk(path: Path, sqlite: SqliteStorage) -> None:
    seen: dict[str, Any] = {}

    def ask(tx: Any) -> None:
        for pragma in ("synchronous", "journal_mode", "page_size"):
            seen[pragma] = tx._connection.one(f"pragma {pragma}")[0]

    sqlite.act(ask).result(timeout=60)
    assert seen == {"synchronous": 2, "journal_mode": "wal", "page_size": 8192}


def test_acts_that_wait_together_share_one_commit(sqlite: SqliteStorage) -> None:
    free, held = hold(sqlite)
    waiting = [sqlite.act(lambda tx, n=n: tx.add_event(event(n))) for n in range(50)]
    before = sqlite.commits
    free.set()
    for done in (held, *waiting):
        done.result(timeout=60)
    assert sqlite.commits - before == 2
    assert len(sqlite.reader().events(1)) == 50


def test_an_answer_is_given_only_after_its_commit(sqlite: SqliteStorage) -> None:
    free, held = hold(sqlite)
    seen: SimpleQueue[int] = SimpleQueue()
    done = sqlite.act(lambda tx: tx.add_entry(entry(1)))
    done.add_done_callback(lambda _: seen.put(len(sqlite.reader().entries(1))))
    assert not done.done()
    assert sqlite.reader().entries(1) == ()
    free.set()
    held.result(timeout=60)
    assert seen.get(timeout=60) == 1


def test_an_act_that_fails_takes_nothing_of_its_group_with_it(sqlite: SqliteStorage) -> None:
    free, held = hold(sqlite)

    def fail(tx: Any) -> None:
        tx.add_entry(entry(99))
        raise ValueError

    acts = [sqlite.act(fail if n == 5 else lambda tx, n=n: tx.add_entry(entry(n))) for n in range(10)]
    free.set()
    held.result(timeout=60)
    assert [done.exception(timeout=60) is None for done in acts] == [n != 5 for n in range(10)]
    assert [one.title for one in sqlite.reader().entries(1)] == [f"Plan {n}" for n in range(10) if n != 5]


def test_a_disk_that_fails_answers_every_act_of_the_group_with_the_fault(path: Path, sqlite: SqliteStorage) -> None:
    free, held = hold(sqlite)
    standing = sqlite.act(lambda tx: tx.add_event(event(1)))

    def fill(tx: Any) -> None:
        tx._connection.run("pragma max_page_count = 1")
        tx.add_content(1, key_of(b"big"), __import__("os").urandom(2_000_000))

    failing = sqlite.act(fill)
    free.set()
    held.result(timeout=60)
    faults = [done.exception(timeout=60) for done in (standing, failing)]
    assert isinstance(faults[1], StorageFault)
    assert faults[1].code == "storage.disk"
    assert faults[1].__cause__ is None
    assert (faults[0] is None) == (len(sqlite.reader().events(1)) == 1)
    assert sqlite.reader().content(1, key_of(b"big")) is None
    sqlite.act(lambda tx: tx._connection.one("pragma max_page_count = 1073741823")).result(timeout=60)
    sqlite.act(lambda tx: tx.add_event(event(2))).result(timeout=60)


def test_an_act_asks_again_and_again_for_its_turn_while_another_process_writes(path: Path) -> None:
    asked, held = threading.Event(), SimpleQueue[str]()

    def watch(statement: str) -> None:
        if statement == "begin immediate":
            held.put(statement)
            if held.qsize() >= 20:
                asked.set()

    storage = SqliteStorage(path, watch)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin immediate")
    done = storage.act(lambda tx: tx.add_entry(entry(1)))
    assert asked.wait(timeout=4), "it asks so seldom that it waits long after the other has ended"
    assert not done.done()
    other.execute("rollback")
    other.close()
    done.result(timeout=60)
    storage.close()


def test_a_locked_database_is_busy_and_tells_nothing_more(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("patientoverblik.storage.sqlite.connection.BUSY_SECONDS", 0.01)
    storage = SqliteStorage(path)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("begin immediate")
    fault = storage.act(lambda tx: tx.add_entry(entry(1))).exception(timeout=60)
    other.execute("rollback")
    other.close()
    assert isinstance(fault, StorageFault)
    assert (fault.code, fault.args) == ("storage.busy", ("storage.busy",))
    storage.act(lambda tx: tx.add_entry(entry(1))).result(timeout=60)
    storage.close()


def test_every_fault_is_a_row_of_the_catalogue() -> None:
    assert fault_of(sqlite3.OperationalError("secret 2512489996")).code == "storage.broken"
    for code in ("busy", "disk", "conflict", "broken", "newer-schema", "closed"):
        assert CATALOGUE[f"storage.{code}"].severity == "error"


def test_a_closed_storage_takes_no_acts_but_keeps_what_it_was_given(path: Path) -> None:
    storage = SqliteStorage(path)
    done = [storage.act(lambda tx, n=n: tx.add_entry(entry(n))) for n in range(20)]
    storage.close()
    assert all(one.exception(timeout=60) is None for one in done)
    with pytest.raises(StorageFault) as fault:
        storage.act(lambda tx: None)
    assert fault.value.code == "storage.closed"
    again = SqliteStorage(path)
    assert len(again.reader().entries(1)) == 20
    again.close()


def test_a_reader_cannot_change_anything(path: Path, sqlite: SqliteStorage) -> None:
    connection = open_reader(path)
    with pytest.raises(StorageFault):
        connection.run("delete from source_time")
    connection.close()


def test_a_newer_schema_is_refused_and_left_as_it_is(path: Path) -> None:
    SqliteStorage(path).close()
    raw = sqlite3.connect(path)
    raw.execute("pragma user_version = 9999")
    raw.close()
    with pytest.raises(StorageFault) as fault:
        SqliteStorage(path)
    assert fault.value.code == "storage.newer-schema"
    raw = sqlite3.connect(path)
    assert raw.execute("pragma user_version").fetchone() == (9999,)
    raw.close()


def test_an_older_database_is_brought_forward_with_what_it_holds(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = SqliteStorage(path)
    storage.act(lambda tx: tx.add_entry(entry(1))).result(timeout=60)
    held = storage.schema_version
    storage.close()
    steps = (*migration.steps(), (held + 1, "create table later (a integer);"))
    monkeypatch.setattr(migration, "steps", lambda: steps)
    again = SqliteStorage(path)
    assert again.schema_version == held + 1
    assert again.reader().entries(1) == (entry(1),)
    again.close()


def test_a_migration_step_is_whole_or_not_at_all(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    SqliteStorage(path).close()
    steps = migration.steps()
    broken = (*steps, (len(steps) + 1, "create table later (a integer); create table later (a integer);"))
    monkeypatch.setattr(migration, "steps", lambda: broken)
    with pytest.raises(StorageFault):
        SqliteStorage(path)
    monkeypatch.undo()
    again = SqliteStorage(path)
    assert again.schema_version == len(steps)
    again.close()


def test_migration_steps_are_numbered_without_gaps() -> None:
    numbers = [number for number, _ in migration.steps()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_two_programs_may_open_one_new_file_at_once(path: Path) -> None:
    opened: list[SqliteStorage] = []
    threads = [threading.Thread(target=lambda: opened.append(SqliteStorage(path))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(opened) == 4
    for storage in opened:
        storage.act(lambda tx: tx.add_event(event(1))).result(timeout=60)
    assert opened[0].broken_chains() == 0
    assert len(opened[0].reader().events(1)) == 4
    for storage in opened:
        storage.close()


def test_a_changed_event_breaks_its_chain(path: Path) -> None:
    storage = SqliteStorage(path)
    for number in range(3):
        storage.act(lambda tx, n=number: tx.add_event(event(n))).result(timeout=60)
    storage.close()
    raw = sqlite3.connect(path)
    raw.execute(
        "update trail set data = (select data from trail where place = 1 << 20) where patient = 1 and place = (1 << 20) + 1"
    )
    raw.commit()
    raw.close()
    again = SqliteStorage(path)
    assert again.broken_chains() == 1
    again.close()


def test_a_removed_event_breaks_its_chain(path: Path) -> None:
    storage = SqliteStorage(path)
    for number in range(3):
        storage.act(lambda tx, n=number: tx.add_event(event(n))).result(timeout=60)
    storage.close()
    raw = sqlite3.connect(path)
    raw.execute("delete from trail where patient = 1 and place = (1 << 20) + 1")
    raw.commit()
    raw.close()
    again = SqliteStorage(path)
    assert again.broken_chains() == 1
    again.close()


def test_the_watcher_sees_a_statement_that_names_no_patient() -> None:
    tables = patient_tables()
    assert {"shelf", "trail", "record", "content", "association"} <= tables
    assert is_offence("select data from shelf where name = 'x'", tables)
    assert is_offence("delete from trail", tables)
    assert is_offence("select patient from record where place = 7", tables)
    assert not is_offence("select data from shelf where patient = 7 and name = 'x'", tables)
    assert not is_offence("select patient from entry_locator where uuid = 'x'", tables)


def test_no_statement_on_a_patient_table_scans_it(path: Path) -> None:
    watcher = Watcher()
    storage = SqliteStorage(path, watcher)
    one = entry(1)

    def everything(tx: Any) -> None:
        tx.claim_unique(one.unique_id, 1, one.content)
        tx.add_entry(one)
        tx.put_entry(one)
        tx.put_reading(1, reading(one.content))
        tx.add_event(event(1))

    storage.act(everything).result(timeout=60)
    reader = storage.reader()
    reader.locate_unique(one.unique_id)
    reader.entry(1, one.uuid)
    reader.entries(1)
    reader.cares(1, [one.content, key_of(b"x"), key_of(b"y")])
    reader.reading(1, one.content)
    reader.blocks(1)
    storage.close()
    assert scans(path, watcher.seen) == {}
    assert scans(path, ["select data from shelf where name = 'x'"]) != {}


def test_the_file_has_the_page_size_that_keeps_a_patient_together(path: Path, sqlite: SqliteStorage) -> None:
    sqlite.act(lambda tx: tx.add_entry(entry(1))).result(timeout=60)
    raw = sqlite3.connect(path)
    assert raw.execute("pragma page_size").fetchone() == (8192,)
    sql = [row[0].lower() for row in raw.execute("select sql from sqlite_master where type = 'table'")]
    indexed = {row[0] for row in raw.execute("select tbl_name from sqlite_master where type = 'index'")}
    raw.close()
    assert all("without rowid" in one or "place integer primary key" in one for one in sql)
    assert indexed & patient_tables() == {"outbox", "subscription"}  # what is due is found across patients, by time


def test_a_part_that_is_full_takes_no_more_and_never_runs_into_the_next(path: Path) -> None:
    SqliteStorage(path).close()
    raw = sqlite3.connect(path)
    last = part_span(1, EVENT)[1]
    raw.execute("insert into trail (place, patient, part, name, data) values (?, 1, 0, x'00', x'00')", (last,))
    raw.commit()
    with pytest.raises(sqlite3.IntegrityError):
        raw.execute("insert into trail (place, patient, part, name, data) values (?, 1, 0, x'00', x'00')", (last + 1,))
    raw.close()
    storage = SqliteStorage(path)
    assert isinstance(storage.act(lambda tx: tx.add_event(event(1))).exception(timeout=60), StorageFault)
    storage.act(lambda tx: tx.add_look(look(1))).result(timeout=60)
    assert len(storage.reader().looks(1)) == 1
    storage.close()


def test_what_a_look_reads_lies_in_one_stretch_of_one_table() -> None:
    parts = [part_span(7, part) for part in (EVIDENCE, ENTRY, CARE)]
    assert all(one[1] + 1 == following[0] for one, following in pairwise(parts))
    assert span(7)[0] == parts[0][0]
    assert parts[-1][1] <= span(7)[1] < span(8)[0]


@pytest.mark.skipif(not Path("/proc/self/io").exists(), reason="this system does not count a process's reads")
def test_a_cold_look_reads_little_more_than_what_it_shows(path: Path) -> None:
    storage = SqliteStorage(path)

    def fill(tx: Any) -> None:
        for number in range(400):
            kept = entry(number, patient=number % 20 + 1)
            tx.add_entry(kept)
            tx.put_reading(kept.patient, reading(kept.content))

    storage.act(fill).result(timeout=60)
    storage.close()
    command = [sys.executable, "-m", "tests.storages.cold", str(path), "7"]
    told = json.loads(subprocess.run(command, capture_output=True, check=True, text=True, cwd=PROJECT).stdout)
    assert told["payload"] == 20 * len(reading(entry(1).content).care)
    assert 0 < told["calls"] <= 25
