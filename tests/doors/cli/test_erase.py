"""``erase`` as it is called: told, refused, done, and what is left of it."""

import sqlite3

import pytest

from tests.doors.cli.program import NANCY, about_nancy, call


@pytest.fixture(scope="module")
def database(tmp_path_factory):
    path = tmp_path_factory.mktemp("erase") / "demo.sqlite3"
    assert call("demo", "--load-only", database=path).code == 0
    return path


def test_documents_are_told_and_then_taken_away(database):
    found = about_nancy("find", "--json", "--as", "nancy", database=database).json
    one = about_nancy("erase", "--json", database=database).json["documents"][0]
    told = about_nancy("erase", one["document"], database=database)
    assert told.code == 0
    assert told.out.splitlines()[0].startswith(one["entry"])
    assert "Nothing was changed" in told.out
    code = told.out.split("--code ")[1].strip()
    refused = about_nancy("erase", one["document"], "--code", "0" * 12, database=database)
    assert (refused.code, refused.err.split(":")[0]) == (2, "service.erasure-changed")
    done = about_nancy("erase", one["document"], "--ground", "test-data", "--code", code, database=database)
    assert (done.code, done.out.splitlines()[-1][:7]) == (0, "Erased.")
    again = about_nancy("erase", one["document"], database=database)
    assert (again.code, again.err.split(":")[0]) == (2, "service.nothing-to-erase")
    assert about_nancy("find", "--json", "--as", "nancy", database=database).json != found
    assert call("trail", "verify", database=database).code == 0
    assert sqlite3.connect(database).execute("pragma integrity_check").fetchone() == ("ok",)


def test_without_a_database_or_a_patient_nothing_is_told(database, tmp_path):
    assert call("erase", stdin=f"{NANCY}\n", database=tmp_path / "none.sqlite3").code == 2
    assert call("erase", stdin="\n", database=database).err.startswith("cli.no-patient-given")
    assert call("erase", stdin="6112489997\n", database=database).err.startswith("service.nothing-to-erase")
