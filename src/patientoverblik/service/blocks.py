"""The citizen's own blocks: made and ended by the citizen alone, each with its event (nsp.md §7)."""

import msgspec

from patientoverblik.access import Actor, Block, Permit, Refusal
from patientoverblik.access.visible import within
from patientoverblik.service.evidence import ask, patient_key
from patientoverblik.service.house import House
from patientoverblik.service.ports import Reader, Transaction
from patientoverblik.service.trail import done, refused
from patientoverblik.sharing.model import PatientId

NO_BLOCK = Refusal("no-such-block", "service.no-block")


async def put_block(house: House, actor: Actor, patient: PatientId | int, block: Block) -> Block | Refusal:
    """Put a block in force from now, under a new id whatever id it came with; the block as it was kept."""
    at = house.clock()
    start = max(at, block.valid_from)
    new = msgspec.structs.replace(block, id=house.ids.uuid(), valid_from=start)

    def work(transaction: Transaction) -> Block | Refusal:
        return _change(house, transaction, actor, patient, new, "block-put")

    return await house.wait(house.storage.act(work))


async def end_block(house: House, actor: Actor, patient: PatientId | int, block: str) -> Block | Refusal:
    """End a block now; one that has ended already stays as it is."""

    def work(transaction: Transaction) -> Block | Refusal:
        key = patient_key(transaction, patient)
        held = next((one for one in transaction.blocks(key) if one.id == block), None)
        ended = None if held is None else _ended(held, house.clock())
        return _change(house, transaction, actor, key, ended, "block-end")

    return await house.wait(house.storage.act(work))


async def blocks(house: House, actor: Actor, patient: PatientId | int) -> tuple[Block, ...] | Refusal:
    """The citizen's blocks, ended ones included, in the order they were made."""

    def work(transaction: Transaction) -> tuple[Block, ...] | Refusal:
        key = patient_key(transaction, patient)
        answer = ask(transaction, actor, key, "own-overview", house.clock())
        if isinstance(answer, Refusal):
            transaction.add_event(refused(house, actor, key, "block-list", answer))
            return answer
        transaction.add_event(done(house, actor, key, "block-list", answer.rule))
        return transaction.blocks(key)

    return await house.wait(house.storage.act(work))


def has_own_blocks(reader: Reader, permit: Permit, at: int) -> bool:
    """Whether the reader is the citizen and has a block in force; they see all, and are told that others do not."""
    return permit.actor.kind == "citizen" and any(
        within(at, block.valid_from, block.valid_until) for block in reader.blocks(permit.patient)
    )


def _change(
    house: House, transaction: Transaction, actor: Actor, patient: PatientId | int, block: Block | None, act: str
) -> Block | Refusal:
    key = patient_key(transaction, patient)
    answer = _answer(ask(transaction, actor, key, "own-overview", house.clock()), block)
    if isinstance(answer, Refusal):
        transaction.add_event(refused(house, actor, key, act, answer))
        return answer
    rule, kept = answer
    for linked in transaction.linked_keys(key):
        transaction.put_block(linked, kept)
    transaction.add_event(done(house, actor, key, act, rule, (kept.id,)))
    return kept


def _answer(decision: Permit | Refusal, block: Block | None) -> tuple[str, Block] | Refusal:
    if isinstance(decision, Refusal):
        return decision
    return NO_BLOCK if block is None else (decision.rule, block)


def _ended(block: Block, at: int) -> Block:
    over = 0 < block.valid_until <= at
    return block if over else msgspec.structs.replace(block, valid_until=at)
