"""A database copied into another holds the same, answers the same, and a copy that was killed goes on where it stopped."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
import pytest

from patientoverblik.access import Session
from patientoverblik.app.copying import copy_database
from patientoverblik.storage.copying import compare
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.postgres import PostgresRows, PostgresStorage
from patientoverblik.storage.sqlite import SqliteRows, SqliteStorage
from tests.generative.sharing.histories import KEYS, Act, everything, play
from tests.storages.samples import DOCTOR, entry, event, key_of, look, reading
from tests.storages.test_contract import did
from tests.storages.test_evidence_contract import all_of

PROJECT = Path(__file__).resolve().parents[2]
SESSION = Session("s1", DOCTOR, 1, 2)
KINDS = ("submit", "replace", "append", "deprecate", "block", "link", "look", "person")


def filled(storage: Any) -> Any:
    """Hold a little of everything."""
    for number in range(40):
        act = Act(KINDS[number % len(KINDS)], number % 3, number % 2, number % 8, number % 3, number % 2 == 0)
        storage.act(lambda tx, act=act, number=number: play(tx, act, number + 1)).exception(timeout=60)
    did(storage, lambda tx: all_of(tx, KEYS[0]), lambda tx: tx.put_session(SESSION), lambda tx: tx.use_once("x", 9, 1))
    did(storage, lambda tx: tx.add_look(look(1, KEYS[0])), lambda tx: tx.add_event(event(1, patient=0)))
    return everything(storage.reader())


def silent(table: str, rows: int) -> None:
    """Tell nobody."""


def test_a_file_copied_to_a_server_and_back_is_what_it_was(tmp_path: Path, postgres: str) -> None:
    files = [tmp_path / "one.db", tmp_path / "two.db"]
    storage = SqliteStorage(files[0])
    held = filled(storage)
    storage.close()
    for source, target in ((f"sqlite:///{files[0]}", postgres), (postgres, f"sqlite:///{files[1]}")):
        report = copy_database(source, target, silent)
        assert report.whole
        assert (report.wrong, report.broken_chains) == (0, 0)
        assert report.documents > 1
    for each in (PostgresStorage(postgres), SqliteStorage(files[1])):
        assert everything(each.reader()) == held
        assert each.reader().session("s1") == SESSION
        each.act(lambda tx: tx.add_event(event(9, KEYS[0]))).result(timeout=60)
        assert each.broken_chains() == 0
        each.close()


def test_packets_of_a_copy_go_on_with_those_that_are_there(
    tmp_path: Path, postgres: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = SqliteStorage(tmp_path / "one.db")
    contents = [key_of(bytes([number])) for number in range(30)]
    did(storage, lambda tx: [tx.add_entry(entry(n)) for n in range(30)])
    did(storage, lambda tx: [tx.put_reading(1, reading(content)) for content in contents])
    monkeypatch.setattr("patientoverblik.storage.copying.PAGE", 7)
    report = copy_database(f"sqlite:///{tmp_path / 'one.db'}", postgres, silent)
    assert report.whole
    copied = PostgresStorage(postgres)
    assert copied.reader().entries(1) == storage.reader().entries(1)
    assert copied.reader().cares(1, contents) == storage.reader().cares(1, contents)
    did(copied, lambda tx: tx.add_entry(entry(31)))
    assert [one.title for one in copied.reader().entries(1)][-2:] == ["Plan 29", "Plan 31"]
    copied.close()
    storage.close()


def test_a_copy_that_differs_is_told(tmp_path: Path, postgres: str) -> None:
    source = tmp_path / "one.db"
    storage = SqliteStorage(source)
    filled(storage)
    storage.close()
    assert copy_database(f"sqlite:///{source}", postgres, silent).whole
    with psycopg.connect(postgres) as raw:
        raw.execute("update content set data = data || 'x'")
        raw.execute("delete from trail where place = (select min(place) from trail)")
    sides = SqliteRows(source, writing=False), PostgresRows(postgres, writing=False)
    found = compare(*sides)
    for side in sides:
        side.close()
    assert not found.whole
    assert found.wrong == found.documents > 1
    assert {each.table for each in found.tables if each.source != each.target} == {"content", "trail"}


def test_only_an_empty_database_is_copied_into(tmp_path: Path, postgres: str) -> None:
    for name in ("one", "two"):
        storage = SqliteStorage(tmp_path / f"{name}.db")
        filled(storage)
        storage.close()
    with pytest.raises(StorageFault) as fault:
        copy_database(f"sqlite:///{tmp_path / 'one.db'}", f"sqlite:///{tmp_path / 'two.db'}", silent)
    assert fault.value.code == "storage.not-empty"
    with pytest.raises(StorageFault):
        copy_database("memory:", postgres, silent)


def test_a_copy_that_was_killed_goes_on_where_it_stopped(tmp_path: Path, postgres: str) -> None:
    source = f"sqlite:///{tmp_path / 'one.db'}"
    storage = SqliteStorage(tmp_path / "one.db")
    did(storage, *[lambda tx, p=p: fill(tx, p) for p in range(1, 60)])
    storage.close()
    came = [killed_after(source, postgres, pages) for pages in (5, 40, 100)]
    report = copy_database(source, postgres, silent)
    assert report.whole
    total = sum(table.rows for table in report.tables)
    assert report.copied < total
    assert came == sorted(came)
    with psycopg.connect(postgres) as raw:
        assert raw.execute("select to_regclass('copy_progress')").fetchone() == (None,)


def fill(tx: Any, patient: int) -> None:
    for number in range(5):
        one = entry(100 * patient + number, patient)
        tx.claim_unique(one.unique_id, patient, one.content)
        tx.add_entry(one)
        tx.add_event(event(number, patient))


def killed_after(source: str, target: str, pages: int) -> int:
    """Copy in a process of its own, with small pages, and kill it after some; how many rows the target then holds."""
    program = (
        "import sys; from patientoverblik.storage import copying; copying.PAGE = 10\n"
        "from patientoverblik.app.copying import copy_database\n"
        "copy_database(sys.argv[1], sys.argv[2], lambda table, rows: print(table, rows, flush=True))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, source, target], stdout=subprocess.PIPE, text=True, cwd=PROJECT, env=os.environ
    ) as process:
        assert process.stdout is not None
        for _ in range(pages):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    with psycopg.connect(target) as raw:
        row = raw.execute("select count(*) from trail, copy_progress").fetchone()
    return int(row[0]) if row else 0
