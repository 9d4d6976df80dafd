"""The pages about security: no requirement is left out, and what they name is there."""

import re
from collections import Counter

import pytest

from patientoverblik.app.settings import Settings
from patientoverblik.edges.guard import Rates
from tests.conftest import PROJECT

FOLDER = PROJECT / "docs" / "security"
CHECKLIST = FOLDER / "asvs.md"
PAGES = sorted(FOLDER.glob("*.md"))
# ASVS 5.0.0: the level of each requirement of a section, in order; those of level 3 are not listed on the page.
SECTIONS = """
1.1 22 1.2 1111122223 1.3 112222222223 1.4 222 1.5 123 2.1 122 2.2 112 2.3 12223 2.4 23 3.1 3 3.2 113 3.3 12223
3.4 11222233 3.5 11122333 3.6 3 3.7 22333 4.1 12233 4.2 23333 4.3 22 4.4 1222 5.1 2 5.2 112333 5.3 113 5.4 222
6.1 122 6.2 111111112222 6.3 11223333 6.4 112233 6.5 22222333 6.6 2223 6.7 33 6.8 2222 7.1 222 7.2 1111 7.3 22
7.4 11222 7.5 223 7.6 22 8.1 1233 8.2 1123 8.3 133 8.4 23 9.1 111 9.2 1222 10.1 22 10.2 223 10.3 22223
10.4 1111122222233333 10.5 22222 10.6 22 10.7 222 11.1 2233 11.2 22233 11.3 11233 11.4 1222 11.5 23 11.6 23 11.7 33
12.1 12233 12.2 11 12.3 22223 13.1 2333 13.2 222223 13.3 2233 13.4 1222233 14.1 22 14.2 12223333 14.3 122
15.1 12233 15.2 12233 15.3 1222222 15.4 3333 16.1 2 16.2 22222 16.3 2222 16.4 222 16.5 2223 17.1 23 17.2 22223333
17.3 22
"""
LEVELS = SECTIONS.split()
ROW = re.compile(r"^\| ([\d.]+) \| ([12]) \| (.+?) \| ([a-z/]+) \| (.+) \|$", re.MULTILINE)
TEST = re.compile(r"`(test_\w+)`")
PLACE = re.compile(r"`((?:src|tests|docs|tools|requirements)/[\w./-]+|pyproject\.toml|package-lock\.json)`")


def rows() -> list[tuple[str, ...]]:
    return ROW.findall(CHECKLIST.read_text(encoding="utf-8"))


def every_test() -> set[str]:
    sources = (PROJECT / "tests").rglob("test_*.py")
    return {name for path in sources for name in re.findall(r"def (test_\w+)", path.read_text(encoding="utf-8"))}


def test_every_requirement_of_levels_1_and_2_has_its_row_in_order():
    wanted = [
        (f"{section}.{number}", level)
        for section, levels in zip(LEVELS[::2], LEVELS[1::2], strict=True)
        for number, level in enumerate(levels, 1)
        if level != "3"
    ]
    assert len(wanted) == 253
    assert [(row[0], row[1]) for row in rows()] == wanted


def test_what_is_met_names_a_test_or_a_file_and_the_rest_a_reason():
    assert {row[3] for row in rows()} == {"met", "part", "open", "n/a"}
    named = re.compile(rf"{TEST.pattern}|{PLACE.pattern}|S\d\d\d|msgspec alone|constants|UTC")
    assert [row[0] for row in rows() if row[3] == "met" and not named.search(row[4])] == []
    assert [row[0] for row in rows() if len(row[4]) < 4] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_test_and_file_named_exists(page):
    text = page.read_text(encoding="utf-8")
    assert set(TEST.findall(text)) - every_test() == set()
    assert [place for place in PLACE.findall(text) if not (PROJECT / place).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_setting_named_exists_and_the_page_is_in_the_manual(page):
    names = {name.lower() for name in re.findall(r"PATIENTOVERBLIK_([A-Z_]+)", page.read_text(encoding="utf-8"))}
    assert names <= set(Settings.__struct_fields__)
    assert f"](security/{page.name})" in (PROJECT / "docs" / "README.md").read_text(encoding="utf-8")


def test_the_limits_of_the_page_are_those_of_the_program():
    text = (FOLDER / "hardening.md").read_text(encoding="utf-8")
    for name in Rates.__struct_fields__:
        told = re.search(rf"`PATIENTOVERBLIK_LIMIT_{name.upper()}` \| (\d+) \|", text)
        assert int(told[1]) == getattr(Rates(), name) == getattr(Settings(), f"limit_{name}")


def test_the_checklist_says_how_many_are_what():
    assert Counter(row[3] for row in rows())["met"] > 150
