"""``submit``: documents go in and each gets a receipt; whole or not at all, and nothing is delivered twice."""

import os
import subprocess
import sys

import pytest

from tests.conftest import SHARED
from tests.doors.cli.program import call, settings

APPOINTMENT = "apd/DK-APD_Example_1_2_apd_maximum.xml"
PLAN = "cpd/CPD-DK_Care_Plan_Diabetes_Example_1_2018-11-02.xml"
NO_PATIENT = "phmr/lavet_af_phmr_builder.xml"

pytestmark = pytest.mark.skipif(
    not (SHARED / "data").is_dir(), reason=f"shared samples are not here: {SHARED.name}/data"
)


def sample(name: str):
    return SHARED / "data/cda" / name


@pytest.fixture
def database(tmp_path):
    return tmp_path / "shelf" / "documents.sqlite3"


def test_a_receipt_says_how_the_document_was_read_and_what_was_lost(database):
    ended = call("submit", sample(PLAN), database=database)
    assert ended.code == 0
    assert f"{sample(PLAN)}: stored with findings\n" in ended.out
    assert "  entry       urn:uuid:" in ended.out
    assert "  read with   cpd-1.0.1\n" in ended.out
    assert "% of 672 places, 2 lost" in ended.out
    assert ended.out.count("  lost        /h:ClinicalDocument/") == 2


def test_receipts_as_json_name_their_files_in_order_and_the_same_document_is_not_stored_twice(database):
    first, again = call("submit", "--json", sample(PLAN), sample(PLAN), database=database).json
    assert set(first) == {"file", "status", "submission_set", "documents"}
    assert first["file"] == str(sample(PLAN))
    wanted = {"status", "entry", "unique_id", "profile", "again", "percent_read", "findings", "losses"}
    assert set(first["documents"][0]) == wanted
    assert [one["documents"][0]["again"] for one in (first, again)] == [False, True]
    assert first["documents"][0]["entry"] == again["documents"][0]["entry"]


def test_a_refused_file_and_one_that_is_not_there_do_not_stop_the_others(database, tmp_path):
    files = (tmp_path / "none.xml", sample(NO_PATIENT), "-")
    ended = call("submit", "--json", *files, stdin=sample(APPOINTMENT).read_bytes(), database=database)
    assert ended.code == 2
    assert [one.get("code", one["status"]) for one in ended.json] == [
        "cli.file-not-opened",
        "sharing.no-patient-id",
        "received",
    ]
    told = call("submit", sample(NO_PATIENT), database=database)
    assert told.code == 2
    assert ": refused, sharing.no-patient-id: " in told.out


def test_what_is_no_document_is_refused_with_the_reason(database):
    ended = call("submit", "-", stdin=b"Dear colleague", database=database)
    assert ended.code == 2
    assert "cda.not-xml" in ended.out


def test_a_database_that_cannot_be_made_is_one_line(tmp_path):
    (tmp_path / "file").write_text("in the way")
    ended = call("submit", sample(PLAN), database=tmp_path / "file" / "x.sqlite3")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("storage.disk: ")
    assert ended.err.count("\n") == 1


def test_a_reader_who_has_gone_ends_the_program_quietly(database):
    command = [sys.executable, "-m", "patientoverblik", "read", "--json", str(sample(PLAN))]
    reading, writing = os.pipe()
    os.close(reading)
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, env=settings(), timeout=60)
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")
