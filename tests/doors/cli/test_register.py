"""What registers tell is taken in line by line and in force at once; what is wrong is told by its number alone."""

import json
import re
from pathlib import Path

import pytest

from patientoverblik.demo.organisations import organisations
from tests.conftest import PROJECT
from tests.doors.cli.program import NANCY, call

CHILD = "6106188888"


@pytest.fixture
def house(demo: Path, tmp_path: Path) -> Path:
    """A database of this test's own, with the demo people."""
    own = tmp_path / "own.sqlite3"
    own.write_bytes(demo.read_bytes())
    return own


def told(tmp_path: Path, *lines: object) -> str:
    path = tmp_path / "told.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return str(path)


def test_a_death_closes_the_citizens_own_access(house: Path, tmp_path: Path) -> None:
    assert call("show", "--as", "nancy", stdin=NANCY, database=house).code == 0
    died = {"patient": {"value": NANCY}, "facts": {"born": "1948-12-25", "died": "2026-11-01"}}
    ended = call("register", told(tmp_path, died), database=house)
    assert (ended.code, ended.out) == (0, "1 of 1 lines taken in\n")
    shown = call("show", "--as", "nancy", stdin=NANCY, database=house)
    assert shown.code != 0
    assert "access.closed-after-death" in shown.out + shown.err


def test_a_relation_told_of_opens_the_overview_for_the_organisation(house: Path, tmp_path: Path) -> None:
    stranger = ("show", "--as", "laege-uden-relation")
    assert call(*stranger, stdin=NANCY, database=house).code != 0
    place = organisations()["stranger"].reference
    row = {"organisation": {"system": place.system, "value": place.value}, "kind": "contact"}
    assert call("register", told(tmp_path, {"patient": {"value": NANCY}, "relations": [row]}), database=house).code == 0
    assert call(*stranger, stdin=NANCY, database=house).code == 0
    ended = {**row, "until": "2026-01-01"}
    assert (
        call("register", told(tmp_path, {"patient": {"value": NANCY}, "relations": [ended]}), database=house).code == 0
    )
    assert call(*stranger, stdin=NANCY, database=house).code != 0


def test_a_wrong_line_is_told_by_its_number_and_nothing_in_it(house: Path, tmp_path: Path) -> None:
    lines = told(
        tmp_path,
        {"patient": {"value": "not a number"}},
        "{",
        {"patient": {"value": NANCY}, "facts": {"born": "yesterday"}},
        {"patient": {"value": NANCY}, "unknown": 1},
        {"patient": {"value": NANCY}, "relations": [{"organisation": {"system": "1", "value": "2"}, "kind": "friend"}]},
        {
            "patient": {"value": CHILD},
            "custodies": [{"id": "c", "holder": {"value": NANCY}}],
            "facts": {"born": "2018-06-01"},
        },
    )
    ended = call("register", lines, database=house)
    assert ended.code == 2
    assert [line.split(":")[0] for line in ended.out.splitlines()[:-1]] == [f"line {n}" for n in (1, 2, 3, 4, 5)]
    assert ended.out.splitlines()[-1] == "1 of 6 lines taken in"
    for word in ("yesterday", "not a number", "friend", NANCY, CHILD):
        assert word not in ended.out + ended.err


def test_a_file_that_is_not_there(house: Path) -> None:
    assert call("register", "/nowhere/told.jsonl", database=house).code == 2


def test_the_manuals_lines_are_taken_in(house: Path, tmp_path: Path) -> None:
    manual = (PROJECT / "docs" / "access.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"```json\n(.*?)```", manual.partition("## What registers tell")[2], re.DOTALL)
    ended = call("register", told(tmp_path, *lines.strip().splitlines()), database=house)
    assert (ended.code, ended.out) == (0, "3 of 3 lines taken in\n")


def test_a_number_that_was_told_to_be_the_patients_and_is_not_is_parted(house: Path, tmp_path: Path) -> None:
    another = {"value": "6101709999"}
    own = {"patient": {"value": NANCY}, "facts": {"born": "1948-12-25"}}
    told_wrong = {"patient": {"value": NANCY}, "number": another}
    parted = {"patient": {"value": NANCY}, "apart": another}
    assert call("show", "--as", "egen-laege", stdin=another["value"], database=house).code != 0
    assert call("register", told(tmp_path, own, told_wrong), database=house).code == 0
    assert call("show", "--as", "egen-laege", stdin=another["value"], database=house).code == 0
    assert call("register", told(tmp_path, parted), database=house).out == "1 of 1 lines taken in\n"
    assert call("show", "--as", "egen-laege", stdin=another["value"], database=house).code != 0
    assert call("register", told(tmp_path, parted), database=house).code == 2
