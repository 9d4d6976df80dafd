"""Sealing the trail, and removing what is older than the retention period (DESIGN 2; docs/adr/0015).

Both are acts like others: what they write is durable when they return. A checkpoint writes no event of its own, because
sealing would then never come to an end; a removal writes one into the very chain it shortens.
"""

from functools import partial

import msgspec

from patientoverblik.access import Actor, OrganisationRef, SecurityEvent
from patientoverblik.service.house import House
from patientoverblik.service.ports import Transaction
from patientoverblik.service.seals import (
    Chain,
    Head,
    SealedCheckpoint,
    Signer,
    chained,
    sealed_anchor,
    sealed_checkpoint,
)
from patientoverblik.service.verify import beginning

# So many heads are signed in one act that other acts do not wait long behind it.
CHAINS_TOGETHER = 500
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
    chains = transaction.open_chains(CHAINS_TOGETHER)
    if not chains:
        return None
    heads = tuple(head for chain in chains if (head := transaction.head(chain)))
    sealed = sealed_checkpoint(transaction.last_checkpoint(), heads, house.clock(), signer)
    transaction.add_checkpoint(sealed, chains)
    return sealed


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
    last = _last_before(transaction, chain, older_than)
    if last is None:
        return 0
    transaction.add_event(_removal(house, actor, chain))
    return transaction.cut(sealed_anchor(last, house.clock(), signer), last.number)


def _last_before(transaction: Transaction, chain: Chain, older_than: int) -> Head | None:
    """The newest of the oldest entries that are all too old; None where the only such entries tell of removals.

    Entries from a break in the chain on stay: what was tampered with is not removed by a rule.
    """
    last, telling = None, False
    before = beginning(transaction, chain).digest
    for entry in transaction.chain_entries(chain):
        event = _event(entry.data)
        if event.at >= older_than or chained(before, entry.data) != entry.digest:
            break
        before = entry.digest
        last = Head(chain.patient, chain.organisation, entry.number, entry.digest)
        telling = telling or event.act != REMOVED
    return last if telling else None


def _removal(house: House, actor: Actor, chain: Chain) -> SecurityEvent:
    """The event of a removal; the organisation of its actor leads it into the chain that was shortened."""
    if not chain.patient and chain.organisation:
        system, _, value = chain.organisation.partition("|")
        actor = Actor(actor.kind, actor.id, actor.name, actor.role, OrganisationRef(system, value))
    elif not chain.patient:
        actor = Actor(actor.kind, actor.id, actor.name, actor.role)
    return SecurityEvent(house.ids.uuid(), chain.patient, actor, REMOVED, "done", "maintenance", house.clock())
