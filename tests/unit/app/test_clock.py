"""The clock watched: against the machine's count, against what is stored, against a time source."""

import asyncio
from email.utils import formatdate

import httpx
import pytest

from patientoverblik.app.clock import MOST, Watch, offset_from

NOW = 1_700_000_000_000


class Machine:
    """A clock and a count that can be moved."""

    def __init__(self) -> None:
        self.clock, self.count = NOW, 5_000
        self.watch = Watch(lambda: self.clock, lambda: self.count)


@pytest.mark.parametrize("by", [-MOST - 1, MOST + 1])
def test_a_clock_that_is_set_while_it_is_watched_is_seen(by):
    machine = Machine()
    machine.clock += by + 60_000
    machine.count += 60_000
    assert machine.watch.jumped() == by
    assert not machine.watch.is_right(())


def test_time_that_passes_is_no_jump():
    machine = Machine()
    machine.clock += 86_400_000
    machine.count += 86_400_000
    assert machine.watch.is_right((NOW,))


def test_what_is_stored_cannot_lie_ahead():
    watch = Machine().watch
    assert watch.is_right((NOW - 10**9, NOW + MOST))
    assert not watch.is_right((NOW - 10**9, NOW + MOST + 1))


def asked(answer) -> int | None:
    transport = httpx.MockTransport(answer)
    return asyncio.run(offset_from("https://time.example/", lambda: NOW, transport))


@pytest.mark.parametrize("ahead", [-120, 0, 120])
def test_a_time_source_is_asked_for_its_date(ahead):
    date = formatdate(NOW / 1000 - ahead, usegmt=True)
    found = asked(lambda request: httpx.Response(204, headers={"date": date}))
    assert abs(found - ahead * 1000) <= 1000


def test_a_source_without_time_tells_nothing():
    assert asked(lambda request: httpx.Response(204)) is None
    assert asked(lambda request: httpx.Response(204, headers={"date": "yesterday"})) is None


def test_a_source_that_is_silent_tells_nothing():
    def silent(request):
        raise httpx.ConnectError("no")

    assert asked(silent) is None
