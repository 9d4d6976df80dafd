"""A rest-hook: how a subscriber is told over HTTP, and the queue of what it is told (HL7 Subscriptions R5 Backport).

Events wait in the order they happened. A number is theirs once they were told: while they wait they count as far as the
subscriber may see them, and what may not be seen any more leaves the queue as if it had never come (DESIGN 13).
"""

from collections.abc import Collection, Iterable, Iterator
from typing import Literal

import msgspec
from msgspec.structs import replace

FEED = "rest-hook"
"""The feed of the outbox that rest-hooks are told from."""
KEPT = 200
"""How many events that were told are kept to be asked for again."""
MOST_WAITING = 1000
"""How many events may wait; a subscription with more ends."""
IN_ERROR, OFF = 3, 30
"""After how many failures in a row the status is ``error``, and after how many nothing is tried any more; by the
waits between them less than a minute, and about a day."""

Status = Literal["requested", "active", "error", "off"]
Payload = Literal["empty", "id-only", "full-resource"]


class Channel(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What a subscriber asks of its channel: how much is told, in which form, behind which ``Authorization`` header
    (empty: none; never in clear, the door has locked it for its endpoint), at most how many events at a time, how many
    seconds lie between heartbeats (0: none), and how many a delivery may take."""

    payload: Payload = "id-only"
    media: str = "application/fhir+json"
    locked_header: str = ""
    at_most: int = 20
    heartbeat: int = 0
    timeout: int = 15


class Happened(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An entry that was registered or changed, when (ms UTC), whether telling of it is in the log already, and how many
    deliveries with it failed."""

    uuid: str
    at: int
    logged: bool = False
    missed: int = 0


class Hook(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A channel and how it stands.

    ``count`` events were told, the latest of them are ``told``; ``waiting`` are to be told, the first ``offered`` of
    them are under way. ``knock`` numbers the one message of the outbox that counts; ``beats`` is when the next
    heartbeat is due (ms UTC, 0 never), ``missed`` how many deliveries without an event failed in a row, ``fault`` why.
    ``met``: the handshake was answered. ``version`` and ``changed`` (ms UTC) are of what the subscriber can read.
    """

    channel: Channel
    reason: str
    status: Status = "requested"
    version: int = 1
    changed: int = 0
    count: int = 0
    told: tuple[Happened, ...] = ()
    waiting: tuple[Happened, ...] = ()
    offered: int = 0
    knock: int = 0
    beats: int = 0
    missed: int = 0
    fault: str = ""
    met: bool = False

    @property
    def all_told(self) -> int:
        """How many events there are for the subscriber, told or waiting."""
        return self.count + len(self.waiting)

    @property
    def failures(self) -> int:
        """How many deliveries failed in a row, of those that could be told still."""
        return max((self.missed, *(one.missed for one in self.waiting[:1])))

    def numbered(self) -> Iterator[tuple[int, Happened]]:
        """Every event that is kept, with its number."""
        return enumerate((*self.told, *self.waiting), self.count - len(self.told) + 1)


def came(hook: Hook, uuids: Iterable[str], at: int) -> Hook:
    """The hook with more that happened."""
    return replace(hook, waiting=(*hook.waiting, *(Happened(uuid, at) for uuid in uuids)))


def sifted(hook: Hook, seen: Collection[str]) -> Hook:
    """Without what waits and may not be seen; what is under way stays, since it may be told already."""
    rest = (one for one in hook.waiting[hook.offered :] if one.uuid in seen)
    return replace(hook, waiting=(*hook.waiting[: hook.offered], *rest))


def offered(hook: Hook, seen: Collection[str], at: int) -> Hook:
    """With the next events under way: those that may be seen, as many as the channel takes. What cannot be told any
    more did not fail either."""
    fresh = sifted(replace(hook, offered=0), seen)
    fresh = stands(fresh, "active", at) if fresh.failures < IN_ERROR else fresh
    number = min(len(fresh.waiting), fresh.channel.at_most)
    logged = tuple(replace(one, logged=True) for one in fresh.waiting[:number])
    return replace(fresh, waiting=(*logged, *fresh.waiting[number:]), offered=number)


def taken(hook: Hook, number: int) -> Hook:
    """With the first that wait told."""
    told = (*hook.told, *hook.waiting[:number])[-KEPT:]
    return replace(hook, told=told, waiting=hook.waiting[number:], count=hook.count + number, offered=0)


def reached(hook: Hook, at: int) -> Hook:
    """After a delivery that was taken: the handshake makes it active, as an end of failures does."""
    period = hook.channel.heartbeat * 1000
    better = replace(hook, met=True, missed=0, beats=at + period if period else 0)
    return stands(better, "active", at)


def missed(hook: Hook, at: int) -> Hook:
    """After a delivery that failed; nothing of it was told."""
    tried = tuple(replace(one, missed=one.missed + 1) for one in hook.waiting[: hook.offered])
    waiting = (*tried, *hook.waiting[hook.offered :])
    failed = replace(hook, missed=hook.missed + (not tried), waiting=waiting, offered=0)
    if failed.failures < IN_ERROR:
        return failed
    return stands(failed, "off" if failed.failures >= OFF else "error", at, "notify.unreachable")


def stands(hook: Hook, status: Status, at: int, fault: str = "") -> Hook:
    """The hook in a status since ``at``; another version where that is new."""
    if hook.status == status:
        return hook
    return replace(hook, status=status, fault=fault, version=hook.version + 1, changed=at)
