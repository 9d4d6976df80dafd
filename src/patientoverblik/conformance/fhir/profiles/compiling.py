"""StructureDefinitions made ready: once, when the program starts, for each of the packages at hand.

Only what a profile says beyond R4 itself is kept: what every resource has to be is held by ``check.structure``. What
cannot be held here is noted in ``Profile.unchecked``, never passed over in silence.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from patientoverblik.conformance.fhir.fhirpath import Unsupported, compiled
from patientoverblik.conformance.fhir.profiles.definitions import Definitions, Json
from patientoverblik.conformance.fhir.profiles.drafts import Draft, drafts
from patientoverblik.conformance.fhir.profiles.model import Constraint, Node, Profile, Profiles, Slice, Slicing, Target
from patientoverblik.conformance.fhir.profiles.slicing import tests
from patientoverblik.conformance.fhir.profiles.valuesets import ValueSets, value_sets
from patientoverblik.conformance.fhir.tables import demanded, invariants, targets_of
from patientoverblik.formats.fhir.r4 import Child, Home, children

R4 = "http://hl7.org/fhir/StructureDefinition/"
ANY = f"{R4}Resource"
BESIDE: Home = ("Element", "")
HELD_BY_STRUCTURE = frozenset(
    ("ele-1", "ext-1", "dom-2", "dom-3", "dom-4", "dom-5", "dom-6", "txt-1", "txt-2", "bdl-7")
)
"""Invariants of every element or resource, which ``check.structure`` holds (dom-6 is advice)."""
Noted = list[tuple[str, str]]


def profiles(given: Definitions) -> Profiles:
    """Every definition with a snapshot that says more than R4, made ready."""
    sets, known = value_sets(given), drafts(given)
    made = _Making(given, known, sets)
    of_profiles = {url: one for url, one in given.structures.items() if one.get("derivation") == "constraint"}
    found = (made.profile(url, one) for url, one in of_profiles.items() if url in known)
    return Profiles({one.url: one for one in found}, sets)


class _Making:
    """What profiles are made of: definitions, their trees and value sets."""

    def __init__(self, given: Definitions, known: Mapping[str, Draft], sets: ValueSets) -> None:
        self.given, self.known, self.sets = given, known, sets
        self.noted: Noted = []

    def profile(self, url: str, written: Json) -> Profile:
        """One definition made ready."""
        self.noted = []
        root, type_ = self.known[url], written["type"]
        node = self.node(root, (Child(type_, type_, type_, False, False, 0, (type_, "")),), (type_, ""))
        context = tuple((one["type"], one["expression"]) for one in written.get("context", ()))
        name, version = written.get("id", url), written.get("version", "")
        return Profile(url, version, name, type_, node, context, tuple(self.noted))

    def node(self, one: Draft, properties: tuple[Child, ...], home: Home) -> Node:
        """An element made ready; ``home`` is what it stands in."""
        told = one.element["id"]
        return Node(
            told=told,
            properties=properties,
            types=_types(one, properties),
            fixed=one.value("fixed"),
            pattern=one.value("pattern"),
            binding=self.binding(one, told),
            longest=one.element.get("maxLength", 0),
            profiles=self.profiles_of(one, told),
            targets=self.targets(one, properties, home),
            aggregation=frozenset(each for type_ in one.types for each in type_.get("aggregation", ())),
            constraints=tuple(self.constraints(one, told, properties)),
            children=tuple(self.children(one, properties)),
            slicing=self.slicing(one, properties, home),
        )

    def children(self, one: Draft, properties: tuple[Child, ...]) -> Iterator[Node]:
        """What is said of the elements in it, where anything is."""
        homes = [child.home if not child.primitive else BESIDE for child in properties]
        for name, each in one.children.items():
            for home in homes:
                below = _properties(home, name)
                if below:
                    node = self.counted(each, below, home)
                    if node.demands:
                        yield node
                    break

    def counted(self, one: Draft, properties: tuple[Child, ...], home: Home) -> Node:
        """An element with how many there are to be, where that is not what R4 says."""
        node = self.node(one, properties, home)
        least, most = one.element.get("min", 0), one.element.get("max", "*")
        needed = least if least > 1 or properties[0].name not in demanded().get(home, ()) else 0
        bounded = most.isdigit() and (int(most) != 1 or properties[0].many)
        return _with(node, least=needed, most=int(most) if bounded else None)

    def slicing(self, one: Draft, properties: tuple[Child, ...], home: Home) -> Slicing | None:
        """Its slices made ready."""
        written = one.element.get("slicing")
        if not one.slices or written is None:
            return None
        slices = (self.slice(name, each, written, properties, home) for name, each in one.slices.items())
        return Slicing(written.get("rules") == "closed", tuple(slices))

    def slice(self, name: str, one: Draft, slicing: Json, properties: tuple[Child, ...], home: Home) -> Slice:
        """One slice made ready; where nothing tells what is of it, that is noted."""
        node = _with(self.node(one, properties, home), **_count_of(one))
        try:
            return Slice(name, tests(slicing, one, self.known), node)
        except Unsupported as reason:
            self.noted.append((one.element["id"], str(reason)))
            return Slice(name, None, node)

    def binding(self, one: Draft, told: str) -> str:
        """The value set that a code has to be of, where it is at hand."""
        binding = one.element.get("binding", {})
        url: str = binding.get("valueSet", "").partition("|")[0]
        if binding.get("strength") != "required" or not url:
            return ""
        if url not in self.sets.by_url:
            self.noted.append((told, f"the value set is not at hand: {url}"))
            return ""
        return url

    def profiles_of(self, one: Draft, told: str) -> Mapping[str, tuple[str, ...]]:
        """The profiles that values of each type conform to; extensions are held by their addresses."""
        found = {}
        for type_ in one.types:
            wanted = tuple(url for url in type_.get("profile", ()) if not url.startswith(R4))
            missing = [url for url in wanted if url.partition("|")[0] not in self.known]
            self.noted += [(told, f"the profile is not at hand: {url}") for url in missing]
            if wanted and not missing and type_["code"] != "Extension":
                found[type_["code"]] = wanted
        return found

    def targets(self, one: Draft, properties: tuple[Child, ...], home: Home) -> tuple[Target, ...]:
        """What references may lead to, where it is less than R4 says."""
        urls = [url for type_ in one.types if type_["code"] == "Reference" for url in type_.get("targetProfile", ())]
        found = tuple(self.target(url) for url in urls)
        own = {name for child in properties for name in targets_of(home, child)}
        plain = all(not target.profile for target in found) and {target.type for target in found} >= own
        return () if ANY in urls or (plain and own) else found

    def target(self, url: str) -> Target:
        """A type, or a profile with its type."""
        known = self.given.structures.get(url.partition("|")[0])
        if url.startswith(R4) and (known is None or known.get("derivation") != "constraint"):
            return Target(url.removeprefix(R4), "")
        return Target(known["type"] if known else "", url if known else "")

    def constraints(self, one: Draft, told: str, properties: tuple[Child, ...]) -> Iterator[Constraint]:
        """The invariants that are not held by the structure already."""
        held = {rule.key for child in properties for rule in invariants().get(child.home, ())} | HELD_BY_STRUCTURE
        for each in one.element.get("constraint", ()):
            if each["key"] in held or "expression" not in each:
                continue
            try:
                yield Constraint(each["key"], each["severity"] == "error", compiled(each["expression"]))
            except Unsupported as reason:
                self.noted.append((told, f"the invariant {each['key']} asks what is not understood here: {reason}"))


def _with(node: Node, **changes: Any) -> Node:
    return Node(**{name: getattr(node, name) for name in node.__struct_fields__} | changes)


def _count_of(one: Draft) -> dict[str, int | None]:
    most = one.element.get("max", "*")
    return {"least": one.element.get("min", 0), "most": int(most) if most.isdigit() else None}


def _properties(home: Home, name: str) -> tuple[Child, ...]:
    """The JSON properties of an element, or of one type of a choice that is told by name."""
    known = children(home)
    return tuple(one for one in known.values() if one.name == name) or tuple(
        one for one in known.values() if one.key == name
    )


def _types(one: Draft, properties: Iterable[Child]) -> frozenset[str] | None:
    """The types it may have, where they are fewer than R4's."""
    told = frozenset(type_["code"] for type_ in one.types)
    have = frozenset(child.type for child in properties)
    return (
        told
        if told and have - told and not have & {"BackboneElement", "Element", "Resource"} and len(have) > 1
        else None
    )
