"""Resources found by a search among those that exist for the reader: filtered, ordered, paged, with what comes along.

Everything here works on what the reader may see already, so that no count, order, page or include can tell of more.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

import msgspec

from patientoverblik.edges.fhir.asked import Direction, Filter, Include, Search
from patientoverblik.edges.fhir.parameters import Parameter, parameters_of
from patientoverblik.edges.fhir.rendition import Rendition
from patientoverblik.edges.fhir.value_sets import members_of
from patientoverblik.edges.fhir.values import (
    fits_any_code,
    fits_date,
    fits_identifier,
    fits_reference,
    fits_string,
    fits_token,
    fits_uri,
    fold,
    plain,
    stretch_of,
    values_at,
)

POOLS = 256
KEPT = 20_000
"""Resources of which it is kept what they refer to."""
MOST_ROUNDS = 10
"""How many times what came along may itself bring something along."""


class Pool(msgspec.Struct, frozen=True, eq=False):
    """Every resource there is for the reader, by ``Type/id``."""

    by_name: Mapping[str, Rendition]

    def of(self, kind: str) -> Iterator[Rendition]:
        """Those of a type."""
        return (one for one in self.by_name.values() if one.type == kind)


@lru_cache(POOLS)
def types_of(pool: Pool) -> frozenset[str]:
    """The types of resource in a pool."""
    return frozenset(one.type for one in pool.by_name.values())


@lru_cache(POOLS)
def without(pool: Pool, barred: frozenset[str]) -> Pool:
    """A pool without some types of resource."""
    return Pool({name: one for name, one in pool.by_name.items() if one.type not in barred}) if barred else pool


class Page(msgspec.Struct, frozen=True):
    """One page: what was found, what comes along, how many there are in all, and where the next page begins (empty on
    the last)."""

    found: tuple[Rendition, ...]
    along: tuple[Rendition, ...]
    total: int
    next: str = ""


def pool_of(renditions: Iterable[Rendition]) -> Pool:
    """A pool; of two by one name the first."""
    named: dict[str, Rendition] = {}
    for one in renditions:
        named.setdefault(one.name, one)
    return Pool(named)


@lru_cache(POOLS)
def page_of(pool: Pool, search: Search, after: str = "") -> Page | None:
    """A page of what fits, behind the resource whose id the page before it ended with; None where that is gone."""
    fitting = [one for one in pool.of(search.type) if all(fits(one.resource, each, pool) for each in search.filters)]
    ordered = sort(fitting, search.sort)
    start = next((place + 1 for place, one in enumerate(ordered) if one.id == after), 0)
    if after and not start:
        return None
    count = 0 if search.summary == "count" else search.count
    shown = tuple(ordered[start : start + count])
    more = bool(shown) and start + count < len(ordered)
    return Page(shown, tuple(along(pool, shown, search)), len(ordered), shown[-1].id if more else "")


def sort(found: Sequence[Rendition], order: Sequence[tuple[Direction, Parameter]]) -> list[Rendition]:
    """In the order asked for, newest first where none is; by id where all else is equal, without the value last."""
    ordered = (
        sorted(found, key=lambda one: (-one.updated, one.id)) if not order else sorted(found, key=lambda one: one.id)
    )
    for direction, parameter in reversed(order):
        held = [one for one in ordered if _key(one, parameter) is not None]
        rest = [one for one in ordered if _key(one, parameter) is None]
        held.sort(key=lambda one, by=parameter: _key(one, by), reverse=direction == "-")  # type: ignore[misc]
        ordered = held + rest
    return ordered


def _key(one: Rendition, parameter: Parameter) -> Any:
    found = [
        key for path in parameter.paths for value in values_at(one.resource, path) for key in _keys(value, parameter)
    ]
    return min(found, default=None)


def _keys(value: Any, parameter: Parameter) -> Iterator[Any]:
    if parameter.kind == "date":
        stretch = stretch_of(str(value.get("start", value.get("end", "")) if isinstance(value, dict) else value))
        if stretch is not None:
            yield stretch[0]
    elif isinstance(value, str):
        yield fold(value)
    elif isinstance(value, dict):
        first: dict[str, Any] = next(iter(value.get("coding", (value,))), {})
        words = first.get("code") or first.get("value") or first.get("reference") or first.get("family")
        if words:
            yield fold(str(words))


def fits(resource: Mapping[str, Any], wanted: Filter, pool: Pool) -> bool:
    """Whether a resource is what a filter asks for."""
    held = [value for path in wanted.parameter.paths for value in values_at(resource, path)]
    if wanted.modifier == "missing":
        return bool(held) == (wanted.values == ("false",))
    if wanted.next is not None:
        inner = wanted.next
        return any(fits(target, inner, pool) for value in held for target in _targets(resource, value, inner, pool))
    any_fits = any(_fits_one(wanted, value, asked) for value in held for asked in wanted.values)
    return not any_fits if wanted.modifier.startswith("not") else any_fits


def _targets(resource: Mapping[str, Any], held: Any, inner: Filter, pool: Pool) -> Iterator[Mapping[str, Any]]:
    """What a reference leads to: within the resource itself, or among what the reader may see."""
    literal = held.get("reference", "") if isinstance(held, dict) else ""
    contained = next((one for one in resource.get("contained", ()) if literal == f"#{one['id']}"), None)
    known = pool.by_name.get(literal)
    target = contained or (known.resource if known else None)
    if target is None:
        return
    if inner.parameter.name in parameters_of(target["resourceType"]):
        yield target
    for name in ("practitioner", "organization"):
        yield from _targets(resource, target.get(name), inner, pool) if name in target else ()


def _fits_one(wanted: Filter, held: Any, asked: str) -> bool:
    if wanted.modifier == "identifier":
        return fits_identifier(held, asked)
    if wanted.modifier.endswith("in"):
        return fits_any_code(held, members_of(asked) or frozenset())
    if wanted.parameter.kind == "reference":
        return fits_reference(held, plain(asked), wanted.parameter.targets)
    if wanted.parameter.kind == "string":
        return fits_string(held, plain(asked), wanted.modifier)
    return _COMPARE[wanted.parameter.kind](held, asked)


_COMPARE: Mapping[str, Callable[[Any, str], bool]] = {"token": fits_token, "date": fits_date, "uri": fits_uri}


def along(pool: Pool, shown: Iterable[Rendition], search: Search) -> Iterator[Rendition]:
    """What comes along with what is shown, each once and none that is shown itself."""
    there = {one.name for one in shown}
    round_, first = list(shown), True
    for _ in range(MOST_ROUNDS):
        wanted = [each for each in search.includes if first or each.again]
        back = [each for each in search.back if first or each.again]
        found = [*_referred(pool, round_, wanted), *_referring(pool, round_, back)]
        round_ = [one for one in dict.fromkeys(found) if one.name not in there]
        there.update(one.name for one in round_)
        yield from round_
        first = False
        if not round_:
            return


def _referred(pool: Pool, sources: Iterable[Rendition], wanted: Sequence[Include]) -> Iterator[Rendition]:
    for one in sources:
        for include in wanted:
            if include.source in ("*", one.type):
                yield from _led_to(pool, one, include)


def _led_to(pool: Pool, one: Rendition, include: Include) -> Iterator[Rendition]:
    for name in references_of(one, include.parameter):
        target = pool.by_name.get(name)
        if target is not None and include.target in ("", target.type):
            yield target


def _referring(pool: Pool, targets: Sequence[Rendition], wanted: Sequence[Include]) -> Iterator[Rendition]:
    names = {one.name for one in targets}
    for include in wanted:
        for one in pool.by_name.values() if names else ():
            if include.source in ("*", one.type) and not names.isdisjoint(references_of(one, include.parameter)):
                yield one


@lru_cache(KEPT)
def references_of(one: Rendition, parameter: str) -> tuple[str, ...]:
    """What a resource refers to by one of its parameters, ``*`` for all of them."""
    rows = (row for row in parameters_of(one.type).values() if row.kind == "reference")
    paths = [path for row in rows if parameter in ("*", row.name) for path in row.paths]
    held = [value for path in paths for value in values_at(one.resource, path) if isinstance(value, dict)]
    return tuple(value["reference"] for value in held if "reference" in value)
