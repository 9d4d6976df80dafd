"""The problem catalogue: one row per code, every code the program names has a row, and every row is named."""

import csv
import re
from pathlib import Path
from typing import get_args

import pytest

from patientoverblik.conformance.content import Fault as ContentFault
from patientoverblik.edges.portal.present.row import PASSED
from patientoverblik.problems import CATALOGUE, Finding, load_catalogue
from patientoverblik.sharing.model import ReadState
from tests.conftest import PROJECT

SOURCE = PROJECT / "src" / "patientoverblik"
TABLES = SOURCE / "problems" / "tables"
WORDS = "|".join(sorted(path.stem for path in TABLES.glob("*.csv")))
NAMED = re.compile(rf"[\"'](?:{WORDS})\.[a-z0-9.-]+[a-z0-9][\"']")
COMPOSED = re.compile(rf"f\"((?:{WORDS})\.[^\"]*\{{[^\"]+)\"")
IN_TABLES = re.compile(rf"(?:^|[\s,|\"'])((?:{WORDS})\.[a-z-]+)(?=$|[\s,|\"'])", re.MULTILINE)
FILE_NAME = re.compile(r"\.(html|css|js|toml|csv|svg)$")


def sources(*suffixes: str) -> str:
    wanted = (path for path in SOURCE.rglob("*") if path.suffix in suffixes and path.parent != TABLES)
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(wanted))


def named_in_code() -> set[str]:
    found = {name.strip("\"'") for name in NAMED.findall(sources(".py"))}
    return {name for name in found if not FILE_NAME.search(name)}


def composed_in_code() -> set[str]:
    """The codes that f-strings make of the values their part can have."""
    legal = (SOURCE / "access" / "tables" / "legal.csv").read_text(encoding="utf-8")
    parts = {
        "access.change-{}": tuple(
            word for row in csv.DictReader(legal.splitlines()) for word in row["changes"].split()
        ),
        "structure.{}-attribute": ("unexpected", "unknown"),
        "structure.{}-element": get_args(ContentFault),
        "overview.{}": ("suspected", "refuted", *(set(get_args(ReadState)) - {"read"})),
    }
    assert {re.sub(r"\{.*\}", "{}", each) for each in COMPOSED.findall(sources(".py"))} == set(parts)
    parts["overview.overdue.{}"] = tuple(PASSED.values())
    return {code.replace("{}", part) for code, values in parts.items() for part in values}


def test_every_code_named_in_the_program_has_a_row():
    named = named_in_code()
    assert len(named) > 100
    assert named - set(CATALOGUE) == set()


def test_every_code_the_program_composes_has_a_row():
    assert composed_in_code() - set(CATALOGUE) == set()


def test_every_row_is_named_by_the_program():
    in_rules = {code for code in IN_TABLES.findall(sources(".csv", ".toml")) if code in CATALOGUE}
    named = named_in_code() | composed_in_code() | in_rules
    plainer = {f"{code}.citizen" for code in named}
    assert set(CATALOGUE) - named - plainer == set()


def test_every_row_has_texts_in_both_languages_and_no_template_of_a_value():
    for problem in CATALOGUE.values():
        assert problem.da
        assert problem.en
        assert set(re.findall(r"\{(\w+)\}", problem.da + problem.en)) <= {"about"}, problem.code


def test_a_row_has_its_wire_codes():
    for problem in CATALOGUE.values():
        assert problem.fhir
        assert problem.xds
        assert 200 <= problem.http < 600


@pytest.mark.parametrize("table", sorted(TABLES.glob("*.csv")), ids=lambda path: path.stem)
def test_a_codes_first_word_is_its_tables_name(table: Path):
    codes = [line.split(",")[0] for line in table.read_text(encoding="utf-8").splitlines()[1:] if line]
    assert codes
    assert {code.split(".")[0] for code in codes} == {table.stem}
    assert set(codes) <= set(load_catalogue())


def test_a_code_that_nobody_wrote_down_cannot_be_told():
    with pytest.raises(KeyError):
        Finding("care.no-such-code").en()


def test_a_finding_speaks_by_the_catalogue():
    finding = Finding("care.time-without-zone", place="/h:ClinicalDocument/h:effectiveTime", line=12)
    assert finding.severity == "warning"
    assert finding.en() == CATALOGUE["care.time-without-zone"].en
