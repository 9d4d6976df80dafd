"""A JSON schema of each R4 resource, made of the tables when it is first asked for; it gives the verdict and no reason.

Resources within a resource are not part of it: each is held against the schema of its own type.
"""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import jsonschema_rs

from patientoverblik.conformance.fhir.conditions import CONDITIONS
from patientoverblik.conformance.fhir.forms import PATTERNS, RANGES, is_narrative, leads_to
from patientoverblik.conformance.fhir.tables import (
    Invariant,
    codes,
    concepts,
    demanded,
    invariants,
    keys_of,
    targets_of,
)
from patientoverblik.formats.fhir.r4 import Child, Home, children

Schema = dict[str, Any]
BESIDE: Home = ("Element", "")


class Holds:
    """The keyword ``holds``: one of the conditions, by its name."""

    def __init__(self, _parent: Schema, value: Any, _path: list[str | int]) -> None:
        """Find the condition."""
        self.condition = CONDITIONS[value]

    def validate(self, instance: Any) -> None:
        """``ValueError`` where it does not hold."""
        if isinstance(instance, dict) and not self.condition(instance):
            raise ValueError("does not hold")


class Whole:
    """The keyword ``whole``: a number written without a point or exponent."""

    def __init__(self, _parent: Schema, _value: Any, _path: list[str | int]) -> None:
        """Take nothing."""

    def validate(self, instance: Any) -> None:
        """``ValueError`` where it is written otherwise."""
        if not isinstance(instance, int):
            raise ValueError("not whole")


@cache
def validator(resource_type: str, local: bool = True) -> Any:
    """What tells whether a resource of a type, without those inside it, is structured as R4 says.

    Unless ``local``, no reference may lead to a contained resource, for there is none (ref-1).
    """
    definitions: dict[str, Schema] = {}
    root = _reference((resource_type, ""), definitions)
    if not local and "Reference" in definitions:
        definitions["Reference"]["properties"]["reference"]["pattern"] = "^([^#]|#$)"
    return jsonschema_rs.Draft7Validator(
        {**root, "definitions": definitions},
        formats={"narrative": is_narrative},
        validate_formats=True,
        pattern_options=jsonschema_rs.RegexOptions(),
        keywords={"holds": Holds, "whole": Whole},
    )


def _reference(home: Home, definitions: dict[str, Schema]) -> Schema:
    """A reference to the schema of a kind of object, which is made where there is none."""
    name = ".".join(part for part in home if part)
    if name not in definitions:
        definitions[name] = {}
        definitions[name].update(_object(home, definitions))
    return {"$ref": f"#/definitions/{name}"}


def _object(home: Home, definitions: dict[str, Schema]) -> Schema:
    known = children(home).values()
    properties: Schema = {}
    for child in known:
        properties[child.key] = _repeated(child, _value(home, child, definitions))
        if child.primitive:
            properties[f"_{child.key}"] = _repeated(child, _reference(BESIDE, definitions))
    rules = [*_required(home), *(_rule(home, one) for one in invariants().get(home, ()))]
    is_resource = not home[1] and "meta" in properties
    made: Schema = {
        "type": "object",
        "properties": {**properties, "resourceType": {"const": home[0]}} if is_resource else properties,
        "additionalProperties": False,
        "minProperties": 1,
    }
    alone = dict(_alone(known))
    return made | ({"allOf": rules} if rules else {}) | ({"dependencies": alone} if alone else {})


def _required(home: Home) -> Iterator[Schema]:
    """What is required, each by one of the properties it can be told by."""
    yield from (_present(home, name) for name in demanded().get(home, ()))


def _present(home: Home, name: str) -> Schema:
    keys = keys_of(home, name)
    return {"required": list(keys)} if len(keys) == 1 else {"anyOf": [{"required": [key]} for key in keys]}


def _alone(known: Any) -> Iterator[tuple[str, Schema]]:
    """Of the types of a choice only one may stand: beside each, the others are false."""
    choices: dict[str, list[Child]] = {}
    for child in known:
        if child.name.endswith("[x]"):
            choices.setdefault(child.name, []).append(child)
    for group in choices.values():
        keys = {child.key: (child.key, f"_{child.key}") for child in group}
        for own in keys:
            others = {key: False for other, both in keys.items() if other != own for key in both}
            yield from ((key, {"properties": others}) for key in keys[own])


def _repeated(child: Child, schema: Schema) -> Schema:
    if not child.many:
        return schema
    items = {"anyOf": [schema, {"type": "null"}]} if child.primitive else schema
    return {"type": "array", "minItems": 1, "items": items}


def _value(home: Home, child: Child, definitions: dict[str, Schema]) -> Schema:
    if child.type == "Resource":
        return {"type": "object", "required": ["resourceType"]}
    if child.primitive:
        return _primitive(child)
    made = _reference(child.home, definitions)
    if child.binding in concepts():
        return {"allOf": [made, _coded(child.binding)]}
    wanted = targets_of(home, child)
    if not wanted:
        return made
    return {"allOf": [made, {"properties": {"reference": {"pattern": f"^{leads_to(wanted)}$"}}}]}


def _coded(binding: str) -> Schema:
    """A concept with a coding from its value set among others."""
    told = concepts()[binding]
    one = {"properties": {"system": {"const": told.system}, "code": {"enum": sorted(told.codes)}}}
    listed = {"type": "array", "contains": {**one, "type": "object", "required": ["system", "code"]}}
    return {"required": ["coding"], "properties": {"coding": listed}}


def _primitive(child: Child) -> Schema:
    if child.binding in codes():
        return {"enum": sorted(codes()[child.binding])}
    if child.type in RANGES:
        least, most = RANGES[child.type]
        return {"type": "integer", "minimum": least, "maximum": most, "whole": True}
    if child.type in ("boolean", "decimal"):
        return {"type": "boolean" if child.type == "boolean" else "number"}
    narrative = {"format": "narrative"} if child.type == "xhtml" else {}
    return {"type": "string", "pattern": f"^({PATTERNS[child.type]})$", **narrative}


def _rule(home: Home, one: Invariant) -> Schema:
    if one.kind == "holds":
        return {"holds": one.names[0]}
    parts = [_present(home, name) for name in one.names]
    if one.kind == "needs":
        return {"if": parts[0], "then": parts[1]}
    made: Mapping[str, Schema] = {
        "exactly-one": {"oneOf": parts},
        "not-both": {"not": {"allOf": parts}},
        "some-of": {"anyOf": parts},
    }
    return made[one.kind]
