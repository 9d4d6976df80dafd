"""Which profiles a written resource claims: only those it conforms to (meta.profile; dk-core 3.8.0).

``claims.csv`` has a row for each kind of identifier that a profile knows: what it must look like, and whether it is
enough. An identifier of another kind makes no claim wrong; one of a known kind that looks otherwise does.
"""

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import msgspec

from patientoverblik.formats.fhir.encoding import Resource
from patientoverblik.formats.fhir.engine.tables import load_rows


class Claim(msgspec.Struct, frozen=True):
    """What a profile says of one kind of identifier."""

    profile: str
    pattern: re.Pattern[str]
    enough: bool


@cache
def claims() -> Mapping[str, Mapping[str, Claim]]:
    """Type → identifier system → what the profile of that type says of it."""
    found: dict[str, dict[str, Claim]] = {}
    for row in load_rows("claims"):
        claim = Claim(row["profile"], re.compile(row["pattern"]), bool(row["enough"]))
        found.setdefault(row["type"], {})[row["system"]] = claim
    return found


def claim(resources: Iterable[Resource]) -> dict[str, Resource]:
    """Resources by their reference, each with the profile it conforms to; one that leads to another which does not,
    where its profile demands it, claims none."""
    written = {f"{one['resourceType']}/{one['id']}": one for one in resources}
    claimed = {name: profile for name, one in written.items() if (profile := profile_of(one))}
    return {name: _with(one, claimed) if name in claimed else one for name, one in written.items()}


def profile_of(resource: Resource) -> str | None:
    """The profile whose demands on identifiers a resource meets, None where there is none."""
    rules = claims().get(resource["resourceType"], {})
    known = [one for one in resource.get("identifier", ()) if one.get("system") in rules]
    fits = all(rules[one["system"]].pattern.fullmatch(one.get("value", "")) for one in known)
    systems = [one["system"] for one in known]
    enough = any(rules[one].enough for one in systems)
    once = len(systems) == len(set(systems))
    return rules[systems[0]].profile if fits and enough and once else None


def _with(resource: Resource, claimed: Mapping[str, str]) -> Resource:
    practices = [one.get("reference") for one in resource.get("generalPractitioner", ())]
    if any(name not in claimed for name in practices):
        return resource
    name = f"{resource['resourceType']}/{resource['id']}"
    meta: dict[str, Any] = {"profile": [claimed[name]], **resource.get("meta", {})}
    return {"resourceType": resource["resourceType"], "id": resource["id"], "meta": meta, **_rest(resource)}


def _rest(resource: Resource) -> Resource:
    return {key: one for key, one in resource.items() if key not in ("resourceType", "id", "meta")}
