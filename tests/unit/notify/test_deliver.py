"""The outbox delivered: nothing lost, nothing told twice by those who are alive, and given up only when refused."""

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.notify import Delivered, Posting, Undelivered, deliver
from patientoverblik.notify.deliver import FIRST_WAIT, LONGEST_WAIT, wait_after
from patientoverblik.problems import Fault
from patientoverblik.service.outbox import Queue
from patientoverblik.storage.memory import MemoryStorage
from tests.unit.notify.make import a_look, a_message, an_event


class Time:
    def __init__(self):
        self.now = 1000

    def __call__(self):
        return self.now


class Told:
    """A feed that does what it is told to, call by call: take all, refuse some, reach nobody, or die after telling."""

    name = "told"
    kinds = frozenset({"look"})
    lease = 60_000

    def __init__(self, together=3, script=()):
        self.together = together
        self.script = list(script)
        self.taken = []

    def tell(self, reader, messages):
        step = self.script.pop(0) if self.script else "take"
        if step == "nobody":
            raise Fault("notify.unreachable")
        refused = {one.id for one in messages if step == "refuse" or step == one.id}
        self.taken += [one.id for one in messages if one.id not in refused]
        if step == "die":
            raise SystemExit
        return {id_: Undelivered("notify.entry-refused") for id_ in refused}


def filled(number):
    storage = MemoryStorage()
    for each in range(number):
        storage.act(lambda tx, each=each: tx.post(a_message(a_look(id=f"look-{each}"), "told", 10 + each))).result()
    return storage


def test_a_batch_is_taken_and_forgotten():
    storage, feed, time = filled(5), Told(), Time()
    assert deliver(storage, feed, time) == Delivered(taken=3)
    assert deliver(storage, feed, time) == Delivered(taken=2)
    assert deliver(storage, feed, time) == Delivered()
    assert feed.taken == [f"look-{n}" for n in range(5)]
    assert storage.reader().queues() == ()


def test_where_nobody_is_reached_all_waits_longer_each_time_and_is_never_given_up():
    storage, feed, time = filled(2), Told(script=["nobody"] * 40), Time()
    for attempt in range(40):
        assert deliver(storage, feed, time) == Delivered(later=2, fault="notify.unreachable")
        time.now += wait_after(attempt) - 1
        assert deliver(storage, feed, time) == Delivered()
        time.now += 1
    assert deliver(storage, feed, time).taken == 2
    assert (wait_after(0), wait_after(1), wait_after(40)) == (FIRST_WAIT, 2 * FIRST_WAIT, LONGEST_WAIT)


def test_one_refused_entry_does_not_hold_the_others_and_is_given_up_after_three_attempts():
    storage, feed, time = filled(3), Told(script=["look-1"] * 3), Time()
    assert deliver(storage, feed, time) == Delivered(taken=2, later=1)
    time.now += LONGEST_WAIT
    assert deliver(storage, feed, time) == Delivered(later=1)
    time.now += LONGEST_WAIT
    assert deliver(storage, feed, time) == Delivered(given_up=1)
    assert storage.reader().queues() == (Queue("told", 0, 1),)
    assert [one.fault for one in storage.reader().failed("told", 9)] == ["notify.entry-refused"]


def test_what_can_never_be_told_is_given_up_at_once():
    storage, time = filled(1), Time()
    feed = Told()
    feed.tell = lambda reader, messages: {"look-0": Undelivered("notify.too-old", final=True)}
    assert deliver(storage, feed, time) == Delivered(given_up=1)


def test_after_an_unclear_refusal_each_is_told_alone():
    storage, feed, time = filled(3), Told(), Time()
    batches = []

    def tell(reader, messages):
        batches.append([one.id for one in messages])
        if len(messages) > 1:
            return {one.id: Undelivered("notify.unclear-refusal") for one in messages}
        return {one.id: Undelivered("notify.entry-refused") for one in messages if one.id == "look-1"}

    feed.tell = tell
    for _ in range(12):
        deliver(storage, feed, time)
        time.now += LONGEST_WAIT
    alone = [one for one in batches if len(one) == 1 and one != ["look-1"]]
    assert alone == [["look-0"], ["look-2"]]
    assert storage.reader().queues() == (Queue("told", 0, 1),)
    assert [one.id for one in storage.reader().failed("told", 9)] == ["look-1"]


def test_a_message_that_nothing_can_be_made_of_does_not_hold_the_others():
    storage, feed, time = filled(3), Told(), Time()

    def tell(reader, messages):
        if any(one.id == "look-1" for one in messages):
            raise ValueError("of a kind that nobody thought of")
        feed.taken += [one.id for one in messages]
        return {}

    feed.tell = tell
    for _ in range(12):
        deliver(storage, feed, time)
        time.now += LONGEST_WAIT
    assert sorted(feed.taken) == ["look-0", "look-2"]
    assert [(one.id, one.fault) for one in storage.reader().failed("told", 9)] == [("look-1", "notify.not-made")]


STEPS = st.lists(st.sampled_from(["take", "refuse", "nobody", "die", "look-0", "look-3"]), max_size=12)


@settings(max_examples=100, deadline=None)
@given(number=st.integers(1, 8), together=st.integers(1, 4), script=STEPS)
def test_nothing_is_lost_whatever_the_receiver_and_the_workers_do(number, together, script):
    storage, feed, time = filled(number), Told(together, script), Time()
    deaths = script.count("die")
    for _ in range(60):
        with suppress(SystemExit):
            deliver(storage, feed, time)
        time.now += LONGEST_WAIT
    given_up = {one.id for one in storage.reader().failed("told", 99)}
    everything = {f"look-{each}" for each in range(number)}
    assert set(feed.taken) | given_up == everything
    assert len(feed.taken) <= number + deaths * together
    assert all(queue.waiting == 0 for queue in storage.reader().queues())


def test_looks_and_events_are_posted_with_the_act_that_writes_them_or_not_at_all():
    storage = MemoryStorage()
    posting = Posting(storage, [("log", frozenset({"look"})), ("audit", frozenset({"event"}))])
    posting.act(lambda tx: (tx.add_event(an_event()), tx.add_look(a_look()))).result()
    assert storage.reader().queues() == (Queue("audit", 1, 0, an_event().at), Queue("log", 1, 0, a_look().at))
    assert storage.reader().looks(7) == (a_look(),)

    def failing(tx):
        tx.add_look(a_look(id="other"))
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        posting.act(failing).result()
    assert [queue.waiting for queue in storage.reader().queues()] == [1, 1]
    assert posting.commits == storage.commits


def test_what_is_spread_waits_longer_than_usual_and_no_longer():
    class Spread(Told):
        def tell(self, reader, messages):
            return {one.id: Undelivered("notify.unreachable", counts=False, spread=500) for one in messages}

    storage, feed, time = filled(1), Spread(), Time()
    assert deliver(storage, feed, time).later == 1
    time.now += FIRST_WAIT + 499
    assert deliver(storage, feed, time) == Delivered()
    time.now += 1
    assert deliver(storage, feed, time).later == 1
