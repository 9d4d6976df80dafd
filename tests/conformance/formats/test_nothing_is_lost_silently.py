"""Nothing of a document is lost silently (DESIGN decision 7; issue "CDA by profiles as data").

The walk over places is independent of the mapping. A reading here is the record, the losses and the findings of one walk.
"""

from pathlib import Path

import msgspec
import pytest
from lxml import etree

from patientoverblik import formats
from patientoverblik.formats.cda import registry
from patientoverblik.formats.cda.engine.walk import Walk
from tests.conformance.formats.samples import NAMESPACES, SCHEMA_LOCATION, name_of, places, put, read_samples

SAMPLES = read_samples()
each_sample = pytest.mark.parametrize("path", SAMPLES, ids=name_of)


def parsed(path: Path) -> tuple[formats.Parsed, str]:
    document = formats.parse(path.read_bytes())
    assert isinstance(document, formats.Parsed)
    profile = formats.identify(document)
    assert profile is not None
    return document, profile


def read(root: etree._Element, profile: str) -> tuple[object, tuple[object, ...], Walk]:
    walk = Walk()
    try:
        record = registry.loaded()[profile].read(root, walk)
    except Exception as unread:
        return repr(unread), (), walk
    return record, (tuple(walk.losses), tuple((one.code, one.about) for one in walk.findings)), walk


def looked_up(root: etree._Element, place: str) -> list[tuple[etree._Element, str]]:
    """The element and kind of place that a loss's path finds."""
    found = root.xpath(place, namespaces=NAMESPACES)
    return [
        (one.getparent(), f"@{one.attrname}" if one.is_attribute else "tail" if one.is_tail else "text")
        for one in found
        if not isinstance(one, etree._Element)
    ]


def step(path: Path) -> int:
    """Of the broken copies of a sample only some places are tried: the sample itself is tried whole."""
    return 9 if path.parent.name == "invalid" or "MODIFIED" in path.name or ".invalid." in path.name else 1


@each_sample
def test_the_books_balance_against_a_walk_of_its_own(path: Path) -> None:
    document, profile = parsed(path)
    record, _, walk = read(document.root, profile)
    assert record is not None
    assert walk.read + walk.constant + walk.quiet + walk.lost == sum(1 for _ in places(document.root))
    told = [loss.place for loss in walk.losses]
    assert len(told) == len(set(told))


@each_sample
def test_every_loss_is_told_at_a_place_that_can_be_looked_up(path: Path) -> None:
    document, profile = parsed(path)
    _, _, walk = read(document.root, profile)
    for loss in walk.losses:
        assert len(document.root.xpath(loss.place, namespaces=NAMESPACES)) == 1, loss.place


@each_sample
def test_no_place_is_deaf(path: Path) -> None:
    document, profile = parsed(path)
    before = read(document.root, profile)[:2]
    lost = {found for loss in read(document.root, profile)[2].losses for found in looked_up(document.root, loss.place)}
    deaf = []
    for element, where, value in list(places(document.root))[:: step(path)]:
        if (element, where) in lost:
            continue
        put(element, where, "X1" + value)
        if read(document.root, profile)[:2] == before and where != f"@{SCHEMA_LOCATION}":
            deaf.append(f"{element.getroottree().getpath(element)} {where}")
        put(element, where, value)
    assert deaf == []


@each_sample
def test_a_mark_in_any_place_is_in_the_record_or_at_a_loss(path: Path) -> None:
    document, profile = parsed(path)
    missing = []
    for number, (element, where, value) in enumerate(list(places(document.root))[:: step(path)]):
        mark = f"mark{number}ZQ"
        put(element, where, mark)
        record, _, walk = read(document.root, profile)
        held = mark in msgspec.json.encode(record).decode() or any(
            mark in str(found)
            for loss in walk.losses
            for found in document.root.xpath(loss.place, namespaces=NAMESPACES)
        )
        if not held and where != f"@{SCHEMA_LOCATION}" and not isinstance(record, str):
            missing.append(f"{element.getroottree().getpath(element)} {where}")
        put(element, where, value)
    assert missing == []


def strangers(element: etree._Element) -> list[tuple[str, object]]:
    return [
        ("attribute", "strangeAttribute"),
        ("foreign attribute", "{urn:example:strange}attribute"),
        ("child", etree.Element("{urn:hl7-org:v3}strangeChild", strange="1")),
        ("empty child", etree.Element("{urn:hl7-org:v3}strangeChild")),
        ("foreign child", etree.Element("{urn:example:strange}child")),
        ("text", "strange text"),
        ("tail", "strange tail"),
    ]


def plant(element: etree._Element, kind: str, what: object) -> None:
    if kind.endswith("attribute"):
        element.set(str(what), "strange")
    elif kind.endswith("child"):
        assert isinstance(what, etree._Element)
        element.append(what)
    elif kind == "text":
        element.text = f"{what} {element.text or ''}"
    elif element.getparent() is not None:
        element.tail = f"{what} {element.tail or ''}"


def weed(element: etree._Element, kind: str, what: object, kept: tuple[str | None, str | None]) -> None:
    if kind.endswith("attribute"):
        del element.attrib[str(what)]
    elif kind.endswith("child"):
        assert isinstance(what, etree._Element)
        element.remove(what)
    element.text, tail = kept
    if element.getparent() is not None:
        element.tail = tail


@each_sample
def test_no_stranger_passes(path: Path) -> None:
    document, profile = parsed(path)
    before = read(document.root, profile)[:2]
    lost = {found for loss in read(document.root, profile)[2].losses for found in looked_up(document.root, loss.place)}
    passed = []
    for element in list(document.root.iter(etree.Element))[:: step(path)]:
        kept = (element.text, element.tail)
        for kind, what in strangers(element):
            if (element, kind) in lost or (kind == "tail" and element.getparent() is None):
                continue
            plant(element, kind, what)
            if read(document.root, profile)[:2] == before:
                passed.append(f"{element.getroottree().getpath(element)} {kind}")
            weed(element, kind, what, kept)
    assert passed == []


@each_sample
def test_a_second_element_of_any_kind_is_not_taken_for_the_first(path: Path) -> None:
    """A copy of each element beside it, with other values, is read as another item or told as lost; one that says the same is no harm."""
    document, profile = parsed(path)
    before = read(document.root, profile)[:2]
    passed = []
    for element in list(document.root.iter(etree.Element))[1 :: step(path)]:
        copy = etree.fromstring(etree.tostring(element, with_tail=False))
        for number, (one, where, value) in enumerate(list(places(copy))):
            if not where.endswith(("root", "typeCode", "classCode", "moodCode", "type")):
                put(one, where, f"{value}{number}")
        if etree.tostring(copy) == etree.tostring(element, with_tail=False):
            continue
        element.addnext(copy)
        after = read(document.root, profile)[:2]
        if after == before:
            passed.append(document.root.getroottree().getpath(element))
        element.getparent().remove(copy)
    assert passed == []
