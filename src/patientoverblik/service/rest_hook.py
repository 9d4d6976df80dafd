"""Rest-hooks told: what waits is offered, decided at that moment, and counts as told once it was taken.

Each hook has one message in the outbox that counts, its knock: so one worker at a time tells it, and a later event
never overtakes an earlier one. A worker that dies leaves the message to the next, which offers the same again.
"""

from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import Literal, NamedTuple

from msgspec.structs import replace

from patientoverblik.access import Refusal
from patientoverblik.service.hook import (
    FEED,
    MOST_WAITING,
    Hook,
    Payload,
    came,
    missed,
    offered,
    reached,
    taken,
)
from patientoverblik.service.house import House
from patientoverblik.service.outbox import Message
from patientoverblik.service.ports import Transaction
from patientoverblik.service.subscriber import end, found_by, log, right_of
from patientoverblik.service.subscription import Subscription
from patientoverblik.sharing.model import DocumentEntry
from patientoverblik.sharing.stored_query import Answer

Kind = Literal["handshake", "heartbeat", "event-notification", "query-status", "query-event"]
FULL = Refusal("subscription-room", "subscription.too-many-waiting")
MARK = "#"


class Told(NamedTuple):
    """One event as it is told: its number, when it happened, and the entry as the subscriber may see it, None where
    they may not (any more)."""

    number: int
    at: int
    entry: DocumentEntry | None


class HookNotification(NamedTuple):
    """What a subscriber is told: of which subscription, what kind of message, how many events there are, which of them
    it tells and how much of them; ``patient`` is the least of the patient's keys, ``found`` what stands around."""

    subscription: Subscription
    hook: Hook
    kind: Kind
    payload: Payload
    patient: int
    events: tuple[Told, ...] = ()
    total: int = 0
    found: Answer = Answer()


def queue(house: House, transaction: Transaction, held: Subscription, uuids: Collection[str]) -> None:
    """Let events wait for a hook. Where some wait already, or its handshake does, there is a knock for them."""
    hook = held.hook
    if hook is None or not uuids:
        return
    if len(hook.waiting) + len(uuids) > MOST_WAITING:
        end(house, transaction, held, FULL)
        return
    is_first = hook.met and not hook.waiting and hook.status != "off"
    fuller = came(hook, uuids, house.clock())
    keep(transaction, held, knocking(transaction, held, fuller, house.clock()) if is_first else fuller)


def knocking(transaction: Transaction, held: Subscription, hook: Hook, at: int) -> Hook:
    """The hook with a new knock, due at ``at`` (ms UTC); the one before counts no more."""
    transaction.sent(_knock(held, hook.knock, at))
    fresh = replace(hook, knock=hook.knock + 1)
    transaction.post(_knock(held, fresh.knock, at))
    return fresh


def keep(transaction: Transaction, held: Subscription, hook: Hook) -> Subscription:
    """The subscription with its hook as it stands now."""
    fresh = replace(held, hook=hook)
    transaction.put_subscription(fresh)
    return fresh


def offer(house: House, transaction: Transaction, message: Message) -> HookNotification | None:
    """What is to be sent for a knock now, None where there is nothing (any more). A subscriber whose right has ended
    is told nothing, and the subscription ends."""
    held, hook = _called(transaction, message)
    if held is None or hook is None:
        return None
    permit = right_of(house, transaction, held)
    if isinstance(permit, Refusal):
        end(house, transaction, held, permit)
        return None
    patient = min(transaction.linked_keys(held.patient))
    if not hook.met:
        return HookNotification(held, hook, "handshake", hook.channel.payload, patient)
    found = found_by(transaction, permit, held)
    seen = {one.uuid: one for one in found.entries}
    fresh = offered(hook, seen, house.clock())
    new = frozenset(one.uuid for one in hook.waiting if not one.logged) & _under_way(fresh)
    if new:
        log(house, transaction, permit, Answer(tuple(seen[uuid] for uuid in sorted(new))))
    kept = keep(transaction, held, _rested(house, transaction, held, fresh))
    if not fresh.offered and not _beats(house, fresh):
        return None
    told = tuple(islice(told_of(fresh, seen), fresh.offered))
    kind: Kind = "event-notification" if told else "heartbeat"
    total = fresh.count + fresh.offered
    return HookNotification(kept, fresh, kind, fresh.channel.payload, patient, told, total, found)


def told_of(hook: Hook, seen: Mapping[str, DocumentEntry]) -> Iterator[Told]:
    """The events that wait, with the numbers they are told by."""
    for number, one in hook.numbered():
        if number > hook.count:
            yield Told(number, one.at, seen.get(one.uuid))


def _under_way(hook: Hook) -> frozenset[str]:
    return frozenset(one.uuid for one in hook.waiting[: hook.offered])


def _beats(house: House, hook: Hook) -> bool:
    return 0 < hook.beats <= house.clock()


def _rested(house: House, transaction: Transaction, held: Subscription, hook: Hook) -> Hook:
    """Where nothing is left to tell, the hook with a knock for its next heartbeat."""
    rests = not hook.offered and hook.beats > house.clock()
    return knocking(transaction, held, hook, hook.beats) if rests else hook


def settle(house: House, transaction: Transaction, message: Message, sent: HookNotification, *, took: bool) -> bool:
    """After a delivery: what was taken is told, what was not is tried again. Whether this message is done with."""
    held, hook = _called(transaction, message)
    if held is None or hook is None:
        return True
    at = house.clock()
    if not took:
        failed = missed(hook, at)
        keep(transaction, held, failed)
        return failed.status == "off"
    number = len(sent.events)
    is_same = (hook.count, hook.offered) == (sent.hook.count, number)
    fresh = reached(taken(hook, number) if is_same else hook, at)
    keep(transaction, held, _next(transaction, held, fresh, at))
    return True


def _next(transaction: Transaction, held: Subscription, hook: Hook, at: int) -> Hook:
    """The hook with a knock for what comes next: more that waits, else its heartbeat, else none."""
    due = at if hook.waiting else hook.beats
    return knocking(transaction, held, hook, due) if due else hook


def _called(transaction: Transaction, message: Message) -> tuple[Subscription | None, Hook | None]:
    """The subscription of a knock that still counts."""
    name, _, number = message.id.rpartition(MARK)
    held = transaction.subscription(name)
    hook = None if held is None else held.hook
    counts = hook is not None and hook.status != "off" and str(hook.knock) == number
    return (held, hook) if counts else (None, None)


def _knock(held: Subscription, number: int, due: int) -> Message:
    return Message(held.patient, FEED, f"{held.id}{MARK}{number}", "notification", b"", due)
