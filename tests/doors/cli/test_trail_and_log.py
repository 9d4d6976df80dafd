"""``trail``, ``log``, ``use`` and ``outbox`` as they are called, succeeding, refused and broken."""

import csv
import io
import json
import sqlite3

import pytest

from tests.doors.cli.program import NANCY, about_nancy, call


@pytest.fixture(scope="module")
def database(demo):
    assert about_nancy("show", database=demo).code == 0
    return demo


def test_a_trail_is_sealed_and_verified(database):
    first = call("trail", "verify", database=database)
    assert first.code == 0
    assert "0 checkpoints" in first.out
    assert call("trail", "seal", database=database).out == "1 checkpoints made\n"
    found = call("trail", "verify", "--json", database=database).json
    assert found["whole"] is True
    assert found["seen"]["checkpoints"] == 1
    assert found["seen"]["open_chains"] == 0
    key = database.with_name(f"{database.name}.trail-key.pem")
    assert key.stat().st_mode & 0o777 == 0o600
    told = call("trail", "key", database=database).out
    assert told.startswith("-----BEGIN PUBLIC KEY-----")
    assert "PRIVATE" not in told


def test_a_trail_that_was_tampered_with_is_told_by_place_and_code(database, tmp_path):
    copy = tmp_path / "copy.sqlite3"
    source, target = sqlite3.connect(database), sqlite3.connect(copy)
    source.backup(target)
    with target:
        target.execute("delete from trail where place = (select max(place) from trail where part = 0)")
    source.close()
    target.close()
    key = str(database.with_name(f"{database.name}.trail-key.pem"))
    call("trail", "seal", database=database)
    told = call("trail", "verify", database=copy, PATIENTOVERBLIK_TRAIL_KEY=key)
    assert told.code == 1
    assert "trail.cut-off" in told.out
    assert "chain " in told.out
    kept = {"PATIENTOVERBLIK_TRAIL_KEY": key, "PATIENTOVERBLIK_TRAIL_KEEP_DAYS": "30"}
    told = call("trail", "remove-old", database=copy, **kept)
    assert (told.code, told.err.split(":")[0]) == (2, "trail.not-whole")
    assert call("trail", "remove-old", database=database, **kept).code == 0


def test_without_a_key_the_trail_cannot_be_verified(database, tmp_path):
    told = call("trail", "verify", database=database, PATIENTOVERBLIK_DEMO="false")
    assert (told.code, told.err) == (
        2,
        "trail.no-key: No key for the security trail is set (PATIENTOVERBLIK_TRAIL_KEY)\n",
    )
    open_key = tmp_path / "key.pem"
    open_key.write_text("no key")
    told = call("trail", "verify", database=database, PATIENTOVERBLIK_TRAIL_KEY=str(open_key))
    assert (told.code, told.err.split(":")[0]) == (2, "trail.bad-key")


def test_a_witness_finds_a_checkpoint_that_is_gone(database, tmp_path):
    witness = tmp_path / "witness"
    about_nancy("show", database=database)
    assert call("trail", "seal", database=database, PATIENTOVERBLIK_TRAIL_WITNESS=str(witness)).code == 0
    number = witness.read_text().splitlines()[-1].split()[0]
    witness.write_text(f"{witness.read_text()}{int(number) + 1} {'0' * 64}\n")
    told = call("trail", "verify", database=database, PATIENTOVERBLIK_TRAIL_WITNESS=str(witness))
    assert told.code == 1
    assert "trail.checkpoint-missing" in told.out


def test_old_entries_are_kept_unless_the_settings_say_how_long(database):
    assert call("trail", "remove-old", database=database).out == "0 entries removed\n"


def test_the_citizen_reads_who_looked(database):
    assert "Så det samlede overblik" in about_nancy("log", "--as", "nancy", database=database).out
    page = about_nancy("log", "--as", "nancy", "--json", "--act", "overview", database=database).json
    assert page["total"] >= 1


def test_a_professional_does_not(database):
    told = about_nancy("log", "--as", "egen-laege", database=database)
    assert told.code == 2
    assert told.err.startswith("access.")


def test_where_nobody_is_named_the_patient_reads_their_own_log(database):
    assert about_nancy("log", database=database).out == about_nancy("log", "--as", "nancy", database=database).out


def test_a_day_that_is_none_is_refused(database):
    assert about_nancy("log", "--as", "nancy", "--since", "i går", database=database).code == 2


def test_the_log_is_taken_home(database):
    rows = list(
        csv.reader(
            io.StringIO(about_nancy("log", "--as", "nancy", "--form", "csv", database=database).out), delimiter=";"
        )
    )
    assert rows[0][0] == "\ufeffTidspunkt"
    assert "Så det samlede overblik" in rows[1]
    fhir = json.loads(about_nancy("log", "--as", "nancy", "--form", "fhir", database=database).out)
    assert {entry["resource"]["resourceType"] for entry in fhir["entry"]} == {"AuditEvent"}


def test_use_is_counted_only_where_a_file_is_set(database, tmp_path):
    assert call("use", database=database).code == 2
    file = tmp_path / "use.jsonl"
    line = '{"day":"2026-11-23","kind":"citizen","door":"portal","millis":9,"connected":1,"retrieved":1,"who":"%s"}\n'
    file.write_text("".join(line % number for number in range(6)) + line.replace("citizen", "officer") % "x")
    told = call("use", "--since", "2026-11-01", database=database, PATIENTOVERBLIK_USE_FILE=str(file))
    assert told.out.splitlines() == [
        "citizen, portal: 6 looks, 6 people by day, first content after 9 ms (slowest tenth 9 ms), 100 % with every source",
        "officer, portal: fewer than 5 looks",
    ]


def test_an_outbox_is_empty_until_a_feed_is_configured(database):
    more = {"PATIENTOVERBLIK_ATNA_SYSLOG": "127.0.0.1:6514", "PATIENTOVERBLIK_DEMO": "true"}
    assert call("show", stdin=f"{NANCY}\n", database=database, **more).code == 0
    assert call("outbox", database=database).out == "atna-syslog: 1 waiting, 0 given up\n"
    assert call("outbox", "--retry", "atna-syslog", database=database).out == "0 messages are tried again\n"
