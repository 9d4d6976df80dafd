"""What a value is seen with: the resource it is of, the document around that, and where references lead within it.

A reference leads to what is contained in the resource, or to an entry of the Bundle around it (R4, bundle.html
#references); what is elsewhere is not fetched.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from patientoverblik.conformance.fhir.fhirpath import Item, World, item_of
from patientoverblik.conformance.fhir.profiles.definitions import Json
from patientoverblik.conformance.fhir.profiles.model import Profiles
from patientoverblik.conformance.fhir.profiles.valuesets import codes_of, member

Conforms = Callable[["Scene", Item, str], bool | None]


@dataclass
class Bundled:
    """The entries of a Bundle by their addresses, each with its address."""

    known: Mapping[str, tuple[Json, str]] = field(default_factory=dict)


@dataclass
class Scene:
    """One resource among others while it is held against profiles; made for one check and thrown away.

    ``memory`` holds what was asked already: by the resource's identity and the profile.
    """

    profiles: Profiles
    conforms: Conforms
    resource: Json
    address: str = ""
    above: Scene | None = None
    bundled: Bundled = field(default_factory=Bundled)
    memory: dict[tuple[int, str], bool] = field(default_factory=dict)
    world: World = field(init=False)

    def __post_init__(self) -> None:
        """A Bundle has its own entries around it; expressions see the resource."""
        if self.resource.get("resourceType") == "Bundle":
            self.bundled = bundled(self.resource)
        self.world = World(item_of(self.resource), self.resolve, self.member, self.conform)

    def resolve(self, reference: str) -> Item | None:
        """The resource that a reference leads to, where it is here."""
        found = self.led(reference)
        return item_of(found.resource) if found is not None else None

    def led(self, reference: str) -> Scene | None:
        """The same, seen as a resource of its own."""
        root = self.above or self
        if reference.startswith("#"):
            wanted = reference[1:]
            if not wanted:
                return root
            found = next((one for one in contained(root.resource) if one.get("id") == wanted), None)
            return self.inside(found) if found is not None else None
        told = next(
            (self.bundled.known[one] for one in _ways(reference, root.address) if one in self.bundled.known), None
        )
        return self.beside(*told) if told is not None else None

    def beside(self, resource: Json, address: str) -> Scene:
        """Another entry of the same Bundle."""
        return Scene(self.profiles, self.conforms, resource, address, None, self.bundled, self.memory)

    def inside(self, resource: Json) -> Scene:
        """A resource contained in this one."""
        root = self.above or self
        return Scene(self.profiles, self.conforms, resource, self.address, root, self.bundled, self.memory)

    def of(self, item: Item) -> Scene:
        """The scene of an item: its own where it is a resource in the Bundle, contained, or this very one."""
        if item.value is self.resource or not isinstance(item.value, dict) or "resourceType" not in item.value:
            return self
        for one, address in self.bundled.known.values():
            if one is item.value:
                return self.beside(one, address)
        return self.inside(item.value)

    def member(self, url: str, item: Item) -> bool | None:
        """Whether one of the codes of a value is in a value set; None where it is not known."""
        told = [member(self.profiles.value_sets, url, code) for code in codes_of(item.value, item.type)]
        return True if True in told else None if None in told else False

    def conform(self, url: str, item: Item) -> bool | None:
        """Whether a value conforms to a profile; None where the profile is not at hand."""
        return self.conforms(self.of(item), item, url)


def contained(resource: Json) -> list[dict[str, Any]]:
    """The resources contained in one."""
    held = resource.get("contained")
    return [one for one in held if isinstance(one, dict)] if isinstance(held, list) else []


def entries(bundle: Json) -> Iterator[tuple[int, dict[str, Any], str]]:
    """The resources in a Bundle: each with the number of its entry and its address."""
    listed = bundle.get("entry")
    for number, entry in enumerate(listed if isinstance(listed, list) else ()):
        resource = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(resource, dict):
            address = entry.get("fullUrl")
            yield number, resource, address if isinstance(address, str) else ""


def bundled(bundle: Json) -> Bundled:
    """The entries of a Bundle by address, and by type and id where nothing else is told."""
    found: dict[str, tuple[Json, str]] = {}
    for _, resource, address in entries(bundle):
        found.setdefault(address or f"{resource.get('resourceType')}/{resource.get('id')}", (resource, address))
    return Bundled(found)


def _ways(reference: str, address: str) -> Iterator[str]:
    """The addresses that a reference may mean: itself, or from where it stands."""
    plain = reference.partition("/_history/")[0]
    yield plain
    if plain.count("/") == 1 and address.startswith("http"):
        yield f"{address.rsplit('/', 2)[0]}/{plain}"
