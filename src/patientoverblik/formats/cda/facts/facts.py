"""Reading the tables of facts once into frozen values, with inheritance worked out.

``children.csv`` and ``groups.csv`` share one ``order`` per type; ``group`` and ``within`` name the group a row
stands in (empty: the type's own sequence). ``max`` ``*`` is unbounded.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from graphlib import TopologicalSorter
from importlib.resources import files
from itertools import pairwise
from typing import Literal, cast

from patientoverblik.formats.cda.facts.model import (
    ANY_NAME,
    NAMESPACES,
    Attribute,
    Child,
    Element,
    Facts,
    Group,
    SimpleType,
    Type,
)

Row = dict[str, str]
Rows = Mapping[str, list[Row]]
ROOT = "POCD_MT000040.ClinicalDocument"
FACETS = ("min_length", "max_length", "min", "max")


def load() -> Facts:
    """Read the tables; they are checked by the tests against the norm, so a fault here is a broken installation."""
    children, groups, attributes = (by_type(name) for name in ("children", "groups", "attributes"))
    types: dict[str, Type] = {}
    for row in in_order_of_inheritance(table("types")):
        name = row["type"]
        own = Group("sequence", 1, 1, parts(children[name], groups[name], ""))
        types[name] = whole(row, own, tuple(map(attribute, attributes[name])), types.get(row["base"]))
    return Facts(types, {row["type"]: simple_type(row) for row in table("simple")}, ROOT)


def table(name: str) -> list[Row]:
    """All rows of one table."""
    text = files(__package__).joinpath("tables", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def by_type(name: str) -> Rows:
    """The rows of one table by the type they tell of."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in table(name):
        found[row["type"]].append(row)
    return found


def in_order_of_inheritance(rows: list[Row]) -> Iterator[Row]:
    """The rows of types, each after its base."""
    named = {row["type"]: row for row in rows}
    order = TopologicalSorter({name: {row["base"]} - {""} for name, row in named.items()}).static_order()
    return (named[name] for name in order)


def parts(children: list[Row], groups: list[Row], within: str) -> tuple[Element | Group, ...]:
    """What stands directly in one group, in order."""
    direct = [row for row in children if row["group"] == within]
    found: list[tuple[int, Element | Group]] = [(int(row["order"]), element(row)) for row in direct]
    for row in groups:
        if row["within"] == within:
            kind = cast(Literal["sequence", "choice"], row["kind"])
            inner = parts(children, groups, row["group"])
            found.append((int(row["order"]), Group(kind, int(row["min"]), most(row["max"]), inner)))
    return tuple(part for _, part in sorted(found, key=lambda pair: pair[0]))


def element(row: Row) -> Element:
    """One row of ``children.csv``."""
    name = row["name"] if row["name"] == ANY_NAME else f"{{{NAMESPACES[row['namespace']]}}}{row['name']}"
    return Element(name, row["child_type"], int(row["min"]), most(row["max"]), row["lax"] == "yes")


def most(text: str) -> int | None:
    """A maximum, None where unbounded."""
    return None if text == "*" else int(text)


def attribute(row: Row) -> Attribute:
    """One row of ``attributes.csv``."""
    prefix, _, name = row["name"].rpartition(":")
    use = cast(Literal["required", "optional", "prohibited"], row["use"])
    tag = f"{{{NAMESPACES[prefix]}}}{name}" if prefix else name
    return Attribute(tag, row["simple_type"], use, row["default"], row["fixed"])


def simple_type(row: Row) -> SimpleType:
    """One row of ``simple.csv``."""
    facets = {name: row[name] for name in FACETS if row[name]}
    enumeration, members = tuple(row["enumeration"].split()), tuple(row["members"].split())
    return SimpleType(row["type"], row["base"], row["pattern"], enumeration, members, row["item"], facets)


def whole(row: Row, own: Group, own_attributes: tuple[Attribute, ...], base: Type | None) -> Type:
    """A type with what it inherits: an extension follows its base's content, a restriction stands in its place."""
    extends = base is not None and row["derivation"] == "extension"
    content = Group("sequence", 1, 1, (*base.content.parts, *own.parts)) if base and extends else own
    merged = {**(base.attributes if base else {}), **{one.name: one for one in own_attributes}}
    return Type(
        name=row["type"],
        base=row["base"],
        derivation=cast(Literal["", "extension", "restriction"], row["derivation"]),
        mixed=row["content"] == "mixed",
        simple=row["content"] == "simple",
        abstract=row["abstract"] == "yes",
        own=own,
        own_attributes=own_attributes,
        content=content,
        attributes={name: one for name, one in merged.items() if one.use != "prohibited"},
        children=children_of(content),
    )


def children_of(content: Group) -> dict[str, Child]:
    """Each element that may stand in a content model, once, though intervals name ``high`` in three alternatives."""
    order = {name: place for place, name in enumerate(writing_order(content), 1)}
    found: dict[str, Child] = {}
    for seen in walk(content, required=True, repeats=False, choices=()):
        earlier = found.get(seen.tag)
        found[seen.tag] = Child(
            tag=seen.tag,
            type=seen.type,
            order=order[seen.tag],
            repeats=seen.repeats or bool(earlier and earlier.repeats),
            required=seen.required,
            choice=seen.choice,
            lax=seen.lax,
        )
    return found


def walk(group: Group, required: bool, repeats: bool, choices: tuple[int, ...]) -> Iterator[Child]:
    """Every element of a content model with what its groups say of it; the order is filled in later."""
    required = required and group.minimum > 0 and group.kind == "sequence"
    repeats = repeats or group.maximum != 1
    for number, part in enumerate(group.parts, 1):
        if isinstance(part, Group):
            inner = choices or ((number,) if part.kind == "choice" else ())
            yield from walk(part, required, repeats, inner)
        else:
            many = repeats or part.maximum != 1
            sure = required and part.minimum > 0
            yield Child(part.tag, part.type, 0, many, sure, choices[0] if choices else 0, part.lax)


def writing_order(content: Group) -> Iterable[str]:
    """The tags in an order that is valid whichever of them are written."""
    sorter: TopologicalSorter[str] = TopologicalSorter()
    for run in runs(content):
        for name in run:
            sorter.add(name)
        for before, after in pairwise(run):
            sorter.add(after, before)
    return sorter.static_order()


def runs(group: Group) -> Iterator[list[str]]:
    """The sequences of tags that a content model allows; a choice of single elements counts as one in the table's
    order."""
    if group.kind == "choice" and any(isinstance(part, Group) for part in group.parts):
        for part in group.parts:
            yield from runs(part) if isinstance(part, Group) else [[part.tag]]
        return
    heads: list[list[str]] = [[]]
    for part in group.parts:
        tails = list(runs(part)) if isinstance(part, Group) else [[part.tag]]
        heads = [head + tail for head in heads for tail in tails]
    yield from heads


@cache
def substitutes(name: str) -> tuple[str, ...]:
    """The concrete types that ``xsi:type`` may name where ``name`` is declared, itself included unless abstract."""
    derived = (one for one in FACTS.types.values() if one.name == name or name in ancestors(one))
    return tuple(sorted(one.name for one in derived if not one.abstract))


def ancestors(one: Type) -> Iterator[str]:
    """The names a type inherits from, nearest first."""
    while one.base:
        yield one.base
        one = FACTS.types[one.base]


def child(type_name: str, tag: str) -> Child | None:
    """The element ``tag`` in a type, None where the type has no such place."""
    return FACTS.types[type_name].children.get(tag)


FACTS: Facts = load()
