"""The full document view keeps every word of the narrative and none of its markup beyond the allow list."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from patientoverblik.edges.portal.render import Frame, render
from patientoverblik.formats.cda.view import DocumentView, Table, document_view
from patientoverblik.formats.model import Unread

DOCUMENT = Path(__file__).with_name("document.xml").read_bytes()
NAMES = ("table", "thead", "tbody", "tr", "th", "td", "list", "item", "paragraph", "br", "caption", "content", "sub", "sup", "script", "linkHtml", "renderMultiMedia", "footnote")  # fmt: skip


def texts(value) -> str:
    """All text of a view, in order."""
    if isinstance(value, msgspec.Struct):
        fields = [name for name in value.__struct_fields__ if name not in ("kind", "mark", "name", "moment")]
        ordered = sorted(fields, key=lambda name: name not in ("title", "caption"))
        return "".join(texts(getattr(value, name)) for name in ordered)
    if isinstance(value, tuple):
        return "".join(texts(each) for each in value)
    return value if isinstance(value, str) else ""


def wrapped(narrative: str) -> bytes:
    return (
        '<ClinicalDocument xmlns="urn:hl7-org:v3"><component><structuredBody><component><section>'
        f"<text>{narrative}</text></section></component></structuredBody></component></ClinicalDocument>"
    ).encode()


def letters(text: str) -> list[str]:
    return sorted("".join(text.split()))


def elements(children):
    return st.tuples(st.sampled_from(NAMES), st.lists(children, max_size=4)).map(
        lambda made: f"<{made[0]}>{''.join(made[1])}</{made[0]}>"
    )


TEXT = st.text("abcæøå &<>\"' ", max_size=6).map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;"))
NARRATIVES = st.lists(st.recursive(TEXT, elements, max_leaves=25), max_size=6).map("".join)


@settings(deadline=None)
@given(NARRATIVES)
def test_no_word_is_lost_and_none_is_added(narrative):
    data = wrapped(narrative)
    view = document_view(data)
    assert isinstance(view, DocumentView)
    told = "".join(etree.fromstring(data).itertext())
    assert letters(texts(view.sections)) == letters(told)


def test_the_sample_keeps_its_shape():
    view = document_view(DOCUMENT)
    assert isinstance(view, DocumentView)
    section = view.sections[0]
    table = next(block for block in section.blocks if isinstance(block, Table))
    assert table.caption == "Målinger"
    assert [cell.head for cell in table.rows[0]] == [True, True]
    assert table.rows[1][0].columns == 2
    assert "tekst på afveje" in texts(section.blocks)
    assert section.blocks[-1].title == "Undersektion"


def test_the_header_says_who_and_when_and_never_a_number_of_a_person():
    view = document_view(DOCUMENT)
    facts = {fact.name: fact.text or fact.moment for fact in view.facts}
    assert facts["Patient"] == "Nancy Ann Test Berggren"
    assert facts["Skrevet"] == "2026-01-12T10:15:00+01:00"
    assert facts["Forfatter"] == "Anders Andersen, Lægerne Testvej"
    assert "2512489996" not in texts(view.facts)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not xml",
        b"<ClinicalDocument/>",
        b'<!DOCTYPE a [<!ENTITY x "y">]><ClinicalDocument xmlns="urn:hl7-org:v3"><title>&x;',
        b'<a xmlns="urn:hl7-org:v3"/>',
    ],
)
def test_what_is_no_document_is_a_value_and_no_exception(data):
    assert isinstance(document_view(data), Unread)


def test_nothing_outside_the_document_is_read(tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("HEMMELIGT")
    trick = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'.encode()
    view = document_view(trick + wrapped("før &x; efter"))
    assert "HEMMELIGT" not in texts(view.sections) if isinstance(view, DocumentView) else True


def test_depth_ends_in_text_and_not_in_a_fault():
    deep = "<list><item>" * 110 + "bund" + "</item></list>" * 110
    view = document_view(wrapped(deep))
    assert isinstance(view, DocumentView)
    assert "bund" in texts(view.sections)


def test_the_page_escapes_every_text():
    view = document_view(DOCUMENT)
    frame = Frame(title="t", style="s", own_style="o", icon="i", script="j", sprite="p")
    shown = {"title": view.title, "facts": (), "sections": view.sections}
    page = render("document.html", frame, document=shown, base="/p/h", note="", printed="Udskrevet af Anna Læge.")
    assert "&lt;script&gt;alert(2)" in page
    assert "&lt;img src=x" in page
    assert page.count("<script") == 1
    assert "javascript:" not in page
    assert "<sub>2</sub>" in page


def test_every_shared_document_can_be_viewed(shared):
    found = sorted((shared / "data" / "cda").rglob("*.xml"))
    views = [document_view(path.read_bytes()) for path in found]
    assert any(isinstance(view, DocumentView) and view.sections for view in views)
