"""A profile made ready: a tree of the elements it says something about, beyond what R4 says of every resource."""

from collections.abc import Mapping
from typing import Any, Literal

import msgspec

from patientoverblik.conformance.fhir.fhirpath import Expression
from patientoverblik.conformance.fhir.profiles.valuesets import ValueSets
from patientoverblik.formats.fhir.r4 import Child


class Constraint(msgspec.Struct, frozen=True):
    """An invariant in FHIRPath; one that is no error is told as a warning."""

    key: str
    is_error: bool
    expression: Expression


class Target(msgspec.Struct, frozen=True):
    """What a reference may lead to: a type (empty: the profile is not at hand, so any), and a profile of it or none."""

    type: str
    profile: str


class Test(msgspec.Struct, frozen=True):
    """One discriminator of a slice: what is found by its path is as one of the alternatives says (R4, profiling.html).

    ``of`` tells how they are meant: values in full, patterns, value sets, types, profiles, or whether anything stands.
    """

    path: Expression
    of: Literal["value", "pattern", "binding", "type", "profile", "exists"]
    alternatives: tuple[Any, ...]


class Slice(msgspec.Struct, frozen=True):
    """A part of a list or choice: by what a value is known to be of it, and what then holds; with ``tests`` of None
    nothing can be known to be of it."""

    name: str
    tests: tuple[Test, ...] | None
    node: "Node"


class Slicing(msgspec.Struct, frozen=True):
    """The slices of an element, and whether there may be what is of none of them."""

    closed: bool
    slices: tuple[Slice, ...]


class Node(msgspec.Struct, frozen=True):
    """What a profile demands of one element: how many, of which types and values, and of what is in it.

    ``told`` is its id in the definition, ``properties`` the JSON properties that R4 gives it. ``fixed`` and ``pattern``
    hold one value, or none. ``profiles`` are for each type the profiles of which a value conforms to one.
    """

    told: str
    properties: tuple[Child, ...]
    least: int = 0
    most: int | None = None
    types: frozenset[str] | None = None
    fixed: tuple[Any, ...] = ()
    pattern: tuple[Any, ...] = ()
    binding: str = ""
    longest: int = 0
    profiles: Mapping[str, tuple[str, ...]] = {}
    targets: tuple[Target, ...] = ()
    aggregation: frozenset[str] = frozenset()
    constraints: tuple[Constraint, ...] = ()
    children: tuple["Node", ...] = ()
    slicing: Slicing | None = None

    @property
    def demands(self) -> bool:
        """Whether it says anything at all."""
        return self._counted or self._valued or bool(self.children or self.slicing)

    @property
    def _counted(self) -> bool:
        return self.least > 0 or self.most is not None

    @property
    def _valued(self) -> bool:
        told = (self.types is not None, self.fixed, self.pattern, self.binding, self.longest, self.profiles)
        return any((*told, self.targets, self.aggregation, self.constraints))


class Profile(msgspec.Struct, frozen=True):
    """A StructureDefinition made ready.

    ``context`` says where an extension may stand, each as (type of context, expression); ``unchecked`` is what it
    demands that cannot be held here: its element and why.
    """

    url: str
    version: str
    name: str
    type: str
    root: Node
    context: tuple[tuple[str, str], ...] = ()
    unchecked: tuple[tuple[str, str], ...] = ()


class Profiles(msgspec.Struct, frozen=True):
    """Every profile at hand by its canonical address, and the value sets they are bound to."""

    by_url: Mapping[str, Profile]
    value_sets: ValueSets

    def find(self, canonical: str) -> Profile | None:
        """The profile of a canonical address, in the version it may name."""
        url, _, version = canonical.partition("|")
        found = self.by_url.get(url)
        return found if found is None or version in ("", found.version) else None
