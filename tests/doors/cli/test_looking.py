"""``find``, ``retrieve``, ``show``, ``explain`` and ``replay``: a patient's documents and overview, as somebody may see them."""

import re
from functools import cache
from pathlib import Path

import pytest

from tests.doors.cli.program import NANCY, Ended, about_nancy, call

LINE = re.compile(r"· ([0-9a-f]{20})$", re.MULTILINE)


@cache
def shown(database: Path) -> Ended:
    """The overview of Nancy as her own GP sees it."""
    return about_nancy("show", database=database)


def part(text: str, title: str) -> str:
    """One part of the overview as text."""
    return text.split(f"\n{title}\n")[1].split("\n\n")[0]


def test_show_says_measurements_with_digits_unit_time_and_target(demo):
    measured = part(shown(demo).out, "Målinger")
    assert "66 mmol/mol" in measured
    assert "under 58 mmol/mol" in measured
    assert re.search(r"\d+\. \w+ \d{4} kl\. \d\d\.\d\d", measured)


def test_show_says_appointments_with_day_clock_and_place_and_those_past_are_not_called_planned(demo):
    coming, past = part(shown(demo).out, "Næste aftaler"), part(shown(demo).out, "Tidligere og aflyste aftaler")
    assert re.search(r"\d+\. \w+ \d{4} kl\. \d\d\.\d\d–\d\d\.\d\d \[Aftalt\]", coming)
    assert re.search(r", \d{4} \w+", coming)
    assert "Planlagt" not in past
    assert "Tidspunktet er passeret" in past


def test_show_says_goals_with_targets_and_due_and_phases_in_danish(demo):
    goals = part(shown(demo).out, "Mål")
    assert "Målværdi:" in goals
    assert re.search(r"Senest \d+\. \w+ \d{4}", goals)
    assert "[I gang]" in goals
    assert not re.search(r"\[(active|planned|ended|on-hold|unknown)", shown(demo).out)


def test_show_says_each_difference_once(demo):
    titles = re.findall(r"^  (\S.*)$", part(shown(demo).out, "Bør drøftes"), re.MULTILINE)
    assert titles
    assert not any("overview." in title for title in titles)
    assert shown(demo).out.count("\nBør drøftes\n") == 1


def test_show_as_json_is_the_overview_and_its_lines_are_those_of_the_text(demo):
    overview = about_nancy("show", "--json", database=demo).json
    assert {"at", "view", "patient", "sources", "sections", "lines"} <= set(overview)
    assert set(LINE.findall(shown(demo).out)) <= set(overview["lines"])
    assert len(LINE.findall(shown(demo).out)) > 50


def test_the_patient_sees_their_own_page(demo):
    own = about_nancy("show", "--as", "nancy", database=demo)
    assert own.code == 0
    assert own.out.startswith("Dit overblik\n")


def test_a_doctor_without_a_treatment_relation_is_refused(demo):
    ended = about_nancy("show", "--as", "laege-uden-relation", database=demo)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("access.no-relation: ")


def test_an_unknown_persona_is_told_who_there_is(demo):
    ended = about_nancy("show", "--as", "nobody", database=demo)
    assert ended.code == 2
    assert "egen-laege" in ended.err
    assert "cli.no-such-persona" in ended.err


def test_the_number_is_read_with_or_without_hyphen_from_a_file_or_standard_input(demo, tmp_path):
    file = tmp_path / "number"
    file.write_text(f"{NANCY[:6]}-{NANCY[6:]}\n")
    by_file = call("find", "--json", "--patient-file", file, database=demo)
    assert by_file.json["total"] == about_nancy("find", "--json", database=demo).json["total"] > 10


@pytest.mark.parametrize("given", ["", "\n", "not a number", "3502489996", "25124899961", b"\xff\xfe\x00"])
def test_what_is_no_number_is_refused_without_being_repeated(demo, given):
    ended = call("find", stdin=given, database=demo)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("cli.no-patient-given" if not given.strip() else "cli.bad-patient-number")
    assert not given.strip() or str(given) not in ended.err


def test_find_lists_documents_newest_first_and_says_how_many(demo):
    days = re.findall(
        r"^(\d{4}-\d\d-\d\d)  (?:approved|deprecated)", about_nancy("find", database=demo).out, re.MULTILINE
    )
    assert len(days) > 10
    assert days == sorted(days, reverse=True)


