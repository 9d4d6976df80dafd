"""HL7 v3 times to moments and back, without loss of precision or zone (HL7 v3 Data Types R1, TS; DESIGN decision 15).

A time text is ``YYYY[MM[DD[hh[mm[ss[.f]]]]]][±ZZzz]``. Fractions beyond nanoseconds and
zones of odd length cannot be read.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from patientoverblik.care import Moment, Unknown, parse_moment

_TEXT = re.compile(
    r"([0-9]{4})(?:([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})(?:\.([0-9]{1,9}))?)?)?)?)?)?"
    r"([+-](?:[0-9]{2}|[0-9]{4}))?"
)
_NO_CLOCK = re.compile(r"000000(?:\.0+)?[+-]0000")
_WITHOUT_ZONE = "care.time-without-zone"
_ZERO_CLOCK = "care.date-with-zero-clock"
_DATE_WITH_ZONE = "care.date-with-zone"
_NOT_READABLE = "care.time-not-readable"


class Timed(NamedTuple):
    """A time as read, and the code of what was odd about how it was written; empty where nothing was."""

    moment: Moment | Unknown
    code: str


@lru_cache(maxsize=65536)
def read_time(text: str) -> Timed:
    """Read a time text. A date written as midnight UTC is the date; a zone on a date is left out: a date has none."""
    found = _TEXT.fullmatch(text)
    if found is None:
        return Timed(Unknown(reason="not-readable"), _NOT_READABLE)
    try:
        return _read(text, found)
    except ValueError:
        return Timed(Unknown(reason="not-readable"), _NOT_READABLE)


@lru_cache(maxsize=65536)
def write_time(moment: Moment) -> str:
    """Write a moment as a time text. Midnight UTC is written in Danish time: its UTC form would be read as a date."""
    day, _, clock = moment.text.partition("T")
    if clock and moment.zoned:
        digits, zone = _split_zone(clock)
        if _NO_CLOCK.fullmatch(digits.replace(":", "") + zone):
            return _in_danish_time(moment)
        return day.replace("-", "") + digits.replace(":", "") + zone
    return (day + clock).replace("-", "").replace(":", "")


@lru_cache(maxsize=4096)
def read_date(text: str) -> Timed:
    """Read the date of a time that is a date by nature (birth), whatever clock and zone it was written with."""
    return read_time(text[:8])


def _read(text: str, found: re.Match[str]) -> Timed:
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    date = "-".join(part for part in (year, month, day) if part)
    if hour is None:
        return Timed(parse_moment(date), _DATE_WITH_ZONE if zone else "")
    if _NO_CLOCK.fullmatch(text[8:]):
        return Timed(parse_moment(date), _ZERO_CLOCK)
    clock = ":".join(part for part in (hour, minute, second) if part) + (f".{fraction}" if fraction else "")
    if zone is None:
        return Timed(parse_moment(f"{date}T{clock}"), _WITHOUT_ZONE)
    return Timed(parse_moment(f"{date}T{clock}{zone[:3]}:{zone[3:] or '00'}"), "")


def _split_zone(clock: str) -> tuple[str, str]:
    if clock.endswith("Z"):
        return clock[:-1], "+0000"
    return clock[:-6], clock[-6:].replace(":", "")


def _in_danish_time(moment: Moment) -> str:
    return moment.local().strftime("%Y%m%d%H%M%S%z")
