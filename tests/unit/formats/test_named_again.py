"""A party that a document names again in the same words is read once: nothing of a reading may show it."""

from collections.abc import Iterator
from typing import cast

import pytest
from lxml import etree

from patientoverblik import formats
from patientoverblik.demo.generator import for_bench
from patientoverblik.formats.cda import registry
from patientoverblik.formats.cda.datatypes import Wire
from patientoverblik.formats.cda.documents import CarePlanDocument
from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.cda.engine.walk import Walk
from patientoverblik.formats.cda.facts import tag

PLAN = max((data for _, data in for_bench(0)), key=len)


def tree(data: bytes) -> etree._Element:
    found = formats.parse(data)
    assert isinstance(found, formats.Parsed)
    return found.root


def walked(root: etree._Element, trace: bool) -> tuple[Wire | None, Walk]:
    """The record and its walk; a traced one reads every party where it stands."""
    walk = Walk(trace)
    return registry.loaded()["cpd-2.0.0"].read(cast(Element, root), walk), walk


def told(walk: Walk) -> tuple[object, ...]:
    books = (walk.read, walk.constant, walk.quiet, walk.lost)
    return (*books, walk.losses, walk.findings, walk.systems, set(walk.names), walk.ids)


def parties(root: etree._Element) -> Iterator[etree._Element]:
    return root.iter(tag("assignedAuthor"), tag("assignedEntity"))


def same_as_read_one_by_one(root: etree._Element) -> Walk:
    record, walk = walked(root, trace=False)
    each, slow = walked(root, trace=True)
    assert record == each
    assert told(walk) == told(slow)
    return walk


def test_what_is_named_again_is_the_same_value_and_counted_again() -> None:
    root = tree(PLAN)
    walk = same_as_read_one_by_one(root)
    record, _ = walked(root, trace=False)
    assert len(walk.known) < len(list(parties(root)))
    assert isinstance(record, CarePlanDocument)
    assert record.goals is not None
    authors = [
        author for group in (record.goals, *record.goals.groups) for one in group.items for author in one.authors
    ]
    assert len(authors) > len({id(author) for author in authors})


@pytest.mark.parametrize("written", ["stranger", "text", "code"])
def test_what_is_lost_of_it_is_told_at_each_place(written: str) -> None:
    root = tree(PLAN)
    standing = list(parties(root))
    for one in standing:
        if written == "text":
            one.text = "en bemærkning"
        elif written == "stranger":
            one.set("stranger", "x")
        else:
            etree.SubElement(one, tag("telecom")).set("stranger", "x")
    walk = same_as_read_one_by_one(root)
    assert walk.lost >= len(standing)
    assert len({loss.place for loss in walk.losses}) == len(walk.losses)


def test_one_word_makes_another_party() -> None:
    root = tree(PLAN)
    for number, one in enumerate(root.iter(tag("city"))):
        one.text = f"By {number}"
    same_as_read_one_by_one(root)


def test_a_prefix_that_means_something_else_makes_another_party() -> None:
    """Two parties alike but for what their prefix stands for are not alike."""
    begin, *rest = PLAN.split(b"<assignedAuthor")
    spaces = (b"urn:hl7-org:v3", b"urn:else")
    written = [b'<assignedAuthor xmlns:p="%s"%s' % (spaces[at % 2], one) for at, one in enumerate(rest)]
    data = begin + b"".join(one.replace(b"<id ", b"<p:id ", 1) for one in written)
    walk = same_as_read_one_by_one(tree(data))
    assert walk.lost > 0
