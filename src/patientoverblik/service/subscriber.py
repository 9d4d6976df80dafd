"""A subscriber's right, tested each time anything is told: what they may see now, and the end where it has ended."""

import msgspec

from patientoverblik.access import Actor, Permit, Refusal
from patientoverblik.service.documents import look_at
from patientoverblik.service.evidence import ask
from patientoverblik.service.follow_up import after_look
from patientoverblik.service.house import House
from patientoverblik.service.ports import Reader, Transaction
from patientoverblik.service.registry import discreetly
from patientoverblik.service.subscription import Subscription
from patientoverblik.service.trail import done, refused
from patientoverblik.sharing.holding import holding
from patientoverblik.sharing.model import DocumentEntry, Folder, SubmissionSet
from patientoverblik.sharing.stored_query import Answer, answer

NOTIFY = "ITI-53"
MINDER = Actor(kind="job", id="subscriptions", role="operator")


def right_of(house: House, reader: Reader | Transaction, held: Subscription) -> Permit | Refusal:
    """What a subscriber may see now, or why nothing."""
    at = house.clock()
    if at >= held.ends:
        return Refusal("subscription-lasts", "service.subscription-ended")
    if not house.may_tell(held.actor, held.consumer):
        return Refusal("configured-consumer", "service.consumer-unknown")
    return ask(house, reader, held.actor, held.patient, held.purpose, at)


def end(house: House, transaction: Transaction, held: Subscription, why: Refusal) -> None:
    """Forget a subscription that its subscriber has no right to any more."""
    transaction.end_subscription(held)
    transaction.add_event(refused(house, MINDER, held.patient, "subscription-end", why))


def found_by(reader: Reader | Transaction, permit: Permit, held: Subscription) -> Answer:
    """What the subscription's query finds for the subscriber now."""
    exists = holding(reader, permit)
    return discreetly(permit, exists, answer(exists, held.wanted))


def objects_of(found: Answer) -> tuple[DocumentEntry | SubmissionSet | Folder, ...]:
    """Everything an answer holds but the associations."""
    return (*found.entries, *found.sets, *found.folders)


def log(house: House, transaction: Transaction, permit: Permit, found: Answer, exchange: str = "") -> None:
    """Write down that a subscriber is told of something, as the look that it is, before it leaves."""
    look = look_at(house, permit, house.clock(), "list", found.entries, False)
    transaction.add_look(look)
    uuids = tuple(one.uuid for one in objects_of(found))
    event = done(house, permit.actor, permit.patient, "notify", permit.rule, uuids)
    transaction.add_event(msgspec.structs.replace(event, transaction=exchange))
    then = after_look(house, permit, look)
    if then is not None:
        then(transaction)
