"""Dates and times as Danes read them, as exactly as the source said and no more; never in the machine's own zone."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from patientoverblik.care import Moment, Period
from patientoverblik.care.moment import COPENHAGEN, parse_moment

MONTHS = (
    *("januar", "februar", "marts", "april", "maj", "juni"),
    *("juli", "august", "september", "oktober", "november", "december"),
)
BRIEF = {name: f"{name[:3]}." for name in MONTHS if len(name) > len("marts")}
WEEKDAYS = ("man.", "tirs.", "ons.", "tors.", "fre.", "lør.", "søn.")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def danish_time(at: int) -> datetime:
    """The Danish wall clock at an instant in milliseconds since 1970 UTC."""
    return (_EPOCH + timedelta(milliseconds=at)).astimezone(COPENHAGEN)


def day_text(day: date) -> str:
    """``23. november 2026``."""
    return f"{day.day}. {MONTHS[day.month - 1]} {day.year}"


def clock_text(clock: datetime) -> str:
    """``09.14``; in the hour that comes twice it is said which of the two is meant."""
    text = f"{clock.hour:02}.{clock.minute:02}"
    if clock.replace(fold=0).utcoffset() == clock.replace(fold=1).utcoffset() or not _comes_twice(clock):
        return text
    return f"{text} ({'vintertid' if clock.fold else 'sommertid'})"


@lru_cache(maxsize=4096)
def instant_text(at: int) -> str:
    """An instant in milliseconds as ``23. november 2026 kl. 09.14``; empty where there is none."""
    if not at:
        return ""
    clock = danish_time(at)
    return f"{day_text(clock.date())} kl. {clock_text(clock)}"


def lately_text(at: int, now: int) -> str:
    """An instant (ms) as ``kl. 09.14`` where it is of the same Danish day as ``now``, else with its day."""
    clock = danish_time(at)
    return f"kl. {clock_text(clock)}" if clock.date() == danish_time(now).date() else instant_text(at)


@lru_cache(maxsize=16384)
def moment_text(moment: Moment) -> str:
    """A moment with the precision it was given: a year, a month, a day, or a day with a clock."""
    clock = moment.local()
    if moment.precision == "year":
        return f"{clock.year}"
    if moment.precision == "month":
        return f"{MONTHS[clock.month - 1]} {clock.year}"
    return f"{day_text(clock.date())}{_clock_part(moment, clock)}"


def short_text(moment: Moment) -> str:
    """A moment's day in figures, ``23.11.2026``; coarser moments in words."""
    if moment.precision in ("year", "month"):
        return moment_text(moment)
    clock = moment.local()
    return f"{clock.day:02}.{clock.month:02}.{clock.year}"


@lru_cache(maxsize=16384)
def written_text(text: str, at: int) -> str:
    """When something was written: the source's ISO 8601 text where it is one, else the day of the instant."""
    try:
        return moment_text(parse_moment(text)) if text else _day_of(at)
    except ValueError:
        return _day_of(at)


@lru_cache(maxsize=16384)
def short_written(text: str, at: int) -> str:
    """When something was written, its day in figures; as :func:`written_text` in words where it is no whole day."""
    try:
        return short_text(parse_moment(text)) if text else short_day(at)
    except ValueError:
        return short_day(at)


def brief_day(written: str) -> str:
    """A day or coarser moment in words with a long month cut short: ``23. nov. 2026``."""
    return " ".join(BRIEF.get(word, word) for word in written.partition(" kl. ")[0].split(" "))


def short_day(at: int) -> str:
    """The Danish day of an instant in figures, ``23.11.2026``; empty where there is none."""
    return f"{danish_time(at):%d.%m.%Y}" if at else ""


@lru_cache(maxsize=16384)
def period_text(period: Period | None) -> str:
    """``fra … til …``, ``fra …``, ``til …`` or empty; one day with two clocks is ``… kl. 13.00–13.30``."""
    if period is None or (period.start is None and period.end is None):
        return ""
    if period.start is None or period.end is None:
        return f"fra {moment_text(period.start)}" if period.start else f"til {moment_text(period.end)}"
    if period.start.text == period.end.text:
        return moment_text(period.start)
    if _same_day(period.start, period.end):
        return f"{moment_text(period.start)}–{clock_text(period.end.local())}"
    return f"fra {moment_text(period.start)} til {moment_text(period.end)}"


def day_of(moment: Moment) -> str:
    """A moment's day in words, without its clock; coarser moments as they are."""
    return moment_text(moment).partition(" kl. ")[0]


def days_text(period: Period | None) -> str:
    """As :func:`period_text` in whole days, for what is in force rather than held at a clock."""
    if period is None or (period.start is None and period.end is None):
        return ""
    if period.start is None or period.end is None:
        return f"fra {day_of(period.start)}" if period.start else f"til {day_of(period.end)}" if period.end else ""
    first, last = day_of(period.start), day_of(period.end)
    return first if first == last else f"fra {first} til {last}"


def when_text(moment: Moment, now: int) -> str:
    """A coming moment as ``I dag kl. 13.00``, ``I morgen`` or ``tors. 26. november 2026 kl. 08.20``."""
    if moment.precision in ("year", "month"):
        return moment_text(moment)
    clock = moment.local()
    away = (clock.date() - danish_time(now).date()).days
    name = {0: "I dag, ", 1: "I morgen, "}.get(away, "")
    return f"{name}{WEEKDAYS[clock.weekday()]} {moment_text(moment)}"


def age_text(birth: Moment | None, now: int) -> str:
    """Whole years on the Danish day of an instant; empty unless the day of birth is known."""
    if birth is None or birth.precision in ("year", "month"):
        return ""
    born, today = birth.local().date(), danish_time(now).date()
    return f"{today.year - born.year - ((today.month, today.day) < (born.month, born.day))} år"


def _clock_part(moment: Moment, clock: datetime) -> str:
    if moment.is_date:
        return ""
    if moment.precision == "hour":
        return f" kl. {clock.hour:02}"
    return f" kl. {clock_text(clock) if moment.zoned else f'{clock.hour:02}.{clock.minute:02}'}"


def _day_of(at: int) -> str:
    return day_text(danish_time(at).date()) if at else ""


def _same_day(start: Moment, end: Moment) -> bool:
    clocks = not start.is_date and not end.is_date
    return clocks and start.local().date() == end.local().date()


def _comes_twice(clock: datetime) -> bool:
    there_and_back = clock.replace(tzinfo=COPENHAGEN).astimezone(UTC).astimezone(COPENHAGEN)
    return there_and_back.replace(tzinfo=None) == clock.replace(tzinfo=None)
