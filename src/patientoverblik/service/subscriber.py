"""A subscriber's right, tested each time anything is told: what they may see now, and the end where it has ended."""

import msgspec

from patientoverblik.access import Actor, Permit, Refusal
from patientoverblik.service.documents import look_at
from patientoverblik.service.evidence import NOBODY, ask
from patientoverblik.service.follow_up import after_look
from patientoverblik.service.house import House
from patientoverblik.service.ports import Reader, Transaction
from patientoverblik.service.registry import discreetly
from patientoverblik.service.subscription import Subscription
from patientoverblik.service.trail import done, refused
from patientoverblik.sharing.holding import holding
from patientoverblik.sharing.model import DocumentEntry, Folder, SubmissionSet
from patientoverblik.sharing.stored_query import Answer, answer

FOREVER = 1 << 62
AT_A_TIME = 1000
MINDER = Actor(kind="job", id="subscriptions", role="operator")


def stopped(house: House, held: Subscription) -> Refusal | None:
    """Why a subscription tells nothing more, whoever it would be about; None while it goes on."""
    if house.clock() >= held.ends:
        return Refusal("subscription-lasts", "service.subscription-ended")
    told = house.may_tell(held.actor, held.consumer)
    return None if told else Refusal("configured-consumer", "service.consumer-unknown")


def right_of(house: House, reader: Reader | Transaction, held: Subscription, patient: int = NOBODY) -> Permit | Refusal:
    """What a subscriber may see now, or why nothing; ``patient`` is whom it would tell of where it names nobody."""
    about = held.patient or patient
    return stopped(house, held) or ask(house, reader, held.actor, about, held.purpose, house.clock())


def lost(house: House, held: Subscription, refusal: Refusal) -> Refusal | None:
    """Why a subscription ends where its subscriber is refused; None where another patient's might still be told."""
    return refusal if held.patient else stopped(house, held)


def forget(transaction: Transaction, held: Subscription) -> None:
    """Forget a subscription, and what waits to be fetched by it."""
    transaction.end_subscription(held)
    while held.pulled and (left := transaction.claim(held.feed, FOREVER, FOREVER + 1, AT_A_TIME)):
        for message in left:
            transaction.sent(message)


def end(house: House, transaction: Transaction, held: Subscription, why: Refusal) -> None:
    """Forget a subscription that its subscriber has no right to any more."""
    forget(transaction, held)
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
