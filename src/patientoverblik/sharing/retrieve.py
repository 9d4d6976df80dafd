"""Retrieve documents exactly as they were submitted: whole, or not at all (ITI-43; DESIGN 12)."""

from hashlib import sha256

import msgspec

from patientoverblik.access import Permit, whole
from patientoverblik.problems import Finding
from patientoverblik.sharing.find import existing
from patientoverblik.sharing.model import DocumentEntry
from patientoverblik.sharing.ports import Shelf

ABSENT = {"elsewhere": "sharing.document-elsewhere", "on-demand": "sharing.not-made"}
"""Why the bytes of a document that was registered without them cannot be had."""


class Retrieved(msgspec.Struct, frozen=True):
    """One document: its entry, and its bytes as submitted."""

    entry: DocumentEntry
    data: bytes


def retrieve(shelf: Shelf, permit: Permit, document: str) -> Retrieved | Finding:
    """The document with an entryUUID or uniqueId, deprecated ones too; of several entries the newest approved.

    One that does not exist for this reader is answered like one that does not exist; one that holds a fact hidden from
    this reader is refused whole; bytes that are no longer what was submitted are a fault.
    """
    entries, _ = existing(shelf, permit)
    named = [one for one in entries if document in (one.uuid, one.unique_id)]
    entry = max(named, key=lambda one: (one.status == "approved", one.registered), default=None)
    if entry is None:
        return Finding("sharing.document-unknown")
    if not whole(permit, entry):
        return Finding("sharing.document-withheld")
    absent = ABSENT.get(entry.state)
    return Finding(absent) if absent else _bytes(shelf, entry)


def _bytes(shelf: Shelf, entry: DocumentEntry) -> Retrieved | Finding:
    data = shelf.content(entry.patient, entry.content)
    if data is None or sha256(data).hexdigest() != entry.content:
        return Finding("sharing.content-damaged")
    return Retrieved(entry, data)
