"""The outbox on every storage: written with the act, claimed by one worker at a time, given back by one that dies."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from patientoverblik.service.outbox import PULLED, Message, Queue
from patientoverblik.sharing.model import PatientId
from tests.storages.samples import CPR, NANCY, OTHER
from tests.storages.test_contract import did


def message(name: str, due: int = 100, patient: int = 1, feed: str = "minlog") -> Message:
    return Message(patient, feed, name, "look", b"data of " + name.encode() * 100, due)


def claimed(storage: Any, at: int, most: int = 10, feed: str = "minlog", lease: int = 50) -> list[str]:
    return [one.id for one in did(storage, lambda tx: tx.claim(feed, at, at + lease, most))]


def test_an_act_that_fails_posts_nothing(storage: Any) -> None:
    def work(tx: Any) -> None:
        tx.post(message("a"))
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        did(storage, work)
    assert storage.reader().queues() == ()


def test_messages_are_claimed_oldest_first_when_due_and_by_feed(storage: Any) -> None:
    did(storage, lambda tx: [tx.post(message(name, due)) for name, due in (("late", 300), ("b", 120), ("a", 110))])
    did(storage, lambda tx: tx.post(message("other", feed="atna")))
    assert claimed(storage, 99) == []
    assert claimed(storage, 200, most=1) == ["a"]
    assert claimed(storage, 200) == ["b"]
    assert claimed(storage, 200) == []
    assert claimed(storage, 200, feed="atna") == ["other"]


def test_a_message_comes_back_whole(storage: Any) -> None:
    did(storage, lambda tx: tx.post(message("a")))
    (got,) = did(storage, lambda tx: tx.claim("minlog", 100, 150, 9))
    assert got == replace(message("a"), due=150)


def test_the_same_message_is_there_once(storage: Any) -> None:
    did(storage, lambda tx: [tx.post(message("a")), tx.post(message("a", 500))])
    assert storage.reader().queues() == (Queue("minlog", 1, 0, 100),)


def test_what_waits_to_be_fetched_is_claimed_by_its_feed_and_is_no_queue_of_ours(storage: Any) -> None:
    feed = f"{PULLED}urn:uuid:a"
    did(storage, lambda tx: [tx.post(message("a", feed=feed)), tx.post(message("b"))])
    assert storage.reader().queues() == (Queue("minlog", 1, 0, 100),)
    assert claimed(storage, 100, feed=feed) == ["a"]
    assert claimed(storage, 100, feed=f"{PULLED}urn:uuid:b") == []


def test_a_worker_that_dies_gives_its_messages_back(storage: Any) -> None:
    did(storage, lambda tx: tx.post(message("a")))
    assert claimed(storage, 100, lease=50) == ["a"]
    assert claimed(storage, 149) == []
    assert claimed(storage, 150) == ["a"]


def test_what_was_sent_is_forgotten_whoever_holds_it(storage: Any) -> None:
    did(storage, lambda tx: tx.post(message("a")))
    (first,) = did(storage, lambda tx: tx.claim("minlog", 100, 150, 9))
    assert claimed(storage, 150) == ["a"]
    did(storage, lambda tx: tx.sent(first))
    assert storage.reader().queues() == ()


def test_one_who_held_it_too_long_cannot_take_it_from_the_next(storage: Any) -> None:
    did(storage, lambda tx: tx.post(message("a")))
    (first,) = did(storage, lambda tx: tx.claim("minlog", 100, 150, 9))
    (second,) = did(storage, lambda tx: tx.claim("minlog", 150, 900, 9))
    did(storage, lambda tx: tx.postpone(first, 151))
    assert claimed(storage, 200) == []
    did(storage, lambda tx: tx.postpone(replace(second, attempts=1, fault="notify.refused"), 300))
    (third,) = did(storage, lambda tx: tx.claim("minlog", 300, 400, 9))
    assert (third.attempts, third.fault) == (1, "notify.refused")


def test_what_was_given_up_waits_until_somebody_revives_it(storage: Any) -> None:
    did(storage, lambda tx: [tx.post(message("a")), tx.post(message("b", 101))])
    for one in did(storage, lambda tx: tx.claim("minlog", 200, 250, 9)):
        did(storage, lambda tx, one=one: tx.postpone(replace(one, attempts=3, fault="notify.refused"), 260, True))
    assert claimed(storage, 9999) == []
    assert storage.reader().queues() == (Queue("minlog", 0, 2, 0),)
    assert [(one.id, one.fault, one.attempts) for one in storage.reader().failed("minlog", 1)] == [
        ("a", "notify.refused", 3)
    ]
    assert did(storage, lambda tx: tx.revive("minlog", 300)) == 2
    assert claimed(storage, 300) == ["a", "b"]


def test_the_numbers_of_a_patient_are_known_from_its_key(storage: Any) -> None:
    did(storage, lambda tx: (tx.claim_patient(OTHER, 11), tx.claim_patient(NANCY, 11), tx.claim_patient(NANCY, 12)))
    assert storage.reader().patient_ids(11) == tuple(sorted((NANCY, OTHER), key=lambda one: one.value))
    assert storage.reader().patient_ids(12) == ()
    assert storage.reader().patient_ids(11)[0] == PatientId(CPR, min(NANCY.value, OTHER.value))