def test_find_as_json_names_entry_document_profile_and_organisations(demo):
    page = about_nancy("find", "--json", database=demo).json
    assert set(page) == {"filtered", "total", "next", "entries"}
    wanted = {"entry", "unique_id", "status", "title", "created", "profile", "state", "losses", "organisations"}
    assert all(set(entry) == wanted for entry in page["entries"])


def test_retrieve_gives_the_same_bytes_by_both_names_to_a_file_and_to_standard_output(demo, tmp_path):
    entries = about_nancy("find", "--json", database=demo).json["entries"]
    entry = next(entry for entry in entries if entry["profile"].startswith("cpd"))
    out = tmp_path / "document.xml"
    to_file = about_nancy("retrieve", entry["entry"], "--out", out, database=demo)
    to_output = about_nancy("retrieve", entry["unique_id"], database=demo)
    assert (to_file.code, to_file.out) == (0, "")
    assert out.read_bytes() == to_output.raw
    assert b"ClinicalDocument" in to_output.raw


def test_retrieve_of_what_is_not_there_and_to_where_nothing_can_be_written_is_one_line(demo, tmp_path):
    missing = about_nancy("retrieve", "urn:uuid:00000000-0000-4000-8000-000000000000", database=demo)
    assert (missing.code, missing.raw) == (2, b"")
    assert missing.err.startswith("sharing.document-unknown: ")
    entry = about_nancy("find", "--json", database=demo).json["entries"][0]["entry"]
    nowhere = about_nancy("retrieve", entry, "--as", "nancy", "--out", tmp_path / "no" / "x.xml", database=demo)
    assert nowhere.code == 2
    assert nowhere.err.startswith("cli.file-not-written: ")


def test_explain_says_where_a_line_comes_from_to_the_place_and_the_mappings_line(demo):
    line = LINE.findall(part(shown(demo).out, "Mål"))[0]
    told = about_nancy("explain", line, database=demo).out
    assert re.search(r"^  from         .+ · .+$", told, re.MULTILINE)
    assert re.search(r"^  place        /h:ClinicalDocument/", told, re.MULTILINE)
    assert re.search(r"^  mapping      cpd-\S+ · .+", told, re.MULTILINE)
    explained = about_nancy("explain", line, "--json", database=demo).json
    assert set(explained) >= {"line", "origins", "look"}
    assert all(set(origin) == {"entry", "unique_id", "place", "path", "mapping"} for origin in explained["origins"])


def test_explain_of_an_unknown_line_is_refused(demo):
    ended = about_nancy("explain", "ffffffffffffffffffff", database=demo)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("service.no-line: ")


def test_the_patient_replays_a_look_and_sees_what_was_shown(demo):
    look = re.findall(r"^Look (\S+)$", shown(demo).out, re.MULTILINE)[0]
    again = about_nancy("replay", look, "--as", "nancy", "--json", database=demo)
    assert again.code == 0
    assert again.json["exact"] is True
    assert set(LINE.findall(shown(demo).out)) <= set(again.json["overview"]["lines"])
    told = about_nancy("replay", look, "--as", "nancy", database=demo).out
    assert told.split("\n", 1)[0].startswith("Shown to ")
    assert part(told, "Målinger") == part(shown(demo).out, "Målinger")


def test_replay_of_an_unknown_look_is_refused(demo):
    ended = about_nancy("replay", "urn:uuid:00000000-0000-4000-8000-000000000000", "--as", "nancy", database=demo)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("service.no-look: ")


LOOKING = [("show",), ("find",), ("retrieve", "x"), ("explain", "x"), ("replay", "x")]


@pytest.mark.parametrize("words", LOOKING, ids=lambda words: words[0])
def test_looking_makes_no_database(tmp_path, words):
    database = tmp_path / "none.sqlite3"
    ended = about_nancy(*words, database=database)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("cli.no-database: ")
    assert not database.exists()


def test_outside_the_demo_nobody_may_look(demo):
    ended = call("show", stdin=NANCY, database=demo, PATIENTOVERBLIK_DEMO="false")
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("cli.nobody-to-act-as: ")
