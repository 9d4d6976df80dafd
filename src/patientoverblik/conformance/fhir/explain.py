"""Why a resource is not structured as R4 says: every fault, with a place like FHIRPath's, in words of the norm.

The schema gives the verdict; this walk looks at an invalid resource again and gives the reasons. It names elements,
never values, and never a name that R4 does not know.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from patientoverblik.conformance.fhir.conditions import CONDITIONS
from patientoverblik.conformance.fhir.forms import fits, leads_to
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
from patientoverblik.problems import Finding

BESIDE: Home = ("Element", "")


def explain(resource: Mapping[str, Any], place: str) -> Iterator[Finding]:
    """The faults of a resource of a known type, without those of resources inside it."""
    told = {name: value for name, value in resource.items() if name != "resourceType"}
    yield from _object(told, (resource["resourceType"], ""), place, may_be_empty=True)


def _object(value: Any, home: Home, place: str, may_be_empty: bool = False) -> Iterator[Finding]:
    if not isinstance(value, dict) or not (value or may_be_empty):
        yield Finding("r4.misshapen", place)
        return
    known = children(home)
    for key, held in value.items():
        child = known.get(key.removeprefix("_"))
        if child is None or (key.startswith("_") and not child.primitive):
            yield Finding("r4.unknown-element", place)
        elif key.startswith("_"):
            yield from _each(held, child, f"{place}.{child.key}", _beside)
        else:
            yield from _each(held, child, f"{place}.{key}", _value_in(home))
    yield from _missing(value, home, place)
    yield from _twice(value, home, place)
    yield from (
        Finding("r4.invariant", place, about=one.key) for one in invariants().get(home, ()) if _broken(one, value, home)
    )


def _missing(value: Mapping[str, Any], home: Home, place: str) -> Iterator[Finding]:
    for name in demanded().get(home, ()):
        if not _has(value, home, name):
            yield Finding("r4.element-missing", place, about=name)


def _twice(value: Mapping[str, Any], home: Home, place: str) -> Iterator[Finding]:
    """Choices that are told by more than one type."""
    known = children(home)
    told = {key.removeprefix("_") for key in value}
    names = [known[key].name for key in told if key in known and known[key].name.endswith("[x]")]
    yield from (Finding("r4.choice-twice", place, about=name) for name in sorted({*names}) if names.count(name) > 1)


def _each(held: Any, child: Child, place: str, look: Any) -> Iterator[Finding]:
    if not child.many:
        yield from look(held, child, place)
    elif not isinstance(held, list) or not held:
        yield Finding("r4.misshapen", place)
    else:
        for number, one in enumerate(held):
            if one is not None or not child.primitive:
                yield from look(one, child, f"{place}[{number}]")


def _beside(value: Any, _child: Child, place: str) -> Iterator[Finding]:
    """What stands beside a primitive: an id and extensions."""
    yield from _object(value, BESIDE, place)


def _value_in(home: Home) -> Any:
    def look(value: Any, child: Child, place: str) -> Iterator[Finding]:
        if child.type == "Resource":
            if not isinstance(value, dict) or "resourceType" not in value:
                yield Finding("r4.misshapen", place)
        elif child.primitive:
            yield from _primitive(value, child, place)
        else:
            yield from _object(value, child.home, place)
            yield from _uncoded(value, child.binding, place)
            yield from _misled(value, targets_of(home, child), place)

    return look


def _primitive(value: Any, child: Child, place: str) -> Iterator[Finding]:
    if isinstance(value, dict | list):
        yield Finding("r4.misshapen", place)
    elif child.binding in codes():
        if value not in codes()[child.binding]:
            yield Finding("r4.not-a-code", place, about=child.binding)
    elif not fits(child.type, value):
        same = isinstance(value, str) == isinstance(_EXAMPLE.get(child.type, ""), str)
        yield Finding("r4.bad-value" if same else "r4.misshapen", place, about=child.type)


_EXAMPLE: Mapping[str, Any] = {
    "boolean": True,
    **dict.fromkeys(("decimal", "integer", "positiveInt", "unsignedInt"), 0),
}


def _uncoded(value: Any, binding: str, place: str) -> Iterator[Finding]:
    """A concept without a coding from its required value set."""
    held = value.get("coding") if isinstance(value, dict) else None
    told = concepts().get(binding)
    if told is not None and not any(told.has(one) for one in (held if isinstance(held, list) else ())):
        yield Finding("r4.not-a-code", place, about=binding)


def _misled(value: Any, targets: Sequence[str], place: str) -> Iterator[Finding]:
    told = value.get("reference") if isinstance(value, dict) else None
    if targets and isinstance(told, str) and re.fullmatch(leads_to(tuple(targets)), told) is None:
        yield Finding("r4.wrong-target", f"{place}.reference", about=" | ".join(targets))


def _has(value: Mapping[str, Any], home: Home, name: str) -> bool:
    return any(key in value for key in keys_of(home, name))


def _broken(one: Invariant, value: Mapping[str, Any], home: Home) -> bool:
    if one.kind == "holds":
        return not CONDITIONS[one.names[0]](value)
    there = [_has(value, home, name) for name in one.names]
    if one.kind == "needs":
        return there[0] and not there[1]
    return {"exactly-one": sum(there) != 1, "not-both": all(there), "some-of": not any(there)}[one.kind]
