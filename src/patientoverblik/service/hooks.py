"""What a subscriber asks of their own hook: how it is, what it told, and that it be otherwise (FHIR Subscription,
``$status``, ``$events``). A hook whose right has ended is answered like one that does not exist."""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeVar

import msgspec
from msgspec.structs import replace

from patientoverblik.access import Actor, Permit, Refusal
from patientoverblik.service.evidence import NOBODY
from patientoverblik.service.hook import Channel, Hook, Payload, Status, sifted, taken
from patientoverblik.service.house import House
from patientoverblik.service.ports import Reader, Transaction
from patientoverblik.service.rest_hook import HookNotification, Told, keep, knocking
from patientoverblik.service.subscribe import LONGEST, NO_CONSUMER, NO_SUBSCRIPTION, WRONG_END, is_end, is_of
from patientoverblik.service.subscriber import end, found_by, log, right_of
from patientoverblik.service.subscription import Subscription
from patientoverblik.service.trail import done, refused, write
from patientoverblik.sharing.model import DocumentEntry
from patientoverblik.sharing.stored_query import Answer

OTHER_VERSION = Refusal("current-version", "subscription.version-differs")
OWN = "own-subscription"
T = TypeVar("T")


class Amended(msgspec.Struct, frozen=True):
    """A hook as its subscriber wants it from now on, and the version that they saw; ``ends`` is milliseconds UTC, 0 for
    as long as we let it."""

    version: int
    consumer: str
    channel: Channel
    reason: str
    status: Status
    ends: int = 0


class Range(msgspec.Struct, frozen=True):
    """Events by their numbers, both ends included; ``payload`` is how much to tell of them, None as the hook does."""

    since: int = 1
    until: int = 1 << 62
    payload: Payload | None = None


class _Mine(msgspec.Struct, frozen=True):
    """An actor's own hook, and what they may see of its patient now."""

    held: Subscription
    hook: Hook
    permit: Permit


async def own_hook(house: House, actor: Actor, subscription: str) -> Subscription | Refusal:
    """A subscription of the actor's own that has a hook."""
    return await _act(house, actor, subscription, "subscription-list", lambda _, mine: mine.held)


async def own_hooks(house: House, actor: Actor) -> tuple[HookNotification, ...]:
    """Every such subscription, by id, and how it stands."""
    with house.storage.snapshot() as reader:
        judged = (_judged(house, reader, actor, held) for held in reader.subscriptions_by(actor.id))
        found = tuple(_status(reader, one) for one in judged if isinstance(one, _Mine))
    await write(house, done(house, actor, NOBODY, "subscription-list", OWN))
    return found


async def hook_status(house: House, actor: Actor, subscription: str) -> HookNotification | Refusal:
    """How a hook stands, and how many events there are for its subscriber."""
    return await _act(house, actor, subscription, "subscription-list", _status)


def _status(reader: Reader | Transaction, mine: _Mine) -> HookNotification:
    held, hook = mine.held, mine.hook
    seen = frozenset(one.uuid for one in found_by(reader, mine.permit, held).entries)
    patient, total = min(reader.linked_keys(held.patient)), sifted(hook, seen).all_told
    return HookNotification(held, hook, "query-status", hook.channel.payload, patient, total=total)


async def hook_events(house: House, actor: Actor, subscription: str, asked: Range) -> HookNotification | Refusal:
    """Events that were told, and those that wait, which this tells: their numbers are theirs from now on."""

    def work(transaction: Transaction, mine: _Mine) -> HookNotification:
        found = found_by(transaction, mine.permit, mine.held)
        seen = {one.uuid: one for one in found.entries}
        fresh = _told_until(sifted(mine.hook, seen), asked.until)
        told = tuple(_events(fresh, asked, seen))
        shown = tuple(one.entry for one in told if one.entry is not None)
        if shown:
            log(house, transaction, mine.permit, Answer(tuple(dict.fromkeys(shown))))
        kept = keep(transaction, mine.held, fresh)
        patient, payload = min(transaction.linked_keys(kept.patient)), asked.payload or fresh.channel.payload
        return HookNotification(kept, fresh, "query-event", payload, patient, told, fresh.all_told, found)

    return await _act(house, actor, subscription, "subscription-list", work)


