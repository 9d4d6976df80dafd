"""Subscriptions tell nobody what is hidden from them (DESIGN 13, 21).

World A holds every document and a block; to world B those that the reader may not see never came. What waits and what is
sent when the next document comes is equal, byte for byte. A block more tells of nothing more.
"""

import re

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.access import Actor, Block
from patientoverblik.demo.wiring import system_of
from patientoverblik.service import Delivery, Handed, House, Received, deliver
from patientoverblik.service.subscribe import Asked, subscribe
from patientoverblik.service.subscription import Consumer, Subscription
from patientoverblik.sharing.find import Query
from patientoverblik.sharing.stored_query import BOTH, Wanted
from tests.doors.soap.subscribing import CONSUMER, waiting
from tests.doors.soap.subscribing import told as sent
from tests.generative.doors.test_non_interference import STORIES, blocks, seen_by
from tests.generative.doors.worlds import DOCTOR, KEY, Document, furnished, named, place, whose
from tests.unit.service.make import run

WANTED = (
    ("FullDocumentEntry", Wanted("FindDocuments", Query(statuses=BOTH, object_types=("stable", "on-demand")))),
    ("SubmissionSetMetadata", Wanted("FindSubmissionSets")),
)
REFERENCE = re.compile(rb'<rim:ObjectRef id="([^"]+)"')
Told = tuple[list[tuple[str, int, str]], list[bytes]]


def subscribed(house: House, story: tuple[Document, ...]) -> House:
    """The house with the doctor's subscriptions."""
    place_ = DOCTOR.actor.organisation
    assert place_ is not None
    made = msgspec.structs.replace(house, consumers=(Consumer(place_, CONSUMER),))
    made.ids.start("subscription")
    for topic, wanted in WANTED:
        asked = Asked(whose(story), topic, wanted, CONSUMER, lambda id_: f"https://here.example/{id_}")
        answer = run(subscribe(made, DOCTOR.actor, "treatment", asked))
        assert isinstance(answer, Subscription), answer
    return made


def told_of(story: tuple[Document, ...], at: int, without: frozenset[str], made: tuple[Block, ...]) -> Told:
    """What waits, and what is sent, when a document of the story comes to those before it."""
    new = story[at]
    house = subscribed(furnished(story[:at], without & {one.name for one in story[:at]}, blocks=made), story)
    house.ids.start(new.name)
    if new.name not in without:
        answer = run(deliver(house, system_of(new.by), Delivery((Handed(new.data),))))
        assert isinstance(answer, Received), answer
    rows = waiting(house)
    house.ids.start("sending")
    return [(one.id, one.due, one.kind) for one in rows], sent(house, rows)


def hidden(story: tuple[Document, ...], made: tuple[Block, ...]) -> frozenset[str]:
    """The documents that do not exist for the doctor once all of a story has come."""
    seen = seen_by(furnished(story, blocks=made), DOCTOR, story)
    return frozenset(name for uuid, name in named(story).items() if uuid not in seen)


@settings(max_examples=25, deadline=None)
@given(st.data(), st.sampled_from(STORIES))
def test_what_is_blocked_might_as_well_never_have_come(data, story):
    made = data.draw(blocks(story))
    at = data.draw(st.integers(1, len(story) - 1))
    never = hidden(story[: at + 1], made)
    assert told_of(story, at, frozenset(), made) == told_of(story, at, never, ())


@settings(max_examples=25, deadline=None)
@given(st.data(), st.sampled_from(STORIES))
def test_a_block_more_tells_of_nothing_more(data, story):
    some, more = data.draw(blocks(story)), data.draw(blocks(story))
    again = tuple(msgspec.structs.replace(one, id=f"more-{one.id}") for one in more)
    at = data.draw(st.integers(1, len(story) - 1))
    with_more = told_of(story, at, frozenset(), (*some, *again))[1]
    assert set(with_more) <= set(told_of(story, at, frozenset(), some)[1])


SYSTEM = Actor("system", "cvr:99999999:ehr", organisation=DOCTOR.actor.organisation)


def ids_told(story: tuple[Document, ...], at: int, made: tuple[Block, ...], actor: Actor) -> frozenset[str]:
    """The ids that a subscriber is told of when a document of the story comes: one of a practice's people about the
    patient, or its system about everybody."""
    place_ = actor.organisation
    assert place_ is not None
    house = furnished(story[:at], blocks=made)
    house = msgspec.structs.replace(house, consumers=(Consumer(place_, CONSUMER),))
    itself = actor.kind == "system"
    patient, purpose = (None, "notification") if itself else (whose(story), "treatment")
    asked = Asked(patient, "MinimalDocumentEntry", WANTED[0][1], CONSUMER, lambda id_: f"https://here.example/{id_}")
    assert isinstance(run(subscribe(house, actor, purpose, asked)), Subscription)
    house.ids.start(story[at].name)
    answer = run(deliver(house, system_of(story[at].by), Delivery((Handed(story[at].data),))))
    assert isinstance(answer, Received), answer
    return frozenset(found for one in sent(house) for found in REFERENCE.findall(one))


@settings(max_examples=25, deadline=None)
@given(st.data(), st.sampled_from(STORIES))
def test_a_system_is_told_of_nothing_that_somebody_there_may_not_see(data, story):
    made = data.draw(blocks(story))
    at = data.draw(st.integers(1, len(story) - 1))
    assert ids_told(story, at, made, SYSTEM) <= ids_told(story, at, made, DOCTOR.actor)


def test_a_system_is_told_where_nothing_is_hidden():
    story = STORIES[0]
    assert len(ids_told(story, len(story) - 1, (), SYSTEM)) == 1


def test_a_block_made_while_it_waits_is_met_when_it_is_sent():
    story = STORIES[0]
    at = next(number for number, one in enumerate(story) if number and one.by == "hospital")
    house = subscribed(furnished(story[:at]), story)
    house.ids.start(story[at].name)
    run(deliver(house, system_of(story[at].by), Delivery((Handed(story[at].data),))))
    rows = waiting(house)
    assert len(rows) == len(WANTED)
    house.storage.act(lambda transaction: transaction.put_block(KEY, Block("b", origin=place("hospital")))).result()
    assert sent(house, rows) == []
