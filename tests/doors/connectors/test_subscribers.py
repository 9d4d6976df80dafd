"""Notifications to consumers over a real connection: taken, refused, silent, leading elsewhere; each tried as it should."""

import asyncio

import httpx
import msgspec
import pytest

from patientoverblik.app.feeds import feeds, subscribers
from patientoverblik.app.settings import Settings
from patientoverblik.app.wiring import open_house
from patientoverblik.notify import Delivered, deliver
from patientoverblik.service.notification import mind_subscriptions
from patientoverblik.service.outbox import Queue
from patientoverblik.service.subscription import Consumer
from patientoverblik.storage.memory import MemoryStorage
from tests.doors.connectors.receivers import http_receiver
from tests.doors.soap.subscribing import reference_of, subscribe, with_consumers
from tests.doors.soap.test_transactions import stored
from tests.doors.soap.world import Door
from tests.generative.doors.worlds import place

TAKEN = (202, b"")
NOBODY = "http://127.0.0.1:9"


@pytest.fixture
def door():
    return Door(related=("general-practice", "lung"))


def round_of(door):
    with httpx.Client(trust_env=False) as client:
        return deliver(door.house.storage, subscribers(door.house, client), door.house.clock)


def subscribed(door, *addresses):
    """One subscription by the practice to each address, and a document."""
    consumers = tuple(Consumer(place("general-practice"), address) for address in addresses)
    door.serve(msgspec.structs.replace(door.house, consumers=consumers))
    for address in addresses:
        reference_of(subscribe(door, consumer=f"{address}/dsub"))
    stored(door)


def test_a_consumer_is_told_by_soap_and_the_message_is_forgotten(door):
    with http_receiver(TAKEN) as heard:
        subscribed(door, heard.url)
        assert round_of(door) == Delivered(taken=1)
        assert round_of(door) == Delivered()
    ((path, headers, body),) = heard.requests
    assert (path, headers["Content-Type"]) == ("/dsub", "application/soap+xml; charset=utf-8")
    assert b"ExtrinsicObject" in body
    assert door.house.storage.reader().queues() == ()


def test_a_consumer_that_is_not_there_waits_longer_each_time_and_holds_nobody_up(door):
    with http_receiver(TAKEN) as heard:
        subscribed(door, NOBODY, heard.url)
        assert round_of(door) == Delivered(taken=1, later=1)
        door.house.clock.now += 14_999
        assert round_of(door) == Delivered()
        door.house.clock.now += 1
        assert round_of(door) == Delivered(later=1)
        door.house.clock.now += 15_000
        assert round_of(door) == Delivered()
    assert len(heard.requests) == 1


def test_what_nobody_takes_waits_no_longer_than_its_subscription(door):
    subscribed(door, NOBODY)
    for _ in range(200):
        round_of(door)
        door.house.clock.now += 3_600_000
    assert [queue.waiting for queue in door.house.storage.reader().queues()] == [1]
    (held,) = door.house.storage.reader().subscriptions(7)
    door.house.clock.now = held.ends
    asyncio.run(mind_subscriptions(door.house))
    assert round_of(door) == Delivered(taken=1)
    assert door.house.storage.reader().queues() == ()


@pytest.mark.parametrize(("status", "tried"), [(500, 5), (503, 5), (404, 5), (307, 5), (400, 3), (422, 3)])
def test_a_refusal_is_given_up_after_three_times_and_a_receivers_own_fault_never(door, status, tried):
    with http_receiver((status, b"no")) as heard:
        subscribed(door, heard.url)
        for _ in range(5):
            round_of(door)
            door.house.clock.now += 3_600_000
    assert len(heard.requests) == tried
    (queue,) = door.house.storage.reader().queues()
    assert queue == Queue("dsub", tried == 5, tried == 3, queue.oldest)


def test_a_consumer_that_leads_elsewhere_is_not_followed(door):
    with http_receiver(TAKEN) as elsewhere, http_receiver((302, b"")) as heard:
        heard.location = elsewhere.url
        subscribed(door, heard.url)
        assert round_of(door) == Delivered(later=1)
    assert elsewhere.requests == []


def test_nothing_goes_to_an_address_that_is_no_longer_configured(door):
    with http_receiver(TAKEN) as heard:
        subscribed(door, heard.url)
        with_consumers(door, "general-practice", address="https://other.example")
        assert round_of(door) == Delivered(taken=1)
    assert heard.requests == []


def test_each_attempt_is_one_look_in_the_log(door):
    subscribed(door, NOBODY)
    for _ in range(3):
        round_of(door)
        door.house.clock.now += 3_600_000
    assert [look.act for look in door.house.storage.reader().looks(7)] == ["list"]


def test_the_feed_is_there_where_consumers_are_configured():
    settings = Settings(consumers="1.2.208.176.1.1:242621000016001=https://consumer.example/dsub")
    house = open_house(settings, MemoryStorage())
    assert [feed.name for feed, _ in feeds(settings, house)] == ["dsub", "rest-hook"]
    assert [one.address for one in house.consumers] == ["https://consumer.example/dsub"]
