"""``erase`` as it is called: told, refused, done, and what is left of it."""

import sqlite3

from tests.doors.cli.program import NANCY, about_nancy, call


def test_documents_are_told_and_then_taken_away(demo):
    found = about_nancy("find", "--json", "--as", "nancy", database=demo).json
    one = about_nancy("erase", "--json", database=demo).json["documents"][0]
    told = about_nancy("erase", one["document"], database=demo)
    assert told.code == 0
    assert told.out.splitlines()[0].startswith(one["entry"])
    assert "Nothing was changed" in told.out
    code = told.out.split("--code ")[1].strip()
    refused = about_nancy("erase", one["document"], "--code", "0" * 12, database=demo)
    assert (refused.code, refused.err.split(":")[0]) == (2, "service.erasure-changed")
    done = about_nancy("erase", one["document"], "--ground", "test-data", "--code", code, database=demo)
    assert (done.code, done.out.splitlines()[-1][:7]) == (0, "Erased.")
    again = about_nancy("erase", one["document"], database=demo)
    assert (again.code, again.err.split(":")[0]) == (2, "service.nothing-to-erase")
    assert about_nancy("find", "--json", "--as", "nancy", database=demo).json != found
    assert call("trail", "verify", database=demo).code == 0
    assert sqlite3.connect(demo).execute("pragma integrity_check").fetchone() == ("ok",)


def test_without_a_database_or_a_patient_nothing_is_told(demo, tmp_path):
    assert call("erase", stdin=f"{NANCY}\n", database=tmp_path / "none.sqlite3").code == 2
    assert call("erase", stdin="\n", database=demo).err.startswith("cli.no-patient-given")
    assert call("erase", stdin="6112489997\n", database=demo).err.startswith("service.nothing-to-erase")
