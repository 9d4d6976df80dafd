"""Moments: when something is, as exactly as its author said and no more (DESIGN decision 15).

A moment keeps its ISO 8601 text, its precision and its zone, and knows the first and the last instant it may mean.
A date never passes a time zone: its day is the Danish day. A clock time without a zone is read as Danish time; in the
hour that the clocks run through twice it may mean either, so its stretch covers both.
"""

import re
from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Annotated, ClassVar, Literal
from zoneinfo import ZoneInfo

from patientoverblik.care.terms import Term, Value

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
Precision = Literal["year", "month", "day", "hour", "minute", "second", "fraction"]
_SHAPE = re.compile(
    r"(?P<year>[0-9]{4})(?:-(?P<month>[0-9]{2})(?:-(?P<day>[0-9]{2})"
    r"(?:T(?P<hour>[0-9]{2})(?::(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]{1,9}))?)?)?"
    r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})?)?)?)?"
)


class Moment(Value, frozen=True, kw_only=True, tag_field="is", tag="moment"):
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
        within = min(max(self.earliest, _FIRST), _LAST)
        return (_EPOCH + timedelta(milliseconds=within)).astimezone(COPENHAGEN)


@lru_cache(maxsize=65536)
def parse_moment(text: str) -> Moment:
    """Read an ISO 8601 text of any precision from year to nanosecond; ``ValueError`` if it is none."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        raise ValueError("not a moment")
    precision = _precision(found)
    earliest, latest = _day_stretch(found) if found["hour"] is None else _clock_stretch(found, precision)
    return Moment(text=text, precision=precision, zoned=found["zone"] is not None, earliest=earliest, latest=latest)


def moment_of(instant: datetime) -> Moment:
    """The moment of an aware instant, to the second, with the offset it carries."""
    if instant.tzinfo is None:
        raise ValueError("an instant must carry its zone")
    return parse_moment(instant.isoformat(timespec="seconds"))


def to_millis(instant: datetime) -> int:
    """Milliseconds since 1970 UTC of an aware instant."""
    return int((instant - _EPOCH) // timedelta(milliseconds=1))


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()
_LAST_DAY = date.max.toordinal()
_FIRST = to_millis(datetime(1, 1, 2, tzinfo=UTC))
_LAST = to_millis(datetime(9999, 12, 31, 22, 59, tzinfo=UTC))
_DAY = 86_400_000
_STEP = {"hour": 3_600_000, "minute": 60_000, "second": 1_000}


def _precision(found: re.Match[str]) -> Precision:
    if found["hour"] is None:
        return "day" if found["day"] else "month" if found["month"] else "year"
    if found["minute"] is None:
        return "hour"
    return "fraction" if found["fraction"] else "second" if found["second"] else "minute"


def _day_stretch(found: re.Match[str]) -> tuple[int, int]:
    year = int(found["year"])
    first_month, last_month = int(found["month"] or 1), int(found["month"] or 12)
    first = date(year, first_month, int(found["day"] or 1)).toordinal()
    last = first if found["day"] else date(year, last_month, monthrange(year, last_month)[1]).toordinal()
    return _midnight(first), _midnight(last + 1)


def _midnight(ordinal: int) -> int:
    """The instant when a Danish day begins; the day after the calendar's last one is counted on from it."""
    if ordinal > _LAST_DAY:
        return _midnight(_LAST_DAY) + (ordinal - _LAST_DAY) * _DAY
    return (ordinal - _EPOCH_DAY) * _DAY - _danish_offset(datetime.fromordinal(ordinal))


def _clock_stretch(found: re.Match[str], precision: Precision) -> tuple[int, int]:
    clock = datetime(
        int(found["year"]),
        int(found["month"]),
        int(found["day"]),
        int(found["hour"]),
        int(found["minute"] or 0),
        int(found["second"] or 0),
    )
    wall = to_millis(clock.replace(tzinfo=UTC)) + int((found["fraction"] or "").ljust(3, "0")[:3])
    step = 10 ** max(0, 3 - len(found["fraction"])) if precision == "fraction" else _STEP[precision]
    starts = [wall - offset for offset in _offsets(found["zone"], clock)]
    return min(starts), max(starts) + step


def _offsets(written: str | None, clock: datetime) -> tuple[int, ...]:
    """What may separate a wall clock from UTC, in milliseconds: as written, else both readings of the Danish clock."""
    if written is None:
        return _danish_offset(clock), _danish_offset(clock.replace(fold=1))
    if written == "Z":
        return (0,)
    hours, minutes = int(written[1:3]), int(written[4:6])
    if hours > 14 or minutes > 59:
        raise ValueError("not a zone")
    return ((hours * 60 + minutes) * (-60_000 if written[0] == "-" else 60_000),)


def _danish_offset(clock: datetime) -> int:
    offset = COPENHAGEN.utcoffset(clock.replace(tzinfo=COPENHAGEN))
    return 0 if offset is None else int(offset // timedelta(milliseconds=1))
