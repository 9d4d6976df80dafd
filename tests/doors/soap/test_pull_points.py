"""Pull points (ITI-69, ITI-70): what waits for a subscriber, fetched by nobody else, decided when it is fetched."""

from __future__ import annotations

import asyncio

import pytest
from lxml import etree

from patientoverblik.edges.soap.names import RIM
from patientoverblik.service.notification import mind_subscriptions
from patientoverblik.service.pull_point import LEASE
from tests.doors.soap.subscribing import (
    PULL_POINTS,
    create,
    destroy,
    fault_of,
    fetched,
    get_messages,
    reference_of,
    subscribe,
    unsubscribe,
    with_consumers,
)
from tests.doors.soap.test_subscriptions import block, end_relation, held
from tests.doors.soap.test_transactions import stored
from tests.doors.soap.world import ENTRY, Door

HOUR = 3_600_000


@pytest.fixture
def door() -> Door:
    return with_consumers(Door(related=("general-practice", "lung")), "general-practice", "lung", address=PULL_POINTS)


def subscribed(door: Door, **how: object) -> str:
    """A pull point with a subscription that leads to it."""
    address = reference_of(create(door, **how))
    subscribe(door, consumer=address, ends="P1D", **how)
    return address


def waits(door: Door) -> int:
    """How much waits in the outbox, wherever."""
    return len(door.house.storage.reader()._now().outbox)


def ids_in(message: bytes) -> list[str]:
    (listed,) = etree.fromstring(message).iter(f"{{{RIM}}}RegistryObjectList")
    return [str(one.get("id")) for one in listed]


def test_what_was_registered_waits_until_it_is_fetched_once(door: Door) -> None:
    address = subscribed(door)
    assert fetched(get_messages(door, address)) == []
    stored(door)
    (message,) = fetched(get_messages(door, address))
    assert ids_in(message) == [ENTRY.format(1)]
    assert fetched(get_messages(door, address)) == []
    assert waits(door) == 0


def test_one_is_given_at_a_time_unless_more_are_asked_for(door: Door) -> None:
    address = subscribed(door)
    for number in (1, 2, 3):
        stored(door, index=number)
    assert len(fetched(get_messages(door, address))) == 1
    assert len(fetched(get_messages(door, address, most="99999999999999999999"))) == 2


@pytest.mark.parametrize("most", ["0", "-1", "mange", "1.5", "\u0663"])
def test_a_number_that_is_none_is_refused(door: Door, most: str) -> None:
    fault = fault_of(get_messages(door, subscribed(door), most=most))
    assert fault == ("UnableToGetMessagesFault", "xds.maximum-number")


def test_fetching_is_a_look_written_before_it_leaves_and_told_as_what_it_is(door: Door) -> None:
    address = subscribed(door)
    stored(door)
    get_messages(door, address)
    reader = door.house.storage.reader()
    (look,) = [one for one in reader.looks(7) if one.act == "list"]
    assert [one.entry for one in look.documents] == [ENTRY.format(1)]
    (event,) = [one for one in reader.events(7) if one.act == "notify"]
    assert event.transaction == "ITI-70"


def test_nobody_else_fetches_it(door: Door) -> None:
    address = subscribed(door)
    stored(door)
    assert fetched(get_messages(door, address, by="lung")) == []
    assert fetched(get_messages(door, f"{address}x")) == []
    assert len(fetched(get_messages(door, address))) == 1


def test_a_block_made_while_it_waits_is_met_and_what_waits_after_it_is_given(door: Door) -> None:
    address = subscribed(door, by="lung")
    stored(door)
    block(door, "lung")
    assert fetched(get_messages(door, address, by="lung")) == []
    assert waits(door) == 0
    assert [one for one in door.house.storage.reader().looks(7) if one.act == "list"] == []


def test_a_right_that_ended_ends_it_and_empties_it(door: Door) -> None:
    address = subscribed(door)
    stored(door)
    end_relation(door)
    assert fetched(get_messages(door, address)) == []
    assert (held(door), waits(door)) == (0, 0)


def test_what_nobody_fetched_is_gone_with_the_subscription(door: Door) -> None:
    subscribed(door)
    stored(door)
    assert waits(door) == 1
    door.house.clock.now += 24 * HOUR
    asyncio.run(mind_subscriptions(door.house))
    assert (held(door), waits(door)) == (0, 0)


def test_unsubscribing_throws_away_what_waits(door: Door) -> None:
    address = reference_of(create(door))
    reference = reference_of(subscribe(door, consumer=address))
    stored(door)
    unsubscribe(door, reference)
    assert (held(door), waits(door)) == (0, 0)


def test_a_pull_point_is_destroyed_by_its_own_with_all_that_leads_to_it(door: Door) -> None:
    address = subscribed(door)
    subscribe(door, consumer=address, topic="MinimalDocumentEntry")
    subscribe(door, consumer=f"{address}x")
    stored(door)
    destroy(door, address, by="lung")
    assert held(door) == 3
    assert "DestroyPullPointResponse" in destroy(door, address).text
    assert (held(door), waits(door)) == (1, 1)
    assert fetched(get_messages(door, address)) == []


def test_fetching_that_broke_down_is_taken_up_again(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    address = subscribed(door)
    stored(door)

    async def broken(*_: object) -> None:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr("patientoverblik.service.pull_point._told", broken)
        assert get_messages(door, address).status_code == 500
    assert fetched(get_messages(door, address)) == []
    door.house.clock.now += LEASE
    assert len(fetched(get_messages(door, address))) == 1


def test_what_waits_to_be_fetched_is_no_queue_of_ours(door: Door) -> None:
    subscribed(door)
    stored(door)
    assert door.house.storage.reader().queues() == ()


def test_only_an_organisation_that_may_fetch_is_given_a_pull_point(door: Door) -> None:
    with_consumers(door, "lung", address=PULL_POINTS)
    assert fault_of(create(door)) == ("UnableToCreatePullPointFault", "service.consumer-unknown")
    assert reference_of(create(door, by="lung")).startswith(f"{PULL_POINTS}/")
    with_consumers(door, "general-practice")
    assert fault_of(create(door)) == ("UnableToCreatePullPointFault", "service.consumer-unknown")


def test_each_pull_point_is_its_own(door: Door) -> None:
    assert reference_of(create(door)) != reference_of(create(door))


def test_an_action_of_another_address_is_not_run_here(door: Door) -> None:
    address = subscribed(door)
    answer = unsubscribe(door, address)
    assert (answer.status_code, "soap.unknown-action" in answer.text) == (400, True)
    assert held(door) == 1
