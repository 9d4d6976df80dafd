"""Everything of one patient that exists for a reader: entries, and the sets, folders and associations around them.

A submission set or folder exists for a reader as long as an entry in it does, an association as long as both its ends
do: what is hidden leaves no trace in any of them (DESIGN 13). A folder's time is that of its newest entry that exists.
"""

from collections.abc import Iterable, Iterator

import msgspec

from patientoverblik.access import Permit
from patientoverblik.sharing.find import existing
from patientoverblik.sharing.model import Association, DocumentEntry, Folder, SubmissionSet
from patientoverblik.sharing.ports import Shelf


class Holding(msgspec.Struct, frozen=True):
    """A patient's registry objects that exist for one reader; ``filtered``: a block took something away."""

    entries: tuple[DocumentEntry, ...]
    sets: tuple[SubmissionSet, ...]
    folders: tuple[Folder, ...]
    associations: tuple[Association, ...]
    filtered: bool = False


def holding(shelf: Shelf, permit: Permit) -> Holding:
    """What exists for the permit's holder, all linked keys."""
    entries, filtered = existing(shelf, permit)
    keys = shelf.linked_keys(permit.patient)
    links = tuple(one for key in keys for one in shelf.associations(key))
    there = frozenset(entry.uuid for entry in entries)
    sets = tuple(one for key in keys for one in shelf.sets(key) if _has(one.uuid, links, there))
    folders = tuple(_dated(one, links, entries) for key in keys for one in shelf.folders(key))
    folders = tuple(one for one in folders if _has(one.uuid, links, there))
    ends = there.union([one.uuid for one in sets], [one.uuid for one in folders])
    return Holding(entries, sets, folders, tuple(_between(links, ends)), filtered)


def _has(owner: str, links: Iterable[Association], there: frozenset[str]) -> bool:
    return any(link.source == owner and link.target in there for link in links)


def _between(links: Iterable[Association], ends: frozenset[str]) -> Iterator[Association]:
    """The associations whose ends exist; one may itself be the end of another (a folder's member in its set)."""
    known = set(ends)
    waiting = list(links)
    while found := [link for link in waiting if link.source in known and link.target in known]:
        known.update(link.uuid for link in found)
        waiting = [link for link in waiting if link.uuid not in known]
    return (link for link in links if link.uuid in known)


def _dated(folder: Folder, links: Iterable[Association], entries: Iterable[DocumentEntry]) -> Folder:
    members = {link.target for link in links if link.source == folder.uuid}
    newest = max((entry.registered for entry in entries if entry.uuid in members), default=folder.updated)
    return msgspec.structs.replace(folder, updated=newest)
