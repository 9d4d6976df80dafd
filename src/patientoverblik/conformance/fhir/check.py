"""A resource held against the structure of FHIR R4, with every resource inside it.

A schema gives the verdict (compiled once for each type), a walk the reasons; see ``explain.py``.
"""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec

from patientoverblik.conformance.fhir.explain import explain
from patientoverblik.conformance.fhir.local import unresolved
from patientoverblik.conformance.fhir.schema import validator
from patientoverblik.conformance.model import Findings, in_order
from patientoverblik.formats.fhir.r4 import resource_types
from patientoverblik.problems import Finding

MOST = 200
"""More findings than this help nobody; what follows is told in one finding."""
UNREADABLE = frozenset(
    (
        "r4.unknown-resource",
        "r4.unknown-element",
        "r4.element-missing",
        "r4.misshapen",
        "r4.invalid",
        "r4.too-many-faults",
    )
)
"""The faults with which a resource is not read at all: what is to be a list or a text may be none."""
WITHIN: Mapping[str, str] = {"Bundle": "entry", "Parameters": "parameter"}
"""The lists of objects that have resources in them."""


def structure(resource: Any) -> Findings:
    """Everything that R4's structure finds wrong with a JSON value that is to be a resource."""
    return in_order("fhir-r4", structure_faults(resource))


def structure_faults(resource: Any) -> Iterator[Finding]:
    """The same as they are found, at most ``MOST``."""
    waiting = _resource(Part(resource, ""))
    yield from islice(waiting, MOST)
    if next(waiting, None) is not None:
        yield Finding("r4.too-many-faults")


class Part(msgspec.Struct, frozen=True):
    """A resource to be looked at: itself or one inside it, where it is (empty: nowhere but itself), and whether its
    local references lead out of it to what contains it."""

    resource: Any
    place: str
    contained: bool = False


def _resource(part: Part) -> Iterator[Finding]:
    resource, place = part.resource, part.place
    kind = resource.get("resourceType") if isinstance(resource, dict) else None
    if not isinstance(kind, str) or kind not in resource_types():
        known = isinstance(kind, str) and place
        yield Finding("r4.not-checked" if known else "r4.unknown-resource", place or "Resource")
        return
    here = place or kind
    shell, inner = _apart(resource, here)
    local = part.contained or "contained" in resource
    if not validator(kind, local).is_valid(shell):
        reasons = [*explain(shell, here), *(() if part.contained else unresolved(resource, here))]
        yield from reasons or (Finding("r4.invalid", here),)
    elif not part.contained and local:
        yield from unresolved(resource, here)
    for one in inner:
        yield from _resource(one)


def _apart(resource: Mapping[str, Any], place: str) -> tuple[dict[str, Any], list[Part]]:
    """A resource with only the names of the resources inside it, and those, each with its place."""
    shell = dict(resource)
    inner: list[Part] = []
    name = WITHIN.get(resource["resourceType"], "")
    listed = resource.get(name)
    if isinstance(listed, list):
        shell[name] = [_shell_of(one, f"{place}.{name}[{number}]", inner) for number, one in enumerate(listed)]
    contained = resource.get("contained")
    if isinstance(contained, list):
        shell["contained"] = [_named(one) for one in contained]
        parts = (Part(one, f"{place}.contained[{number}]", True) for number, one in enumerate(contained))
        inner += [one for one in parts if isinstance(one.resource, dict)]
    return shell, inner


def _shell_of(one: Any, place: str, inner: list[Part]) -> Any:
    """An entry or parameter, and the parts it may have, without the resource in it, which is put to the others."""
    if not isinstance(one, dict):
        return one
    told = dict(one)
    if isinstance(one.get("resource"), dict):
        inner.append(Part(one["resource"], f"{place}.resource"))
        told["resource"] = _named(one["resource"])
    if isinstance(one.get("part"), list):
        told["part"] = [_shell_of(each, f"{place}.part[{number}]", inner) for number, each in enumerate(one["part"])]
    return told


def _named(resource: Any) -> Any:
    """As much of a resource as tells which it is."""
    if not isinstance(resource, dict):
        return resource
    return {"resourceType": None} | {name: resource[name] for name in ("resourceType", "meta") if name in resource}
