"""What the patient is told at once, on their own pages: that a block was set aside, that a document was withdrawn."""

import msgspec

from patientoverblik.access import Actor, Notice, Refusal
from patientoverblik.service.evidence import ask, patient_key
from patientoverblik.service.house import House
from patientoverblik.service.ports import Transaction
from patientoverblik.service.trail import done, refused
from patientoverblik.sharing.model import PatientId

NO_NOTICE = Refusal("no-such-notice", "service.no-notice")


async def notices(house: House, actor: Actor, patient: PatientId | int) -> tuple[Notice, ...] | Refusal:
    """Every notice to the citizen, newest first."""

    def work(transaction: Transaction) -> tuple[Notice, ...] | Refusal:
        key = patient_key(transaction, patient)
        permit = ask(house, transaction, actor, key, "own-overview", house.clock())
        if isinstance(permit, Refusal):
            transaction.add_event(refused(house, actor, key, "notice-list", permit))
            return permit
        transaction.add_event(done(house, actor, key, "notice-list", permit.rule))
        return tuple(sorted(transaction.notices(key), key=lambda one: (one.at, one.id), reverse=True))

    return await house.wait(house.storage.act(work))


async def seen(house: House, actor: Actor, patient: PatientId | int, notice: str) -> Notice | Refusal:
    """The citizen has seen a notice; the first time counts."""

    def work(transaction: Transaction) -> Notice | Refusal:
        key = patient_key(transaction, patient)
        permit = ask(house, transaction, actor, key, "own-overview", house.clock())
        held = next((one for one in transaction.notices(key) if one.id == notice), None)
        refusal = permit if isinstance(permit, Refusal) else None if held else NO_NOTICE
        if refusal is not None or held is None:
            transaction.add_event(refused(house, actor, key, "notice-seen", refusal or NO_NOTICE))
            return refusal or NO_NOTICE
        read = msgspec.structs.replace(held, seen=held.seen or house.clock())
        transaction.put_notice(read)
        transaction.add_event(done(house, actor, key, "notice-seen", "citizen-self", (notice,)))
        return read

    return await house.wait(house.storage.act(work))
