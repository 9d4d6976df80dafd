"""The part of an update (ITI-57) that is about what stands around documents: folders and associations."""

from collections.abc import Iterator

import msgspec

from patientoverblik.access import OrganisationRef, Permit
from patientoverblik.problems import Finding
from patientoverblik.service.house import House
from patientoverblik.service.ports import Transaction
from patientoverblik.sharing.amend import Amendment
from patientoverblik.sharing.around import (
    Joined,
    amend_folder,
    join,
    judge_folder,
    judge_joined,
    judge_status,
    put_status,
)
from patientoverblik.sharing.deprecate import Withdrawal
from patientoverblik.sharing.model import Folder, Status, SubmissionSet


class StatusChange(msgspec.Struct, frozen=True):
    """The entry, folder or association with this uuid shall have this status; it must have the other one now."""

    uuid: str
    to: Status


class FolderUpdate(msgspec.Struct, frozen=True):
    """What shall be said from now on of the folder with this logical id, which is of version ``previous``; what stood
    in it stands in the new version too where it ``propagates``."""

    logical_id: str
    previous: int
    draft: Folder
    propagates: bool = True


class NewFolder(msgspec.Struct, frozen=True):
    """A judged new version of a folder: as it is, and as it shall be."""

    old: Folder
    asked: FolderUpdate


def judged_folder(
    house: House, transaction: Transaction, permit: Permit, asked: FolderUpdate
) -> NewFolder | tuple[Finding, ...]:
    """The new version of a folder, or what is wrong with it."""
    acting = house.speaks_for(permit.actor)
    target = Amendment(permit.patient, asked.logical_id, asked.previous, acting, house.successors)
    old = judge_folder(transaction, target, asked.draft)
    if isinstance(old, Finding):
        return (msgspec.structs.replace(old, place=asked.logical_id),)
    return NewFolder(old, asked)


def faults_of_joined(
    house: House, transaction: Transaction, permit: Permit, asked: tuple[Joined, ...]
) -> Iterator[Finding]:
    """What is wrong with associations that are asked for, each placed by its uuid."""
    for one in asked:
        fault = judge_joined(transaction, _asked(house, permit, one.uuid), one)
        if fault is not None:
            yield msgspec.structs.replace(fault, place=one.uuid)
    if len({(one.type, one.source, one.target) for one in asked}) < len(asked):
        yield Finding("sharing.changed-twice")


def fault_of_status(house: House, transaction: Transaction, permit: Permit, change: StatusChange) -> Iterator[Finding]:
    """Why the status of a folder or association cannot change."""
    answer = judge_status(transaction, _asked(house, permit, change.uuid), change.to)
    if isinstance(answer, Finding):
        yield msgspec.structs.replace(answer, place=change.uuid)


def change_status(house: House, transaction: Transaction, permit: Permit, change: StatusChange) -> None:
    """Give a judged folder or association its new status."""
    found = judge_status(transaction, _asked(house, permit, change.uuid), change.to)
    if not isinstance(found, Finding):
        put_status(transaction, found, change.to, house.clock())


def register_around(
    house: House,
    transaction: Transaction,
    kept: SubmissionSet,
    folders: tuple[NewFolder, ...],
    joined: tuple[Joined, ...],
) -> tuple[str, ...]:
    """Register judged folders and associations with their set; the folders that are new, or have something new in
    them."""
    made = [
        amend_folder(transaction, one.old, one.asked.draft, kept, house.ids, one.asked.propagates) for one in folders
    ]
    for one in joined:
        join(transaction, one, kept, house.ids)
    return (*(one.uuid for one in made), *(one.source for one in joined if one.type == "has-member"))


def _asked(house: House, permit: Permit, uuid: str) -> Withdrawal:
    acting: tuple[OrganisationRef, ...] = house.speaks_for(permit.actor)
    return Withdrawal(permit.patient, uuid, acting, house.clock(), house.successors)
