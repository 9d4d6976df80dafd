"""What a subscriber is told when something is registered: decided when it happens, and again when it is sent.

An event waits in the outbox only for who may see the object then; it is told only to who may see it at the moment of
sending, as they may see it, and the look is durable before it leaves. What a reader may not see leaves no event
(DESIGN 13, 21).
"""

from collections.abc import Iterable
from typing import NamedTuple

import msgspec

from patientoverblik.access import Actor, Permit, Refusal
from patientoverblik.service.documents import look_at
from patientoverblik.service.evidence import ask
from patientoverblik.service.follow_up import after_look
from patientoverblik.service.house import House
from patientoverblik.service.outbox import Message
from patientoverblik.service.ports import Transaction
from patientoverblik.service.registry import discreetly, number_of
from patientoverblik.service.subscription import FEED, Event, Subscription
from patientoverblik.service.trail import done, refused
from patientoverblik.sharing.holding import holding
from patientoverblik.sharing.model import DocumentEntry, Folder, PatientId, SubmissionSet
from patientoverblik.sharing.stored_query import Answer, answer

NOTIFY = "ITI-53"
AT_A_TIME = 100
MINDER = Actor(kind="job", id="subscriptions", role="operator")
_encode = msgspec.msgpack.Encoder().encode
_event = msgspec.msgpack.Decoder(Event).decode


class Notification(NamedTuple):
    """What a subscriber is told: of which subscription, the object as they may see it, and the patient's number."""

    subscription: Subscription
    found: Answer
    patient: PatientId


def announce(house: House, transaction: Transaction, patient: int, uuids: Iterable[str]) -> None:
    """Let what was registered just now wait for every subscriber who may see it, in the act that registered it."""
    registered = frozenset(uuids)
    for held in transaction.subscriptions(patient):
        permit = _permit(house, transaction, held)
        touched = () if isinstance(permit, Refusal) else _touched(transaction, permit, held, registered)
        for uuid in touched:
            data = _encode(Event(held.id, uuid))
            transaction.post(Message(held.patient, FEED, house.ids.uuid(), "notification", data, house.clock()))


def _touched(
    transaction: Transaction, permit: Permit, held: Subscription, registered: frozenset[str]
) -> tuple[str, ...]:
    """The objects of a subscription that were registered, and the folders that something registered stands in."""
    exists = holding(transaction, permit)
    around = frozenset(link.source for link in exists.associations if link.target in registered)
    return tuple(one.uuid for one in _objects(answer(exists, held.wanted)) if one.uuid in registered | around)


def notification(house: House, transaction: Transaction, message: Message) -> Notification | None:
    """What is to be sent of a message that waited, None where there is nothing (any more) to tell.

    A subscriber whose right has ended is told nothing, and the subscription ends. A message that is tried again is the
    look it was the first time.
    """
    event = _event(message.data)
    held = transaction.subscription(event.subscription)
    permit = None if held is None else _permit(house, transaction, held)
    if held is None or permit is None:
        return None
    if isinstance(permit, Refusal):
        _end(house, transaction, held, permit)
        return None
    found = _only(event.uuid, _found(transaction, permit, held))
    number = number_of(transaction, held.patient)
    if found == Answer() or number is None:
        return None
    if message.attempts == 0:
        _write(house, transaction, permit, found)
    return Notification(held, found, number)


async def mind_subscriptions(house: House) -> int:
    """Test the right of every subscriber whose time has come; how many subscriptions ended."""

    def work(transaction: Transaction) -> int:
        due = transaction.subscriptions_due(house.clock(), AT_A_TIME)
        return sum(not _goes_on(house, transaction, held) for held in due)

    return await house.wait(house.storage.act(work))


def _goes_on(house: House, transaction: Transaction, held: Subscription) -> bool:
    permit = _permit(house, transaction, held)
    if isinstance(permit, Refusal):
        _end(house, transaction, held, permit)
        return False
    transaction.put_subscription(msgspec.structs.replace(held, due=min(held.ends, permit.valid_until)))
    return True


def _permit(house: House, transaction: Transaction, held: Subscription) -> Permit | Refusal:
    at = house.clock()
    if at >= held.ends:
        return Refusal("subscription-lasts", "service.subscription-ended")
    if not house.may_tell(held.actor, held.consumer):
        return Refusal("configured-consumer", "service.consumer-unknown")
    return ask(house, transaction, held.actor, held.patient, held.purpose, at)


def _end(house: House, transaction: Transaction, held: Subscription, why: Refusal) -> None:
    transaction.end_subscription(held)
    transaction.add_event(refused(house, MINDER, held.patient, "subscription-end", why))


def _found(transaction: Transaction, permit: Permit, held: Subscription) -> Answer:
    """What the subscription's query finds for the subscriber now."""
    exists = holding(transaction, permit)
    return discreetly(permit, exists, answer(exists, held.wanted))


def _only(uuid: str, found: Answer) -> Answer:
    """The one object of an answer."""
    return Answer(
        tuple(one for one in found.entries if one.uuid == uuid),
        tuple(one for one in found.sets if one.uuid == uuid),
        tuple(one for one in found.folders if one.uuid == uuid),
    )


def _objects(found: Answer) -> tuple[DocumentEntry | SubmissionSet | Folder, ...]:
    return (*found.entries, *found.sets, *found.folders)


def _write(house: House, transaction: Transaction, permit: Permit, found: Answer) -> None:
    look = look_at(house, permit, house.clock(), "list", found.entries, False)
    transaction.add_look(look)
    uuids = tuple(one.uuid for one in _objects(found))
    event = done(house, permit.actor, permit.patient, "notify", permit.rule, uuids)
    transaction.add_event(msgspec.structs.replace(event, transaction=NOTIFY))
    then = after_look(house, permit, look)
    if then is not None:
        then(transaction)
