"""``backup`` and ``restore``: everything there again, from either database to either, and nothing from a file that was
damaged or is none."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.doors.cli.program import about_nancy, call
from tests.doors.cli.test_database import on
from tests.postgres import Server


def documents(**where):
    return call("find", "--json", stdin="2512489996\n", **where).json


def test_a_file_is_backed_up_and_restored_into_another(demo, tmp_path):
    backup, again = tmp_path / "backup", tmp_path / "again.sqlite3"
    written = call("backup", backup, "--json", database=demo)
    assert (written.code, written.json["whole"]) == (0, True)
    assert written.json["documents"] > 10
    assert backup.stat().st_mode & 0o077 == 0
    assert [each.name for each in tmp_path.iterdir()] == ["backup"]
    restored = call("restore", backup, "--json", database=again)
    assert (restored.code, restored.json["whole"]) == (0, True)
    assert call("trail", "verify", database=again, **_key(demo)).code == 0
    assert documents(database=again, **_key(demo)) == documents(database=demo)


def _key(demo: Path) -> dict[str, str]:
    return {"PATIENTOVERBLIK_TRAIL_KEY": f"{demo}.trail-key.pem"}


def test_a_server_is_backed_up_into_a_file_and_restored_into_another(postgres_server: Server, demo, tmp_path):
    one, two = postgres_server.new_database(), postgres_server.new_database("template1")
    assert call("copy", "--from", f"sqlite:///{demo}", "--to", one).code == 0
    assert call("backup", tmp_path / "backup", **on(one)).code == 0
    restored = call("restore", tmp_path / "backup", "--json", **on(two))
    assert (restored.code, restored.json["wrong"], restored.json["broken_chains"]) == (0, 0, 0)
    assert documents(**on(two)) == about_nancy("find", "--json", database=demo).json
    for each in (one, two):
        postgres_server.drop(each)


@pytest.fixture
def backup(demo, tmp_path) -> Path:
    assert call("backup", tmp_path / "backup", database=demo).code == 0
    return tmp_path / "backup"


@pytest.mark.parametrize(
    "damage",
    [
        "update content set data = zeroblob(40)",
        "update trail set data = zeroblob(9)",
        "delete from trail",
        "delete from source_time",
    ],
)
def test_a_backup_that_was_damaged_is_not_restored_and_nothing_is_made(backup, damage, tmp_path):
    with closing(sqlite3.connect(backup)) as file, file:
        assert file.execute(damage).rowcount > 0
    refused = call("restore", backup, database=tmp_path / "again.sqlite3")
    assert (refused.code, refused.err.split(":")[0]) == (2, "storage.backup-damaged")
    assert not (tmp_path / "again.sqlite3").exists()


def test_what_is_no_backup_or_not_finished_is_refused(demo, tmp_path):
    (tmp_path / "words").write_bytes(b"not a database")
    for file in (tmp_path / "none", tmp_path / "words", demo):
        refused = call("restore", file, database=tmp_path / "again.sqlite3")
        assert (refused.code, refused.err.split(":")[0]) == (2, "storage.no-backup")


def test_nothing_is_written_over(demo, backup):
    again = call("backup", backup, database=demo)
    assert (again.code, again.err.split(":")[0]) == (2, "storage.backup-exists")
    into = call("restore", backup, database=demo)
    assert (into.code, into.err.split(":")[0]) == (2, "storage.not-empty")


def test_a_session_of_the_backup_does_not_come_alive(demo, backup, tmp_path):
    with closing(sqlite3.connect(backup)) as file:
        held = file.execute("select count(*) from session").fetchone()[0]
    again = tmp_path / "again.sqlite3"
    assert call("restore", backup, database=again).code == 0
    with closing(sqlite3.connect(again)) as file:
        assert file.execute("select count(*) from session").fetchone()[0] == 0, held
