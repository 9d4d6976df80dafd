"""What a subscriber is told when something is registered: decided when it happens, and again when it is sent.

An event waits in the outbox only for who may see the object then; it is told only to who may see it at the moment of
sending, as they may see it, and the look is durable before it leaves. What a reader may not see leaves no event
(DESIGN 13, 21).
"""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from patientoverblik.access import Permit, Refusal
from patientoverblik.service.house import House
from patientoverblik.service.outbox import Message
from patientoverblik.service.ports import Transaction
from patientoverblik.service.registry import number_of
from patientoverblik.service.rest_hook import queue
from patientoverblik.service.subscriber import NOTIFY, end, found_by, log, objects_of, right_of
from patientoverblik.service.subscription import FEED, Event, Subscription
from patientoverblik.sharing.holding import holding
from patientoverblik.sharing.model import PatientId
from patientoverblik.sharing.stored_query import Answer, answer

AT_A_TIME = 100
_encode = msgspec.msgpack.Encoder().encode
_event = msgspec.msgpack.Decoder(Event).decode


class Notification(NamedTuple):
    """What a subscriber is told: of which subscription, the object as they may see it, and the patient's number."""

    subscription: Subscription
    found: Answer
    patient: PatientId


def announce(
    house: House, transaction: Transaction, patient: int, uuids: Iterable[str], changed: Iterable[str] = ()
) -> None:
    """Let what was registered just now wait for every subscriber who may see it, in the act that registered it;
    ``changed`` are entries of which something else is said now, which rest-hooks tell of too."""
    registered = frozenset(uuids)
    for held in transaction.subscriptions(patient):
        permit = right_of(house, transaction, held)
        if isinstance(permit, Refusal):
            continue
        if held.hook is not None:
            queue(house, transaction, held, _touched(transaction, permit, held, registered.union(changed)))
            continue
        for uuid in _touched(transaction, permit, held, registered):
            data = _encode(Event(held.id, uuid))
            transaction.post(Message(held.patient, FEED, house.ids.uuid(), "notification", data, house.clock()))


def _touched(
    transaction: Transaction, permit: Permit, held: Subscription, registered: frozenset[str]
) -> tuple[str, ...]:
    """The objects of a subscription that were registered, and the folders that something registered stands in."""
    exists = holding(transaction, permit)
    around = frozenset(link.source for link in exists.associations if link.target in registered)
    return tuple(one.uuid for one in objects_of(answer(exists, held.wanted)) if one.uuid in registered | around)


def notification(house: House, transaction: Transaction, message: Message) -> Notification | None:
    """What is to be sent of a message that waited, None where there is nothing (any more) to tell.

    A subscriber whose right has ended is told nothing, and the subscription ends. A message that is tried again is the
    look it was the first time.
    """
    event = _event(message.data)
    held = transaction.subscription(event.subscription)
    permit = None if held is None else right_of(house, transaction, held)
    if held is None or permit is None:
        return None
    if isinstance(permit, Refusal):
        end(house, transaction, held, permit)
        return None
    found = _only(event.uuid, found_by(transaction, permit, held))
    number = number_of(transaction, held.patient)
    if found == Answer() or number is None:
        return None
    if message.attempts == 0:
        log(house, transaction, permit, found, NOTIFY)
    return Notification(held, found, number)


async def mind_subscriptions(house: House) -> int:
    """Test the right of every subscriber whose time has come; how many subscriptions ended."""

    def work(transaction: Transaction) -> int:
        due = transaction.subscriptions_due(house.clock(), AT_A_TIME)
        return sum(not _goes_on(house, transaction, held) for held in due)

    return await house.wait(house.storage.act(work))


def _goes_on(house: House, transaction: Transaction, held: Subscription) -> bool:
    permit = right_of(house, transaction, held)
    if isinstance(permit, Refusal):
        end(house, transaction, held, permit)
        return False
    transaction.put_subscription(msgspec.structs.replace(held, due=min(held.ends, permit.valid_until)))
    return True


def _only(uuid: str, found: Answer) -> Answer:
    """The one object of an answer."""
    return Answer(
        tuple(one for one in found.entries if one.uuid == uuid),
        tuple(one for one in found.sets if one.uuid == uuid),
        tuple(one for one in found.folders if one.uuid == uuid),
    )
