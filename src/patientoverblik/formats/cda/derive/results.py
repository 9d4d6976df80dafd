"""What stands coded against what stands in words: each result's row of the author's table, and where the two differ.

Nothing is settled: the value stays as coded, the row as written, and a finding says that they differ (DESIGN 16).
"""

import re
from collections.abc import Mapping

import msgspec

from patientoverblik.care import Measurement, Moment, Period, Quantity
from patientoverblik.formats.cda.derive.values import Notes
from patientoverblik.formats.cda.derive.words import plain
from patientoverblik.problems import Finding

_DATE = re.compile(
    r"(?<![0-9])(?:([0-9]{2})[-./]([0-9]{2})[-./]([0-9]{4}|[0-9]{2})|([0-9]{4})-([0-9]{2})-([0-9]{2}))(?![0-9])"
)
_NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)?")
_CLOCK = re.compile(r"(?<![0-9.,:])([01][0-9]|2[0-3]|[0-9](?=:))[:.]([0-5][0-9])(?![0-9])")


def with_rows(measurements: tuple[Measurement, ...], narrative: str, notes: Notes) -> tuple[Measurement, ...]:
    """The results of one sub-section, each with the one row that bears its date where its own words are silent."""
    if not narrative or all(each.words for each in measurements):
        return measurements
    rows = _rows_by_day(narrative)
    return tuple(_with_row(each, rows, notes) for each in measurements)


def compare_clocks(period: object, narrative: str, notes: Notes, place: str) -> None:
    """Tell where an appointment's words give clock times and its coded time, on the Danish clock, is none of them."""
    told = {(int(hour), int(minute)) for hour, minute in _CLOCK.findall(_DATE.sub(" ", plain(narrative)))}
    if not told or not isinstance(period, Period):
        return
    for moment in (period.start, period.end):
        if moment is not None and not moment.is_date:
            clock = moment.local()
            if (clock.hour, clock.minute) not in told:
                notes.append(Finding("derive.time-differs-from-narrative", place))


def _rows_by_day(narrative: str) -> Mapping[str, str | None]:
    """Day → the words of the row that bears it; none where several rows do."""
    found: dict[str, str | None] = {}
    for line in plain(narrative).split("\n"):
        for day in set(map(_day, _DATE.findall(line))):
            found[day] = None if day in found else line
    return found


def _day(date: tuple[str, ...]) -> str:
    day, month, year, iso_year, iso_month, iso_day = date
    return f"{iso_year}-{iso_month}-{iso_day}" if iso_year else f"{_whole_year(year)}-{month}-{day}"


def _whole_year(year: str) -> str:
    return year if len(year) == 4 else f"20{year}"


def _with_row(each: Measurement, rows: Mapping[str, str | None], notes: Notes) -> Measurement:
    if each.words or not isinstance(each.time, Moment):
        return each
    row = rows.get(each.time.text[:10])
    if row is None:
        return each
    if isinstance(each.amount, Quantity) and not _told(each.amount.value, row):
        notes.append(Finding("derive.value-differs-from-narrative", each.place))
    return msgspec.structs.replace(each, words=row)


def _told(digits: str, row: str) -> bool:
    """Whether a number is among those of a row, beside its dates."""
    numbers = _NUMBER.findall(_DATE.sub(" ", row))
    return digits in numbers or _same_form(digits) in map(_same_form, numbers)


def _same_form(digits: str) -> str:
    """Digits with a point for the decimal comma and without zeros that change no value."""
    text = digits.replace(",", ".").lstrip("+-0")
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return text or "0"
