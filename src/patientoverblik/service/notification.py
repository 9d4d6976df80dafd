"""What a subscriber is told when something is registered: decided when it happens, and again when it is sent.

An event waits in the outbox only for who may see the object then; it is told only to who may see it at the moment of
sending, as they may see it, and the look is durable before it leaves. What a reader may not see leaves no event
(DESIGN 13, 21).
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import msgspec

from patientoverblik.access import Permit, Refusal
from patientoverblik.service.evidence import NOBODY
from patientoverblik.service.house import House
from patientoverblik.service.outbox import Message
from patientoverblik.service.ports import Transaction
from patientoverblik.service.registry import number_of
from patientoverblik.service.rest_hook import queue
from patientoverblik.service.subscriber import end, found_by, log, lost, objects_of, right_of
from patientoverblik.service.subscription import Event, Subscription
from patientoverblik.sharing.find import fitting
from patientoverblik.sharing.holding import holding
from patientoverblik.sharing.lookup import entry_of
from patientoverblik.sharing.model import PatientId
from patientoverblik.sharing.stored_query import Answer, answer

AT_A_TIME = 100
SENT, FETCHED = "ITI-53", "ITI-70"
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
    for held in _listening(house, transaction, patient, registered):
        permit = right_of(house, transaction, held, patient)
        if isinstance(permit, Refusal):
            continue
        if held.hook is not None:
            queue(house, transaction, held, _touched(transaction, permit, held, registered.union(changed)))
            continue
        for uuid in _touched(transaction, permit, held, registered):
            data = _encode(Event(held.id, uuid))
            about = held.patient or patient
            transaction.post(Message(about, held.feed, house.ids.uuid(), "notification", data, house.clock()))


def _listening(
    house: House, transaction: Transaction, patient: int, registered: frozenset[str]
) -> Iterator[Subscription]:
    """Who might be told of what is registered about a patient. Of those about everybody only the ones whose filter it
    fits: a decision for each of them would cost more than the delivery."""
    yield from transaction.subscriptions(patient)
    everybodys = transaction.subscriptions(NOBODY) if house.consumers else ()
    found = (entry_of(transaction, uuid) for uuid in registered) if everybodys else ()
    new = tuple(entry for entry in found if entry is not None)
    yield from (held for held in everybodys if any(map(fitting(held.wanted.entry), new)))


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
    permit = None if held is None else right_of(house, transaction, held, message.patient)
    if held is None or permit is None:
        return None
    if isinstance(permit, Refusal):
        _end_for_good(house, transaction, held, permit)
        return None
    found = _only(event.uuid, found_by(transaction, permit, held))
    number = number_of(transaction, permit.patient)
    if found == Answer() or number is None:
        return None
    if message.attempts == 0:
        log(house, transaction, permit, found, FETCHED if held.pulled else SENT)
    return Notification(held, found, number)


async def mind_subscriptions(house: House) -> int:
    """Test the right of every subscriber whose time has come; how many subscriptions ended."""

    def work(transaction: Transaction) -> int:
        due = transaction.subscriptions_due(house.clock(), AT_A_TIME)
        return sum(not _goes_on(house, transaction, held) for held in due)

    return await house.wait(house.storage.act(work))


def _goes_on(house: House, transaction: Transaction, held: Subscription) -> bool:
    permit = right_of(house, transaction, held)
    if isinstance(permit, Refusal) and _end_for_good(house, transaction, held, permit):
        return False
    until = held.ends if isinstance(permit, Refusal) else min(held.ends, permit.valid_until)
    transaction.put_subscription(msgspec.structs.replace(held, due=until))
    return True


def _end_for_good(house: House, transaction: Transaction, held: Subscription, refusal: Refusal) -> bool:
    """End a subscription whose subscriber was refused, unless that was about one of all patients; whether it ended."""
    why = lost(house, held, refusal)
    if why is not None:
        end(house, transaction, held, why)
    return why is not None


def _only(uuid: str, found: Answer) -> Answer:
    """The one object of an answer."""
    return Answer(
        tuple(one for one in found.entries if one.uuid == uuid),
        tuple(one for one in found.sets if one.uuid == uuid),
        tuple(one for one in found.folders if one.uuid == uuid),
    )
