"""What is long past is forgotten: looks, evidence that has ended, what was followed up. How long is configuration.

Each patient is an act of its own that writes into the trail what kinds went and how many. What holds now, or still
waits for somebody, is never forgotten, so that no decision becomes another one by it.
"""

from collections import Counter
from collections.abc import Iterator
from functools import partial

import msgspec

from patientoverblik.access import Actor, FollowUp, Look, Notice, Opening
from patientoverblik.access.ports import Kept
from patientoverblik.service.house import House
from patientoverblik.service.ports import Transaction
from patientoverblik.service.seals import Chain
from patientoverblik.service.trail import done

ACT = "retention"
PAGE = 500
PATIENTS = Chain(0, "\U0010ffff")


class Periods(msgspec.Struct, frozen=True):
    """How long each kind is kept after its end (ms); 0 is for ever. ``followed`` is for follow-ups, notices and the
    openings of overrides; ``evidence`` for what decisions rest on, ended blocks among it."""

    looks: int = 0
    evidence: int = 0
    followed: int = 0


async def forget_old(house: House, actor: Actor, periods: Periods) -> int:
    """Forget what is past its period, patient by patient; how much went."""
    if periods == Periods():
        return 0
    gone, after = 0, PATIENTS
    while page := house.storage.reader().chains_after(after, PAGE):
        for chain in page:
            gone += await house.wait(house.storage.act(partial(_forget, house, actor, periods, chain.patient)))
        after = page[-1]
    return gone


def _forget(house: House, actor: Actor, periods: Periods, patient: int, transaction: Transaction) -> int:
    now = house.clock()
    looks = [one for one in transaction.looks(patient) if periods.looks and one.at < now - periods.looks]
    kept = [one for one in transaction.kept_of(patient) if _is_past(one, periods, now)]
    for look in looks:
        transaction.forget_look(look)
    for one in kept:
        transaction.forget(patient, one)
    if looks or kept:
        transaction.add_event(done(house, actor, patient, ACT, ACT, tuple(_told((*looks, *kept)))))
    return len(looks) + len(kept)


def _told(gone: tuple[Look | Kept, ...]) -> Iterator[str]:
    """What kinds went, and how many of each."""
    counts = Counter(type(one).__name__ for one in gone)
    return (f"{kind} {count}" for kind, count in sorted(counts.items()))


def _is_past(kept: Kept, periods: Periods, now: int) -> bool:
    period = periods.followed if isinstance(kept, FollowUp | Notice | Opening) else periods.evidence
    end = ended(kept)
    return bool(period and end and end < now - period)


def ended(kept: Kept) -> int:
    """When it came to its end (ms UTC); 0 where it has not, or nobody can say."""
    if isinstance(kept, FollowUp):
        return 0 if kept.state == "pending" else kept.answered
    if isinstance(kept, Notice):
        return kept.seen
    return kept.until if isinstance(kept, Opening) else kept.valid_until
