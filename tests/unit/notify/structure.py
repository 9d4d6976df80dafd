"""A resource held against a StructureDefinition: which elements there may be, how many, and of what JSON type."""

import json
import re
from pathlib import Path
from typing import Any

PRIMITIVE = {
    "boolean": lambda value: isinstance(value, bool),
    "instant": lambda value: (
        isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", value)
    ),
    "code": lambda value: isinstance(value, str) and re.fullmatch(r"[^\s]+( [^\s]+)*", value),
    "base64Binary": lambda value: isinstance(value, str) and re.fullmatch(r"(\s*([0-9a-zA-Z+/=]){4}\s*)+", value),
}
# The members of the data types that AuditEvent uses (R4 datatypes), a trailing * where they repeat.
TYPES = {
    "Coding": ("system", "version", "code", "display", "userSelected"),
    "CodeableConcept": ("coding*", "text"),
    "Reference": ("reference", "type", "identifier", "display"),
    "Identifier": ("use", "type", "system", "value", "period", "assigner"),
    "Meta": ("versionId", "lastUpdated", "source", "profile*", "security*", "tag*"),
    "Period": ("start", "end"),
}
BASE = ("id", "extension")


def load(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text(encoding="utf-8"))["snapshot"]["element"]
    return {element["path"]: element for element in found}


def faults(resource: dict[str, Any], elements: dict[str, Any], path: str = "") -> list[str]:
    """What of the resource the definition does not allow."""
    path = path or resource["resourceType"]
    children = {one.removeprefix(f"{path}."): one for one in elements if one.rpartition(".")[0] == path}
    names = {name: _names(name, elements[child]) for name, child in children.items()}
    known = {each for possible in names.values() for each in possible} | {"resourceType"}
    found = [f"{path}.{name} is unknown" for name in resource if name not in known]
    for name, child in children.items():
        said = [(type_, resource[each]) for each, type_ in names[name].items() if each in resource]
        element = (
            elements[child] if "[x]" not in name or not said else {**elements[child], "type": [{"code": said[0][0]}]}
        )
        found += _element(said[0][1] if said else None, element, elements, child)
    return found


def _names(name: str, element: dict[str, Any]) -> dict[str, str]:
    """What an element may be called, by its type: one of several types has the type in its name."""
    if "[x]" not in name:
        return {name: ""}
    codes = [each["code"] for each in element["type"]]
    return {name.removesuffix("[x]") + code[0].upper() + code[1:]: code for code in codes}


def _element(value: Any, element: dict[str, Any], elements: dict[str, Any], path: str) -> list[str]:
    repeats = element["max"] == "*"
    if value is None:
        return [f"{path} is missing"] if element["min"] > 0 else []
    if repeats != isinstance(value, list) or value == []:
        return [f"{path} repeats otherwise"]
    if not repeats:
        value = [value]
    types = [each["code"] for each in element.get("type", [])]
    return [fault for each in value for fault in _typed(each, types, elements, path)]


def _typed(value: Any, types: list[str], elements: dict[str, Any], path: str) -> list[str]:
    if "BackboneElement" in types:
        return faults(value, elements, path)
    name = types[0]
    if name in TYPES:
        return _of_type(value, name, path)
    fits = PRIMITIVE.get(name, lambda each: isinstance(each, str) and each.strip())
    return [] if fits(value) else [f"{path} is no {name}"]


def _of_type(value: Any, name: str, path: str) -> list[str]:
    if not isinstance(value, dict) or not value:
        return [f"{path} is no {name}"]
    members = {member.removesuffix("*"): member.endswith("*") for member in (*TYPES[name], *BASE)}
    found = [f"{path}.{key} is unknown" for key in value if key not in members]
    found += [
        f"{path}.{key} repeats otherwise" for key in value if members.get(key, False) != isinstance(value[key], list)
    ]
    found += [f"{path}.{key} is empty" for key, each in value.items() if each in ("", [], {}, None)]
    return found
