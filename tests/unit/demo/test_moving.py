"""The story can be moved by days: clock times, weekdays and the order of events stay."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.care import Moment
from patientoverblik.demo.story import DAY, Delivery, days_until, moved
from patientoverblik.demo.storyboard import storyboard

EVENTS = storyboard()


@settings(max_examples=60, deadline=None)
@given(days=st.integers(-4000, 4000), number=st.integers(0, len(EVENTS) - 1))
def test_a_moved_event_keeps_its_clock_time(days: int, number: int) -> None:
    before, after = EVENTS[number].at, moved(EVENTS[number], days).at
    assert after.local().date() - before.local().date() == timedelta(days=days)
    assert after.local().time() == before.local().time() or _in_the_gap(after)


@settings(max_examples=20, deadline=None)
@given(days=st.integers(-4000, 4000))
def test_moving_and_moving_back_gives_the_same_dates(days: int) -> None:
    p1 = next(event for event in EVENTS if event.name == "P1")
    assert isinstance(p1, Delivery)
    there_and_back = moved(moved(p1, days), -days)
    assert isinstance(there_and_back, Delivery)
    assert there_and_back.care.goals == p1.care.goals


def test_identifiers_and_the_birthday_stay() -> None:
    before, after = EVENTS[0], moved(EVENTS[0], 77)
    assert isinstance(before, Delivery)
    assert isinstance(after, Delivery)
    assert after.care.document.id == before.care.document.id
    assert after.care.patient == before.care.patient


@settings(max_examples=100, deadline=None)
@given(now=st.integers(1_600_000_000_000, 2_500_000_000_000))
def test_the_last_visit_is_put_into_the_week_before_now(now: int) -> None:
    days = days_until(now, EVENTS[-1].at)
    last = EVENTS[-1].at.latest + days * DAY
    assert days % 7 == 0
    assert 0 <= now - last < 7 * DAY


def _in_the_gap(moment: Moment) -> bool:
    """A clock time that the spring's change of clocks skips is an hour later on that day."""
    return moment.local().hour in (3,)


def test_the_second_half_past_two_stays_the_second_when_moved_to_another_such_night() -> None:
    admitted = next(event for event in EVENTS if event.name == "P4")
    assert admitted.at.text == "2026-10-25T02:30:00+01:00"
    assert moved(admitted, 371).at.text == "2027-10-31T02:30:00+01:00"
