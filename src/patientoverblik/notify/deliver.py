"""Delivering the outbox: claim what is due, tell the feed, forget what it took, and try the rest again later.

A message is given up, and told as failed, only when the receiver refused it itself, or nothing can be made of it;
where nobody is reached it waits, for as long as it takes (nsp.md §4: a persistent queue; 3 attempts; a failed queue).
"""

from collections.abc import Mapping, Sequence
from functools import partial

import msgspec
from msgspec.structs import replace

from patientoverblik.notify.feed import Feed, Undelivered
from patientoverblik.problems import Fault
from patientoverblik.service.outbox import Message
from patientoverblik.service.ports import Clock, Storage, Transaction

MOST_ATTEMPTS = 3
FIRST_WAIT = 15_000
LONGEST_WAIT = 60 * 60 * 1000
WAIT_FOR_COMMIT = 60


class Delivered(msgspec.Struct, frozen=True):
    """How one round went: messages taken, to be tried again, and given up; ``fault`` where nobody was reached, or a
    message could not be made."""

    taken: int = 0
    later: int = 0
    given_up: int = 0
    fault: str = ""


def deliver(storage: Storage, feed: Feed, clock: Clock) -> Delivered:
    """Deliver one batch of a feed; nothing where nothing is due."""
    at = clock()
    claimed = storage.act(lambda tx: tx.claim(feed.name, at, at + feed.lease, feed.together)).result(WAIT_FOR_COMMIT)
    if not claimed:
        return Delivered()
    batch = _alone_where_unclear(claimed)
    fault = ""
    try:
        left = feed.tell(storage.reader(), batch)
    except Fault as unreached:
        fault = unreached.code
        left = {message.id: Undelivered(fault, counts=False) for message in batch}
    except Exception:  # one message that nothing can be made of must not hold the others, nor end the worker
        fault = "notify.unclear-refusal" if len(batch) > 1 else "notify.not-made"
        left = {message.id: Undelivered(fault) for message in batch}
    settle = partial(_settle, claimed, {message.id for message in batch}, left, clock())
    return replace(storage.act(settle).result(WAIT_FOR_COMMIT), fault=fault)


def _alone_where_unclear(claimed: tuple[Message, ...]) -> tuple[Message, ...]:
    """One message alone where a batch with it was refused without a word which of them was meant."""
    unclear = [message for message in claimed if message.fault == "notify.unclear-refusal"]
    return (unclear[0],) if unclear else claimed


def _settle(
    claimed: Sequence[Message],
    told: set[str],
    left: Mapping[str, Undelivered],
    at: int,
    transaction: Transaction,
) -> Delivered:
    taken = later = given_up = 0
    for message in claimed:
        refusal = left.get(message.id)
        if message.id not in told:
            transaction.postpone(message, at)
            later += 1
        elif refusal is None:
            transaction.sent(message)
            taken += 1
        else:
            ends = refusal.final or (refusal.counts and message.attempts + 1 >= MOST_ATTEMPTS)
            tried = replace(message, attempts=message.attempts + 1, fault=refusal.code)
            transaction.postpone(tried, at + wait_after(message.attempts) + refusal.spread, ends)
            later, given_up = later + (not ends), given_up + ends
    return Delivered(taken, later, given_up)


def wait_after(attempts: int) -> int:
    """How long (ms) to wait after so many earlier attempts: twice as long each time, up to an hour."""
    return min(LONGEST_WAIT, FIRST_WAIT << min(attempts, 16))
