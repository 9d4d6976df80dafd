"""How a value of a record reads in a generated table: the author's digits and words, dates as written in Danish."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from patientoverblik.formats.cda.datatypes import CD, IVLPQ, PN, PQ, ST, Limit, Time

Path = tuple[str, ...]
"""The names of the fields that lead to a value."""

_STAMP = re.compile(r"(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?")


def worded(value: object) -> str:
    """The words for a value; empty where it has none."""
    found = _WORDED.get(type(value))
    return found(value) if found is not None else ""


def paths_of(text: str) -> tuple[Path, ...]:
    """The ways to a cell's value, the first that has words counts: ``words|value|code.display``."""
    return tuple(tuple(one.split(".")) for one in text.split("|"))


def valued(item: object, paths: tuple[Path, ...]) -> str:
    """The words for the first of the values at the paths that has any."""
    for path in paths:
        found: object = item
        for step in path:
            found = getattr(found, step, None)
        if found and (text := worded(found)):
            return text
    return ""


def _quantity(value: PQ) -> str:
    return f"{value.value} {value.unit}".strip()


def _code(value: CD) -> str:
    return value.display or value.original_text or value.code


def _name(value: PN) -> str:
    return " ".join(part.text for part in value.parts if part.text)


def _many(values: tuple[object, ...]) -> str:
    return ", ".join(text for one in values if (text := worded(one)))


def _range(value: IVLPQ) -> str:
    low, high = _limit(value.low, ">", "≥"), _limit(value.high, "<", "≤")
    unit = value.unit or (value.low.unit if value.low else "") or (value.high.unit if value.high else "")
    return f"{' og '.join(text for text in (low, high) if text)} {unit}".strip()


def _limit(limit: Limit | None, outside: str, inside: str) -> str:
    if limit is None or not limit.value:
        return ""
    return f"{outside if limit.inclusive == 'false' else inside} {limit.value}"


def _time(time: Time) -> str:
    if time.value:
        return _stamp(time.value)
    low = _stamp(time.low.value) if time.low else ""
    high = _stamp(time.high.value) if time.high else ""
    return f"{low} – {high}".strip() if low or high else ""


def _stamp(text: str) -> str:
    found = _STAMP.match(text)
    if found is None:
        return text
    year, month, day, hour, minute = found.groups()
    date = "-".join(part for part in (day, month, year) if part)
    clock = f" {hour}:{minute}" if hour and minute and (hour, minute) != ("00", "00") else ""
    return date + clock


_WORDED: Mapping[type, Callable[[Any], str]] = {
    str: str,
    CD: _code,
    PQ: _quantity,
    IVLPQ: _range,
    ST: lambda value: str(value.text),
    PN: _name,
    Time: _time,
    tuple: _many,
}
"""By the value's own type, as no type of a record has another beneath it."""
