"""Whether a code is in a value set (FHIR R4, ValueSet.compose), as far as the definitions at hand can tell.

A value set is a question to each of its codes: yes, no, or not known, where it takes from a code system that is not
here in full.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from patientoverblik.conformance.fhir.profiles.definitions import Definitions, Json
from patientoverblik.conformance.fhir.tables import codes, concepts

R4 = "http://hl7.org/fhir/ValueSet/"
DOWN = ("is-a", "descendent-of")
Code = tuple[str | None, str]
"""A system (None: whichever, where only a code is told) and a code."""


class Part(msgspec.Struct, frozen=True):
    """What one ``include`` takes: of a system some codes or (None) all that there are, whether that is known in full,
    and the value sets they have to be in as well."""

    system: str | None
    codes: frozenset[str] | None
    known: bool
    value_sets: tuple[str, ...]


class ValueSet(msgspec.Struct, frozen=True):
    """What a value set takes and what it leaves out."""

    include: tuple[Part, ...]
    exclude: tuple[Part, ...]


class ValueSets(msgspec.Struct, frozen=True):
    """Value sets by address, and the codes of each code system that is here in full."""

    by_url: Mapping[str, ValueSet]
    complete: Mapping[str, frozenset[str]]


def value_sets(given: Definitions) -> ValueSets:
    """Every value set at hand, and the closed lists of codes of R4's own."""
    systems = {url: _Concepts(found) for url, found in given.code_systems.items()}
    own = {f"{R4}{name}": ValueSet((Part(None, listed, True, ()),), ()) for name, listed in codes().items()}
    own |= {f"{R4}{name}": ValueSet((Part(one.system, one.codes, True, ()),), ()) for name, one in concepts().items()}
    sets = own | {url: _value_set(one, systems) for url, one in given.value_sets.items()}
    return ValueSets(sets, {url: frozenset(one.below) for url, one in systems.items() if one.complete})


def member(sets: ValueSets, url: str, code: Code) -> bool | None:
    """Whether a code is in a value set; None where it is not known. A code that its own system does not have is in
    none."""
    found = sets.by_url.get(url.partition("|")[0])
    if found is None:
        return None
    if code[0] is not None and code[1] not in sets.complete.get(code[0], (code[1],)):
        return False
    if any(_within(sets, one, code) for one in found.exclude):
        return False
    return _any(_within(sets, one, code) for one in found.include)


def _within(sets: ValueSets, part: Part, code: Code) -> bool | None:
    told = [member(sets, one, code) for one in part.value_sets]
    if part.system is not None or part.codes is not None:
        told.append(_taken(part, code))
    return None if None in told and False not in told else all(told)


def _taken(part: Part, code: Code) -> bool | None:
    system, value = code
    if system is not None and part.system is not None and system != part.system:
        return False
    if part.codes is not None and value in part.codes:
        return True
    return False if part.known else None


def _any(told: Iterable[bool | None]) -> bool | None:
    every = tuple(told)
    return True if True in every else None if None in every else False


class _Concepts:
    """The codes of a code system, and of each those below it."""

    def __init__(self, files: Iterable[Json]) -> None:
        self.complete = True
        self.below: dict[str, set[str]] = {}
        for one in files:
            self.complete &= one.get("content") == "complete"
            self._note(one.get("concept", ()), ())

    def _note(self, concepts: Iterable[Json], above: tuple[str, ...]) -> None:
        for one in concepts:
            self.below.setdefault(one["code"], set())
            for each in above:
                self.below[each].add(one["code"])
            self._note(one.get("concept", ()), (*above, one["code"]))


def _value_set(written: Json, systems: Mapping[str, _Concepts]) -> ValueSet:
    compose = written.get("compose", {})
    take = (tuple(_parts(compose.get(name, ()), systems)) for name in ("include", "exclude"))
    return ValueSet(*take)


def _parts(written: Iterable[Json], systems: Mapping[str, _Concepts]) -> Iterator[Part]:
    for one in written:
        value_sets_ = tuple(each.partition("|")[0] for each in one.get("valueSet", ()))
        if "system" not in one:
            yield Part(None, None, True, value_sets_)
        elif "concept" in one:
            yield Part(one["system"], frozenset(each["code"] for each in one["concept"]), True, value_sets_)
        else:
            found = _filtered(one.get("filter", ()), systems.get(one["system"]))
            yield Part(one["system"], *found, value_sets_)


def _filtered(filters: Iterable[Json], known: _Concepts | None) -> tuple[frozenset[str] | None, bool]:
    """The codes of a system that pass every filter, and whether those are all."""
    if known is None:
        return None, False
    found, sure = frozenset(known.below), known.complete
    for one in filters:
        if one.get("property") != "concept" or one.get("op") not in DOWN:
            return found, False
        below = known.below.get(one["value"], set())
        found &= below | {one["value"]} if one["op"] == "is-a" else below
    return found, sure


def codes_of(value: Any, type_: str) -> list[Code]:
    """The codes that a bound value tells: of a concept each, of a quantity its unit; a text is a code without
    system."""
    if type_ == "CodeableConcept":
        listed = value.get("coding", ()) if isinstance(value, dict) else ()
        return [code for one in listed for code in codes_of(one, "Coding")]
    if isinstance(value, dict):
        return [(value.get("system", ""), value["code"])] if isinstance(value.get("code"), str) else []
    return [(None, value)] if isinstance(value, str) else []
