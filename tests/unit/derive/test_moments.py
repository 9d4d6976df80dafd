"""HL7 v3 times become moments and come back as they were."""

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.care import Moment, Unknown, parse_moment, to_millis
from patientoverblik.formats.cda.derive.moments import read_date, read_time, write_time
from patientoverblik.problems import CATALOGUE

NOT_READABLE = (Unknown(reason="not-readable"), "care.time-not-readable")


@pytest.mark.parametrize(
    ("wire", "text", "code"),
    [
        ("2018", "2018", ""),
        ("201809", "2018-09", ""),
        ("20180928", "2018-09-28", ""),
        ("2018092810", "2018-09-28T10", "care.time-without-zone"),
        ("201809281019", "2018-09-28T10:19", "care.time-without-zone"),
        ("20180515101900+0200", "2018-05-15T10:19:00+02:00", ""),
        ("201805151019+0200", "2018-05-15T10:19+02:00", ""),
        ("20180515101900-0330", "2018-05-15T10:19:00-03:30", ""),
        ("20180515101900.25+0200", "2018-05-15T10:19:00.25+02:00", ""),
        ("20180928000000+0000", "2018-09-28", "care.date-with-zero-clock"),
        ("20180928000000-0000", "2018-09-28", "care.date-with-zero-clock"),
        ("20180928000000.000+0000", "2018-09-28", "care.date-with-zero-clock"),
        ("20141220000000+0100", "2014-12-20T00:00:00+01:00", ""),
        ("20180928+0200", "2018-09-28", "care.date-with-zone"),
        ("20180928101500+02", "2018-09-28T10:15:00+02:00", ""),
    ],
)
def test_each_form_is_read_as_what_it_says(wire, text, code):
    moment, found = read_time(wire)
    assert (moment, found) == (parse_moment(text), code)


@pytest.mark.parametrize(
    "wire",
    [
        "",
        "20",
        "20181",
        "2018092",
        "20181301",
        "20180230",
        "201809282500",
        "20180928101500+2",
        "20180928101560+0200",
        "20180928101500+1500",
        "i går",
        "2018-09-28",
        " 2018",
        "20180928101500Z",
        "00000101",
        "20180928101500.+0200",
    ],
)
def test_what_is_no_time_is_unknown_and_said(wire):
    assert read_time(wire) == NOT_READABLE


@pytest.mark.parametrize(
    "wire", ["19481225", "19481225000000+0100", "19481225000000+0000", "19481225235959-0500", "194812250000"]
)
def test_a_birth_date_never_passes_a_time_zone(wire):
    assert read_date(wire) == (parse_moment("1948-12-25"), "")


def test_midnight_utc_is_not_written_as_a_date_in_disguise():
    instant = parse_moment("2018-09-28T00:00:00+00:00")
    back, code = read_time(write_time(instant))
    assert isinstance(back, Moment)
    assert code == ""
    assert (back.earliest, back.latest) == (instant.earliest, instant.latest)


def test_each_code_stands_in_the_catalogue():
    codes = {read_time(wire).code for wire in ("x", "2018092810", "20180928000000+0000", "20180928+0100")}
    assert codes <= set(CATALOGUE)
    assert len(codes) == 4


@st.composite
def wires(draw):
    """Canonical time texts of every precision, with and without zone."""
    when = draw(st.datetimes(min_value=datetime(1000, 1, 2), max_value=datetime(9999, 12, 30)))
    length = draw(st.sampled_from([4, 6, 8, 10, 12, 14, 18]))
    text = when.strftime("%Y").rjust(4, "0") + when.strftime("%m%d%H%M%S")
    if length <= 8:
        return text[:length]
    fraction = f".{when.microsecond // 1000:03}" if length == 18 else ""
    zone = draw(st.sampled_from(["", "+0100", "+0200", "+0000", "-0500", "+1030"]))
    return text[: min(length, 14)] + fraction + zone


def oracle(wire):
    """The first instant of a zoned time, worked out another way: by the clock in UTC minus the zone."""
    digits, sign, zone = wire[:-5], wire[-5], wire[-4:]
    number = (digits.replace(".", "") + "0" * 17)[:17].ljust(17, "0")
    utc = datetime(*(int(number[a:b]) for a, b in ((0, 4), (4, 6), (6, 8), (8, 10), (10, 12), (12, 14))), tzinfo=UTC)
    minutes = int(zone[:2]) * 60 + int(zone[2:])
    return to_millis(utc) + int(number[14:17]) - (minutes if sign == "+" else -minutes) * 60_000


@given(wires())
@settings(max_examples=300)
def test_every_canonical_time_comes_back_as_it_was(wire):
    moment, code = read_time(wire)
    if code == "care.date-with-zero-clock":
        assert write_time(moment) == wire[:8]
    else:
        assert write_time(moment) == wire


@given(wires().filter(lambda wire: len(wire) > 8 and wire[-5] in "+-"))
def test_a_zoned_time_begins_when_the_oracle_says(wire):
    moment, code = read_time(wire)
    if code == "":
        assert moment.earliest == oracle(wire)


@given(wires())
def test_reading_is_stable_over_writing(wire):
    moment, _ = read_time(wire)
    again, code = read_time(write_time(moment))
    assert again == moment
    assert code in ("", "care.time-without-zone")


@given(st.text(alphabet="0123456789+-.Z T", max_size=24))
def test_no_text_breaks_the_reader(wire):
    moment, code = read_time(wire)
    assert isinstance(moment, Moment) or (moment, code) == NOT_READABLE
