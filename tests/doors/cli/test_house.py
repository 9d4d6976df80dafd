"""``demo --load-only``, ``doctor`` and the settings: the installation as a newcomer meets it."""

import re
import shlex
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from tests.doors.cli.program import call, settings


@pytest.fixture
def newer(tmp_path) -> Path:
    """A database made by a program of the future."""
    database = tmp_path / "newer.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.execute("pragma user_version = 9999")
    connection.close()
    return database


def of_what(ended, what):
    return next(each for each in ended.json if each["what"] == what)


def test_the_demo_is_loaded_once_and_says_what_to_try_next(demo):
    again = call("demo", "--load-only", database=demo)
    assert again.code == 0
    assert re.search(r"ready: \d+ documents, 0 of them new", again.out)
    examples = [line.strip() for line in again.out.split("Or look from the command line:\n")[1].splitlines()]
    assert examples[:2] == [
        f"export PATIENTOVERBLIK_DATABASE={shlex.quote(f'sqlite:///{demo}')}",
        "export PATIENTOVERBLIK_DEMO=true",
    ]
    assert any(example.endswith(" show") for example in examples)


def test_the_examples_work_as_they_stand(demo):
    """Run as a person would paste them: by a shell that knows nothing else."""
    out = call("demo", "--load-only", database=demo).out
    lines = out.split("Or look from the command line:\n")[1].splitlines()
    examples = [line.strip() for line in lines if "find" in line or "export" in line]
    plain = {name: value for name, value in settings().items() if name != "PATH"}
    path = f"{Path(sys.executable).parent}:/usr/bin:/bin"
    done = subprocess.run(
        ["sh", "-ec", "\n".join(examples)], capture_output=True, env=plain | {"PATH": path}, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert b"documents, newest first." in done.stdout


def test_doctor_of_a_house_in_order_is_0(demo):
    ended = call("doctor", "--json", database=demo, PATIENTOVERBLIK_PORT="65111")
    assert of_what(ended, "database")["found"].startswith("schema version ")
    assert of_what(ended, "security trail") == {"what": "security trail", "fine": True, "found": "0 broken chains"}
    assert all(each["fine"] for each in ended.json if each["what"] not in ("page assets", "port"))
    assert all(set(each) == {"what", "fine", "found"} for each in ended.json)


@pytest.mark.parametrize("words", [("demo",), ("demo", "--load-only")])
def test_no_demo_is_loaded_into_a_database_that_is_not_said_to_be_one(words, tmp_path):
    """The demo's test login lets anybody in as anybody: never beside an installation's own patients."""
    own = tmp_path / "own.sqlite3"
    ended = call(*words, database=own, PATIENTOVERBLIK_DEMO="false")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("cli.not-a-demo: ")
    assert not own.exists()


def test_doctor_makes_no_database(tmp_path):
    database = tmp_path / "none" / "x.sqlite3"
    ended = call("doctor", "--json", database=database)
    assert of_what(ended, "database")["found"] == "none yet; it is made at the first start"
    assert not database.parent.exists()


def test_doctor_reports_a_newer_schema_and_changes_nothing(newer):
    before = newer.read_bytes()
    ended = call("doctor", database=newer)
    assert ended.code == 1
    assert "FAULT  database: The database was made by a newer version of the program" in ended.out
    assert "9999" in ended.out
    assert newer.read_bytes() == before


def test_doctor_reports_a_file_that_is_no_database_and_a_folder_that_cannot_be_made(tmp_path):
    file = tmp_path / "letter"
    file.write_text("Dear colleague, this is a letter and no database at all.")
    for database in (file, file / "x.sqlite3"):
        ended = call("doctor", "--json", database=database)
        assert ended.code == 1
        assert of_what(ended, "database")["fine"] is False


def test_a_newer_schema_stops_every_command_that_opens_the_database(newer):
    ended = call("demo", "--load-only", database=newer)
    assert ended.code == 2
    assert ended.err.startswith("storage.newer-schema: ")


def test_wrong_settings_are_told_all_at_once_without_their_values():
    ended = call("doctor", PATIENTOVERBLIK_PORT="eighty", PATIENTOVERBLIK_DATABASE="oracle:secret")
    assert ended.code == 2
    assert ended.err.startswith("cli.wrong-setting: ")
    assert "PATIENTOVERBLIK_PORT" in ended.err
    assert "PATIENTOVERBLIK_DATABASE" in ended.err
    assert not re.search("eighty|secret", ended.err)
