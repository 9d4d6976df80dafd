"""The problem catalogue: one row per code, and every code that the program names has a row."""

import re

from patientoverblik.problems import CATALOGUE, Finding
from tests.conftest import PROJECT

SOURCE = PROJECT / "src" / "patientoverblik"
ROOMS = {path.stem for path in (SOURCE / "problems" / "tables").glob("*.csv")}
NAMED = re.compile(rf"[\"']((?:{'|'.join(sorted(ROOMS))})\.[a-z0-9.-]+[a-z0-9])[\"']")


def codes_in(pattern: str) -> set[str]:
    return {code for path in SOURCE.rglob(pattern) for code in NAMED.findall(path.read_text(encoding="utf-8"))}


def test_every_code_named_in_the_program_has_a_row():
    named = codes_in("*.py")
    assert len(named) > 20
    assert named - set(CATALOGUE) == set()


def test_every_row_has_texts_in_both_languages_and_no_template_of_a_value():
    for problem in CATALOGUE.values():
        assert problem.da
        assert problem.en
        assert set(re.findall(r"\{(\w+)\}", problem.da + problem.en)) <= {"about"}, problem.code


def test_a_row_names_its_room_and_its_wire_codes():
    for problem in CATALOGUE.values():
        assert problem.code.split(".")[0] in ROOMS
        assert problem.fhir
        assert problem.xds
        assert 200 <= problem.http < 600


def test_a_finding_speaks_by_the_catalogue():
    finding = Finding("care.time-without-zone", place="/h:ClinicalDocument/h:effectiveTime", line=12)
    assert finding.severity == "warning"
    assert finding.en() == CATALOGUE["care.time-without-zone"].en
