"""How a value of a record reads in a generated table: the author's digits and words, dates as written in Danish."""

import re

from patientoverblik.formats.cda.datatypes import CD, IVLPQ, PN, PQ, ST, Limit, Time

_STAMP = re.compile(r"(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?")


def worded(value: object) -> str:
    """The words for a value; empty where it has none."""
    if isinstance(value, str):
        return value
    if isinstance(value, CD):
        return value.display or value.original_text or value.code
    if isinstance(value, PQ):
        return f"{value.value} {value.unit}".strip()
    if isinstance(value, IVLPQ):
        return _range(value)
    if isinstance(value, ST):
        return value.text
    if isinstance(value, PN):
        return " ".join(part.text for part in value.parts if part.text)
    if isinstance(value, Time):
        return _time(value)
    if isinstance(value, tuple):
        return ", ".join(text for one in value if (text := worded(one)))
    return ""


def valued(item: object, path: str) -> str:
    """The words for the first of the value paths (``words|value|code.display``) that has any."""
    for one in path.split("|"):
        found: object = item
        for step in one.split("."):
            found = getattr(found, step, None)
        if text := worded(found):
            return text
    return ""


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
