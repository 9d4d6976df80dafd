"""Whether there are plans to see, for many patients at once: what a list in another system marks its rows by.

Each patient is decided like a look, with no override: it is for one patient and a look, not for a list. A patient whom
nothing gives the reader access to is answered like one never seen, one of whom everything is blocked like one of whom
there is nothing (DESIGN 13). Every answer that tells something is a look of its own, durable before it leaves.
"""

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Literal

import msgspec

from patientoverblik.access import ALL_PARTS, Actor, Evidence, Look, Permit, Refusal, SecurityEvent
from patientoverblik.service.contributions import contributions
from patientoverblik.service.documents import look_at
from patientoverblik.service.evidence import NOBODY, judge_listed, patient_key
from patientoverblik.service.house import House
from patientoverblik.service.ports import Reader, Transaction
from patientoverblik.service.sources import source_states
from patientoverblik.service.trail import done, refuse, refused, refused_look
from patientoverblik.service.work_facts import NOT_PLANS
from patientoverblik.sharing.current import current
from patientoverblik.sharing.find import existing
from patientoverblik.sharing.model import DocumentEntry, PatientId

MOST = 200
ACT: Literal["flag"] = "flag"
Plans = Literal["yes", "no", "cannot-say"]
TOO_MANY = Refusal("too-many-patients", "service.too-many-patients")
NOT_TOLD = Refusal("professional-no-relation", "access.no-relation")


class PlanFlag(msgspec.Struct, frozen=True):
    """The answer about one patient, as asked for.

    ``yes``: a plan in force that the reader may see. ``no``: none, and every connected source has answered.
    ``cannot-say``: no confirmed relation, or a connected source is silent.
    """

    patient: PatientId
    plans: Plans


class _Decided(msgspec.Struct, frozen=True):
    """One patient key and the decision on it; ``plan`` is the document that a yes rests on."""

    key: int
    permit: Permit | Refusal
    plan: DocumentEntry | None = None


async def flag_plans(house: House, actor: Actor, patients: Sequence[PatientId]) -> tuple[PlanFlag, ...] | Refusal:
    """Whether there are plans, for each of at most :data:`MOST` patients in the order asked."""
    if len(patients) > MOST:
        return await refuse(house, actor, 0, ACT, TOO_MANY)
    at = house.clock()
    with house.storage.snapshot() as reader:
        states = source_states(house.sources, reader.source_times(), at)
        reader.expect_keys(patients)
        keys = {one: patient_key(reader, one) for one in dict.fromkeys(patients)}
        seen = [key for key in dict.fromkeys(keys.values()) if key != NOBODY]
        reader.expect_documents(seen)
        known = reader.evidences(seen)
        asked_of = {key: known.get(key, Evidence()) for key in keys.values()}
        decided = [_decided(house, reader, actor, key, evidence, at) for key, evidence in asked_of.items()]
    kept = [_written(house, actor, one, at) for one in decided]
    await house.wait(house.storage.act(partial(_write, kept)))
    silent = any(state.state == "not-retrieved" for state in states)
    answers = {one.key: _answer(one, silent) for one in decided}
    return tuple(PlanFlag(one, answers[keys[one]]) for one in patients)


def _decided(house: House, reader: Reader, actor: Actor, key: int, evidence: Evidence, at: int) -> _Decided:
    permit = judge_listed(house, evidence, actor, key, at)
    if isinstance(permit, Refusal):
        return _Decided(key, permit)
    # Nobody accounts for a list: what a look would have to be accounted for is not told at all.
    if permit.follow_ups:
        return _Decided(key, NOT_TOLD)
    found, _ = existing(reader, permit)
    return _Decided(key, permit, _plan(house, reader, current(found)))


def _plan(house: House, reader: Reader, entries: Iterable[DocumentEntry]) -> DocumentEntry | None:
    """A plan among the documents, the newest first; one that cannot be read is there all the same."""
    for entry in reversed([entry for entry in entries if "plans" in (entry.parts or ALL_PARTS)]):
        care = contributions(reader, house.kept, (entry,))[entry.content].care
        if care is None or (care.plan is not None and care.plan.kind not in NOT_PLANS):
            return entry
    return None


def _answer(one: _Decided, silent: bool) -> Plans:
    if isinstance(one.permit, Refusal):
        return "cannot-say"
    if one.plan is not None:
        return "yes"
    return "cannot-say" if silent else "no"


def _written(house: House, actor: Actor, one: _Decided, at: int) -> tuple[SecurityEvent, Look | None]:
    """What is kept of one answer: an event, and a look where something was told."""
    if isinstance(one.permit, Refusal):
        return refused(house, actor, one.key, ACT, one.permit), refused_look(house, actor, one.key, one.permit)
    shown = () if one.plan is None else (one.plan,)
    look = look_at(house, one.permit, at, ACT, shown, False)
    return done(house, actor, one.key, ACT, one.permit.rule, tuple(entry.uuid for entry in shown)), look


def _write(kept: Iterable[tuple[SecurityEvent, Look | None]], transaction: Transaction) -> None:
    for event, look in kept:
        transaction.add_event(event)
        if look is not None:
            transaction.add_look(look)
