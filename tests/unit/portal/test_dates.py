"""Dates are said as exactly as the source said them, in Danish time whatever the machine's zone."""

import os
import time

import pytest

from patientoverblik.care import Period, parse_moment
from patientoverblik.edges.portal.dates import (
    age_text,
    brief_day,
    instant_text,
    lately_text,
    moment_text,
    period_text,
    when_text,
    written_text,
)

NOW = parse_moment("2026-11-23T09:14:00+01:00").earliest


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("2026", "2026"),
        ("2026-11", "november 2026"),
        ("2026-11-03", "3. november 2026"),
        ("2026-11-03T08", "3. november 2026 kl. 08"),
        ("2026-11-03T08:05+01:00", "3. november 2026 kl. 08.05"),
        ("2026-07-03T08:05:30Z", "3. juli 2026 kl. 10.05"),
        ("2026-11-03T08:05", "3. november 2026 kl. 08.05"),
    ],
)
def test_a_moment_keeps_its_precision_and_gains_no_clock(written, shown):
    assert moment_text(parse_moment(written)) == shown


def test_the_hour_that_comes_twice_says_which_one_is_meant():
    assert moment_text(parse_moment("2026-10-25T02:30:00+02:00")).endswith("kl. 02.30 (sommertid)")
    assert moment_text(parse_moment("2026-10-25T02:30:00+01:00")).endswith("kl. 02.30 (vintertid)")
    assert moment_text(parse_moment("2026-10-25T02:30:00")).endswith("kl. 02.30")
    assert "tid)" not in moment_text(parse_moment("2026-10-25T03:30:00+01:00"))


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "UTC"])
def test_today_is_the_danish_day_whatever_the_machine_says(zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        late = parse_moment("2026-11-23T23:30:00+01:00").earliest
        assert when_text(parse_moment("2026-11-23T23:45:00+01:00"), late).startswith("I dag, man. 23. november")
        assert when_text(parse_moment("2026-11-24"), late) == "I morgen, tirs. 24. november 2026"
        assert instant_text(late) == "23. november 2026 kl. 23.30"
    finally:
        os.environ.pop("TZ", None)
        time.tzset()


def test_what_was_lately_is_told_by_the_clock_alone_only_on_the_same_danish_day():
    late, midnight = (parse_moment(f"2026-11-{at}+01:00").earliest for at in ("22T23:50:00", "23T00:10:00"))
    assert lately_text(midnight, midnight + 60_000) == "kl. 00.10"
    assert lately_text(late, midnight) == "22. november 2026 kl. 23.50"


def test_only_long_months_are_cut_short():
    written = ("23. november 2026 kl. 09.14", "1. maj 2026", "marts 2026", "2026", "ukendt dag")
    assert [brief_day(one) for one in written] == ["23. nov. 2026", "1. maj 2026", "marts 2026", "2026", "ukendt dag"]


def test_a_period_is_open_where_it_has_no_end():
    start, end = parse_moment("2026-11-23T13:00:00+01:00"), parse_moment("2026-11-23T13:30:00+01:00")
    assert period_text(Period(start=start)) == "fra 23. november 2026 kl. 13.00"
    assert period_text(Period(end=end)) == "til 23. november 2026 kl. 13.30"
    assert period_text(Period(start=start, end=end)) == "23. november 2026 kl. 13.00–13.30"
    assert period_text(Period(start=parse_moment("2026-11"), end=parse_moment("2027"))) == "fra november 2026 til 2027"
    assert period_text(None) == ""


def test_age_needs_a_day_of_birth():
    assert age_text(parse_moment("1948-12-25"), NOW) == "77 år"
    assert age_text(parse_moment("1948-11-23"), NOW) == "78 år"
    assert age_text(parse_moment("1948"), NOW) == ""


def test_what_is_no_moment_falls_back_to_the_day_it_was_registered():
    assert written_text("i efteråret", NOW) == "23. november 2026"
    assert written_text("", 0) == ""
