"""Subscribing to what is registered, going on with it, and ending it (IHE DSUB, ITI-52; FHIR Subscription).

Nobody is told by a subscription what they could not find by asking: it takes the right to list the patient's documents
now, and that right again each time anything is told. An override never reaches into one. A system reads nothing, so it
is told ids alone, and may ask for them about everybody whom its organisation treats.
"""

from collections.abc import Callable

import msgspec

from patientoverblik.access import Actor, Purpose, Refusal
from patientoverblik.service.evidence import NOBODY, ask, patient_key
from patientoverblik.service.hook import Hook
from patientoverblik.service.house import House
from patientoverblik.service.ports import Transaction
from patientoverblik.service.rest_hook import keep, knocking
from patientoverblik.service.subscriber import end, forget, lost, right_of
from patientoverblik.service.subscription import Subscription, Topic
from patientoverblik.service.trail import done, refused
from patientoverblik.sharing.model import PatientId
from patientoverblik.sharing.stored_query import Wanted

LONGEST = 30 * 24 * 60 * 60 * 1000
"""How long a subscription lasts at most (ms): after that the subscriber must show who they are again."""
MOST_HELD = 20
"""How many subscriptions about one patient an organisation may have at a time."""
OWN = "own-subscription"
OTHER = Refusal("one-patient", "service.other-patient")
NO_SUBSCRIPTION = Refusal("own-subscription", "service.no-subscription")
NO_CONSUMER = Refusal("configured-consumer", "service.consumer-unknown")
WRONG_END = Refusal("subscription-lasts", "service.subscription-end")
SAYS_TOO_MUCH = Refusal("ids-for-systems", "service.system-told-ids")
NAMES_NOBODY = Refusal("one-patient", "service.subscription-patient")
TOO_MANY = Refusal("subscription-number", "service.too-many-subscriptions")


class Asked(msgspec.Struct, frozen=True):
    """A subscription as it is asked for; ``patient`` None is about everybody. ``ends`` is milliseconds UTC, 0 for as
    long as we let it; ``reference`` makes the address that it is known by from its id. ``hook`` is how it is told where
    it is asked for at the FHIR door; ``pulled``: what it tells is fetched."""

    patient: PatientId | int | None
    topic: Topic
    wanted: Wanted
    consumer: str
    reference: Callable[[str], str]
    ends: int = 0
    hook: Hook | None = None
    pulled: bool = False


async def subscribe(
    house: House, actor: Actor, purpose: Purpose, asked: Asked, bound: PatientId | int | None = None
) -> Subscription | Refusal:
    """Keep a subscription; durable when this returns. ``bound`` is the patient the call is about by its own word."""

    def work(transaction: Transaction) -> Subscription | Refusal:
        key = NOBODY if asked.patient is None else patient_key(transaction, asked.patient)
        answer = _judged(house, transaction, actor, purpose, asked, key, bound)
        if isinstance(answer, Refusal):
            transaction.add_event(refused(house, actor, key, "subscribe", answer))
            return answer
        kept = _kept(transaction, answer)
        transaction.add_event(done(house, actor, answer.patient, "subscribe", "subscribed"))
        return kept

    return await house.wait(house.storage.act(work))


def _kept(transaction: Transaction, made: Subscription) -> Subscription:
    """A new subscription is kept; the handshake of its hook is the first thing told."""
    if made.hook is None:
        transaction.put_subscription(made)
        return made
    hook = msgspec.structs.replace(made.hook, changed=made.made)
    return keep(transaction, made, knocking(transaction, made, hook, made.made))


async def unsubscribe(
    house: House, actor: Actor, subscription: str, *, by_hook: bool = False
) -> Subscription | Refusal:
    """End a subscription of the actor's own; somebody else's, and another door's, is answered like one that does not
    exist."""

    def work(transaction: Transaction) -> Subscription | Refusal:
        held = transaction.subscription(subscription)
        if held is None or not is_of(held, actor) or (held.hook is not None) != by_hook:
            transaction.add_event(refused(house, actor, NOBODY, "unsubscribe", NO_SUBSCRIPTION))
            return NO_SUBSCRIPTION
        forget(transaction, held)
        transaction.add_event(done(house, actor, held.patient, "unsubscribe", OWN))
        return held

    return await house.wait(house.storage.act(work))


