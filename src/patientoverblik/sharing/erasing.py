"""What must go with documents that are taken away whole: every version, what refers to them, what they alone fill.

Unlike a removal that a sender asks for (``remove.py``), which must name everything itself.
"""

from collections.abc import Iterable

from patientoverblik.sharing.model import Association, DocumentEntry, Folder, SubmissionSet
from patientoverblik.sharing.ports import OpenShelf, Shelf
from patientoverblik.sharing.remove import Named, remove, remove_bytes


def going_with(shelf: Shelf, keys: Iterable[int], documents: frozenset[str]) -> Named:
    """Everything that goes with the documents under these keys; each is named by an entryUUID or a uniqueId."""
    held = tuple(keys)
    entries = tuple(entry for key in held for entry in shelf.entries(key))
    links = tuple(link for key in held for link in shelf.associations(key))
    sets = tuple(one for key in held for one in shelf.sets(key))
    folders = tuple(one for key in held for one in shelf.folders(key))
    going = _all_versions(entries, documents)
    gone = frozenset(one.uuid for one in going)
    emptied = _emptied((*sets, *folders), links, gone)
    touched = gone | emptied
    return Named(
        entries=going,
        sets=tuple(one for one in sets if one.uuid in emptied),
        folders=tuple(one for one in folders if one.uuid in emptied),
        associations=tuple(link for link in links if not touched.isdisjoint((link.source, link.target))),
        left=tuple(link for link in links if touched.isdisjoint((link.source, link.target))),
        beside=tuple(one for one in entries if one.uuid not in gone),
    )


def erase(shelf: OpenShelf, named: Named) -> None:
    """Take it away, bytes and readings too; bytes that another of the patient's documents has as well stay for that."""
    remove(shelf, named)
    for patient, content in dict.fromkeys((entry.patient, entry.content) for entry in named.entries):
        if shelf.content(patient, content) is not None:
            remove_bytes(shelf, patient, content)


def _all_versions(entries: tuple[DocumentEntry, ...], documents: frozenset[str]) -> tuple[DocumentEntry, ...]:
    """The entries that are meant, and every other entry or version of the same document."""
    meant = [one for one in entries if one.uuid in documents or one.unique_id in documents]
    uniques = {one.unique_id for one in meant}
    logical = {one.logical_id for one in meant}
    return tuple(one for one in entries if one.unique_id in uniques or one.logical_id in logical)


def _emptied(
    holders: tuple[SubmissionSet | Folder, ...], links: tuple[Association, ...], gone: frozenset[str]
) -> frozenset[str]:
    """Sets and folders that had members and keep none."""
    members: dict[str, set[str]] = {one.uuid: set() for one in holders}
    for link in links:
        if link.type == "has-member" and link.source in members:
            members[link.source].add(link.target)
    emptied: frozenset[str] = frozenset()
    while fresh := {uuid for uuid, held in members.items() if held and held <= _gone(links, gone | emptied)} - emptied:
        emptied |= fresh
    return emptied


def _gone(links: tuple[Association, ...], gone: frozenset[str]) -> frozenset[str]:
    """What is gone, and the associations that touch it: a set may have those for members."""
    return gone | {link.uuid for link in links if not gone.isdisjoint((link.source, link.target))}
