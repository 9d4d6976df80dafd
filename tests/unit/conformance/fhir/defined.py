"""Definitions made up for tests: a profile of a type from a few elements, value sets and code systems."""

from typing import Any

import msgspec

from patientoverblik.conformance.fhir import Profiles, definitions, profiles

URL = "urn:test:"
Element = dict[str, Any]


def element(path: str, **said: Any) -> Element:
    """An element by its id: ``type`` may be a name, ``profiles`` and ``targets`` names of other profiles or types."""
    kind = said.pop("type", None)
    type_: dict[str, Any] = {"code": kind}
    if "profiles" in said:
        type_["profile"] = [URL + one for one in said.pop("profiles")]
    if "targets" in said:
        type_["targetProfile"] = [_address(one) for one in said.pop("targets")]
    if "aggregation" in said:
        type_["aggregation"] = said.pop("aggregation")
    plain = {"id": path, "path": ".".join(step.partition(":")[0] for step in path.split(".")), "min": 0, "max": "*"}
    return {**plain, **({"type": [type_]} if kind else {}), **said}


def _address(name: str) -> str:
    return URL + name if name.islower() else f"http://hl7.org/fhir/StructureDefinition/{name}"


def profile(name: str, type_: str, *elements: Element, **more: Any) -> dict[str, Any]:
    """A StructureDefinition with a snapshot of these elements."""
    return {
        "resourceType": "StructureDefinition",
        "id": name,
        "url": URL + name,
        "version": "1.0.0",
        "type": type_,
        "derivation": "constraint",
        "snapshot": {"element": [{"id": type_, "path": type_}, *elements]},
        **more,
    }


def invariant(key: str, expression: str, severity: str = "error") -> dict[str, Any]:
    """A constraint of an element."""
    return {"key": key, "severity": severity, "expression": expression}


def codes(name: str, *codes_: str, content: str = "complete") -> dict[str, Any]:
    """A code system; a code ``a/b`` is below ``a``."""
    tree: list[dict[str, Any]] = []
    for one in codes_:
        above, _, below = one.partition("/")
        if below:
            next(each for each in tree if each["code"] == above).setdefault("concept", []).append({"code": below})
        else:
            tree.append({"code": above})
    return {"resourceType": "CodeSystem", "url": URL + name, "content": content, "concept": tree}


def value_set(name: str, *include: dict[str, Any], exclude: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    """A value set of what it takes and leaves out."""
    compose = {"include": list(include), **({"exclude": list(exclude)} if exclude else {})}
    return {"resourceType": "ValueSet", "url": URL + name, "compose": compose}


def made(*given: dict[str, Any]) -> Profiles:
    """Definitions made ready."""
    return profiles(definitions(msgspec.json.encode(one) for one in given))
