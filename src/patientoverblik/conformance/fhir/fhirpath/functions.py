"""The functions of FHIRPath that are understood here; what is not in one of the tables is not.

``FUNCTIONS`` take what their arguments find, ``WITH_CRITERIA`` the arguments themselves, asked of each item anew.
"""

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from patientoverblik.conformance.fhir.fhirpath.items import Item, Items, World, under
from patientoverblik.conformance.fhir.fhirpath.values import boolean, of_boolean, of_value, truth

Function = Callable[..., Items]
WITH_TYPE = frozenset(("ofType", "as", "is"))


def _where(world: World, focus: Items, criteria: Any) -> Items:
    return tuple(one for one in focus if boolean(criteria(world, (one,))))


def _exists(world: World, focus: Items, criteria: Any = None) -> Items:
    return of_boolean(bool(focus if criteria is None else _where(world, focus, criteria)))


def _all(world: World, focus: Items, criteria: Any) -> Items:
    return of_boolean(all(boolean(criteria(world, (one,))) for one in focus))


def _select(world: World, focus: Items, projection: Any) -> Items:
    return tuple(found for one in focus for found in projection(world, (one,)))


WITH_CRITERIA: Mapping[str, Function] = {"where": _where, "exists": _exists, "all": _all, "select": _select}


def _text(work: Callable[..., Any]) -> Function:
    """A function of one text and single arguments; of none, nothing."""

    def found(_world: World, focus: Items, *arguments: Items) -> Items:
        if len(focus) != 1 or not isinstance(focus[0].value, str) or not all(arguments):
            return ()
        told = work(focus[0].value, *(one[0].value for one in arguments))
        return () if told is None else of_value(told)

    return found


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.DOTALL)


def _matches(text: str, pattern: str) -> bool:
    return _pattern(pattern).search(text) is not None


def _substring(text: str, start: int, length: int | None = None) -> str | None:
    if not 0 <= start < len(text):
        return None
    return text[start:] if length is None else text[start : start + length]


def _integer(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[+-]?[0-9]+", text) else None


def _extension(_world: World, focus: Items, url: Items) -> Items:
    wanted = url[0].value if url else None
    found = (each for one in focus for each in under(one, "extension"))
    return tuple(one for one in found if isinstance(one.value, dict) and one.value.get("url") == wanted)


def _resolve(world: World, focus: Items) -> Items:
    return tuple(found for one in focus if (found := _led(world, one)) is not None)


def _led(world: World, item: Item) -> Item | None:
    told = item.value.get("reference") if isinstance(item.value, dict) else item.value
    return world.resolve(told) if isinstance(told, str) else None


def _member(world: World, focus: Items, value_set: Items) -> Items:
    if len(focus) != 1 or not value_set:
        return ()
    return of_boolean(world.member(value_set[0].value, focus[0]))


def _conforms(world: World, focus: Items, profile: Items) -> Items:
    return of_boolean(world.conforms(profile[0].value, focus[0])) if len(focus) == 1 and profile else ()


def _of_numbers(pick: Callable[[Items], Items]) -> Function:
    return lambda _world, focus: pick(focus)


def _item(_world: World, focus: Items, number: Items) -> Items:
    return focus[number[0].value : number[0].value + 1] if number else ()


def _not(_world: World, focus: Items) -> Items:
    told = truth(focus)
    return of_boolean(None if told is None else not told)


def _to_string(_world: World, focus: Items) -> Items:
    return of_value(str(focus[0].value)) if len(focus) == 1 and not isinstance(focus[0].value, dict) else ()


def _has_value(_world: World, focus: Items) -> Items:
    return of_boolean(len(focus) == 1 and focus[0].value is not None and not isinstance(focus[0].value, dict))


FUNCTIONS: Mapping[str, Function] = {
    "empty": lambda _world, focus: of_boolean(not focus),
    "count": lambda _world, focus: of_value(len(focus)),
    "not": _not,
    "anyTrue": lambda _world, focus: of_boolean(any(one.value is True for one in focus)),
    "allTrue": lambda _world, focus: of_boolean(all(one.value is True for one in focus)),
    "first": _of_numbers(lambda focus: focus[:1]),
    "last": _of_numbers(lambda focus: focus[-1:]),
    "tail": _of_numbers(lambda focus: focus[1:]),
    "single": _of_numbers(lambda focus: focus[:1] if len(focus) == 1 else ()),
    "item": _item,
    "matches": _text(_matches),
    "contains": _text(lambda text, part: part in text),
    "startsWith": _text(str.startswith),
    "endsWith": _text(str.endswith),
    "substring": _text(_substring),
    "length": _text(len),
    "upper": _text(str.upper),
    "lower": _text(str.lower),
    "toInteger": _text(_integer),
    "toString": _to_string,
    "hasValue": _has_value,
    "extension": _extension,
    "resolve": _resolve,
    "memberOf": _member,
    "conformsTo": _conforms,
}
