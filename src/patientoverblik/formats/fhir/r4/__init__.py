"""Facts of HL7 FHIR R4 4.0.1: which elements a resource or data type has, in which order, how often, of which types.

``elements.csv`` has one row per element; ``children`` tells the JSON properties of one object, choices spelt out.
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

PRIMITIVES = frozenset(
    (
        *("base64Binary", "boolean", "canonical", "code", "date", "dateTime", "decimal", "id", "instant", "integer"),
        *("markdown", "oid", "positiveInt", "string", "time", "unsignedInt", "uri", "url", "uuid", "xhtml"),
    )
)
INSIDE = frozenset({"BackboneElement", "Element"})
Home = tuple[str, str]
"""A resource or data type, and the path below it whose children are meant (empty: its own)."""


class Element(msgspec.Struct, frozen=True):
    """One row: ``path`` is below ``type``; ``max`` is 0, 1 or ``*``; ``binding`` names a required list of codes."""

    type: str
    path: str
    min: int
    max: str
    types: tuple[str, ...]
    binding: str


class Child(msgspec.Struct, frozen=True):
    """One JSON property: its element's name, its one type, whether it repeats or is required, and its children's home.

    ``order`` is its place among its siblings (FHIR R4, XML representation).
    """

    key: str
    name: str
    type: str
    many: bool
    required: bool
    order: int
    home: Home
    binding: str = ""

    @property
    def primitive(self) -> bool:
        """Whether its value is a JSON scalar."""
        return self.type in PRIMITIVES


@cache
def elements() -> tuple[Element, ...]:
    """Every row, in R4 order."""
    text = files(__package__).joinpath("elements.csv").read_text(encoding="utf-8")
    return tuple(
        Element(row["type"], row["path"], int(row["min"]), row["max"], tuple(row["types"].split("|")), row["binding"])
        for row in csv.DictReader(text.splitlines())
    )


@cache
def children(home: Home) -> Mapping[str, Child]:
    """The JSON properties an object may have, by name and in order; empty where the type is not in the table."""
    rows = _below().get(home, ())
    found = (child for order, row in enumerate(rows) for child in _spelt(row, order))
    return {child.key: child for child in found}


@cache
def resource_types() -> frozenset[str]:
    """The resources the table knows."""
    return frozenset(row.type for row in elements() if row.path == "meta")


@cache
def _below() -> Mapping[Home, tuple[Element, ...]]:
    found: dict[Home, list[Element]] = {}
    for row in elements():
        if row.max != "0":
            found.setdefault((row.type, row.path.rpartition(".")[0]), []).append(row)
    return {home: tuple(rows) for home, rows in found.items()}


def _spelt(row: Element, order: int) -> list[Child]:
    """The properties of an element; a choice has one for each of its types."""
    name = row.path.rpartition(".")[2]
    if not name.endswith("[x]"):
        return [_child(row, name, name, row.types[0], order)]
    plain = name.removesuffix("[x]")
    return [_child(row, f"{plain}{one[0].upper()}{one[1:]}", name, one, order) for one in row.types]


def _child(row: Element, key: str, name: str, type_: str, order: int) -> Child:
    home = (row.type, row.path) if type_ in INSIDE else (type_, "")
    if type_.startswith("#"):
        home = (row.type, type_.partition(".")[2])
    required = row.min > 0 and not name.endswith("[x]")
    return Child(key, name, type_, row.max == "*", required, order, home, row.binding)
