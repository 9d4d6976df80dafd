"""A rest-hook's life on every storage: begun, told, failed, asked, found by its subscriber, and ended."""

from __future__ import annotations

from threading import Event, Thread
from typing import Any

import msgspec

from patientoverblik.app.wiring import now
from patientoverblik.service import House
from patientoverblik.service.hook import FEED
from patientoverblik.service.hooks import Range, hook_events, hook_status, own_hooks
from patientoverblik.service.rest_hook import HookNotification, offer, settle
from patientoverblik.service.subscribe import unsubscribe
from patientoverblik.service.subscription import Consumer
from tests.doors.fhir.hooks import STORY
from tests.faults.hook_worker import Ids
from tests.faults.test_rest_hooks import comes, furnish, subscribed
from tests.generative.doors.worlds import DOCTOR, KEY, an_empty_house, place
from tests.storages.test_contract import did
from tests.unit.service.make import run

NAME = "https://receiver.example"
MINUTE = 60_000


def house_on(storage: Any) -> House:
    consumers = (Consumer(place("general-practice"), NAME),)
    return msgspec.structs.replace(an_empty_house(), storage=storage, consumers=consumers)


def told(house: House, *, takes: bool = True) -> list[HookNotification]:
    """What is sent a minute later."""
    house.clock.now += MINUTE
    return sending(house, takes=takes)


def sending(house: House, *, takes: bool = True) -> list[HookNotification]:
    """What is sent for what is due now."""
    at, sent = house.clock(), []
    for message in did(house.storage, lambda tx: tx.claim(FEED, at, at + MINUTE, 9)):
        one = did(house.storage, lambda tx, message=message: offer(house, tx, message))
        if one is None or did(house.storage, lambda tx, m=message, n=one: settle(house, tx, m, n, took=takes)):
            did(house.storage, lambda tx, message=message: tx.sent(message))
        sent += [] if one is None else [one]
    return sent


def test_a_hook_lives_on_every_storage(storage: Any) -> None:
    house = house_on(storage)
    house.ids.start("begins")
    furnish(house)
    made = subscribed(house, NAME)
    assert [one.kind for one in told(house)] == ["handshake"]
    for number in (1, 2):
        house.ids.start(f"comes {number}")
        comes(house, number)
    assert [one.number for one in told(house, takes=False)[0].events] == [1, 2]
    assert [one.number for one in told(house)[0].events] == [1, 2]
    assert told(house) == []
    assert storage.reader().queues() == ()
    status = run(hook_status(house, DOCTOR.actor, made.id))
    assert (status.hook.status, status.total) == ("active", 2)
    events = run(hook_events(house, DOCTOR.actor, made.id, Range(since=2)))
    uuids = [one.uuid for one in storage.reader().entries(KEY)]
    assert [(one.number, one.entry.uuid) for one in events.events] == [(2, uuids[2])]
    assert [one.subscription.id for one in run(own_hooks(house, DOCTOR.actor))] == [made.id]
    run(unsubscribe(house, DOCTOR.actor, made.id, by_hook=True))
    assert run(own_hooks(house, DOCTOR.actor)) == ()


def test_what_comes_while_others_are_told_is_told_too(storage: Any) -> None:
    house = msgspec.structs.replace(house_on(storage), ids=Ids(), clock=now)
    furnish(house)
    made = subscribed(house, NAME)
    done, heard = Event(), []

    def tell() -> None:
        while not done.is_set():
            heard.extend(sending(house))

    teller = Thread(target=tell)
    teller.start()
    for number in range(1, len(STORY)):
        comes(house, number)
    done.set()
    teller.join()
    while storage.reader().queues():
        heard.extend(sending(house))
    events = [one for sent in heard for one in sent.events]
    assert [one.number for one in events] == list(range(1, len(STORY)))
    assert [one.entry.uuid for one in events] == [one.uuid for one in storage.reader().entries(KEY)[1:]]
    assert storage.reader().subscription(made.id).hook.waiting == ()
