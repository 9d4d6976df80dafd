"""The values of a resource at a search parameter's place, and their comparison with what was asked (R4 search.html).

Codes are compared with their system; the OID and the URL of one code system are the same. Dates are stretches of time:
what is asked and what is held are compared as such.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from patientoverblik.care import parse_moment
from patientoverblik.edges.fhir.parameters import Kind
from patientoverblik.formats.fhir import system_of

FOREVER = (-(1 << 62), 1 << 62)
Stretch = tuple[int, int]
PREFIXES = ("eq", "ne", "gt", "ge", "lt", "le", "sa", "eb", "ap")
DAY = 86_400_000
ANY_SYSTEM = "*"
"""The system of a code that stands without one because its element allows but one."""


def values_at(resource: Mapping[str, Any], path: str) -> Iterator[Any]:
    """Every value at a path, lists laid out."""
    return _at(resource, tuple(path.split(".")))


def _at(value: Any, steps: tuple[str, ...]) -> Iterator[Any]:
    if isinstance(value, list):
        for each in value:
            yield from _at(each, steps)
    elif not steps:
        yield value
    elif isinstance(value, dict):
        stem = steps[0].removesuffix("*")
        names = [stem] if stem == steps[0] else [name for name in value if name.startswith(stem)]
        for name in names:
            if name in value:
                yield from _at(value[name], steps[1:])


def fits_token(held: Any, asked: str) -> bool:
    """Whether a code, coding, concept, identifier, contact or truth value is what ``system|code`` asks for."""
    system, bar, code = split_token(asked)
    return any(_same_code(each, system if bar else None, code if bar else system) for each in _codes(held))


def _codes(held: Any) -> Iterator[tuple[str, str]]:
    if isinstance(held, bool):
        yield "", "true" if held else "false"
    elif isinstance(held, str):
        yield ANY_SYSTEM, held
    elif isinstance(held, dict):
        for each in held.get("coding", (held,)):
            yield each.get("system", ""), each.get("code", each.get("value", ""))


def _same_code(held: tuple[str, str], system: str | None, code: str) -> bool:
    if code and held[1] != code:
        return False
    return system is None or held[0] == ANY_SYSTEM or system_of(held[0]) == system_of(system)


def fits_any_code(held: Any, members: frozenset[tuple[str, str]]) -> bool:
    """Whether a code, coding or concept is one of some codes (system in its one form, code)."""
    return any((system_of(system), code) in members for system, code in _codes(held))


def fits_string(held: Any, asked: str, modifier: str = "") -> bool:
    """Whether a text, or any text of a name or address, begins with what is asked, whatever case and accents;
    ``contains`` anywhere in it, ``exact`` letter by letter."""
    texts = list(_texts(held))
    if modifier == "exact":
        return asked in texts
    wanted, folded = fold(asked), map(fold, texts)
    return any(wanted in each if modifier == "contains" else each.startswith(wanted) for each in folded)


def _texts(held: Any) -> Iterator[str]:
    if isinstance(held, str):
        yield held
    elif isinstance(held, dict):
        for name, value in held.items():
            if name not in ("use", "period", "type", "extension"):
                yield from _texts(value)
    elif isinstance(held, list):
        for each in held:
            yield from _texts(each)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """A text without case and accents; Danish letters are letters and not accents."""
    kept = {"å": "\ue000", "Å": "\ue000"}
    marked = "".join(kept.get(each, each) for each in text)
    plain = (each for each in unicodedata.normalize("NFD", marked) if not unicodedata.combining(each))
    return " ".join("".join(plain).casefold().split())


def fits_uri(held: Any, asked: str) -> bool:
    """Whether an address is the one asked for, a profile of any version too."""
    return isinstance(held, str) and (held == asked or held.partition("|")[0] == asked)


def fits_date(held: Any, asked: str) -> bool:
    """Whether a date, instant, period or timing is as ``prefix + date`` asks."""
    prefix = asked[:2] if asked[:2] in PREFIXES else "eq"
    wanted = stretch_of(asked.removeprefix(prefix))
    found = _stretch(held)
    return wanted is not None and found is not None and _COMPARED[prefix](found, wanted)


def stretch_of(text: str) -> Stretch | None:
    """The stretch of time a date means, first instant and the one after its last; None if it is no date."""
    try:
        moment = parse_moment(text)
    except ValueError:
        return None
    return moment.earliest, moment.latest


def _stretch(held: Any) -> Stretch | None:
    if isinstance(held, str):
        return stretch_of(held)
    if not isinstance(held, dict):
        return None
    held = held.get("repeat", {}).get("boundsPeriod", held) if "repeat" in held else held
    start, end = (stretch_of(held[name]) if name in held else FOREVER for name in ("start", "end"))
    return None if start is None or end is None or start is end else (start[0], end[1])


def _near(held: Stretch, asked: Stretch) -> bool:
    return held[0] < asked[1] + DAY and asked[0] - DAY < held[1]


_COMPARED: Mapping[str, Callable[[Stretch, Stretch], bool]] = {
    "eq": lambda held, asked: asked[0] <= held[0] and held[1] <= asked[1],
    "ne": lambda held, asked: not (asked[0] <= held[0] and held[1] <= asked[1]),
    "gt": lambda held, asked: held[1] > asked[1],
    "ge": lambda held, asked: held[1] > asked[1] or (asked[0] <= held[0] and held[1] <= asked[1]),
    "lt": lambda held, asked: held[0] < asked[0],
    "le": lambda held, asked: held[0] < asked[0] or (asked[0] <= held[0] and held[1] <= asked[1]),
    "sa": lambda held, asked: held[0] >= asked[1],
    "eb": lambda held, asked: held[1] <= asked[0],
    "ap": _near,
}


def fits_reference(held: Any, asked: str, targets: tuple[str, ...]) -> bool:
    """Whether a reference leads to what is asked for: ``Type/id``, an id of one of the target types, or an address."""
    if not isinstance(held, dict):
        return False
    literal = held.get("reference", "")
    wanted = "/".join(asked.rsplit("/", 2)[-2:])
    return literal != "" and (literal in (asked, wanted) or literal in (f"{kind}/{asked}" for kind in targets))


def fits_identifier(held: Any, asked: str) -> bool:
    """Whether a reference names its target by the identifier asked for (``:identifier``)."""
    return isinstance(held, dict) and "identifier" in held and fits_token(held["identifier"], asked)


def is_well_formed(kind: Kind, asked: str) -> bool:
    """Whether a value can be one of a parameter of the kind."""
    if kind == "date":
        return stretch_of(asked[2:] if asked[:2] in PREFIXES else asked) is not None
    return asked not in ("", "|")


def split_token(text: str) -> tuple[str, str, str]:
    """``system|code`` parted at the first bar that has no backslash before it; the parts without their backslashes."""
    place = next((n for n, each in enumerate(text) if each == "|" and not text[:n].endswith("\\")), len(text))
    return plain(text[:place]), text[place : place + 1], plain(text[place + 1 :])


def alternatives(text: str) -> tuple[str, ...]:
    """The values between commas that have no backslash before them."""
    found, rest = [], text
    while True:
        place = next((n for n, each in enumerate(rest) if each == "," and not rest[:n].endswith("\\")), len(rest))
        found.append(rest[:place])
        if place == len(rest):
            return tuple(found)
        rest = rest[place + 1 :]


def plain(text: str) -> str:
    """A value without the backslashes of the search syntax."""
    for mark in (",", "|", "$"):
        text = text.replace(f"\\{mark}", mark)
    return text.replace("\\\\", "\\")
