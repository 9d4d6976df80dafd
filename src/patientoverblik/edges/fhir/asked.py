"""What a search asks for, read from its parameters; every fault told, and what is not known named (R4 search.html).

A modifier that is not offered and a value that is none are always refused: leaving them out would find more than was
asked for.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Literal

import msgspec

from patientoverblik.edges.fhir.call import Asked
from patientoverblik.edges.fhir.parameters import Kind, Parameter, parameters_of
from patientoverblik.edges.fhir.value_sets import members_of
from patientoverblik.edges.fhir.values import alternatives, is_well_formed, plain
from patientoverblik.problems import Finding

MODIFIERS: dict[Kind, frozenset[str]] = {
    "token": frozenset({"not", "missing", "in", "not-in"}),
    "string": frozenset({"exact", "contains", "missing"}),
    "reference": frozenset({"identifier", "missing"}),
    "date": frozenset({"missing"}),
    "uri": frozenset({"missing"}),
}
SUMMARIES = ("true", "false", "text", "data", "count")
TOTALS = ("none", "estimate", "accurate")
MOST_ON_A_PAGE = 1000
ON_A_PAGE = 100
QUIET = frozenset({"_format", "_pretty", "_page"})
"""Parameters that are about the answer's form, or read elsewhere."""
Direction = Literal["", "-"]


class Filter(msgspec.Struct, frozen=True):
    """One parameter with the values of which one must fit; chained, ``next`` is what its target must fit."""

    parameter: Parameter
    values: tuple[str, ...]
    modifier: str = ""
    next: "Filter | None" = None


class Include(msgspec.Struct, frozen=True):
    """Resources to come along: by a parameter of a type (``*`` for every), to a target type; ``again`` for those that
    came along themselves."""

    source: str
    parameter: str
    target: str = ""
    again: bool = False


class Search(msgspec.Struct, frozen=True):
    """A search that can be made, and ``unknown``: names of parameters that cannot. ``said`` are the parameters as they
    are told back."""

    type: str
    filters: tuple[Filter, ...] = ()
    includes: tuple[Include, ...] = ()
    back: tuple[Include, ...] = ()
    sort: tuple[tuple[Direction, Parameter], ...] = ()
    count: int = ON_A_PAGE
    summary: str = ""
    elements: tuple[str, ...] = ()
    total: str = ""
    said: Asked = ()
    unknown: tuple[str, ...] = ()


@lru_cache(256)
def read_search(kind: str, asked: Asked) -> Search | tuple[Finding, ...]:
    """The search of some parameters, those that name the patient taken out before; or what is wrong with it."""
    reading = _Reading(kind)
    for name, value in asked:
        reading.take(name, value)
    return reading.search()


class _Reading:
    """A search under way: parameters are taken one by one, and faults gathered."""

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.found: dict[str, object] = {}
        self.filters: list[Filter] = []
        self.includes: list[Include] = []
        self.back: list[Include] = []
        self.said: list[tuple[str, str]] = []
        self.unknown: list[str] = []
        self.faults: list[Finding] = []

    def take(self, name: str, value: str) -> None:
        """One parameter with its value."""
        if name in QUIET or not value:
            return
        taken = len(self.unknown)
        if name.startswith(("_include", "_revinclude")):
            self._include(name, value)
        elif name in _CONTROLS:
            self._control(name, value)
        else:
            made = filter_of(self.kind, name, value)
            if isinstance(made, Filter):
                self.filters.append(made)
            elif made is None:
                self.unknown.append(name)
            else:
                self.faults.append(made)
        if len(self.unknown) == taken:
            self.said.append((name, value))

    def _control(self, name: str, value: str) -> None:
        if name in self.found:
            self.faults.append(Finding("rest.parameter-twice", place=name, about=name))
            return
        made = _CONTROLS[name](self.kind, value)
        if made is None:
            self.faults.append(Finding("rest.bad-value", place=name, about=name))
            return
        self.found[name] = made

    def _include(self, name: str, value: str) -> None:
        include = include_of(value, again=name.endswith((":iterate", ":recurse")))
        if name.partition(":")[2] not in ("", "iterate", "recurse"):
            self.faults.append(Finding("rest.bad-modifier", place=name, about=name.partition(":")[0]))
        elif include is None:
            self.unknown.append(f"{name.partition(':')[0]}={value}"[:80])
        else:
            (self.back if name.startswith("_rev") else self.includes).append(include)

    def search(self) -> Search | tuple[Finding, ...]:
        """What it came to."""
        if self.faults:
            return tuple(self.faults)
        more = {name.removeprefix("_"): value for name, value in self.found.items()}
        return msgspec.structs.replace(
            Search(self.kind),
            filters=tuple(self.filters),
            includes=tuple(self.includes),
            back=tuple(self.back),
            said=tuple(self.said),
            unknown=tuple(self.unknown),
            **more,
        )


