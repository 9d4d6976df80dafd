"""$validate (R4 resource-operation-validate): every fault of a resource, without a look at what is stored.

A resource is held against R4's structure, and where the installation has the definitions, against the profiles it
claims and the one that is asked for.
"""

from collections.abc import Mapping
from typing import Any

from patientoverblik.conformance.fhir import UNREADABLE, Profiles, by_one, claimed, structure
from patientoverblik.edges.fhir.call import Answer, Call, answered
from patientoverblik.edges.fhir.outcome import outcome, refused
from patientoverblik.problems import Finding


async def validate(call: Call) -> Answer:
    """The findings of a resource that comes alone, or as the parameter ``resource``."""
    told = call.resource
    if told is None:
        return refused(Finding("rest.bad-body"))
    if told["resourceType"] != "Parameters" or call.type == "Parameters":
        return _judged(call, told, call.faults, call.values("profile"))
    listed = told.get("parameter", [])
    parameters = [one for one in (listed if isinstance(listed, list) else []) if isinstance(one, dict)]
    inner = next((one.get("resource") for one in parameters if one.get("name") == "resource"), None)
    if not isinstance(inner, dict):
        return refused(Finding("mhd.element-missing", place="Parameters.parameter", about="resource"))
    asked = tuple(one for each in parameters if each.get("name") == "profile" for one in _canonicals(each))
    return _judged(call, inner, structure(inner).all, (*call.values("profile"), *asked))


def _canonicals(parameter: Mapping[str, Any]) -> tuple[str, ...]:
    told = (parameter.get(name) for name in ("valueUri", "valueCanonical"))
    return tuple(one for one in told if isinstance(one, str))


def _judged(call: Call, told: dict[str, Any], found: tuple[Finding, ...], profiles: tuple[str, ...]) -> Answer:
    other = () if str(told.get("resourceType", "")) == call.type else (Finding("rest.wrong-resource", about=call.type),)
    readable = not any(one.code in UNREADABLE for one in found)
    by_profile = _by_profile(call.profiles, told, profiles) if readable and call.profiles is not None else {}
    return answered(outcome((*other, *found, *by_profile)))


def _by_profile(known: Profiles, told: dict[str, Any], asked: tuple[str, ...]) -> dict[Finding, None]:
    """What the profiles it claims and those that are asked for find wrong, each once."""
    return dict.fromkeys([*claimed(known, told), *(one for name in asked for one in by_one(known, told, name))])
