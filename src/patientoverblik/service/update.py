"""What is registered changed by one request, all of it or nothing: status, and what is said of documents (ITI-57)."""

from collections.abc import Iterator

import msgspec

from patientoverblik.access import Actor, OrganisationRef, Permit, Refusal
from patientoverblik.problems import Finding
from patientoverblik.service.deliver import make
from patientoverblik.service.delivery import Delivery, Handed
from patientoverblik.service.evidence import ask, patient_key
from patientoverblik.service.house import House
from patientoverblik.service.model import Refused
from patientoverblik.service.ports import Transaction
from patientoverblik.service.trail import done, refused
from patientoverblik.sharing.amend import Amendment, amend, judge_change, judge_target
from patientoverblik.sharing.deprecate import Withdrawal, deprecate, judge
from patientoverblik.sharing.model import DocumentEntry, PatientId, Status, SubmissionSet
from patientoverblik.sharing.reinstate import judge_reinstating, reinstate
from patientoverblik.sharing.stated import Stated
from patientoverblik.sharing.submission import Rejected

BY_OWNER = "changed-by-owner"


class StatusChange(msgspec.Struct, frozen=True):
    """The entry with this uuid shall have this status; it must have the other one now."""

    uuid: str
    to: Status


class EntryUpdate(msgspec.Struct, frozen=True):
    """What shall be said from now on of the document with this logical id, whose entry is of version ``previous``."""

    logical_id: str
    previous: int
    stated: Stated


class Update(msgspec.Struct, frozen=True):
    """One request: the submission set it came as (with our time still to be put in), and what it changes."""

    submission_set: SubmissionSet
    statuses: tuple[StatusChange, ...] = ()
    entries: tuple[EntryUpdate, ...] = ()


class Updated(msgspec.Struct, frozen=True):
    """What was changed, by entryUUID; ``findings`` are kept with the new versions."""

    entries: tuple[str, ...]
    findings: tuple[Finding, ...] = ()


class _New(msgspec.Struct, frozen=True):
    """A judged new version: the entry as it is, and its draft."""

    old: DocumentEntry
    draft: DocumentEntry


async def update(house: House, actor: Actor, patient: PatientId | int, asked: Update) -> Updated | Refused:
    """Make every change, or none; what is not the sender's is answered like what is not here."""

    def work(transaction: Transaction) -> Updated | Refused:
        key = patient_key(transaction, patient)
        permit = ask(house, transaction, actor, key, "delivery", house.clock())
        if isinstance(permit, Refusal):
            answer: Updated | Refused = Refused(permit.code, (Finding(permit.code),), permit.rule)
        else:
            answer = _update(house, transaction, permit, patient, asked)
        transaction.add_event(
            refused(house, actor, key, "update", Refusal(answer.rule, answer.code))
            if isinstance(answer, Refused)
            else done(house, actor, key, "update", BY_OWNER, answer.entries)
        )
        return answer

    return await house.wait(house.storage.act(work))


def _update(
    house: House, transaction: Transaction, permit: Permit, patient: PatientId | int, asked: Update
) -> Updated | Refused:
    acting = house.speaks_for(permit.actor)
    found = [_judged(house, transaction, permit, patient, one) for one in asked.entries]
    new = [one for one in found if isinstance(one, _New)]
    faults = [*_of_status(house, transaction, permit, asked, acting), *_of_set(transaction, asked, new)]
    faults += [fault for one in found if isinstance(one, tuple) for fault in one]
    if faults or not acting:
        told = tuple(faults) or (Finding("sharing.target-unknown"),)
        return Refused(told[0].code, told, BY_OWNER)
    for change in asked.statuses:
        _change(house, transaction, permit, change, acting)
    made = _register(house, transaction, permit, asked.submission_set, new)
    uuids = (*(one.uuid for one in asked.statuses), *(one.uuid for one in made))
    return Updated(uuids, tuple(fault for one in made for fault in one.findings))


def _judged(
    house: House, transaction: Transaction, permit: Permit, patient: PatientId | int, asked: EntryUpdate
) -> _New | tuple[Finding, ...]:
    """The new version of an entry, understood from the document itself again; or everything that is wrong with it."""
    acting = house.speaks_for(permit.actor)
    target = Amendment(permit.patient, asked.logical_id, asked.previous, acting, house.successors)
    old = judge_target(transaction, target)
    if isinstance(old, Finding):
        return _placed(asked, (old,))
    data = transaction.content(old.patient, old.content)
    if data is None:
        return _placed(asked, (Finding("sharing.document-elsewhere"),))
    named = patient if isinstance(patient, PatientId) else None
    made = make(house, permit, Delivery((Handed(data, asked.stated),), patient=named))
    if isinstance(made, Refused):
        return _placed(asked, made.findings)
    draft = made[0].document.described.entry
    faults = tuple(judge_change(transaction, old, draft))
    return _placed(asked, faults) if faults else _New(old, draft)


def _placed(asked: EntryUpdate, faults: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(msgspec.structs.replace(fault, place=asked.logical_id) for fault in faults)


def _of_set(transaction: Transaction, asked: Update, new: list[_New]) -> Iterator[Finding]:
    """A set is kept for new versions alone; each entry is changed once."""
    named = [one.logical_id for one in asked.entries]
    if len(set(named)) < len(named) or {one.uuid for one in asked.statuses} & {one.old.uuid for one in new}:
        yield Finding("sharing.changed-twice")
    unique_id = asked.submission_set.unique_id
    if asked.entries and (transaction.locate_set(unique_id) or transaction.locate_unique(unique_id)):
        yield Finding("sharing.set-id-taken")


def _of_status(
    house: House, transaction: Transaction, permit: Permit, asked: Update, acting: tuple[OrganisationRef, ...]
) -> Iterator[Finding]:
    for change in asked.statuses:
        withdrawal = Withdrawal(permit.patient, change.uuid, acting, house.clock(), house.successors)
        faults = (_back if change.to == "approved" else _away)(transaction, withdrawal)
        yield from (msgspec.structs.replace(fault, place=change.uuid) for fault in faults)


def _back(transaction: Transaction, asked: Withdrawal) -> tuple[Finding, ...]:
    answer = judge_reinstating(transaction, asked)
    return (answer,) if isinstance(answer, Finding) else ()


def _away(transaction: Transaction, asked: Withdrawal) -> tuple[Finding, ...]:
    answer = judge(transaction, asked)
    return answer.findings if isinstance(answer, Rejected) else ()


def _change(
    house: House, transaction: Transaction, permit: Permit, change: StatusChange, acting: tuple[OrganisationRef, ...]
) -> None:
    withdrawal = Withdrawal(permit.patient, change.uuid, acting, house.clock(), house.successors)
    if change.to == "deprecated":
        # Another of the request may have taken it along, as what was appended to it: then nothing is left to do.
        deprecate(transaction, withdrawal, house.ids)
        return
    entry = judge_reinstating(transaction, withdrawal)
    if isinstance(entry, DocumentEntry):
        reinstate(transaction, entry, house.ids)


def _register(
    house: House, transaction: Transaction, permit: Permit, asked: SubmissionSet, new: list[_New]
) -> tuple[DocumentEntry, ...]:
    if not new:
        return ()
    uuid = asked.uuid if asked.uuid and transaction.locate_object(asked.uuid) is None else house.ids.uuid()
    kept = msgspec.structs.replace(asked, uuid=uuid, patient=permit.patient, submitted=house.clock())
    transaction.add_set(kept)
    return tuple(amend(transaction, one.old, one.draft, kept, house.ids) for one in new)
