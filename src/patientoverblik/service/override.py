"""An override ("værdispring"): a professional sets the patient's blocks aside, for a ground and a reason (nsp.md §7.1).

Only after a plain look that was refused or filtered in the same session, only in person, for one patient and a short
time. The patient is told at once, and every look made by it is followed up.
"""

from patientoverblik.access import Actor, Ground, Notice, Opening, Refusal
from patientoverblik.service.evidence import NOBODY, gather, opening_for, patient_key
from patientoverblik.service.follow_up import in_person
from patientoverblik.service.house import House
from patientoverblik.service.ports import Transaction
from patientoverblik.service.trail import done, refused
from patientoverblik.service.typed import plain, unfit
from patientoverblik.sharing.model import PatientId

RULE = "override-opens"
NOT_YOURS = Refusal("override-in-person", "service.override-not-yours")
FIRST_PLAIN = Refusal("override-after-plain-look", "service.override-first-plain")
NO_REASON = Refusal("override-needs-reason", "service.override-no-reason")
NOT_SAID = "ikke oplyst af {client}"
SOME_SYSTEM = "systemet"


async def override(
    house: House, actor: Actor, patient: PatientId | int, ground: Ground, reason: str | None
) -> Opening | Refusal:
    """Open for an override; ``reason`` is None only from a door whose wire has no place for one."""
    said = NOT_SAID.format(client=actor.client or SOME_SYSTEM) if reason is None else plain(reason)

    def work(transaction: Transaction) -> Opening | Refusal:
        key = patient_key(transaction, patient)
        refusal = _refusal(house, transaction, actor, key, said)
        if refusal is not None:
            transaction.add_event(refused(house, actor, key, "override", refusal))
            return refusal
        opening = _opening(house, actor, ground, said)
        transaction.put_opening(key, opening)
        transaction.put_notice(Notice(house.ids.uuid(), key, "override", opening.at, actor, opening.id))
        transaction.add_event(done(house, actor, key, "override", RULE, (opening.id,)))
        return opening

    return await house.wait(house.storage.act(work))


async def held_override(house: House, actor: Actor, patient: PatientId | int, ground: Ground) -> Opening | Refusal:
    """The override that holds for the actor's session already, else a new one without a reason: for a door whose wire
    asks for an override in every message."""
    with house.storage.snapshot() as reader:
        held = opening_for(gather(reader, patient_key(reader, patient)), actor, house.clock())
    return held or await override(house, actor, patient, ground, None)


def _refusal(house: House, transaction: Transaction, actor: Actor, patient: int, reason: str) -> Refusal | None:
    if not in_person(actor):
        return NOT_YOURS
    fault = unfit(reason, NO_REASON)
    if fault is not None:
        return fault
    return None if patient != NOBODY and _looked_plainly(house, transaction, actor, patient) else FIRST_PLAIN


def _looked_plainly(house: House, transaction: Transaction, actor: Actor, patient: int) -> bool:
    since = house.clock() - house.override_lasts
    return any(
        (attempt.actor, attempt.session) == (actor.id, actor.session) and attempt.at > since
        for attempt in transaction.attempts(patient)
    )


def _opening(house: House, actor: Actor, ground: Ground, reason: str) -> Opening:
    at = house.clock()
    return Opening(
        id=house.ids.uuid(),
        actor=actor.id,
        session=actor.session,
        organisation=actor.organisation,
        at=at,
        until=at + house.override_lasts,
        ground=ground,
        reason=reason,
    )
