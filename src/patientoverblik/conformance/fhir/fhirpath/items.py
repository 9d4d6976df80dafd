"""What FHIRPath expressions are evaluated on: JSON values that know what of R4 they are."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

from patientoverblik.formats.fhir.r4 import INSIDE, Child, Home, children

BESIDE: Home = ("Element", "")


class Item(msgspec.Struct, frozen=True):
    """A value, what of R4 it is, and of a primitive what stands beside it (id and extensions), if anything does."""

    value: Any
    home: Home = ("", "")
    beside: Any = None

    @property
    def type(self) -> str:
        """The name of its type."""
        return self.home[0] if not self.home[1] else "BackboneElement"


Items = tuple[Item, ...]


class World(msgspec.Struct, frozen=True):
    """What an expression may ask beyond the values: the resource it is about, where a reference leads, whether a code
    is in a value set (None: not known) and whether a resource conforms to a profile (None: the profile is not known).
    """

    resource: Item
    resolve: Callable[[str], Item | None]
    member: Callable[[str, Item], bool | None]
    conforms: Callable[[str, Item], bool | None]


def item_of(resource: Mapping[str, Any]) -> Item:
    """A resource as an item."""
    return Item(resource, (str(resource.get("resourceType")), ""))


def under(item: Item, name: str) -> Iterator[Item]:
    """The values of an element of an item, whichever type a choice has."""
    held = item.value if isinstance(item.value, dict) else item.beside
    if not isinstance(held, dict):
        return
    home = item.home if held is item.value else BESIDE
    for child in properties(home).get(name, ()):
        yield from items(held, child)


def items(held: Mapping[str, Any], child: Child) -> Iterator[Item]:
    """The values of one property of an object."""
    told, beside = held.get(child.key), held.get(f"_{child.key}") if child.primitive else None
    if told is None and beside is None:
        return
    if not child.many:
        yield _item(told, beside, child)
        return
    values = told if isinstance(told, list) else []
    extras = beside if isinstance(beside, list) else []
    for number in range(max(len(values), len(extras))):
        value = values[number] if number < len(values) else None
        extra = extras[number] if number < len(extras) else None
        if value is not None or extra is not None:
            yield _item(value, extra, child)


def _item(value: Any, beside: Any, child: Child) -> Item:
    if child.type == "Resource" and isinstance(value, dict):
        return item_of(value)
    return Item(value, child.home if not child.primitive else (child.type, ""), beside)


@cache
def properties(home: Home) -> Mapping[str, tuple[Child, ...]]:
    """The properties that tell each element of a kind of object, by the element's name without ``[x]``."""
    found: dict[str, tuple[Child, ...]] = {}
    for child in children(home).values():
        name = child.name.removesuffix("[x]")
        found[name] = (*found.get(name, ()), child)
    return found


def is_a(item: Item, type_: str) -> bool:
    """Whether an item is of a type, by its own name or as a part of something."""
    name = type_.removeprefix("FHIR.").removeprefix("System.")
    return item.type == name or (name in INSIDE and item.type == "BackboneElement") or item.type == name.lower()