def filter_of(kind: str, name: str, value: str) -> Filter | Finding | None:
    """The filter of a parameter as it is written (``name``, ``name:modifier``, ``name.chain``); a finding where it
    cannot be used so, None where it is not known."""
    first, point, rest = name.partition(".")
    bare, _, modifier = first.partition(":")
    parameter = parameters_of(kind).get(bare)
    if parameter is None:
        return None
    if point:
        return _chained(parameter, modifier, rest, value)
    if modifier and modifier not in MODIFIERS[parameter.kind] and modifier not in parameter.targets:
        return Finding("rest.bad-modifier", place=bare, about=bare)
    values = alternatives(value)
    if modifier == "missing":
        return Filter(parameter, values, modifier) if value in ("true", "false") else _bad(bare)
    if modifier in ("in", "not-in"):
        known = members_of(plain(value)) is not None
        return Filter(parameter, (plain(value),), modifier) if known else Finding("rest.value-set", place=bare)
    if modifier in parameter.targets:
        values, modifier = tuple(each if "/" in each else f"{modifier}/{each}" for each in values), ""
    return (
        Filter(parameter, values, modifier)
        if all(is_well_formed(parameter.kind, each) for each in values)
        else _bad(bare)
    )


def _bad(name: str) -> Finding:
    return Finding("rest.bad-value", place=name, about=name)


def _chained(parameter: Parameter, modifier: str, rest: str, value: str) -> Filter | Finding | None:
    """A filter on what a reference leads to: of the type in its modifier, else of the first target that knows it."""
    if parameter.kind != "reference":
        return Finding("rest.bad-modifier", place=parameter.name, about=parameter.name)
    for target in (modifier,) if modifier else parameter.targets:
        found = filter_of(target, rest, value)
        if found is not None:
            return Filter(parameter, (), modifier, found) if isinstance(found, Filter) else found
    return None


def include_of(value: str, *, again: bool) -> Include | None:
    """An include as ``Type:parameter:Target``, ``Type:*`` or ``*``; None where there is none such."""
    source, _, rest = value.partition(":")
    name, _, target = rest.partition(":")
    if value == "*":
        return Include("*", "*", again=again)
    known = parameters_of(source).get(name)
    if name != "*" and (known is None or known.kind != "reference" or (target and target not in known.targets)):
        return None
    return Include(source, name, target, again)


def _count(_kind: str, value: str) -> int | None:
    return min(int(value), MOST_ON_A_PAGE) if value.isascii() and value.isdigit() and len(value) < 10 else None


def _sort(kind: str, value: str) -> tuple[tuple[Direction, Parameter], ...] | None:
    known = parameters_of(kind)
    names = value.split(",")
    if not all(name.removeprefix("-") in known for name in names):
        return None
    return tuple(("-" if name.startswith("-") else "", known[name.removeprefix("-")]) for name in names)


def _elements(_kind: str, value: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in value.split(",") if name.strip())


def _summary(_kind: str, value: str) -> str | None:
    return value if value in SUMMARIES else None


def _total(_kind: str, value: str) -> str | None:
    return value if value in TOTALS else None


_CONTROLS: dict[str, Callable[[str, str], object]] = {
    "_count": _count,
    "_sort": _sort,
    "_elements": _elements,
    "_summary": _summary,
    "_total": _total,
}


def told_unknown(search: Search, *, strict: bool) -> Iterator[Finding]:
    """What is said of parameters that are not known: a warning that they were left out, or an error."""
    code = "rest.parameter-unknown" if strict else "rest.parameter-ignored"
    for name in dict.fromkeys(search.unknown):
        yield Finding(code, about=safe_name(name))


def safe_name(name: str) -> str:
    """A parameter's name as it may be told back: only what could be one, so that no patient's value is repeated."""
    bare = name.partition("=")[0]
    fitting = all(each.isascii() and (each.isalpha() or each in "_-.:") for each in bare)
    return bare[:40] if fitting else "?"
