"""Extensions wherever they stand, each held against its definition, where that is at hand (R4, extensibility.html)."""

from collections.abc import Iterator
from typing import Any

from patientoverblik.conformance.fhir.fhirpath import Item
from patientoverblik.conformance.fhir.fhirpath.items import BESIDE, items
from patientoverblik.conformance.fhir.profiles.checking import by_profile
from patientoverblik.conformance.fhir.profiles.model import Profile
from patientoverblik.conformance.fhir.profiles.scene import Scene
from patientoverblik.formats.fhir.engine.walk import Way, fhirpath
from patientoverblik.formats.fhir.r4 import Child, Home, children
from patientoverblik.problems import Finding

EVERYWHERE = ("Element", "Resource", "DomainResource")
NAMES = ("extension", "modifierExtension")


def extension_faults(scene: Scene, item: Item, way: Way, above: Home = ("", ""), name: str = "") -> Iterator[Finding]:
    """What is wrong with the extensions in a value, and in what is in it; not with those in resources inside it."""
    held, home = (item.value, item.home) if isinstance(item.value, dict) else (item.beside, BESIDE)
    if not isinstance(held, dict):
        return
    for child in _there(held, home):
        for number, one in enumerate(items(held, child)):
            here = (way, child.key, number if child.many else -1)
            if child.key in NAMES:
                yield from _extension(scene, one, here, _places(item, above, name))
            yield from extension_faults(scene, one, here, home, child.name)


def _there(held: dict[str, Any], home: Home) -> list[Child]:
    """The properties of an object that may bear extensions."""
    known = children(home)
    found = {
        key.removeprefix("_"): known.get(key.removeprefix("_"))
        for key, one in held.items()
        if isinstance(one, dict | list)
    }
    return [child for child in found.values() if child is not None and child.type != "Resource"]


def _places(item: Item, above: Home, name: str) -> frozenset[str]:
    """How a definition may name where an extension stands: by type, or by the path of the element."""
    own = ".".join(part for part in item.home if part)
    path = ".".join(part for part in (*above, name) if part)
    return frozenset((own, path, *EVERYWHERE))


def _extension(scene: Scene, item: Item, way: Way, places: frozenset[str]) -> Iterator[Finding]:
    url = item.value.get("url") if isinstance(item.value, dict) else None
    profile = scene.profiles.find(url) if isinstance(url, str) else None
    if profile is None:
        return
    if not _may_stand(profile, places):
        yield Finding("fhirprofile.wrong-place", fhirpath(way), about=profile.name)
    yield from by_profile(scene, profile, item, way)


def _may_stand(profile: Profile, places: frozenset[str]) -> bool:
    """Whether it may stand here, as far as places are told by elements."""
    told = [expression for kind, expression in profile.context if kind == "element"]
    return len(told) < len(profile.context) or not told or any(one in places for one in told)
