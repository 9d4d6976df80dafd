"""Gold of FHIR: facts of published examples, written down from their resources before the reader was asked."""

import tomllib
from pathlib import Path

import pytest

from patientoverblik import formats
from patientoverblik.formats.model import Unread
from tests.gold.compare import unmet

GOLD = sorted((Path(__file__).parent / "fhir").glob("*.toml"))


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_an_example_is_read_as_a_person_reads_it(path: Path, shared: Path) -> None:
    facts = tomllib.loads(path.read_text(encoding="utf-8"))
    parsed = formats.parse((shared / "data" / "fhir" / facts["file"]).read_bytes())
    reading = parsed if isinstance(parsed, Unread) else formats.read(parsed)
    if isinstance(reading, Unread):
        assert facts.get("may_be_unread"), [finding.code for finding in reading.findings]
        assert reading.findings, "a document that cannot be read says why"
        return
    assert unmet(facts, reading) == []
