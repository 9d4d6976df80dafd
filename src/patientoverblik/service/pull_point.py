"""Pull points: where what a subscription tells waits until its subscriber fetches it (IHE DSUB, ITI-69 and ITI-70).

A pull point is an address of ours and nothing more: what waits at it is what waits for the caller's own subscriptions
that lead to it. So one that nobody made, or that is somebody else's, is answered like an empty one.
"""

from collections.abc import Iterator

from patientoverblik.access import Actor, Refusal
from patientoverblik.service.evidence import NOBODY
from patientoverblik.service.house import House
from patientoverblik.service.notification import Notification, notification
from patientoverblik.service.outbox import Message
from patientoverblik.service.ports import Reader, Transaction
from patientoverblik.service.subscribe import NO_CONSUMER, is_of
from patientoverblik.service.subscriber import forget
from patientoverblik.service.subscription import Subscription
from patientoverblik.service.trail import done, refuse, write

LEASE = 60 * 1000
"""How long (ms) what is being fetched is nobody else's; where the fetching ends badly it waits again then."""
MOST = 100
"""How much is fetched at a time."""
OWN = "own-pull-point"


async def create_pull_point(house: House, actor: Actor, address: str) -> Refusal | None:
    """Say that an actor means to fetch from an address; why they may not."""
    if not house.may_tell(actor, address):
        return await refuse(house, actor, NOBODY, "pull-point", NO_CONSUMER)
    await write(house, done(house, actor, NOBODY, "pull-point", OWN))
    return None


async def destroy_pull_point(house: House, actor: Actor, address: str) -> int:
    """End every subscription of the actor's own that leads to an address, with what waits there; how many."""

    def work(transaction: Transaction) -> int:
        ended = tuple(_leading(transaction, actor, address))
        for held in ended:
            forget(transaction, held)
            transaction.add_event(done(house, actor, held.patient, "unsubscribe", OWN))
        transaction.add_event(done(house, actor, NOBODY, "pull-point-end", OWN))
        return len(ended)

    return await house.wait(house.storage.act(work))


async def fetch(house: House, actor: Actor, address: str, most: int = 1) -> tuple[Notification, ...]:
    """At most so many notifications that wait at an address for the actor, oldest first: each decided now, written down
    as a look, and gone from there when this returns. What may not be told any more is gone without a word."""
    fetched: list[Notification] = []
    while len(fetched) < most:
        waiting = await _claimed(house, actor, address, most - len(fetched))
        if not waiting:
            break
        told = [await _told(house, message) for message in waiting]
        fetched += [one for one in told if one is not None]
    return tuple(fetched)


async def _claimed(house: House, actor: Actor, address: str, most: int) -> tuple[Message, ...]:
    def work(transaction: Transaction) -> tuple[Message, ...]:
        at = house.clock()
        found: list[Message] = []
        for held in _leading(transaction, actor, address):
            found += transaction.claim(held.feed, at, at + LEASE, most - len(found))
        return tuple(found)

    return await house.wait(house.storage.act(work))


async def _told(house: House, message: Message) -> Notification | None:
    def work(transaction: Transaction) -> Notification | None:
        told = notification(house, transaction, message)
        transaction.sent(message)
        return told

    return await house.wait(house.storage.act(work))


def _leading(reader: Reader | Transaction, actor: Actor, address: str) -> Iterator[Subscription]:
    """The actor's own subscriptions that lead to an address."""
    held = reader.subscriptions_by(actor.id)
    return (one for one in held if one.pulled and one.consumer == address and is_of(one, actor))
