"""Token buckets: the arithmetic against a slow and obvious statement of it."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.edges.guard.limits import MINUTE, Limits, taken

RATES = st.integers(1, 500)
STEPS = st.lists(st.integers(0, 20_000), max_size=60)
START = 1_700_000_000_000


def obvious(rate: int, times: list[int]) -> list[bool]:
    """A bucket that is filled a little before each request; whether a token was there."""
    tokens, before, found = Fraction(rate), times[0] if times else 0, []
    for at in times:
        tokens, before = min(Fraction(rate), tokens + Fraction((at - before) * rate, MINUTE)), at
        found.append(tokens >= 1)
        tokens -= found[-1]
    return found


def times_of(steps: list[int]) -> list[int]:
    times = [START]
    for step in steps:
        times.append(times[-1] + step)
    return times


@settings(max_examples=100)
@given(RATES, STEPS)
def test_agrees_with_the_obvious_bucket(rate, steps):
    times, limits = times_of(steps), Limits()
    assert [limits.take("somebody", rate, at) == 0 for at in times] == obvious(rate, times)


@settings(max_examples=100)
@given(RATES, STEPS)
def test_who_waits_as_long_as_told_is_let_through_and_a_millisecond_less_is_too_early(rate, steps):
    full_at = 0
    for at in times_of(steps):
        full_at, wait = taken(full_at, rate, at)
        if wait:
            assert taken(full_at, rate, at + wait)[1] == 0
            assert taken(full_at, rate, at + wait - 1)[1] > 0


def test_as_many_at_once_as_the_rate_and_no_more():
    limits = Limits()
    assert [limits.take("somebody", 3, START) for _ in range(4)] == [0, 0, 0, MINUTE // 3]


def test_a_clock_set_back_locks_nobody_out_for_longer_than_a_minute():
    full_at, _ = taken(0, 5, START + 10**10)
    full_at, wait = taken(full_at, 5, START)
    assert wait == MINUTE // 5
    assert taken(full_at, 5, START + wait)[1] == 0


def test_one_caller_takes_nothing_from_another():
    limits = Limits()
    assert [limits.take(who, 1, START) > 0 for who in ("one", "other", "one")] == [False, False, True]


def test_nought_is_no_limit():
    limits = Limits()
    assert not any(limits.take("somebody", 0, START) for _ in range(1000))


def test_a_token_given_back_is_there_again():
    limits = Limits()
    limits.take("somebody", 1, START)
    limits.give_back("somebody")
    limits.give_back("nobody")
    assert limits.take("somebody", 1, START) == 0


@pytest.mark.parametrize("most", [1, 10])
def test_memory_is_bounded(most):
    limits = Limits(most)
    for number in range(50):
        limits.take(f"address {number}", 1, START)
    assert len(limits._buckets) == most
    assert limits.take("address 49", 1, START) > 0
