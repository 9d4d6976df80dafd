"""What follows a look: attempts that may open for an override, and looks that must be accounted for (nsp.md §6, §7.1).

Written in the look's own transaction. A relation that was not confirmed is tested again until a register has it or the
deadline passes; an override and a look at oneself, family or a colleague are answered by the organisation.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Literal

import msgspec

from patientoverblik.access import (
    Actor,
    Attempt,
    Evidence,
    FollowUp,
    FollowUpKind,
    Look,
    OrganisationRef,
    Permit,
    Refusal,
)
from patientoverblik.service.evidence import NOBODY, ask, gather, judge, patient_key
from patientoverblik.service.house import House
from patientoverblik.service.ports import Transaction
from patientoverblik.service.trail import done, refuse, refused, write
from patientoverblik.service.typed import plain, unfit
from patientoverblik.sharing.model import PatientId

NO_FOLLOW_UP = Refusal("no-such-follow-up", "service.no-follow-up")
NO_ANSWER = Refusal("follow-up-needs-an-answer", "service.no-answer")
OPENS = frozenset({"professional-no-relation"})
EVERYBODY = ""
Work = Callable[[Transaction], None]


def after_look(house: House, permit: Permit, look: Look) -> Work | None:
    """What a look leaves behind beside the log, to be written with it; None if nothing."""
    attempt = _attempt(house, permit, look)
    if attempt is None and not permit.follow_ups:
        return None

    def work(transaction: Transaction) -> None:
        if attempt is not None:
            transaction.put_attempt(permit.patient, attempt)
        for new in _new(house, transaction, permit, look):
            transaction.put_follow_up(new)

    return work


def after_refusal(house: House, actor: Actor, patient: int, act: str, refusal: Refusal) -> Work | None:
    """What a refused look leaves behind: an attempt, where a professional could have had access by an override."""
    if patient == NOBODY or not in_person(actor) or refusal.rule not in OPENS:
        return None
    attempt = Attempt(actor.id, actor.session, house.clock(), "refused", actor.organisation, act)
    return lambda transaction: transaction.put_attempt(patient, attempt)


def in_person(actor: Actor) -> bool:
    """Whether a professional acts on their own responsibility: nobody else may override."""
    return actor.kind == "professional" and actor.principal is None


async def follow_ups(
    house: House, actor: Actor, organisation: OrganisationRef | None = None
) -> tuple[FollowUp, ...] | Refusal:
    """The follow-ups of an organisation, by deadline: its own to a professional, any or all of them to an officer."""

    asked = actor.organisation if actor.kind == "professional" else organisation
    with house.storage.snapshot() as reader:
        permit = ask(house, reader, actor, NOBODY, "oversight", house.clock())
        held = () if isinstance(permit, Refusal) else reader.follow_ups_of(EVERYBODY if asked is None else asked.value)
    if isinstance(permit, Refusal):
        return await refuse(house, actor, NOBODY, "follow-up-list", permit)
    await write(house, done(house, actor, NOBODY, "follow-up-list", permit.rule))
    return tuple(one for one in held if asked is None or _is_of(one, asked))


async def answer_follow_up(
    house: House, actor: Actor, patient: PatientId | int, follow_up: str, answer: str
) -> FollowUp | Refusal:
    """Account for a look in words; by the organisation that looked, or an officer. Answered once, it stays so."""
    answer = plain(answer)

    def work(transaction: Transaction) -> FollowUp | Refusal:
        key = patient_key(transaction, patient)
        permit = ask(house, transaction, actor, key, "oversight", house.clock())
        kept = permit if isinstance(permit, Refusal) else _answered(house, transaction, actor, key, follow_up, answer)
        if isinstance(kept, Refusal):
            transaction.add_event(refused(house, actor, key, "follow-up-answer", kept))
            return kept
        transaction.put_follow_up(kept)
        rule = "" if isinstance(permit, Refusal) else permit.rule
        transaction.add_event(done(house, actor, key, "follow-up-answer", rule, (kept.id,)))
        return kept

    return await house.wait(house.storage.act(work))


async def settle_follow_ups(house: House, actor: Actor) -> tuple[FollowUp, ...] | Refusal:
    """Test every pending relation again (a job): confirmed where a register has it now, else not when time is up.

    Patient by patient, so that other acts do not wait behind it.
    """
    with house.storage.snapshot() as reader:
        permit = ask(house, reader, actor, NOBODY, "maintenance", house.clock())
        held = () if isinstance(permit, Refusal) else reader.pending_follow_ups()
    if isinstance(permit, Refusal):
        return await refuse(house, actor, NOBODY, "follow-up-settle", permit)
    settled: list[FollowUp] = []
    for patient in dict.fromkeys(one.patient for one in held if _waits(one)):
        settled += await house.wait(house.storage.act(partial(_settle, house, permit, patient)))
    return tuple(settled)


def _settle(house: House, permit: Permit, patient: int, transaction: Transaction) -> tuple[FollowUp, ...]:
    own = (one for one in transaction.follow_ups(patient) if one.patient == patient)
    settled = tuple(_settled(house, gather(transaction, patient), own))
    for one in settled:
        transaction.put_follow_up(one)
        transaction.add_event(done(house, permit.actor, patient, "follow-up-settle", permit.rule, (one.id,)))
    return settled


def _attempt(house: House, permit: Permit, look: Look) -> Attempt | None:
    if permit.purpose != "treatment" or permit.override is not None or not in_person(permit.actor):
        return None
    outcome: Literal["filtered", "plain"] = "plain" if house.block_notice == "none" else "filtered"
    if outcome == "filtered" and not look.filtered:
        return None
    return Attempt(permit.actor.id, permit.actor.session, look.at, outcome, permit.actor.organisation, look.act)


def _new(house: House, transaction: Transaction, permit: Permit, look: Look) -> Iterator[FollowUp]:
    """One follow-up of each kind, but none while one of the same occasion is pending."""
    if not permit.follow_ups:
        return
    waiting = {one.kind for one in transaction.follow_ups(permit.patient) if _is_same_occasion(house, one, look)}
    for kind in permit.follow_ups:
        if kind not in waiting:
            yield _follow_up(house, permit, look, kind)


def _is_same_occasion(house: House, one: FollowUp, look: Look) -> bool:
    """Whether a pending follow-up is of the look's session; of an override only as long as one holds."""
    mine = (one.actor.id, one.actor.session) == (look.actor.id, look.actor.session)
    over = one.kind == "override" and look.at - one.at >= house.override_lasts
    return one.state == "pending" and mine and not over


