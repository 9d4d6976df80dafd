"""What a FHIR subscriber is told equals what they would be told if blocked documents had never come (DESIGN 13), and comes
in order, without gaps and at least once whatever their endpoint does.

World A holds every document and a block; to world B those that the reader may not see never came. Every notification that
is sent once the block is there, and every answer about the subscription, is equal byte for byte.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.access import Block
from patientoverblik.edges.fhir.notified import letter
from patientoverblik.service import House
from patientoverblik.service.hook import FEED, Channel, Happened, Hook, came, missed, offered, reached, sifted, taken
from patientoverblik.service.rest_hook import offer, settle
from patientoverblik.service.subscription import Consumer
from tests.doors.fhir.hooks import NAME, comes, subscribed
from tests.doors.fhir.world import OPAQUE, Door
from tests.generative.doors.test_non_interference import STORIES, blocks
from tests.generative.doors.test_subscriptions import hidden
from tests.generative.doors.worlds import KEY, Document, furnished, place

MINUTE = 60_000


def knock(house: House, *, takes: bool) -> list[bytes]:
    """The bodies sent for what is due now, to an endpoint that takes them or not."""
    at, sent = house.clock(), []
    for message in house.storage.act(lambda tx: tx.claim(FEED, at, at + MINUTE, 99)).result():
        told = house.storage.act(lambda tx, one=message: offer(house, tx, one)).result()
        if told is None:
            house.storage.act(lambda tx, one=message: tx.sent(one)).result()
            continue
        sent.append(letter(told, OPAQUE, house.ids, at).body)
        done = house.storage.act(lambda tx, one=message, what=told: settle(house, tx, one, what, took=takes)).result()
        if done:
            house.storage.act(lambda tx, one=message: tx.sent(one)).result()
    return sent


def step(house: House, name: str, minutes: int = 1) -> None:
    """The next thing happens a while later, with ids that follow from its name."""
    house.clock.now += minutes * MINUTE
    house.ids.start(name)


class World(NamedTuple):
    """One world's plan: which documents come, and which blocks are made before or after those in the middle."""

    story: tuple[Document, ...]
    without: frozenset[str]
    early: tuple[Block, ...]
    late: tuple[Block, ...]


def middle(story: tuple[Document, ...]) -> int:
    """Where the second half of a story begins: with a document that somebody else than the reader wrote."""
    late = [number for number, one in enumerate(story[:-2]) if one.by != "general-practice"]
    return max(late)


def answers(world: World, content: str, fails: int) -> dict[str, bytes]:
    """Everything the subscriber hears: a document, a few failures, the late blocks, the rest of the documents."""
    half = middle(world.story)
    before = {one.name for one in world.story[:half]}
    house = furnished(world.story[:half], world.without & before, blocks=world.early)
    house = msgspec.structs.replace(house, consumers=(Consumer(place("general-practice"), NAME),))
    told: dict[str, bytes] = {}

    def ask(name: str, path: str) -> None:
        step(house, name)
        told[name] = Door(house).get(path).content

    step(house, "begins")
    made = subscribed(Door(house), NAME, content=content, heartbeat=3600)
    step(house, "handshake")
    told["handshake"] = b"".join(knock(house, takes=True))
    for number, one in enumerate(world.story[half:]):
        if number == 1:
            house.storage.act(lambda tx: [tx.put_block(KEY, block) for block in world.late]).result()
        step(house, one.name)
        if one.name not in world.without:
            comes(house, one)
        for time in range(fails if number == 0 else 0):
            step(house, f"fails {time}")
            knock(house, takes=False)
        if number:
            ask(f"status {number}", f"Subscription/{made['id']}/$status")
            step(house, f"told {number}")
            told[f"told {number}"] = b"".join(knock(house, takes=number != 2))
    for name, path in (("events", "/$events"), ("read", ""), ("status", "/$status")):
        ask(name, f"Subscription/{made['id']}{path}")
    step(house, "beats", 90)
    told["beats"] = b"".join(knock(house, takes=True))
    ask("found", "Subscription")
    return told


