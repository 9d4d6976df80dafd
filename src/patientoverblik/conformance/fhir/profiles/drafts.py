"""A snapshot as a tree: its elements by their ids, each with its children and slices (R4, ElementDefinition.id)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from patientoverblik.conformance.fhir.profiles.definitions import Definitions, Json


@dataclass
class Draft:
    """An element of a snapshot while the tree is made: what it says, and what is below and beside it."""

    element: Json
    children: dict[str, Draft] = field(default_factory=dict)
    slices: dict[str, Draft] = field(default_factory=dict)

    @property
    def types(self) -> tuple[Json, ...]:
        """The types it says, without those of FHIRPath."""
        return tuple(one for one in self.element.get("type", ()) if "/" not in one["code"])

    def value(self, kind: str) -> tuple[Any, ...]:
        """The one value that is ``fixed`` or a ``pattern``, none where there is none."""
        return tuple(
            held for key, held in self.element.items() if key.startswith(kind) and key[len(kind) :][:1].isupper()
        )


def draft(definition: Json) -> Draft | None:
    """The tree of a definition's snapshot; None where it has none."""
    elements = definition.get("snapshot", {}).get("element", ())
    if not elements:
        return None
    root = Draft(elements[0])
    for one in elements[1:]:
        _place(root, one)
    return root


def _place(root: Draft, element: Json) -> None:
    steps = element["id"].split(".")[1:]
    at = root
    for number, step in enumerate(steps):
        name, _, slice_ = step.partition(":")
        last = number == len(steps) - 1
        at = at.children.setdefault(name, Draft(element if last and not slice_ else {"id": element["id"]}))
        if slice_:
            at = at.slices.setdefault(slice_, Draft(element))


def drafts(given: Definitions) -> Mapping[str, Draft]:
    """The trees of all definitions that have a snapshot, by address."""
    return {url: made for url, one in given.structures.items() if (made := draft(one)) is not None}


def at(found: list[Draft], step: str, known: Mapping[str, Draft]) -> list[Draft]:
    """What is said of a discriminator's next step, by each of the elements that say something of it so far."""
    if step == "$this":
        return found
    if step == "resolve()":
        return [each for one in found for each in _led(one, "targetProfile", known)]
    return [each for one in found for each in _below(one, step, known)]


def _led(one: Draft, name: str, known: Mapping[str, Draft]) -> list[Draft]:
    return [known[url] for type_ in one.types for url in type_.get(name, ()) if url in known]


def _below(one: Draft, step: str, known: Mapping[str, Draft]) -> Iterator[Draft]:
    for value in (*one.value("fixed"), *one.value("pattern")):
        yield from _of_value(value, step)
    child = one.children.get(step) or one.children.get(f"{step}[x]")
    if child is not None:
        yield child
        yield from child.slices.values() if len(child.slices) == 1 else ()
        return
    for each in _led(one, "profile", known):
        yield from _below(each, step, known)


def _of_value(value: Any, step: str) -> Iterator[Draft]:
    """What a value in full says of a part of it."""
    for one in value if isinstance(value, list) else (value,):
        held = one.get(step) if isinstance(one, dict) else None
        for each in held if isinstance(held, list) else (held,):
            if each is not None:
                yield Draft({"patternValue": each})
