"""Undo a withdrawal: Deprecated → Approved (ITI-57 update of availability), by whom the document belongs to.

What was replaced, by another document or by a new version of its entry, never comes back this way (DESIGN 11).
"""

import msgspec

from patientoverblik.problems import Finding
from patientoverblik.sharing.amend import latest
from patientoverblik.sharing.deprecate import Withdrawal, is_senders
from patientoverblik.sharing.lookup import entries_of_all, entry_of
from patientoverblik.sharing.model import Association, DocumentEntry
from patientoverblik.sharing.ports import NewIds, OpenShelf, Shelf


def judge_reinstating(shelf: Shelf, asked: Withdrawal) -> DocumentEntry | Finding:
    """The entry whose withdrawal would be undone, or why it cannot be."""
    entry = entry_of(shelf, asked.uuid)
    if entry is None or not is_senders(shelf, entry, asked):
        return Finding("sharing.target-unknown")
    if entry.status == "approved":
        return Finding("sharing.status-differs")
    known = latest(entries_of_all(shelf, shelf.linked_keys(entry.patient)))
    if entry.replaced_by or entry.uuid not in {one.uuid for one in known}:
        return Finding("sharing.replaced-stays")
    return entry


def reinstate(shelf: OpenShelf, entry: DocumentEntry, ids: NewIds) -> DocumentEntry:
    """The entry as it stands again; what was withdrawn along with it stays withdrawn until it is asked for."""
    again = msgspec.structs.replace(entry, status="approved", deprecated_at=0, deprecated_by="")
    shelf.put_entry(again)
    shelf.add_association(
        Association(ids.uuid(), "update-availability", entry.set_uuid, entry.uuid, entry.patient, "Approved")
    )
    return again
