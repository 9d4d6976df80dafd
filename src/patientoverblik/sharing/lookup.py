"""Entries by their ids from outside, through the locators."""

from collections.abc import Iterable

from patientoverblik.sharing.model import DocumentEntry
from patientoverblik.sharing.ports import Shelf


def entry_of(shelf: Shelf, uuid: str) -> DocumentEntry | None:
    """The entry with an entryUUID, whoever's it is."""
    patient = shelf.locate_entry(uuid)
    return None if patient is None else shelf.entry(patient, uuid)


def entries_named(shelf: Shelf, unique_id: str) -> tuple[DocumentEntry, ...]:
    """Every entry registered under an XDS uniqueId, in the order they were registered."""
    keys = dict.fromkeys(patient for patient, _ in shelf.locate_unique(unique_id))
    return tuple(entry for key in keys for entry in shelf.entries(key) if entry.unique_id == unique_id)


def entries_of_all(shelf: Shelf, keys: Iterable[int]) -> tuple[DocumentEntry, ...]:
    """Every entry under linked keys, in the order they were registered."""
    parts = [shelf.entries(key) for key in keys]
    if len(parts) == 1:
        return parts[0]
    return tuple(sorted((entry for part in parts for entry in part), key=lambda entry: (entry.registered, entry.uuid)))
