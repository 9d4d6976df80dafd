"""Why: which rule decides on somebody's access and what would change it, and who can see the citizen's overview.

What a professional or relative is told of their own access never tells of a block (DESIGN 13).
"""

from collections.abc import Iterator

import msgspec

from patientoverblik.access import (
    Actor,
    Basis,
    Evidence,
    OrganisationRef,
    Outcome,
    Part,
    Permit,
    Purpose,
    Refusal,
    legal_basis,
    visible,
)
from patientoverblik.service.evidence import gather, judge, patient_key
from patientoverblik.service.house import House
from patientoverblik.service.ports import Reader
from patientoverblik.service.trail import done, refuse, write
from patientoverblik.sharing.find import existing
from patientoverblik.sharing.model import DocumentEntry, PatientId


class Decided(msgspec.Struct, frozen=True):
    """A decision explained: the rule, its reason (problem code) and legal basis, and what would change it (codes).

    ``until``: when it is made anew, milliseconds UTC, 0 for a refusal.
    """

    rule: str
    code: str
    permitted: bool
    basis: Basis
    changes: tuple[str, ...]
    scope: tuple[Part, ...] = ()
    until: int = 0


class CanSee(msgspec.Struct, frozen=True):
    """Somebody who can see something of the citizen's, and why: an organisation, or a person who acts for the citizen.

    ``person`` is a patient key, for the door's own use. ``outcome`` is what the citizen's blocks come to for them, and
    ``sees`` whether they see the document asked about (None if none was).
    """

    organisation: OrganisationRef | None
    person: int
    decided: Decided
    outcome: Outcome
    sees: bool | None = None


async def explain_access(house: House, actor: Actor, patient: PatientId | int, purpose: Purpose) -> Decided:
    """Which rule decides on the actor's own access now, and what would change it; written down, and no look."""
    at = house.clock()
    with house.storage.snapshot() as reader:
        key = patient_key(reader, patient)
        answer = judge(house, gather(reader, key), actor, key, purpose, at)
    await write(house, done(house, actor, key, "explain-access", answer.rule))
    return decided(answer)


async def who_can_see(
    house: House, actor: Actor, patient: PatientId | int, document: str = ""
) -> tuple[CanSee, ...] | Refusal:
    """Who can see the citizen's overview, or one document of it (entryUUID or uniqueId), and why; for the citizen."""
    at = house.clock()
    with house.storage.snapshot() as reader:
        key = patient_key(reader, patient)
        evidence = gather(reader, key)
        permit = judge(house, evidence, actor, key, "own-overview", at)
        entry = _entry(reader, permit, document)
    if isinstance(permit, Refusal):
        return await refuse(house, actor, key, "who-can-see", permit)
    found = tuple(_can_see(house, evidence, key, at, entry))
    await write(house, done(house, actor, key, "who-can-see", permit.rule))
    return found


def decided(answer: Permit | Refusal) -> Decided:
    """A decision in words that can be explained."""
    basis = legal_basis(answer.rule)
    if isinstance(answer, Refusal):
        return Decided(answer.rule, answer.code, False, basis, basis.changes)
    scope = tuple(sorted(answer.scope))
    return Decided(answer.rule, answer.code, True, basis, basis.changes, scope, answer.asked_again_at)


def _can_see(house: House, evidence: Evidence, key: int, at: int, entry: DocumentEntry | None) -> Iterator[CanSee]:
    for organisation in dict.fromkeys(relation.organisation for relation in evidence.relations):
        # An authorised professional, so that relations not yet confirmed are told as well.
        somebody = Actor("professional", "", organisation=organisation, authorisation="any")
        yield from _one(house, evidence, somebody, key, at, entry, "treatment")
    for holder in dict.fromkeys(_holders(evidence)):
        yield from _one(house, evidence, Actor("relative", "", person=holder), key, at, entry, "on-behalf")


def _holders(evidence: Evidence) -> Iterator[int]:
    yield from (custody.holder for custody in evidence.custodies)
    yield from (guardian.holder for guardian in evidence.guardians)
    yield from (power.holder for power in evidence.powers)


def _one(
    house: House, evidence: Evidence, actor: Actor, key: int, at: int, entry: DocumentEntry | None, purpose: Purpose
) -> Iterator[CanSee]:
    permit = judge(house, evidence, actor, key, purpose, at)
    if isinstance(permit, Permit):
        sees = None if entry is None else visible(permit, entry)
        yield CanSee(actor.organisation, actor.person, decided(permit), permit.outcome, sees)


def _entry(reader: Reader, permit: Permit | Refusal, document: str) -> DocumentEntry | None:
    if isinstance(permit, Refusal) or not document:
        return None
    return next((one for one in existing(reader, permit)[0] if document in (one.uuid, one.unique_id)), None)
