"""References within one resource (FHIR R4 references.html, contained): each leads somewhere, and to one level only."""

from collections.abc import Iterator, Mapping
from typing import Any

from patientoverblik.conformance.fhir.tables import targets_of
from patientoverblik.formats.fhir.r4 import Home, children
from patientoverblik.problems import Finding


def unresolved(resource: Mapping[str, Any], place: str) -> Iterator[Finding]:
    """Contained resources that contain others (dom-2), that nobody refers to (dom-3), that are not there (ref-1), or
    that are of another type than the reference may lead to."""
    held = resource.get("contained")
    contained = held if isinstance(held, list) else []
    wanted = set(_wanted(resource))
    ids = {one.get("id") for one in contained if isinstance(one, dict) and isinstance(one.get("id"), str)}
    if wanted - ids - {""}:
        yield Finding("r4.invariant", place, about="ref-1")
    kinds = {str(one.get("id")): str(one.get("resourceType")) for one in contained if isinstance(one, dict)}
    yield from _misled(resource, (str(resource["resourceType"]), ""), place, kinds)
    for number, one in enumerate(contained):
        here = f"{place}.contained[{number}]"
        if isinstance(one, dict) and "contained" in one:
            yield Finding("r4.invariant", here, about="dom-2")
        if isinstance(one, dict) and not _is_wanted(one, wanted):
            yield Finding("r4.invariant", here, about="dom-3")


def _is_wanted(contained: Mapping[str, Any], wanted: set[str]) -> bool:
    """Whether a contained resource is referred to, or refers to what contains it."""
    name = contained.get("id")
    return (isinstance(name, str) and name in wanted) or "" in set(_wanted(contained))


def _wanted(value: Any) -> Iterator[str]:
    """What is referred to by a fragment: each without its ``#``."""
    if isinstance(value, dict):
        told = value.get("reference")
        if isinstance(told, str) and told.startswith("#"):
            yield told[1:]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _wanted(one)


def _misled(value: Mapping[str, Any], home: Home, place: str, kinds: Mapping[str, str]) -> Iterator[Finding]:
    """References to contained resources of a wrong type, which is known by their ids."""
    known = children(home)
    for key, held in value.items():
        child = known.get(key)
        if child is None or child.primitive or child.type == "Resource":
            continue
        targets = targets_of(home, child)
        for number, one in enumerate(held if isinstance(held, list) else (held,)):
            if isinstance(one, dict):
                here = f"{place}.{key}[{number}]" if child.many else f"{place}.{key}"
                kind = (
                    kinds.get(str(one.get("reference", ""))[1:]) if str(one.get("reference")).startswith("#") else None
                )
                if targets and kind and kind not in targets:
                    yield Finding("r4.wrong-target", f"{here}.reference", about=" | ".join(targets))
                yield from _misled(one, child.home, here, kinds)
