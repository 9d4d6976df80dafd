"""Withdraw a document without replacement: Approved → Deprecated (ITI-57 update of availability; DESIGN 11)."""

from collections.abc import Iterable

import msgspec

from patientoverblik.access import OrganisationRef
from patientoverblik.problems import Finding
from patientoverblik.sharing.lookup import entry_of
from patientoverblik.sharing.model import Association, DocumentEntry
from patientoverblik.sharing.ownership import Successions, keys, may_change
from patientoverblik.sharing.ports import NewIds, OpenShelf, Shelf
from patientoverblik.sharing.replace import followers
from patientoverblik.sharing.submission import Rejected


class Withdrawal(msgspec.Struct, frozen=True):
    """Who withdraws which document of which patient, and when (milliseconds UTC).

    ``acting`` are the organisations the sender may act for; ``successors`` recorded pairs (former, successor).
    """

    patient: int
    uuid: str
    acting: tuple[OrganisationRef, ...]
    now: int
    successors: Successions = ()


def deprecate(shelf: OpenShelf, withdrawal: Withdrawal, ids: NewIds) -> DocumentEntry | Rejected:
    """The entry as it stands when withdrawn; what was appended to it or transformed from it goes with it.

    A document that is not the sender's, or another patient's, is answered like one that does not exist.
    """
    entry = judge(shelf, withdrawal)
    if isinstance(entry, Rejected):
        return entry
    withdrawn = [_withdraw(shelf, one, withdrawal, ids) for one in (entry, *_approved(followers(shelf, entry)))]
    return withdrawn[0]


def withdrawn_with(shelf: Shelf, entry: DocumentEntry) -> tuple[DocumentEntry, ...]:
    """A withdrawn entry, and what was withdrawn in the same act because it was appended to it."""
    appended = followers(shelf, entry)
    return (entry, *(one for one in appended if one.deprecated_at == entry.deprecated_at and not one.replaced_by))


def judge(shelf: Shelf, withdrawal: Withdrawal) -> DocumentEntry | Rejected:
    """The entry that would be withdrawn, or why it cannot be."""
    entry = entry_of(shelf, withdrawal.uuid)
    if entry is None or not is_senders(shelf, entry, withdrawal):
        return Rejected((Finding("sharing.target-unknown", place="uuid"),))
    if entry.status != "approved":
        return Rejected((Finding("sharing.status-not-approved", place="uuid"),))
    return entry


def is_senders(shelf: Shelf, entry: DocumentEntry, withdrawal: Withdrawal) -> bool:
    """Whether the entry is the patient's and belongs to whom the sender acts for."""
    return entry.patient in shelf.linked_keys(withdrawal.patient) and may_change(
        entry, keys(withdrawal.acting), withdrawal.successors
    )


def _approved(entries: Iterable[DocumentEntry]) -> tuple[DocumentEntry, ...]:
    return tuple(entry for entry in entries if entry.status == "approved")


def _withdraw(shelf: OpenShelf, entry: DocumentEntry, withdrawal: Withdrawal, ids: NewIds) -> DocumentEntry:
    by = withdrawal.acting[0]
    withdrawn = msgspec.structs.replace(
        entry, status="deprecated", deprecated_at=withdrawal.now, deprecated_by=by.name or by.value
    )
    shelf.put_entry(withdrawn)
    shelf.add_association(
        Association(ids.uuid(), "update-availability", entry.set_uuid, entry.uuid, entry.patient, "Deprecated")
    )
    return withdrawn
