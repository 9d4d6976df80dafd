"""Days that people write in forms: ISO dates, as instants of the Danish day."""

from datetime import date, datetime, timedelta

from patientoverblik.care import COPENHAGEN, to_millis


def is_day(text: str) -> bool:
    """Whether a text is a day that is in the calendar, or empty."""
    try:
        return not text or bool(date.fromisoformat(text))
    except ValueError:
        return False


def start_of(day: str) -> int:
    """The first instant of a Danish day (ms UTC), 0 where none is given."""
    return to_millis(datetime.fromisoformat(day).replace(tzinfo=COPENHAGEN)) if day else 0


def after_day(day: str) -> int:
    """The first instant after a Danish day (ms UTC), 0 where none is given or the calendar has none."""
    last = date.fromisoformat(day) if day else date.max
    return 0 if last == date.max else start_of((last + timedelta(days=1)).isoformat())
