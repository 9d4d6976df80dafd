"""The generated reference is what the code says today, and leaves nothing out."""

from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tools import write_docs

import patientoverblik.care as care
from patientoverblik import formats
from patientoverblik.app.settings import PREFIX, Settings
from patientoverblik.care import Value, field_terms
from patientoverblik.edges.cli.command import VERBS
from patientoverblik.formats.cda.derive.profiles import nature_of
from patientoverblik.formats.cda.registry import FOLDER, loaded
from patientoverblik.overview import load_view
from patientoverblik.overview.view import view_names
from patientoverblik.problems import CATALOGUE
from tests.conftest import PROJECT

KEPT = PROJECT / "docs" / "reference"
SAMPLES = sorted(FOLDER.glob("*/samples/*.xml"))
NAMES = {"h": "urn:hl7-org:v3", "sdtc": "urn:hl7-org:sdtc"}


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    return write_docs.pages()


def test_the_kept_pages_are_what_the_code_says_today(pages):
    kept = {str(path.relative_to(KEPT)): path.read_text(encoding="utf-8") for path in KEPT.rglob("*.md")}
    assert sorted(kept) == sorted(pages), "run: make docs"
    assert [name for name in pages if kept[name] != pages[name]] == [], "run: make docs"


def test_writing_twice_gives_the_same_pages_and_names_no_machine(pages):
    assert write_docs.pages() == pages
    assert [name for name, text in pages.items() if str(PROJECT) in text or str(Path.home()) + "/" in text] == []


def test_the_generator_writes_what_has_changed_and_takes_away_what_is_gone(pages, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(write_docs, "FOLDER", tmp_path)
    (tmp_path / "settings.md").write_text("old", encoding="utf-8")
    (tmp_path / "gone.md").write_text("old", encoding="utf-8")
    assert write_docs.main() == 0
    assert {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.md")} == set(pages)
    assert (tmp_path / "settings.md").read_text(encoding="utf-8") == pages["settings.md"]
    capsys.readouterr()
    write_docs.main()
    assert capsys.readouterr().out == ""


def test_every_problem_has_a_row_with_both_texts(pages):
    rows = {
        cells[1].strip("` "): line for line in pages["problems.md"].splitlines() if len(cells := line.split("|")) > 2
    }
    assert set(CATALOGUE) <= set(rows)
    assert [name for name, one in CATALOGUE.items() if write_docs.cell(one.da) not in rows[name]] == []
    assert [name for name, one in CATALOGUE.items() if write_docs.cell(one.en) not in rows[name]] == []


def test_every_setting_has_a_row(pages):
    wanted = [f"| `{PREFIX}{name.upper()}` |" for name in Settings.__struct_fields__]
    assert [row for row in wanted if row not in pages["settings.md"]] == []


def test_every_command_has_a_heading_and_every_argument_a_row(pages):
    parts = dict(part.split("\n", 1) for part in pages["commands.md"].split("\n## ")[1:])
    assert set(parts) == set(VERBS)
    made = write_docs.commands(write_docs.parser())
    assert [(name, word) for name, word in arguments(made) if f"`{word}" not in parts[name]] == []


def arguments(made: dict[str, ArgumentParser]) -> Iterator[tuple[str, str]]:
    for name, one in made.items():
        for action in one._actions:
            if action.dest != "help":
                yield name, (action.option_strings or [action.metavar or "\\|".join(action.choices)])[0]


def test_every_profile_has_a_row_and_a_page_and_an_example_says_so_on_both(pages):
    for name, one in loaded().items():
        assert f"[`{name}`](profiles/{name}.md)" in pages["profiles.md"]
        row = next(line for line in pages["profiles.md"].splitlines() if f"(profiles/{name}.md)" in line)
        own = pages[f"profiles/{name}.md"]
        assert ("example profile" in row, "**Eksempelprofil**" in own) == (one.head.example,) * 2


def test_a_profile_is_an_example_in_its_head_as_in_the_label_on_the_pages():
    assert [name for name, one in loaded().items() if one.head.example != nature_of(name).example] == []


def test_every_table_of_meaning_stands_there_whole(pages):
    for path in (FOLDER.parent / "meaning").glob("*.csv"):
        assert f"### {path.stem}\n" in pages["profiles.md"]
    assert pages["profiles.md"].count("FlpGoalText") >= 1


def test_every_declared_loss_of_every_profile_is_listed_with_its_reason(pages):
    for name, one in loaded().items():
        lost = [(shape, *pair) for shape, said in one.source.shapes.items() for pair in said.lost.items()]
        rows = [f"| `{shape}.{field}` | {write_docs.cell(reason)} |" for shape, field, reason in lost]
        assert [row for row in rows if row not in pages[f"profiles/{name}.md"]] == []


def test_every_class_and_field_of_the_model_has_its_terms(pages):
    classes = [one for name in care.__all__ if isinstance(one := getattr(care, name), type) and issubclass(one, Value)]
    parts = dict(part.split("\n", 1) for part in pages["model.md"].split("\n## ")[1:])
    assert set(parts) == {one.__name__ for one in classes if one is not Value}
    for one in classes:
        for field, term in field_terms(one).items() if one is not Value else ():
            assert f"| `{field}` | {write_docs.cell(term.da)} | {write_docs.cell(term.en)} |" in parts[one.__name__]


def test_every_view_has_a_heading_and_every_section_a_row(pages):
    parts = dict(part.split("\n", 1) for part in pages["views.md"].split("\n## ")[1:])
    assert set(parts) == set(view_names())
    for name in view_names():
        assert [one.id for one in load_view(name).sections if f"| `{one.id}` | {one.title}" not in parts[name]] == []


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.parent.parent.name)
def test_what_a_document_fills_stands_at_the_published_place(sample):
    assert missed(sample) == []


@pytest.mark.parametrize("folder", ["cpd", "apd", "pdc", "phmr"])
def test_what_a_foreign_document_fills_stands_at_the_published_place(shared, folder):
    samples = sorted((shared / "data" / "cda" / folder).glob("*.xml"))
    found = {path.name: missed(path) for path in samples if profile_of(path)}
    assert len(found) > 1
    assert {name: places for name, places in found.items() if places} == {}


def profile_of(sample: Path) -> str | None:
    parsed = formats.parse(sample.read_bytes())
    return None if isinstance(parsed, formats.Unread) else formats.identify(parsed)


def missed(sample: Path) -> list[str]:
    """The fields that a document fills and whose published place finds nothing in it."""
    parsed = formats.parse(sample.read_bytes())
    profile = loaded()[formats.identify(parsed)]
    published = defaultdict(list)
    for row in write_docs.mapped(profile.source):
        published[row.field].append(row.xpath)
    told = {path for path in filled(formats.read_record(parsed, profile.head.id)) if path in published}
    assert len(told) > 20
    return [path for path in told if not any(parsed.root.xpath(at, namespaces=NAMES) for at in published[path])]


def filled(value: Any, path: str = "") -> Iterator[str]:
    """The fields of a record that hold something, as the published table names them."""
    if isinstance(value, msgspec.Struct):
        for name in value.__struct_fields__:
            yield from filled(getattr(value, name), f"{path}.{name}" if path else name)
    elif isinstance(value, tuple):
        for one in value:
            yield from filled(one, f"{path}[]")
    if value not in (None, "", ()) and path:
        yield path


@pytest.mark.parametrize("name", sorted(loaded()))
def test_every_published_place_is_an_xpath(name):
    from lxml import etree

    for row in write_docs.mapped(loaded()[name].source):
        etree.XPath(row.xpath, namespaces=NAMES)
