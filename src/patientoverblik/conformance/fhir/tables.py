"""R4's facts beside its elements: codes of required bindings, targets of references, and invariants, one row each.

The rows are HL7's (FHIR R4 4.0.1: value sets, ``targetProfile`` and ``constraint`` of its definitions).
"""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec

from patientoverblik.formats.fhir.r4 import Child, Home, children, elements

Kind = Literal["exactly-one", "holds", "needs", "not-both", "some-of"]


class Concepts(msgspec.Struct, frozen=True):
    """A required value set of concepts: the codes of one system."""

    system: str
    codes: frozenset[str]

    def has(self, coding: Any) -> bool:
        """Whether a coding, shaped in any way, is one of them."""
        told = isinstance(coding, dict) and coding.get("system") == self.system
        return told and isinstance(coding.get("code"), str) and coding["code"] in self.codes


class Invariant(msgspec.Struct, frozen=True):
    """One rule of R4 by its key: what holds of some of an object's elements.

    ``names`` are elements (choices end in ``[x]``), or for ``holds`` one condition of ``conditions.py``.
    """

    key: str
    kind: Kind
    names: tuple[str, ...]


@cache
def codes() -> Mapping[str, frozenset[str]]:
    """The codes of each required value set that is a closed list, by the name the elements have it by."""
    return {row["binding"]: frozenset(row["codes"].split()) for row in _rows("codes.csv")}


@cache
def concepts() -> Mapping[str, Concepts]:
    """The required value sets of elements that are concepts, by the name the elements have them by."""
    return {row["binding"]: Concepts(row["system"], frozenset(row["codes"].split())) for row in _rows("concepts.csv")}


@cache
def targets() -> Mapping[tuple[str, str], tuple[str, ...]]:
    """The types a reference may lead to, by type and path; any where there is no row."""
    return {(row["type"], row["path"]): tuple(row["targets"].split()) for row in _rows("targets.csv")}


@cache
def invariants() -> Mapping[Home, tuple[Invariant, ...]]:
    """The invariants of each kind of object."""
    found: dict[Home, list[Invariant]] = {}
    for row in _rows("invariants.csv"):
        told = {"key": row["key"], "kind": row["kind"], "names": row["names"].split()}
        found.setdefault((row["type"], row["path"]), []).append(msgspec.convert(told, Invariant))
    return {home: tuple(rows) for home, rows in found.items()}


@cache
def demanded() -> Mapping[Home, tuple[str, ...]]:
    """The elements that each kind of object must have."""
    found: dict[Home, list[str]] = {}
    for row in elements():
        if row.min > 0:
            above, _, name = row.path.rpartition(".")
            found.setdefault((row.type, above), []).append(name)
    return {home: tuple(names) for home, names in found.items()}


def targets_of(home: Home, child: Child) -> tuple[str, ...]:
    """The types that a property of an object may refer to; none where any may be."""
    path = f"{home[1]}.{child.name}" if home[1] else child.name
    return targets().get((home[0], path), ()) if child.type == "Reference" else ()


@cache
def keys_of(home: Home, name: str) -> tuple[str, ...]:
    """The properties that say an element is there: of each of its types, and what stands beside a primitive."""
    found = [child for child in children(home).values() if child.name == name]
    return tuple(key for one in found for key in (one.key, *((f"_{one.key}",) if one.primitive else ())))


def _rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(files(__package__).joinpath(name).read_text(encoding="utf-8").splitlines()))
