"""Registry objects and documents taken away for good, by those who are configured to (ITI-62, ITI-86).

The citizen's log and the security trail keep that somebody saw a document, and that it was taken away, by whom.
"""

from collections.abc import Callable

from patientoverblik.access import Actor, Refusal
from patientoverblik.problems import Finding
from patientoverblik.service.evidence import NOBODY
from patientoverblik.service.house import House
from patientoverblik.service.model import Refused
from patientoverblik.service.ports import Transaction
from patientoverblik.service.trail import done, refused
from patientoverblik.service.work_facts import retell
from patientoverblik.sharing.remove import Named, judge_bytes, judge_removal, named_in, remove, remove_bytes

RULE = "configured-remover"
NOT_YOURS = Refused("service.may-not-remove", (Finding("service.may-not-remove"),), RULE)
Touched = dict[int, tuple[str, ...]]
"""Patient key -> what of that patient was taken away."""


async def remove_metadata(house: House, actor: Actor, uuids: tuple[str, ...]) -> Touched | Refused:
    """Take the objects with these uuids away, all of them or none."""

    def work(transaction: Transaction) -> Touched | Refused:
        named = named_in(transaction, uuids)
        faults = tuple(judge_removal(named)) if isinstance(named, Named) else named
        if faults or not isinstance(named, Named):
            return Refused(faults[0].code, faults, RULE)
        remove(transaction, named)
        for entry in named.entries:
            retell(transaction, house.kept, entry)
        subjects = tuple(one.uuid for one in named.entries) or uuids
        return dict.fromkeys(named.patients, subjects)

    return await _removed(house, actor, work)


async def remove_documents(house: House, actor: Actor, unique_ids: tuple[str, ...]) -> Touched | Refused:
    """Take the bytes of documents away whose entries are gone, all of them or none."""

    def work(transaction: Transaction) -> Touched | Refused:
        found = [judge_bytes(transaction, one) for one in unique_ids]
        faults = tuple(one for one in found if isinstance(one, Finding))
        if faults:
            return Refused(faults[0].code, faults, RULE)
        held = dict.fromkeys(one for one in found if not isinstance(one, Finding))
        for patient, content in held:
            remove_bytes(transaction, patient, content)
        return {patient: tuple(content for key, content in held if key == patient) for patient, _ in held}

    return await _removed(house, actor, work)


async def _removed(house: House, actor: Actor, take: Callable[[Transaction], Touched | Refused]) -> Touched | Refused:
    """The act, written in the trail of every patient it touched; a refused one under none."""

    def work(transaction: Transaction) -> Touched | Refused:
        answer = take(transaction) if house.removers.hold(actor) else NOT_YOURS
        if isinstance(answer, Refused):
            transaction.add_event(refused(house, actor, NOBODY, "remove", Refusal(answer.rule, answer.code)))
            return answer
        for patient, subjects in answer.items():
            transaction.add_event(done(house, actor, patient, "remove", RULE, subjects))
        return answer

    return await house.wait(house.storage.act(work))