@settings(max_examples=20, deadline=None)
@given(st.data(), st.sampled_from(STORIES), st.sampled_from(("id-only", "full-resource")), st.booleans())
def test_what_is_blocked_might_as_well_never_have_come(data: Any, story: Any, content: str, early: bool) -> None:
    met = story[middle(story)]
    made = (*data.draw(blocks(story)), Block("met", origin=place(met.by)))
    never = hidden(story, made)
    fails = data.draw(st.integers(0, 2)) if not early else 0
    world = World(story, frozenset(), made if early else (), made)
    # Of what was there before the late blocks nothing was told but the one in the middle, which nobody took.
    assert answers(world, content, fails) == answers(World(story, never, (), ()), content, fails)


def test_a_block_made_while_an_endpoint_fails_is_met() -> None:
    story = STORIES[0]
    one = next(each for each in story[3:] if each.by == "hospital")
    at = story.index(one)
    house = furnished(story[:at])
    house = msgspec.structs.replace(house, consumers=(Consumer(place("general-practice"), NAME),))
    subscribed(Door(house), NAME)
    knock(house, takes=True)
    comes(house, one)
    step(house, "fails")
    assert len(knock(house, takes=False)) == 1
    house.storage.act(lambda tx: tx.put_block(KEY, Block("b", origin=place("hospital")))).result()
    step(house, "told")
    assert knock(house, takes=True) == []


# The queue alone: whatever happens in whatever order.

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("comes"), st.integers(1, 3)),
        st.tuples(st.just("sent"), st.booleans()),
        st.tuples(st.just("asked"), st.just(0)),
        st.tuples(st.just("hides"), st.integers(0, 40)),
        st.tuples(st.just("dies"), st.just(0)),
    ),
    max_size=60,
)


class Subscriber:
    """What a subscriber knows: by which number they were told of what, at all and for good."""

    def __init__(self, at_most: int) -> None:
        self.hook = Hook(Channel(at_most=at_most), "x", status="active", met=True)
        self.names: list[str] = []
        self.hidden: set[str] = set()
        self.known: dict[int, str] = {}

    def seen(self) -> set[str]:
        return {name for name in self.names if name not in self.hidden}

    def comes(self, number: int) -> None:
        fresh = [f"e{len(self.names) + each}" for each in range(number)]
        self.names += fresh
        self.hook = came(self.hook, fresh, 1)

    def sent(self, takes: bool) -> None:
        self.hook = offered(self.hook, self.seen(), 1)
        told = [(number, one.uuid) for number, one in self.hook.numbered() if number > self.hook.count]
        told = told[: self.hook.offered]
        assert all(uuid in self.seen() for _, uuid in told)
        if takes:
            self._learn(told)
            self.hook = reached(taken(self.hook, len(told)), 1)
        else:
            self.hook = missed(self.hook, 1)

    def asked(self, _: int) -> None:
        self.hook = sifted(self.hook, self.seen())
        self.hook = taken(self.hook, len(self.hook.waiting))
        self._learn([(number, one.uuid) for number, one in self.hook.numbered()])

    def dies(self, _: int) -> None:
        self.hook = offered(self.hook, self.seen(), 1)

    def hides(self, number: int) -> None:
        self.hidden.add(f"e{number}")

    def _learn(self, told: list[tuple[int, str]]) -> None:
        for number, uuid in told:
            assert self.known.setdefault(number, uuid) == uuid


@settings(max_examples=200, deadline=None)
@given(STEPS, st.integers(1, 4))
def test_numbers_have_no_gaps_no_two_meanings_and_the_order_in_which_it_happened(
    steps: list[tuple[str, Any]], at_most: int
) -> None:
    one = Subscriber(at_most)
    for name, value in steps:
        getattr(one, name)(value)
    while one.hook.waiting:
        one.hook = reached(one.hook, 1)
        one.sent(True)
    told = [one.known[number] for number in sorted(one.known)]
    assert sorted(one.known) == list(range(1, one.hook.count + 1))
    assert told == sorted(told, key=lambda each: int(each[1:]))
    assert one.seen() <= set(told)


def test_an_event_said_is_told_apart_by_number() -> None:
    hook = came(Hook(Channel(), "x"), ("a", "b"), 1)
    assert list(hook.numbered()) == [(1, Happened("a", 1)), (2, Happened("b", 1))]
    assert list(taken(hook, 1).numbered())[-1] == (2, Happened("b", 1))
