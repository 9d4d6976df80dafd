"""Everything that the profiles a resource claims find wrong with it, and those of every resource in it."""

from collections.abc import Iterator
from itertools import islice
from typing import Any

from patientoverblik.conformance.fhir.profiles.checking import by_profile, conforms
from patientoverblik.conformance.fhir.profiles.definitions import Json
from patientoverblik.conformance.fhir.profiles.extensions import extension_faults
from patientoverblik.conformance.fhir.profiles.model import Profiles
from patientoverblik.conformance.fhir.profiles.scene import Scene, contained, entries
from patientoverblik.conformance.model import Findings, in_order
from patientoverblik.formats.fhir.engine.walk import Way, fhirpath
from patientoverblik.problems import Finding

MOST = 200
"""More findings than this help nobody."""


def claimed(profiles: Profiles, resource: dict[str, Any]) -> Findings:
    """Every fault of a resource by the profiles it claims (``meta.profile``) and by the definitions of its extensions.

    The resource is one in which ``structure`` finds nothing with which it cannot be read.
    """
    kind = str(resource.get("resourceType"))
    scene = Scene(profiles, conforms, resource)
    return in_order("fhir-profiles", islice(_all(scene, (None, kind, -1)), MOST))


def by_one(profiles: Profiles, resource: dict[str, Any], canonical: str) -> Findings:
    """Every fault of a resource by one profile, whatever it claims."""
    scene = Scene(profiles, conforms, resource)
    found = _by(scene, canonical, (None, str(resource.get("resourceType")), -1))
    return in_order(canonical, islice(found, MOST))


def _all(scene: Scene, way: Way) -> Iterator[Finding]:
    resource = scene.resource
    yield from _own(scene, way)
    for number, one in enumerate(contained(resource)):
        yield from _own(scene.inside(one), (way, "contained", number))
    if resource.get("resourceType") == "Bundle":
        for number, one, address in entries(resource):
            yield from _all(scene.beside(one, address), ((way, "entry", number), "resource", -1))


def _own(scene: Scene, way: Way) -> Iterator[Finding]:
    for canonical in _claims(scene.resource):
        yield from _by(scene, canonical, way)
    yield from extension_faults(scene, scene.world.resource, way)


def _by(scene: Scene, canonical: str, way: Way) -> Iterator[Finding]:
    profile = scene.profiles.find(canonical)
    if profile is None:
        yield Finding("fhirprofile.not-at-hand", fhirpath(way), about=canonical.rpartition("/")[2])
    else:
        yield from by_profile(scene, profile, scene.world.resource, way)


def _claims(resource: Json) -> list[str]:
    meta = resource.get("meta")
    told = meta.get("profile") if isinstance(meta, dict) else None
    return [one for one in told if isinstance(one, str)] if isinstance(told, list) else []
