"""Moments: text, precision and zone are kept; earliest and latest never leave out an instant the author may have meant."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.care import COPENHAGEN, moment_of, parse_moment, to_millis


def utc(*parts: int) -> int:
    return to_millis(datetime(*parts, tzinfo=UTC))


@pytest.mark.parametrize(
    ("text", "precision", "zoned", "earliest", "latest"),
    [
        ("2026", "year", False, utc(2025, 12, 31, 23), utc(2026, 12, 31, 23)),
        ("2026-02", "month", False, utc(2026, 1, 31, 23), utc(2026, 2, 28, 23)),
        ("2026-07-01", "day", False, utc(2026, 6, 30, 22), utc(2026, 7, 1, 22)),
        ("2026-07-01T10", "hour", False, utc(2026, 7, 1, 8), utc(2026, 7, 1, 9)),
        ("2026-07-01T10:20", "minute", False, utc(2026, 7, 1, 8, 20), utc(2026, 7, 1, 8, 21)),
        ("2026-07-01T10:20:30+02:00", "second", True, utc(2026, 7, 1, 8, 20, 30), utc(2026, 7, 1, 8, 20, 31)),
        ("2026-07-01T10:20:30Z", "second", True, utc(2026, 7, 1, 10, 20, 30), utc(2026, 7, 1, 10, 20, 31)),
        (
            "2026-07-01T10:20:30.5Z",
            "fraction",
            True,
            utc(2026, 7, 1, 10, 20, 30) + 500,
            utc(2026, 7, 1, 10, 20, 30) + 600,
        ),
        ("9999-12-31", "day", False, utc(9999, 12, 30, 23), utc(9999, 12, 31, 23)),
    ],
)
def test_a_moment_knows_the_stretch_it_may_mean(text, precision, zoned, earliest, latest):
    moment = parse_moment(text)
    assert (moment.text, moment.precision, moment.zoned) == (text, precision, zoned)
    assert (moment.earliest, moment.latest) == (earliest, latest)


def test_the_hour_that_comes_twice_may_mean_either():
    moment = parse_moment("2026-10-25T02:30:00")
    assert moment.earliest == utc(2026, 10, 25, 0, 30)
    assert moment.latest == utc(2026, 10, 25, 1, 30, 1)


def test_with_its_zone_the_second_half_past_two_is_one_instant():
    moment = parse_moment("2026-10-25T02:30:00+01:00")
    assert (moment.earliest, moment.latest) == (utc(2026, 10, 25, 1, 30), utc(2026, 10, 25, 1, 30, 1))


def test_the_hour_that_never_comes_is_still_a_stretch():
    moment = parse_moment("2026-03-29T02:30:00")
    assert moment.earliest <= utc(2026, 3, 29, 0, 30)
    assert moment.latest > utc(2026, 3, 29, 1, 30)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26",
        "2026-13",
        "2026-02-30",
        "2026-1-1",
        "2026-07-01T24:00",
        "2026-07-01T10:61",
        "2026-07-01T10:20:60Z",
        "2026-07-01+02:00",
        "2026-07-01T10:20:30+15:00",
        "2026-07-01T10:20:30+0200",
        "2026-07-01 10:20",
        "0000-01-01",
        "2026-07-01T10:20:30+01:60",
        "٢٠٢٦",
        "2026-07-01\n",
    ],
)
def test_what_is_no_moment_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        parse_moment(text)


def test_an_instant_without_a_zone_is_no_moment():
    with pytest.raises(ValueError, match="zone"):
        moment_of(datetime(2026, 1, 1))


@pytest.mark.parametrize("text", ["0001-01-01", "9999-12-31", "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"])
def test_the_ends_of_the_calendar_have_a_danish_time(text):
    assert parse_moment(text).local().tzinfo is COPENHAGEN


days = st.dates(min_value=date(1600, 1, 1), max_value=date(9999, 12, 30))


@given(days)
def test_days_follow_each_other_without_gap_or_overlap(day):
    assert parse_moment(day.isoformat()).latest == parse_moment((day + timedelta(days=1)).isoformat()).earliest


@given(st.integers(1600, 9998))
def test_a_year_is_its_months_and_a_month_its_days(year):
    months = [parse_moment(f"{year}-{month:02}") for month in range(1, 13)]
    whole = parse_moment(f"{year}")
    assert (whole.earliest, whole.latest) == (months[0].earliest, months[-1].latest)
    assert all(before.latest == after.earliest for before, after in pairwise(months))


@given(st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)))
@settings(max_examples=200)
def test_the_danish_clock_at_any_instant_may_mean_that_instant(instant):
    millis = to_millis(instant)
    local = instant.astimezone(COPENHAGEN)
    for spec in ("hours", "minutes", "seconds", "milliseconds"):
        moment = parse_moment(local.replace(tzinfo=None).isoformat(timespec=spec))
        assert moment.earliest <= millis < moment.latest
    assert parse_moment(local.date().isoformat()).earliest <= millis < parse_moment(local.date().isoformat()).latest


@given(
    st.datetimes(min_value=datetime(1900, 1, 2), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)),
    st.integers(-14 * 60, 14 * 60),
)
def test_a_zoned_second_is_one_second_wherever_it_was_written(instant, minutes):
    sign, size = ("-" if minutes < 0 else "+"), abs(minutes)
    wall = (instant.replace(tzinfo=None) + timedelta(minutes=minutes)).isoformat(timespec="seconds")
    moment = parse_moment(f"{wall}{sign}{size // 60:02}:{size % 60:02}")
    start = to_millis(instant.replace(microsecond=0))
    assert (moment.earliest, moment.latest) == (start, start + 1000)
