"""Which profiles a written resource claims: only those it conforms to (meta.profile; dk-core 3.8.0).

``claims.csv`` has a row for each thing that a profile demands of what is written here. The rules:

- ``identified`` and ``form``: what the identifiers of one system look like, each system told once; a type that has
  rows of ``identified`` is one of its profile only by such an identifier. One of a system without a row is free.
- ``leads``: a reference to a resource beside it leads to one that claims its profile, but for the types named.
- ``once``: each of the code systems stands at most once among the codings.
- ``only``: where there is a value, it is one of those named.
- ``beside``: where there is a value, one of the others is beside it: ``value: unit code``.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

import msgspec

from patientoverblik.formats.fhir.encoding import Resource
from patientoverblik.formats.fhir.engine.tables import load_rows

Written = Mapping[str, Resource]


class Demand(msgspec.Struct, frozen=True):
    """One row: the rule, where it looks, and the words of the rule."""

    rule: str
    path: tuple[str, ...]
    words: tuple[str, ...]


class Claim(msgspec.Struct, frozen=True):
    """What the profile of a type demands of what is written here."""

    profile: str
    demands: tuple[Demand, ...]

    def of(self, rule: str) -> Iterator[Demand]:
        """The rows of one rule."""
        return (one for one in self.demands if one.rule == rule)


@cache
def claims() -> Mapping[str, Claim]:
    """Type → its profile, and what that demands."""
    found: dict[str, Claim] = {}
    for row in load_rows("claims"):
        known = found.get(row["type"], Claim(row["profile"], ()))
        demand = Demand(row["rule"], tuple(row["path"].split(".")), tuple(row["words"].split()))
        found[row["type"]] = Claim(row["profile"], (*known.demands, demand))
    return found


def claim(resources: Iterable[Resource]) -> dict[str, Resource]:
    """Resources by their reference, each with the profile it conforms to; one that leads to another which does not,
    where its profile demands it, claims none."""
    written = {f"{one['resourceType']}/{one['id']}": one for one in resources}
    claimed = {name: profile for name, one in written.items() if (profile := profile_of(one))}
    while misled := [name for name in claimed if _is_misled(written[name], written, claimed)]:
        claimed = {name: profile for name, profile in claimed.items() if name not in misled}
    return {name: _with(one, claimed[name]) if name in claimed else one for name, one in written.items()}


def profile_of(resource: Resource) -> str | None:
    """The profile whose demands on what is in it a resource meets, None where there is none."""
    known = claims().get(resource["resourceType"])
    if known is None or not _is_identified(resource, known):
        return None
    return known.profile if all(_RULES[one.rule](resource, one) for one in known.demands) else None


def _is_identified(resource: Resource, known: Claim) -> bool:
    """Whether it has an identifier that makes it one, where it needs any; and none of its systems twice."""
    enough = {one.words[0] for one in known.of("identified")}
    listed = {*enough, *(one.words[0] for one in known.of("form") if one.path == ("identifier",))}
    systems = [one.get("system") for one in resource.get("identifier", ()) if one.get("system") in listed]
    return len(systems) == len(set(systems)) and (not enough or not enough.isdisjoint(systems))


def _formed(resource: Resource, demand: Demand) -> bool:
    system, pattern = demand.words
    told = (one for one in _at(resource, demand.path) if one.get("system") == system)
    return all(re.fullmatch(pattern, one.get("value", "")) for one in told)


def _once(resource: Resource, demand: Demand) -> bool:
    return all(
        [one.get("system") for one in concept.get("coding", ())].count(system) <= 1
        for concept in _at(resource, demand.path)
        for system in demand.words
    )


def _only(resource: Resource, demand: Demand) -> bool:
    return all(one in demand.words for one in _at(resource, demand.path))


def _beside(resource: Resource, demand: Demand) -> bool:
    name, *others = demand.words
    return all(name not in one or any(other in one for other in others) for one in _at(resource, demand.path))


def _anywhere(_resource: Resource, _demand: Demand) -> bool:
    """References are looked at when it is known what claims what."""
    return True


_RULES: Mapping[str, Callable[[Resource, Demand], bool]] = {
    "identified": _formed,
    "form": _formed,
    "once": _once,
    "only": _only,
    "beside": _beside,
    "leads": _anywhere,
}


def _is_misled(resource: Resource, written: Written, claimed: Mapping[str, str]) -> bool:
    """Whether it leads to something beside it that does not claim its profile."""
    for demand in claims()[resource["resourceType"]].of("leads"):
        for one in _at(resource, demand.path):
            name = one.get("reference", "")
            if name in written and name not in claimed and name.partition("/")[0] not in demand.words:
                return True
    return False


def _at(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """Every value at a path, lists entered."""
    if isinstance(value, list):
        for one in value:
            yield from _at(one, path)
    elif not path:
        yield value
    elif isinstance(value, dict) and path[0] in value:
        yield from _at(value[path[0]], path[1:])


def _with(resource: Resource, profile: str) -> Resource:
    meta: dict[str, Any] = {"profile": [profile], **resource.get("meta", {})}
    return {"resourceType": resource["resourceType"], "id": resource["id"], "meta": meta, **_rest(resource)}


def _rest(resource: Resource) -> Resource:
    return {key: one for key, one in resource.items() if key not in ("resourceType", "id", "meta")}
