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
from patientoverblik.service.notification import announce
from patientoverblik.service.ports import Transaction
from patientoverblik.service.trail import done, refused
from patientoverblik.service.update_around import (
    FolderUpdate,
    NewFolder,
    StatusChange,
    change_status,
    fault_of_status,
    faults_of_joined,
    judged_folder,
    register_around,
)
from patientoverblik.service.work_facts import retell
from patientoverblik.sharing.amend import Amendment, amend, judge_change, judge_target
from patientoverblik.sharing.around import Joined
from patientoverblik.sharing.deprecate import Withdrawal, deprecate, judge, withdrawn_with
from patientoverblik.sharing.model import DocumentEntry, PatientId, SubmissionSet
from patientoverblik.sharing.reinstate import judge_reinstating, reinstate
from patientoverblik.sharing.stated import Stated
from patientoverblik.sharing.submission import Rejected

BY_OWNER = "changed-by-owner"


class EntryUpdate(msgspec.Struct, frozen=True):
    """What shall be said from now on of the document with this logical id, whose entry is of version ``previous``;
    ``noted`` is what the door found, for the entry to keep."""

    logical_id: str
    previous: int
    stated: Stated
    noted: tuple[Finding, ...] = ()


class Update(msgspec.Struct, frozen=True):
    """One request: the submission set it came as (with our time still to be put in), and what it changes."""

    submission_set: SubmissionSet
    statuses: tuple[StatusChange, ...] = ()
    entries: tuple[EntryUpdate, ...] = ()
    folders: tuple[FolderUpdate, ...] = ()
    joined: tuple[Joined, ...] = ()


class Updated(msgspec.Struct, frozen=True):
    """What was changed, by uuid; ``findings`` are kept with the new versions, and ``registered`` are the objects
    that were not there before."""

    entries: tuple[str, ...]
    findings: tuple[Finding, ...] = ()
    registered: tuple[str, ...] = ()


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
        if isinstance(answer, Updated):
            statuses = (one.uuid for one in asked.statuses)
            announce(house, transaction, key, answer.registered, statuses)
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
    entries = [_judged(house, transaction, permit, patient, one) for one in asked.entries]
    folders = [judged_folder(house, transaction, permit, one) for one in asked.folders]
    new = tuple(one for one in entries if isinstance(one, _New))
    newer = tuple(one for one in folders if isinstance(one, NewFolder))
    faults = [
        *_of_status(house, transaction, permit, asked, acting),
        *_of_set(transaction, asked, frozenset([one.old.uuid for one in new] + [one.old.uuid for one in newer])),
        *(fault for one in (*entries, *folders) if isinstance(one, tuple) for fault in one),
        *faults_of_joined(house, transaction, permit, asked.joined),
    ]
    if faults or not acting:
        told = tuple(faults) or (Finding("sharing.target-unknown"),)
        return Refused(told[0].code, told, BY_OWNER)
    for change in asked.statuses:
        _change(house, transaction, permit, change, acting)
    return _register(house, transaction, permit, asked, new, newer)


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
    made = make(house, permit, Delivery((Handed(data, asked.stated, noted=asked.noted),), patient=named))
    if isinstance(made, Refused):
        return _placed(asked, made.findings)
    draft = made[0].document.described.entry
    faults = tuple(judge_change(transaction, old, draft))
    return _placed(asked, faults) if faults else _New(old, draft)


def _placed(asked: EntryUpdate, faults: tuple[Finding, ...]) -> tuple[Finding, ...]:
    return tuple(msgspec.structs.replace(fault, place=asked.logical_id) for fault in faults)


def _of_set(transaction: Transaction, asked: Update, old: frozenset[str]) -> Iterator[Finding]:
    """A set is kept for what is new; each object is changed once. ``old`` are those that get a new version."""
    named = [one.logical_id for one in asked.entries] + [one.logical_id for one in asked.folders]
    if len(set(named)) < len(named) or not old.isdisjoint(one.uuid for one in asked.statuses):
        yield Finding("sharing.changed-twice")
    unique_id = asked.submission_set.unique_id
    if _is_kept(asked) and (transaction.locate_set(unique_id) or transaction.locate_unique(unique_id)):
        yield Finding("sharing.set-id-taken")


def _is_kept(asked: Update) -> bool:
    return bool(asked.entries or asked.folders or asked.joined)


def _of_status(
    house: House, transaction: Transaction, permit: Permit, asked: Update, acting: tuple[OrganisationRef, ...]
) -> Iterator[Finding]:
    for change in asked.statuses:
        if transaction.locate_object(change.uuid) is not None:
            yield from fault_of_status(house, transaction, permit, change)
            continue
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
    if transaction.locate_object(change.uuid) is not None:
        change_status(house, transaction, permit, change)
        return
    withdrawal = Withdrawal(permit.patient, change.uuid, acting, house.clock(), house.successors)
    if change.to == "deprecated":
        # Another of the request may have taken it along, as what was appended to it: then nothing is left to do.
        answer = deprecate(transaction, withdrawal, house.ids)
        for gone in withdrawn_with(transaction, answer) if isinstance(answer, DocumentEntry) else ():
            retell(transaction, house.kept, gone)
        return
    entry = judge_reinstating(transaction, withdrawal)
    if isinstance(entry, DocumentEntry):
        retell(transaction, house.kept, reinstate(transaction, entry, house.ids))


def _register(
    house: House,
    transaction: Transaction,
    permit: Permit,
    asked: Update,
    new: tuple[_New, ...],
    newer: tuple[NewFolder, ...],
) -> Updated:
    changed = tuple(one.uuid for one in asked.statuses)
    if not _is_kept(asked):
        return Updated(changed)
    kept = _kept_set(house, transaction, permit, asked.submission_set)
    made = tuple(amend(transaction, one.old, one.draft, kept, house.ids) for one in new)
    around = register_around(house, transaction, kept, newer, asked.joined)
    versions = (*(one.uuid for one in made), *around)
    findings = tuple(fault for one in made for fault in one.findings)
    return Updated((*changed, *versions), findings, (kept.uuid, *versions))


def _kept_set(house: House, transaction: Transaction, permit: Permit, asked: SubmissionSet) -> SubmissionSet:
    uuid = asked.uuid if asked.uuid and transaction.locate_object(asked.uuid) is None else house.ids.uuid()
    kept = msgspec.structs.replace(asked, uuid=uuid, patient=permit.patient, submitted=house.clock())
    transaction.add_set(kept)
    return kept
