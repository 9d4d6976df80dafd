"""Which elements of a profile are held against the rules of their data type.

``rules/scopes.csv`` says where a walk begins (``profile, context, shape``); ``rules/shapes.csv`` says which children
of a shape are looked at (``shape, child, when, kind, into``): ``kind`` is a data type of :mod:`datatypes`, ``into``
the child's own shape, ``when`` an XPath condition on the child. Of several rows for one child the first that holds
is taken. What no row names is not looked at.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

import msgspec
from lxml import etree

from patientoverblik.conformance.contexts import Find, Templates, find_context
from patientoverblik.conformance.datatypes import KINDS, Element, Kind, broken
from patientoverblik.conformance.fault import Fault
from patientoverblik.conformance.tables import Condition, Row, TableError, condition, rows
from patientoverblik.formats.cda.facts import tag


class Way(msgspec.Struct, frozen=True):
    """One child that is looked at: on what condition, of which data type, and the shape under it."""

    when: Condition | None
    kind: Kind
    into: str


class Start(msgspec.Struct, frozen=True):
    """Where a walk begins: the elements found, and their shape."""

    find: Find
    shape: str


Shapes = Mapping[str, Mapping[str, tuple[Way, ...]]]


def load_shapes() -> Shapes:
    """All shapes; a child whose kind or shape is not known stops the program."""
    table = rows("shapes")
    names = {row["shape"] for row in table}
    found: dict[str, dict[str, tuple[Way, ...]]] = {name: {} for name in names}
    for row in table:
        if row["kind"] not in {"", *KINDS} or row["into"] not in {"", *names}:
            raise TableError(row, "kind or shape is not known")
        ways = found[row["shape"]]
        child = tag(row["child"])
        ways[child] = (*ways.get(child, ()), way(row))
    return found


def way(row: Row) -> Way:
    """One row of ``shapes.csv``."""
    when = condition(row, row["when"]) if row["when"] else None
    return Way(when, KINDS.get(row["kind"], Kind()), row["into"])


def load_starts() -> Mapping[str, tuple[Start, ...]]:
    """Where the walks of each profile begin."""
    found: dict[str, tuple[Start, ...]] = {}
    for row in rows("scopes"):
        start = Start(find_context(row, row["context"]), row["shape"])
        found[row["profile"]] = (*found.get(row["profile"], ()), start)
    return found


SHAPES: Shapes = load_shapes()
STARTS: Mapping[str, tuple[Start, ...]] = load_starts()


def datatype_faults(root: Element, templates: Templates, profile: str) -> Iterator[Fault]:
    """Every broken rule of a data type in the scope of a profile."""
    for start in STARTS.get(profile, ()):
        for node in start.find(root, templates):
            yield from walk(node, start.shape)


def walk(root: Element, shape: str) -> Iterator[Fault]:
    """The broken rules under one element."""
    waiting = [(root, SHAPES[shape])]
    while waiting:
        node, ways = waiting.pop()
        children: list[Element] = cast(Any, node)[:]
        taken = looked_at(children, ways)
        for child, way in taken:
            for code in broken(child, way.kind) if way.kind.rules else ():
                yield fault(code, child)
            if way.into:
                waiting.append((child, SHAPES[way.into]))
        if len({child.tag for child in children}) < len(children):
            yield from broken_together(children, taken)


def fault(code: str, node: Element) -> Fault:
    """A broken rule, about the name of the element that breaks it."""
    return Fault(code, node, about=etree.QName(node).localname)


def looked_at(children: list[Element], ways: Mapping[str, tuple[Way, ...]]) -> list[tuple[Element, Way]]:
    """The children that are looked at, each by the first row that holds for it."""
    found = []
    for child in children:
        for way in ways.get(child.tag, ()):
            if way.when is None or way.when(child):
                found.append((child, way))
                break
    return found


def broken_together(children: list[Element], taken: Sequence[tuple[Element, Way]]) -> Iterator[Fault]:
    """What elements of one name break by standing beside each other."""
    kinds = {child.tag: way.kind for child, way in taken}
    known = {child for child, _ in taken}
    for name, kind in kinds.items():
        group = [child for child in children if child.tag == name] if kind.together else []
        for rule in kind.together if len(group) > 1 else ():
            for one in rule(group):
                if one in known:
                    yield fault(rule.code, one)
