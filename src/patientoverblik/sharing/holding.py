"""Everything of one patient that exists for a reader: entries, and the sets, folders and associations around them.

A submission set or folder exists for a reader as long as an entry in it does, a set that never had entries as long as
something else in it does, an association as long as both its ends do: what is hidden leaves no trace in any of them
(DESIGN 13). A folder's time is that of its newest entry that exists.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple

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


class Around(NamedTuple):
    """What lies around a patient's entries, whoever may see it."""

    links: tuple[Association, ...]
    folders: tuple[Folder, ...]
    sets: tuple[SubmissionSet, ...]


def holding(shelf: Shelf, permit: Permit, *, around: bool = True) -> Holding:
    """What exists for the permit's holder, all linked keys; without what is ``around`` them, the entries alone."""
    keys = shelf.linked_keys(permit.patient)
    entries, filtered = existing(shelf, permit, keys)
    return held_in(entries, around_of(shelf, keys), filtered) if around else Holding(entries, (), (), (), filtered)


def around_of(shelf: Shelf, keys: Iterable[int]) -> Around:
    """What lies around the entries under linked keys."""
    listed = tuple(keys)
    return Around(
        links=tuple([one for key in listed for one in shelf.associations(key)]),
        folders=tuple([one for key in listed for one in shelf.folders(key)]),
        sets=tuple([one for key in listed for one in shelf.sets(key)]),
    )


def held_in(entries: tuple[DocumentEntry, ...], around: Around, filtered: bool = False) -> Holding:
    """What exists for a reader for whom these entries do; it follows from nothing else."""
    links = around.links
    there = frozenset(entry.uuid for entry in entries)
    inside = _inside(link for link in links if link.status == "approved")
    made = tuple(_dated(one, inside, entries) for one in around.folders)
    folders = tuple(one for one in made if not there.isdisjoint(inside.get(one.uuid, ())))
    bare = _bare(there.union(one.uuid for one in folders), made, links)
    sets = tuple(one for one in around.sets if _is_there(inside.get(one.uuid), there, bare))
    ends = there.union((one.uuid for one in sets), (one.uuid for one in folders))
    return Holding(entries, sets, folders, tuple(_between(links, ends)), filtered)


class _Bare(NamedTuple):
    """Objects that are no entries: those that exist for the reader, and all that there are."""

    there: frozenset[str]
    known: frozenset[str]


def _bare(ends: frozenset[str], folders: Iterable[Folder], links: tuple[Association, ...]) -> _Bare:
    """Folders, and associations, which exist for a reader where both ``ends`` do."""
    joined = (link.uuid for link in links if link.source in ends and link.target in ends)
    return _Bare(ends.union(joined), frozenset(one.uuid for one in folders).union(link.uuid for link in links))


def _is_there(members: Collection[str] | None, there: frozenset[str], bare: _Bare) -> bool:
    """Whether a set exists: an entry in it does, or it never had entries and something else in it does."""
    inside = members or ()
    return not there.isdisjoint(inside) or (bare.known.issuperset(inside) and not bare.there.isdisjoint(inside))


def _inside(links: Iterable[Association]) -> Mapping[str, Collection[str]]:
    """What each object is the source of an association to."""
    found: dict[str, set[str]] = {}
    for link in links:
        found.setdefault(link.source, set()).add(link.target)
    return found


def _between(links: Iterable[Association], ends: frozenset[str]) -> Iterator[Association]:
    """The associations whose ends exist; one may itself be the end of another (a folder's member in its set)."""
    known = set(ends)
    waiting = list(links)
    while found := [link for link in waiting if link.source in known and link.target in known]:
        known.update(link.uuid for link in found)
        waiting = [link for link in waiting if link.uuid not in known]
    return (link for link in links if link.uuid in known)


def _dated(folder: Folder, inside: Mapping[str, Collection[str]], entries: Iterable[DocumentEntry]) -> Folder:
    members = inside.get(folder.uuid, ())
    newest = max((entry.registered for entry in entries if entry.uuid in members), default=folder.updated)
    return msgspec.structs.replace(folder, updated=newest)