def _follow_up(house: House, permit: Permit, look: Look, kind: FollowUpKind) -> FollowUp:
    deadline = look.at + house.follow_up_within
    return FollowUp(house.ids.uuid(), permit.patient, look.id, permit.actor, kind, look.at, deadline)


def _answered(
    house: House, transaction: Transaction, actor: Actor, patient: int, follow_up: str, answer: str
) -> FollowUp | Refusal:
    held = next((one for one in transaction.follow_ups(patient) if one.id == follow_up), None)
    if held is None or not _concerns(actor, held):
        return NO_FOLLOW_UP
    fault = unfit(answer, NO_ANSWER)
    if fault is not None:
        return fault
    if held.state == "explained":
        return held
    return msgspec.structs.replace(held, state="explained", answer=answer, answered=house.clock())


def _concerns(actor: Actor, follow_up: FollowUp) -> bool:
    """Whether the actor may answer: an officer, or somebody of the organisation that looked."""
    return actor.kind == "officer" or (actor.organisation is not None and _is_of(follow_up, actor.organisation))


def _is_of(follow_up: FollowUp, organisation: OrganisationRef) -> bool:
    """Whether the organisation is the one that looked; two systems may give the same value to different ones."""
    theirs = follow_up.actor.organisation
    return theirs is not None and theirs.same(organisation)


def _waits(one: FollowUp) -> bool:
    """Whether a register may still confirm what the look rested on."""
    return one.state == "pending" and one.kind == "unconfirmed-relation"


def _settled(house: House, evidence: Evidence, followed: Iterable[FollowUp]) -> Iterator[FollowUp]:
    at = house.clock()
    for one in filter(_waits, followed):
        if _is_confirmed(house, evidence, one):
            yield msgspec.structs.replace(one, state="confirmed", answered=at)
        elif one.deadline <= at:
            yield msgspec.structs.replace(one, state="not-confirmed", answered=at)


def _is_confirmed(house: House, evidence: Evidence, one: FollowUp) -> bool:
    """Whether the evidence of today would have confirmed the relation at the time of the look."""
    answer = judge(house, evidence, one.actor, one.patient, "treatment", one.at)
    return isinstance(answer, Permit) and "unconfirmed-relation" not in answer.follow_ups
