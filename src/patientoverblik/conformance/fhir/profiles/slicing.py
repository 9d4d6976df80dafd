"""The discriminators of slices made ready: by what in a value its slice is known (R4, profiling.html#discriminator)."""

import re
from collections.abc import Mapping
from typing import Any

from patientoverblik.conformance.fhir.fhirpath import Unsupported, compiled
from patientoverblik.conformance.fhir.profiles.definitions import Json
from patientoverblik.conformance.fhir.profiles.drafts import Draft, at
from patientoverblik.conformance.fhir.profiles.model import Test

_STEP = re.compile(r"\.(?![^(]*\))")


def tests(slicing: Json, slice_: Draft, known: Mapping[str, Draft]) -> tuple[Test, ...]:
    """The tests of one slice, one for each discriminator; ``Unsupported`` where one says nothing that can be tested."""
    return tuple(_test(one["type"], one["path"], slice_, known) for one in slicing.get("discriminator", ()))


def _test(kind: str, path: str, slice_: Draft, known: Mapping[str, Draft]) -> Test:
    found = [slice_]
    for step in _STEP.split(path):
        found = at(found, step, known)
    expression = compiled(path)
    if kind == "exists":
        return Test(expression, "exists", (all(one.element.get("max") != "0" for one in found),))
    if kind == "type":
        return Test(expression, "type", _some(tuple(type_["code"] for one in found for type_ in one.types)))
    if kind == "profile":
        return Test(expression, "profile", _some(_profiles(path, slice_, found)))
    return _of_value(found, expression) or _of_url(path, slice_, expression)


def _of_value(found: list[Draft], expression: Any) -> Test | None:
    """What is fixed there, or its pattern, or the value set it is bound to."""
    for kind, of in (("fixed", "value"), ("pattern", "pattern")):
        told = tuple(value for one in found for value in one.value(kind))
        if told:
            return Test(expression, of, told)  # type: ignore[arg-type]
    bound = tuple(one.element["binding"]["valueSet"] for one in found if _is_bound(one))
    return Test(expression, "binding", bound) if bound else None


def _is_bound(one: Draft) -> bool:
    binding = one.element.get("binding", {})
    return binding.get("strength") == "required" and "valueSet" in binding


def _of_url(path: str, slice_: Draft, expression: Any) -> Test:
    """An extension is known by the address of its definition, though that is not at hand."""
    urls = tuple(url for one in slice_.types for url in one.get("profile", ())) if path == "url" else ()
    return Test(expression, "value", _some(urls))


def _profiles(path: str, slice_: Draft, found: list[Draft]) -> tuple[Any, ...]:
    """The profiles of what is there: of a reference those it may lead to."""
    if path.endswith("resolve()"):
        return tuple(url for one in slice_.types for url in one.get("targetProfile", ()))
    return tuple(url for one in found for type_ in one.types for url in type_.get("profile", ()))


def _some(told: tuple[Any, ...]) -> tuple[Any, ...]:
    if not told:
        raise Unsupported("its discriminator says nothing of it")
    return told
