"""A resource held against profiles: every fault with a place like FHIRPath's, in the profile's words, never a value."""

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from patientoverblik.conformance.fhir.fhirpath import Item, holds
from patientoverblik.conformance.fhir.fhirpath.items import items
from patientoverblik.conformance.fhir.profiles.model import Node, Profile, Slice, Slicing, Target, Test
from patientoverblik.conformance.fhir.profiles.scene import Scene
from patientoverblik.conformance.fhir.profiles.valuesets import codes_of, member
from patientoverblik.formats.fhir.engine.walk import Way, fhirpath
from patientoverblik.problems import Finding

R4 = "http://hl7.org/fhir/StructureDefinition/"


class Held(msgspec.Struct, frozen=True):
    """A value and the way to it."""

    item: Item
    way: Way


class Look(msgspec.Struct, frozen=True):
    """By which profile a resource is looked at, and what it stands among."""

    profile: Profile
    scene: Scene

    def fault(self, code: str, way: Way, told: str) -> Finding:
        """A finding about a word of the profile."""
        return Finding(code, fhirpath(way), about=f"{self.profile.name}: {told}")


def by_profile(scene: Scene, profile: Profile, item: Item, way: Way) -> Iterator[Finding]:
    """Every fault of a value by one profile, as they are found."""
    look = Look(profile, scene)
    if item.type != profile.type:
        yield look.fault("fhirprofile.wrong-type", way, profile.type)
        return
    yield from _value(look, profile.root, Held(item, way))


def conforms(scene: Scene, item: Item, canonical: str) -> bool | None:
    """Whether a value conforms to a profile; None where it is not at hand. What is asked while it is being answered
    holds, so that resources may refer to each other."""
    if canonical.startswith(R4) and scene.profiles.find(canonical) is None:
        return item.type == canonical.removeprefix(R4)
    profile = scene.profiles.find(canonical)
    if profile is None:
        return None
    key = (id(item.value), profile.url)
    if key not in scene.memory:
        scene.memory[key] = True
        found = by_profile(scene, profile, item, (None, item.type, -1))
        scene.memory[key] = all(one.severity != "error" for one in found)
    return scene.memory[key]


def _value(look: Look, node: Node, held: Held) -> Iterator[Finding]:
    """What is wrong with a value itself and in it."""
    item, way = held.item, held.way
    if node.types is not None and item.type not in node.types:
        yield look.fault("fhirprofile.wrong-type", way, node.told)
        return
    if (node.fixed and item.value != node.fixed[0]) or (node.pattern and not fits(node.pattern[0], item.value)):
        yield look.fault("fhirprofile.other-value", way, node.told)
    if node.binding and _is_outside(look.scene, node.binding, item):
        yield look.fault("fhirprofile.not-a-code", way, node.told)
    if node.longest and isinstance(item.value, str) and len(item.value) > node.longest:
        yield look.fault("fhirprofile.too-long", way, node.told)
    if item.type in node.profiles:
        yield from _one_of(look, node.profiles[item.type], held)
    if node.targets or node.aggregation:
        yield from _reference(look, node, held)
    for one in node.constraints:
        if not holds(one.expression, look.scene.world, item):
            yield look.fault("fhirprofile.invariant" if one.is_error else "fhirprofile.advice", way, one.key)
    for child in node.children:
        yield from _element(look, child, held)


def _element(look: Look, node: Node, above: Held) -> Iterator[Finding]:
    """What is wrong with how often an element stands, with each of its values, and with its slices."""
    found = _values(node, above)
    yield from _counted(look, node, len(found), above.way)
    for one in found:
        yield from _value(look, node, one)
    if node.slicing is not None:
        yield from _slices(look, node, node.slicing, found, above.way)


def _values(node: Node, above: Held) -> list[Held]:
    item = above.item
    held = item.value if isinstance(item.value, dict) else item.beside
    if not isinstance(held, dict):
        return []
    found = []
    for child in node.properties:
        if child.key in held or f"_{child.key}" in held:
            values = list(items(held, child))
            found += [Held(one, (above.way, child.key, at if child.many else -1)) for at, one in enumerate(values)]
    return found


def _counted(look: Look, node: Node, number: int, way: Way) -> Iterator[Finding]:
    if number < node.least:
        yield look.fault("fhirprofile.too-few", way, node.told)
    if node.most is not None and number > node.most:
        yield look.fault("fhirprofile.too-many", way, node.told)


