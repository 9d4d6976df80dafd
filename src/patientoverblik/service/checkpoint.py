"""Sealing the trail, and removing what is older than the retention period (DESIGN 2; docs/adr/0015).

Both are acts like others: what they write is durable when they return. A checkpoint writes no event of its own, because
sealing would then never come to an end; a removal writes one into the very chain it shortens.
"""

from functools import partial
from itertools import islice

import msgspec

from patientoverblik.access import Actor, OrganisationRef, SecurityEvent
from patientoverblik.service.house import House
from patientoverblik.service.ports import Transaction
from patientoverblik.service.seals import (
    BEFORE_ALL,
    Chain,
    Checkpoint,
    Covered,
    Head,
    SealedCheckpoint,
    Signer,
    Slip,
    TailEnd,
    chained,
    sealed_anchor,
    sealed_checkpoint,
)
from patientoverblik.service.tail import ends_of, length, said_by, tail_faults
from patientoverblik.service.verify import beginning, removed_of

# So many entries are signed, and so many chains shortened, in one act that other acts do not wait long behind it.
ENTRIES_TOGETHER = 500
CHAINS_TOGETHER = 500
MOST_BROKEN = 20
_event = msgspec.msgpack.Decoder(SecurityEvent).decode
REMOVED = "trail-retention"


async def checkpoint(house: House, signer: Signer) -> tuple[SealedCheckpoint, ...]:
    """Seal everything written up to now; the checkpoints made, none where nothing was written since the last."""
    made: list[SealedCheckpoint] = []
    while sealed := await house.wait(house.storage.act(partial(_seal, house, signer))):
        made.append(sealed)
        if not house.storage.reader().open_chains(1):
            break
    return tuple(made)


def _seal(house: House, signer: Signer, transaction: Transaction) -> SealedCheckpoint | None:
    """Sign the oldest of the tail. What had been tampered with there is signed as it is, and as tampered with."""
    last = transaction.last_checkpoint()
    said = said_by(last)
    covered = ends_of(said)
    slips = transaction.slips(BEFORE_ALL, ENTRIES_TOGETHER + len(covered))
    if all(slip.sealed for slip in slips):
        return None
    tail = _covered(transaction, slips, said, signer)
    sealed = sealed_checkpoint(last, _heads(transaction, slips), house.clock(), signer, tail)
    transaction.add_checkpoint(sealed, tail.tails)
    return sealed


def _covered(transaction: Transaction, slips: tuple[Slip, ...], said: Checkpoint | None, signer: Signer) -> Covered:
    """What these slips come to after what the checkpoint before said."""
    before = ends_of(said)
    now = {**before, **{slip.lane: slip.end for slip in slips}}
    present = before.keys() & {slip.lane for slip in slips}
    walk = tail_faults(transaction, slips, {lane: before[lane] for lane in present}, signer)
    broken = tuple(finding.place for finding in islice(walk, MOST_BROKEN))
    entries = said.entries + length(now, before) if said and before else _counted(transaction, now)
    return Covered(tuple(now.values()), entries, broken)


def _counted(transaction: Transaction, now: dict[int, TailEnd]) -> int:
    """How many entries the trail has but for the tail behind ``now``; walked once, for the first such checkpoint."""
    behind = length({end.lane: end for end in transaction.tail_ends()}, now)
    return sum(1 for _ in transaction.trail()) - behind


def _heads(transaction: Transaction, slips: tuple[Slip, ...]) -> tuple[Head, ...]:
    """The newest entry of each chain that these slips tell of, where it is still there."""
    newest = {slip.chain: slip.entry for slip in slips if not slip.sealed}
    held = ((chain, number, transaction.digest_at(chain, number)) for chain, number in newest.items())
    return tuple(Head(chain.patient, chain.organisation, number, digest) for chain, number, digest in held if digest)


async def remove_old(house: House, actor: Actor, signer: Signer, older_than: int) -> int:
    """Remove entries from before ``older_than`` (ms UTC) from every chain; how many went.

    Each chain keeps a signed anchor in their place and an event that says so, and stays verifiable. A chain is first
    sealed to its end, so that what goes was whole when it went.
    """
    await checkpoint(house, signer)
    removed = 0
    after = Chain(-1)
    while page := house.storage.reader().chains_after(after, CHAINS_TOGETHER):
        for chain in page:
            work = partial(_shorten, house, actor, signer, chain, older_than)
            removed += await house.wait(house.storage.act(work))
        after = page[-1]
    await checkpoint(house, signer)
    return removed


def _shorten(
    house: House, actor: Actor, signer: Signer, chain: Chain, older_than: int, transaction: Transaction
) -> int:
    going = _before(transaction, chain, older_than)
    if not going:
        return 0
    transaction.add_event(_removal(house, actor, chain))
    last = going[-1]
    removed = removed_of(transaction.anchor(chain)) + len(going)
    return transaction.cut(sealed_anchor(last, house.clock(), signer, removed), last.number)


def _before(transaction: Transaction, chain: Chain, older_than: int) -> list[Head]:
    """The oldest entries that are all too old; none where the only such entries tell of removals.

    Entries from a break in the chain on stay: what was tampered with is not removed by a rule.
    """
    going, telling = [], False
    before = beginning(transaction, chain).digest
    for entry in transaction.chain_entries(chain):
        event = _event(entry.data)
        if event.at >= older_than or chained(before, entry.data) != entry.digest:
            break
        before = entry.digest
        going.append(Head(chain.patient, chain.organisation, entry.number, entry.digest))
        telling = telling or event.act != REMOVED
    return going if telling else []


def _removal(house: House, actor: Actor, chain: Chain) -> SecurityEvent:
    """The event of a removal; the organisation of its actor leads it into the chain that was shortened."""
    if not chain.patient and chain.organisation:
        system, _, value = chain.organisation.partition("|")
        actor = Actor(actor.kind, actor.id, actor.name, actor.role, OrganisationRef(system, value))
    elif not chain.patient:
        actor = Actor(actor.kind, actor.id, actor.name, actor.role)
    return SecurityEvent(house.ids.uuid(), chain.patient, actor, REMOVED, "done", "maintenance", house.clock())