async def renew(house: House, actor: Actor, subscription: str, ends: int = 0) -> Subscription | Refusal:
    """Let a subscription of the actor's own go on until ``ends`` (milliseconds UTC, 0 for as long as we let it), by the
    right they have now; one whose right has ended ends, and is answered like one that does not exist."""

    def work(transaction: Transaction) -> Subscription | Refusal:
        held = transaction.subscription(subscription)
        patient = NOBODY if held is None else held.patient
        answer = NO_SUBSCRIPTION if held is None else _renewed(house, transaction, actor, held, ends)
        if isinstance(answer, Refusal):
            transaction.add_event(refused(house, actor, patient, "renew", answer))
            return answer
        transaction.put_subscription(answer)
        transaction.add_event(done(house, actor, patient, "renew", OWN))
        return answer

    return await house.wait(house.storage.act(work))


def _renewed(
    house: House, transaction: Transaction, actor: Actor, held: Subscription, ends: int
) -> Subscription | Refusal:
    at = house.clock()
    until = ends or at + LONGEST
    if not is_of(held, actor) or held.hook is not None:
        return NO_SUBSCRIPTION
    fresh = msgspec.structs.replace(held, actor=msgspec.structs.replace(actor, session=held.id))
    permit = right_of(house, transaction, fresh)
    gone = lost(house, fresh, permit) if isinstance(permit, Refusal) else None
    if gone is not None:
        end(house, transaction, held, gone)
        return NO_SUBSCRIPTION
    if not is_end(at, until):
        return WRONG_END
    due = until if isinstance(permit, Refusal) else min(until, permit.valid_until)
    return msgspec.structs.replace(fresh, ends=until, due=due)


def _judged(
    house: House,
    transaction: Transaction,
    actor: Actor,
    purpose: Purpose,
    asked: Asked,
    key: int,
    bound: PatientId | int | None,
) -> Subscription | Refusal:
    at, id_ = house.clock(), house.ids.uuid()
    if bound is not None and not _is_about(transaction, key, asked.patient, bound):
        return OTHER
    subscriber = msgspec.structs.replace(actor, session=id_)
    permit = None if asked.patient is None else ask(house, transaction, subscriber, key, purpose, at)
    if isinstance(permit, Refusal):
        return permit
    ends = asked.ends or at + LONGEST
    fault = _fault(house, transaction, actor, asked, key) or (None if is_end(at, ends) else WRONG_END)
    if fault is not None:
        return fault
    return Subscription(
        id=id_,
        patient=key or _owner(house, transaction, asked.patient),
        actor=subscriber,
        purpose=purpose,
        topic=asked.topic,
        wanted=asked.wanted,
        consumer=asked.consumer,
        reference=asked.reference(id_),
        made=at,
        ends=ends,
        due=ends if permit is None else min(ends, permit.valid_until),
        hook=asked.hook,
        pulled=asked.pulled,
    )


def _fault(house: House, transaction: Transaction, actor: Actor, asked: Asked, key: int) -> Refusal | None:
    """Why a subscriber who may look may not have this subscription."""
    if actor.kind == "system" and asked.topic != "MinimalDocumentEntry":
        return SAYS_TOO_MUCH
    if actor.kind != "system" and asked.patient is None:
        return NAMES_NOBODY
    if not house.may_tell(actor, asked.consumer):
        return NO_CONSUMER
    if key == NOBODY and isinstance(asked.patient, int):
        return OTHER
    held = sum(_is_of_place(one, actor) for one in transaction.subscriptions(key))
    return TOO_MANY if held >= MOST_HELD else None


def _owner(house: House, transaction: Transaction, patient: PatientId | int | None) -> int:
    """The key of a patient never seen."""
    return (
        NOBODY
        if patient is None or isinstance(patient, int)
        else transaction.claim_patient(patient, house.ids.patient_key())
    )


def is_end(at: int, ends: int) -> bool:
    """Whether a subscription asked for ``at`` a time may last until another (milliseconds UTC)."""
    return at < ends <= at + LONGEST


def _is_about(transaction: Transaction, key: int, patient: PatientId | int | None, bound: PatientId | int) -> bool:
    return bound == patient or (key != NOBODY and key in transaction.linked_keys(patient_key(transaction, bound)))


def is_of(held: Subscription, actor: Actor) -> bool:
    """Whether a subscription is the actor's own: theirs, at the place they are at."""
    return held.actor.id == actor.id and _is_of_place(held, actor)


def _is_of_place(held: Subscription, actor: Actor) -> bool:
    own, place = held.actor.organisation, actor.organisation
    return own is place or (own is not None and place is not None and own.same(place))
