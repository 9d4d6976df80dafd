"""Days that people give, at the edges of the calendar and of summer time."""

import pytest

from patientoverblik.care import parse_moment
from patientoverblik.edges.portal.routes.days import after_day, start_of
from tests.doors.portal.test_own_words import token
from tests.doors.portal.told import KEY_OF, place_of, someone

HOUR = 3_600_000


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-23", 24)])
def test_a_danish_day_is_as_long_as_it_is(day, hours):
    assert after_day(day) - start_of(day) == hours * HOUR
    assert start_of(day) == parse_moment(day).earliest


@pytest.mark.parametrize("day", ["9999-12-31", ""])
def test_a_block_until_the_last_day_there_is_has_no_end(day):
    house = place_of("A")()
    nancy, base = someone(house, "nancy")
    form = nancy.get(f"{base}/spaerringer/ny").text
    asked = {"csrf": token(form), "who": "all", "until": day}
    assert nancy.post(f"{base}/spaerringer", data=asked).status_code == 200
    log = nancy.post(f"{base}/opslag", data={"csrf": token(form), "since": "0001-01-01", "until": day})
    assert log.status_code == 200
    assert [one.valid_until for one in house.storage.reader().evidence(KEY_OF(house)).blocks] == [0]