async def amend(house: House, actor: Actor, subscription: str, asked: Amended) -> Subscription | Refusal:
    """Change a hook; what waits goes on waiting. Unless it is to be off, it begins with a handshake again."""

    def work(transaction: Transaction, mine: _Mine) -> Subscription | Refusal:
        at = house.clock()
        ends = asked.ends or at + LONGEST
        if asked.version != mine.hook.version:
            return OTHER_VERSION
        if not house.may_tell(actor, asked.consumer):
            return NO_CONSUMER
        if not is_end(at, ends):
            return WRONG_END
        due = min(ends, mine.permit.valid_until)
        held = replace(mine.held, consumer=asked.consumer, ends=ends, due=due)
        channel = _channel(mine, asked)
        return keep(transaction, held, _amended(transaction, held, mine.hook, replace(asked, channel=channel), at))

    return await _act(house, actor, subscription, "subscribe", work)


def _channel(mine: _Mine, asked: Amended) -> Channel:
    """The channel asked for; where it says no header, and leads where it did, with the header it had, since that is
    never told back."""
    if asked.channel.locked_header or asked.consumer != mine.held.consumer:
        return asked.channel
    return replace(asked.channel, locked_header=mine.hook.channel.locked_header)


def _amended(transaction: Transaction, held: Subscription, hook: Hook, asked: Amended, at: int) -> Hook:
    new = replace(hook, channel=asked.channel, reason=asked.reason, version=hook.version + 1, changed=at)
    if asked.status == "off":
        return replace(new, status="off", offered=0, fault="")
    waiting = tuple(replace(one, missed=0) for one in new.waiting)
    begun = replace(new, status="requested", met=False, missed=0, waiting=waiting, offered=0, beats=0, fault="")
    return knocking(transaction, held, begun, at)


def _told_until(hook: Hook, until: int) -> Hook:
    """The hook with what waits told, as far as to a number."""
    return taken(hook, min(len(hook.waiting), max(0, until - hook.count)))


def _events(hook: Hook, asked: Range, seen: Mapping[str, DocumentEntry]) -> Iterator[Told]:
    for number, one in hook.numbered():
        if asked.since <= number <= min(asked.until, hook.count):
            yield Told(number, one.at, seen.get(one.uuid))


async def _act(
    house: House, actor: Actor, subscription: str, act: str, work: Callable[[Transaction, _Mine], T | Refusal]
) -> T | Refusal:
    """What an actor does with one of their own hooks, written down."""

    def within(transaction: Transaction) -> T | Refusal:
        held = transaction.subscription(subscription)
        mine = None if held is None else _mine(house, transaction, actor, held)
        answer = NO_SUBSCRIPTION if mine is None else work(transaction, mine)
        patient = NOBODY if mine is None else mine.held.patient
        event = refused(house, actor, patient, act, answer) if isinstance(answer, Refusal) else None
        transaction.add_event(event or done(house, actor, patient, act, OWN))
        return answer

    return await house.wait(house.storage.act(within))


def _mine(house: House, transaction: Transaction, actor: Actor, held: Subscription) -> _Mine | None:
    """The actor's own hook; None where it is not, or their right has ended, which ends it."""
    judged = _judged(house, transaction, actor, held)
    if isinstance(judged, Refusal):
        end(house, transaction, held, judged)
    return judged if isinstance(judged, _Mine) else None


def _judged(house: House, reader: Reader | Transaction, actor: Actor, held: Subscription) -> _Mine | Refusal | None:
    """The actor's own hook, or why they have no right to it any more; None where it is not theirs."""
    if held.hook is None or not is_of(held, actor):
        return None
    permit = right_of(house, reader, held)
    return permit if isinstance(permit, Refusal) else _Mine(held, held.hook, permit)
