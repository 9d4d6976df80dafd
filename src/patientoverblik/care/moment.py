"""Moments: when something is, as exactly as its author said and no more (DESIGN decision 15).

A moment keeps its ISO 8601 text, its precision and its zone, and knows the first and the last instant it may mean.
A date never passes a time zone: its day is the Danish day. A clock time without a zone is read as Danish time.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo

from patientoverblik.care.terms import Term, Value

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
Precision = Literal["year", "month", "day", "minute", "second", "fraction"]
_SHAPE = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:T(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:\.(?P<fraction>\d{1,6}))?)?"
    r"(?P<zone>Z|[+-]\d\d:\d\d)?)?)?)?"
)


class Moment(Value, frozen=True, kw_only=True, tag="moment"):
    """A point or stretch of time; ``earliest`` ≤ the instant meant < ``latest``, both in milliseconds since 1970 UTC."""

    term: ClassVar[Term] = Term("tidspunkt", "moment", "tid angivet så præcist som forfatteren angav den", "ISO 8601")
    text: Annotated[str, Term("tekst", "text", "tidspunktet som ISO 8601 med forfatterens præcision", "ISO 8601")]
    precision: Annotated[Precision, Term("præcision", "precision", "mindste angivne enhed", "HL7 v3 TS")]
    zoned: Annotated[bool, Term("med tidszone", "zoned", "om forfatteren angav en tidszone", "HL7 v3 TS")] = True
    earliest: Annotated[int, Term("tidligst", "earliest", "første øjeblik det kan betyde", "projektet")]
    latest: Annotated[int, Term("senest", "latest", "øjeblikket efter det sidste det kan betyde", "projektet")]

    @property
    def is_date(self) -> bool:
        """Whether no clock time was given."""
        return self.precision in ("year", "month", "day")

    def local(self) -> datetime:
        """The first instant meant, in Danish time; for a date its midnight."""
        return datetime.fromtimestamp(self.earliest / 1000, COPENHAGEN)


@lru_cache(maxsize=65536)
def parse_moment(text: str) -> Moment:
    """Read an ISO 8601 text of any precision from year to microsecond; ``ValueError`` if it is none."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise ValueError("not a moment")
    precision = _precision(found)
    start = _start(found)
    return Moment(
        text=text,
        precision=precision,
        zoned=found["zone"] is not None,
        earliest=to_millis(start),
        latest=to_millis(_end(start, precision, len(found["fraction"] or ""))),
    )


def moment_of(instant: datetime) -> Moment:
    """The moment of an aware instant, to the second, with the offset it carries."""
    if instant.tzinfo is None:
        raise ValueError("an instant must carry its zone")
    return parse_moment(instant.isoformat(timespec="seconds"))


def to_millis(instant: datetime) -> int:
    """Milliseconds since 1970 UTC of an aware instant."""
    return int((instant - _EPOCH) // timedelta(milliseconds=1))


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = {"day": timedelta(days=1), "minute": timedelta(minutes=1), "second": timedelta(seconds=1)}


def _precision(found: re.Match[str]) -> Precision:
    if found["hour"] is None:
        return "day" if found["day"] else "month" if found["month"] else "year"
    return "fraction" if found["fraction"] else "second" if found["second"] else "minute"


def _start(found: re.Match[str]) -> datetime:
    return datetime(
        int(found["year"]),
        int(found["month"] or 1),
        int(found["day"] or 1),
        int(found["hour"] or 0),
        int(found["minute"] or 0),
        int(found["second"] or 0),
        int((found["fraction"] or "0").ljust(6, "0")),
        tzinfo=_zone(found["zone"]),
    )


def _zone(written: str | None) -> ZoneInfo | timezone:
    if written is None:
        return COPENHAGEN
    if written == "Z":
        return UTC
    sign = -1 if written[0] == "-" else 1
    return timezone(sign * timedelta(hours=int(written[1:3]), minutes=int(written[4:6])))


def _end(start: datetime, precision: Precision, digits: int) -> datetime:
    if precision == "year":
        return start.replace(year=start.year + 1) if start.year < 9999 else start
    if precision == "month":
        return (start + timedelta(days=32)).replace(day=1)
    if precision == "day":
        return start + timedelta(days=1)
    step = timedelta(microseconds=10 ** (6 - digits)) if precision == "fraction" else _STEP[precision]
    return (start.astimezone(UTC) + step).astimezone(start.tzinfo)
