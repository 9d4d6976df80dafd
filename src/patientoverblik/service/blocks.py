"""The citizen's blocks and consents: made and ended by the citizen, or in their place by a holder of custody or a
guardian (nsp.md §7); previewed by the citizen alone, because a preview may show what the one who acts may not see.

A block hides documents by where and when they come from, never by what others quote of them (docs/adr/0012): whoever
makes one is told so (``service.block-quotes``).
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from patientoverblik.access import ALL_PARTS, Actor, Block, Evidence, OrganisationRef, Permit, Refusal, Relation
from patientoverblik.access.visible import within
from patientoverblik.overview.model import Overview
from patientoverblik.service.draw import NO_VIEW, has_view
from patientoverblik.service.evidence import ask, gather, judge, patient_key
from patientoverblik.service.house import House
from patientoverblik.service.picture import Asked, permitted_picture
from patientoverblik.service.ports import Reader, Transaction
from patientoverblik.service.trail import done, refuse, refused, write
from patientoverblik.sharing.model import PatientId

NO_BLOCK = Refusal("no-such-block", "service.no-block")
NOT_OFFERED = Refusal("no-block-of-one-document", "service.block-not-offered")
TYPE_OPEN = Refusal("type-is-never-blocked", "service.block-type-open")
SAYS_NOTHING = Refusal("block-without-time", "service.block-says-nothing")
OF_RELATIVE = Refusal("block-of-relative", "service.block-of-relative")
OF_PATIENT = Refusal("block-of-patient", "service.block-of-patient")
IN_PLACE: Mapping[str, Literal["custody", "guardian"]] = {
    "blocks-by-custody": "custody",
    "blocks-by-guardian": "guardian",
}


class Previewed(msgspec.Struct, frozen=True):
    """The overview as the party would see it; ``refusal`` says why it would see none."""

    overview: Overview | None
    refusal: Refusal | None = None


async def put_block(house: House, actor: Actor, patient: PatientId | int, block: Block) -> Block | Refusal:
    """Put a block or consent in force from now, under a new id whatever id it came with; the block as it was kept."""
    at = house.clock()
    start = max(at, block.valid_from)
    new = msgspec.structs.replace(block, id=house.ids.uuid(), valid_from=start)

    def work(transaction: Transaction) -> Block | Refusal:
        return _change(house, transaction, actor, patient, offered(house, new) or new, f"{block.kind}-put")

    return await house.wait(house.storage.act(work))


async def end_block(house: House, actor: Actor, patient: PatientId | int, block: str) -> Block | Refusal:
    """End a block or consent now; one that has ended already stays as it is."""

    def work(transaction: Transaction) -> Block | Refusal:
        key = patient_key(transaction, patient)
        held = next((one for one in transaction.evidence(key).blocks if one.id == block), None)
        ended = NO_BLOCK if held is None else _ended(held, house.clock())
        return _change(house, transaction, actor, key, ended, "block-end")

    return await house.wait(house.storage.act(work))


async def blocks(house: House, actor: Actor, patient: PatientId | int) -> tuple[Block, ...] | Refusal:
    """The citizen's blocks and consents, ended ones included, in the order they were made; to somebody who acts in the
    citizen's place those alone that were made so, because the citizen's own are theirs."""

    def work(transaction: Transaction) -> tuple[Block, ...] | Refusal:
        key = patient_key(transaction, patient)
        answer = ask(house, transaction, actor, key, "blocking", house.clock())
        if isinstance(answer, Refusal):
            transaction.add_event(refused(house, actor, key, "block-list", answer))
            return answer
        transaction.add_event(done(house, actor, key, "block-list", answer.rule))
        held = transaction.evidence(key).blocks
        return tuple(one for one in held if one.by) if answer.rule in IN_PLACE else held

    return await house.wait(house.storage.act(work))


async def preview_block(
    house: House, actor: Actor, patient: PatientId | int, block: Block | None, party: OrganisationRef, view: str
) -> Previewed | Refusal:
    """The overview as a professional of ``party`` would see it with the block in force, and with no block for None.

    That the party treats the patient is taken for granted, so that the preview shows what the block does.
    """
    at = house.clock()
    with house.storage.snapshot() as reader:
        key = patient_key(reader, patient)
        evidence = gather(reader, key)
        answer = judge(house, evidence, actor, key, "own-overview", at)
        permit = answer if isinstance(answer, Refusal) or has_view(view) else NO_VIEW
        changed = with_block(evidence, block, party, at)
        seen = permit if isinstance(permit, Refusal) else _as_party(house, reader, permit, changed, party, view)
    if isinstance(seen, Refusal):
        return await refuse(house, actor, key, "block-preview", seen)
    await write(house, done(house, actor, key, "block-preview", answer.rule))
    return seen


def offered(house: House, block: Block) -> Refusal | None:
    """Why a block is not offered, None if it is: never of one document, nor of a type that is never blocked."""
    if block.valid_until and block.valid_until <= block.valid_from:
        return SAYS_NOTHING
    if block.kind == "consent":
        return None
    if block.document:
        return NOT_OFFERED
    rules = house.policy.types
    never = {one.type_code for one in rules if not one.blockable and _holds(one.valid_from, one.valid_until, block)}
    return TYPE_OPEN if not never.isdisjoint(block.types) else None


def with_block(evidence: Evidence, block: Block | None, party: OrganisationRef, at: int) -> Evidence:
    """The evidence as it would be with the block in force from ``at``, the party treating the patient."""
    start = 0 if block is None else min(at, block.valid_from)
    made = () if block is None else (msgspec.structs.replace(block, id="preview", valid_from=start),)
    relation = Relation("contact", party, valid_from=at)
    return msgspec.structs.replace(
        evidence, blocks=(*evidence.blocks, *made), relations=(*evidence.relations, relation)
    )


def _as_party(
    house: House, reader: Reader, own: Permit, evidence: Evidence, party: OrganisationRef, view: str
) -> Previewed:
    """What somebody of the party sees by the evidence, of all that the patient sees by now."""
    somebody = Actor("professional", "", organisation=party)
    permit = judge(house, evidence, somebody, own.patient, "treatment", own.at)
    if isinstance(permit, Refusal):
        return Previewed(None, permit)
    asked = Asked(somebody, own.patient, "treatment", view, own.at)
    return Previewed(permitted_picture(house, reader, asked, permit, own).overview)


def _holds(start: int, end: int, block: Block) -> bool:
    return within(block.valid_from, start, end)


def _change(
    house: House, transaction: Transaction, actor: Actor, patient: PatientId | int, block: Block | Refusal, act: str
) -> Block | Refusal:
    key = patient_key(transaction, patient)
    answer = _answer(ask(house, transaction, actor, key, "blocking", house.clock()), block, act)
    if isinstance(answer, Refusal):
        transaction.add_event(refused(house, actor, key, act, answer))
        return answer
    rule, kept = answer
    for linked in transaction.linked_keys(key):
        transaction.put_block(linked, kept)
    transaction.add_event(done(house, actor, key, act, rule, (kept.id,)))
    return kept


def _answer(decision: Permit | Refusal, block: Block | Refusal, act: str) -> tuple[str, Block] | Refusal:
    if isinstance(decision, Refusal):
        return decision
    decided = block if isinstance(block, Refusal) or decision.rule not in IN_PLACE else _in_place(decision, block, act)
    return decided if isinstance(decided, Refusal) else (decision.rule, decided)


def _in_place(permit: Permit, block: Block, act: str) -> Block | Refusal:
    """The block as somebody who acts in the patient's place may change it: within their parts, never of a relative, and
    never one the patient made."""
    if act == "block-end":
        parts = frozenset(block.parts or ALL_PARTS)
        return block if block.by and permit.scope >= parts else OF_PATIENT
    if block.relative:
        return OF_RELATIVE
    within_all = permit.scope.issuperset(ALL_PARTS)
    by, reached = IN_PLACE[permit.rule], () if within_all else tuple(sorted(permit.scope))
    return msgspec.structs.replace(block, by=by, parts=reached)


def _ended(block: Block, at: int) -> Block:
    over = 0 < block.valid_until <= at
    return block if over else msgspec.structs.replace(block, valid_until=at)
