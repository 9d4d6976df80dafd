"""A document is withdrawn by the organisation it belongs to (ITI-57, Approved → Deprecated; DESIGN 11)."""

from patientoverblik.access import Actor, Permit, Refusal
from patientoverblik.service.evidence import ask, patient_key
from patientoverblik.service.house import House
from patientoverblik.service.notification import announce
from patientoverblik.service.ports import Transaction
from patientoverblik.service.telling import Reason
from patientoverblik.service.told import tell_readers
from patientoverblik.service.trail import done, refused
from patientoverblik.service.work_facts import retell
from patientoverblik.sharing.deprecate import Withdrawal, deprecate, withdrawn_with
from patientoverblik.sharing.model import DocumentEntry, PatientId
from patientoverblik.sharing.submission import Rejected


async def withdraw(
    house: House, actor: Actor, patient: PatientId | int, document: str, reason: Reason | None = None
) -> DocumentEntry | Refusal:
    """Withdraw a document by its entryUUID; one that is not the sender's is answered like one that does not exist.

    Where it was filed under the wrong patient, or is wrong, everybody who saw it, or what was appended to it and goes
    with it, is told: written in the same act.
    """

    def work(transaction: Transaction) -> DocumentEntry | Refusal:
        key = patient_key(transaction, patient)
        permit = ask(house, transaction, actor, key, "delivery", house.clock())
        answer = permit if isinstance(permit, Refusal) else _withdrawn(house, transaction, permit, document)
        gone = () if isinstance(answer, Refusal) else withdrawn_with(transaction, answer)
        if gone:
            announce(house, transaction, key, (), [one.uuid for one in gone])
        for one in gone:
            retell(transaction, house.kept, one)
            if reason is not None:
                tell_readers(house, transaction, one, reason, actor)
        transaction.add_event(
            refused(house, actor, key, "withdraw", answer)
            if isinstance(answer, Refusal)
            else done(house, actor, key, "withdraw", permit.rule, (document,))
        )
        return answer

    return await house.wait(house.storage.act(work))


def _withdrawn(house: House, transaction: Transaction, permit: Permit, document: str) -> DocumentEntry | Refusal:
    acting = house.speaks_for(permit.actor)
    if not acting:
        return Refusal("withdrawn-by-owner", "sharing.target-unknown")
    asked = Withdrawal(permit.patient, document, acting, house.clock(), house.successors)
    answer = deprecate(transaction, asked, house.ids)
    return Refusal("withdrawn-by-owner", answer.findings[0].code) if isinstance(answer, Rejected) else answer