def _slices(look: Look, node: Node, slicing: Slicing, found: list[Held], way: Way) -> Iterator[Finding]:
    """What is of each slice, and how many; and in closed lists what is of none."""
    taken = 0
    for slice_ in slicing.slices:
        if slice_.tests is None:
            continue
        of = [one for one in found if _is_of(look.scene, slice_, one.item)]
        yield from _counted(look, slice_.node, len(of), way)
        for one in of:
            yield from _value(look, slice_.node, one)
        taken += len(of)
    if slicing.closed and taken < len(found) and all(one.tests is not None for one in slicing.slices):
        yield look.fault("fhirprofile.no-slice", way, node.told)


def _is_of(scene: Scene, slice_: Slice, item: Item) -> bool:
    """Whether a value is of a slice, by every discriminator."""
    return slice_.tests is not None and all(_passes(scene, test, item) for test in slice_.tests)


def _passes(scene: Scene, test: Test, item: Item) -> bool:
    found = test.path(scene.world, (item,))
    if test.of == "exists":
        return bool(found) in test.alternatives
    return any(_is_as(scene, test, one) for one in found)


def _is_as(scene: Scene, test: Test, item: Item) -> bool:
    told = test.alternatives
    if test.of == "value":
        return item.value in told
    if test.of == "pattern":
        return any(fits(one, item.value) for one in told)
    if test.of == "binding":
        return any(scene.member(url, item) for url in told)
    if test.of == "type":
        return item.type in told
    return any(scene.conform(url, item) for url in told)


def fits(pattern: Any, value: Any) -> bool:
    """Whether a value holds everything that a pattern does (R4, ElementDefinition.pattern[x])."""
    if isinstance(pattern, Mapping):
        told = isinstance(value, Mapping)
        return told and all(name in value and fits(one, value[name]) for name, one in pattern.items())
    if isinstance(pattern, list):
        return isinstance(value, list) and all(any(fits(one, each) for each in value) for one in pattern)
    return bool(pattern == value)


def _is_outside(scene: Scene, url: str, item: Item) -> bool:
    """Whether a bound value has no code that is, or might be, of its value set."""
    if item.value is None:
        return False
    told = [member(scene.profiles.value_sets, url, code) for code in codes_of(item.value, item.type)]
    return not any(one is not False for one in told)


def _one_of(look: Look, wanted: tuple[str, ...], held: Held) -> Iterator[Finding]:
    """A value that has to conform to one of some profiles: the faults by it where there is one, else that none fits."""
    scene = look.scene.of(held.item)
    if len(wanted) > 1:
        if not any(conforms(scene, held.item, one) is not False for one in wanted):
            yield look.fault("fhirprofile.no-profile-fits", held.way, " | ".join(_short(one) for one in wanted))
        return
    profile = scene.profiles.find(wanted[0])
    if profile is not None:
        yield from by_profile(scene, profile, held.item, held.way)


def _reference(look: Look, node: Node, held: Held) -> Iterator[Finding]:
    """Where a reference leads: within the document or out of it, to which type, and to what profile of it."""
    told = held.item.value.get("reference") if isinstance(held.item.value, dict) else None
    if not isinstance(told, str):
        return
    found = look.scene.led(told)
    if node.aggregation and not node.aggregation & _ways_of(told, found is not None):
        yield look.fault("fhirprofile.not-in-document", held.way, node.told)
    if node.targets and found is not None and not _is_target(found, node.targets):
        wanted = (_short(one.profile) if one.profile else one.type for one in node.targets)
        yield look.fault("fhirprofile.wrong-target", held.way, f"{node.told} → {' | '.join(wanted)}")


def _ways_of(reference: str, found: bool) -> frozenset[str]:
    """In which of R4's modes of aggregation a reference leads."""
    if reference.startswith("#"):
        return frozenset(("contained",))
    return frozenset(("bundled", "referenced")) if found else frozenset(("referenced",))


def _is_target(scene: Scene, targets: tuple[Target, ...]) -> bool:
    item = scene.world.resource
    return any(_may_lead(scene, item, one) for one in targets)


def _may_lead(scene: Scene, item: Item, target: Target) -> bool:
    if target.type not in ("", item.type):
        return False
    return not target.profile or conforms(scene, item, target.profile) is not False


def _short(canonical: str) -> str:
    return canonical.rpartition("/")[2]
