"""Gold: facts of each foreign sample, written down from its narrative and entries by someone who did not write the mapping.

A symmetric mistake in a profile passes every law of the mapping; it does not pass a person's reading.
"""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from patientoverblik import formats
from patientoverblik.formats.model import Unread
from tests.gold.compare import unmet

GOLD = sorted(Path(__file__).parent.glob("*.toml"))
KINDS = ("cpd", "apd", "pdc", "phmr")


def _facts(path: Path) -> dict[str, Any]:
    facts = tomllib.loads(path.read_text(encoding="utf-8"))
    if "like" not in facts:
        return facts
    base = {
        key: value
        for key, value in _facts(path.with_name(facts["like"] + ".toml")).items()
        if key not in facts.get("none", [])
    }
    return base | facts


@pytest.mark.parametrize("path", GOLD, ids=lambda path: path.stem)
def test_a_sample_is_read_as_a_person_reads_it(path: Path, shared: Path) -> None:
    facts = _facts(path)
    parsed = formats.parse((shared / "data" / "cda" / facts["file"]).read_bytes())
    reading = parsed if isinstance(parsed, Unread) else formats.read(parsed)
    if isinstance(reading, Unread):
        assert facts.get("may_be_unread"), [finding.code for finding in reading.findings]
        assert reading.findings, "a document that cannot be read says why"
        return
    assert not unmet(facts, reading)


def test_every_sample_of_the_four_kinds_has_its_gold(shared: Path) -> None:
    held = {_facts(path)["file"] for path in GOLD}
    there = {
        str(path.relative_to(shared / "data" / "cda"))
        for kind in KINDS
        for path in (shared / "data" / "cda" / kind).rglob("*.xml")
    }
    assert there == held
