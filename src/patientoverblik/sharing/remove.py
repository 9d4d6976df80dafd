"""Take registry objects away for good (ITI-62), and documents' bytes after them (ITI-86): nothing may be left dangling.

What is taken away must be named whole: every association that touches it, every version of an entry or folder, and a
submission set that would be left without anything in it.
"""

from collections.abc import Iterable, Iterator

import msgspec

from patientoverblik.problems import Finding
from patientoverblik.sharing.model import Association, DocumentEntry, Folder, SubmissionSet
from patientoverblik.sharing.ports import OpenShelf, Shelf


class Named(msgspec.Struct, frozen=True):
    """The objects that a removal names, and those under the same keys that it does not."""

    entries: tuple[DocumentEntry, ...]
    sets: tuple[SubmissionSet, ...]
    folders: tuple[Folder, ...]
    associations: tuple[Association, ...]
    left: tuple[Association, ...]
    beside: tuple[DocumentEntry | Folder, ...]

    @property
    def patients(self) -> tuple[int, ...]:
        """The keys that the named objects lie under."""
        return tuple(dict.fromkeys(one.patient for one in self.objects))

    @property
    def objects(self) -> tuple[DocumentEntry | SubmissionSet | Folder | Association, ...]:
        """Everything that is named."""
        return (*self.entries, *self.sets, *self.folders, *self.associations)


def named_in(shelf: Shelf, uuids: Iterable[str]) -> Named | tuple[Finding, ...]:
    """The objects with these uuids, or each uuid that is none."""
    asked = frozenset(uuids)
    located = {uuid: shelf.locate_entry(uuid) or shelf.locate_object(uuid) for uuid in asked}
    unknown = tuple(Finding("sharing.object-unknown", place=uuid) for uuid in sorted(asked) if not located[uuid])
    if unknown:
        return unknown
    keys = dict.fromkeys(linked for key in located.values() if key for linked in shelf.linked_keys(key))
    links = tuple(link for key in keys for link in shelf.associations(key))
    entries = tuple(entry for key in keys for entry in shelf.entries(key))
    folders = tuple(one for key in keys for one in shelf.folders(key))
    there: tuple[DocumentEntry | Folder, ...] = (*entries, *folders)
    return Named(
        entries=tuple(one for one in entries if one.uuid in asked),
        sets=tuple(one for key in keys for one in shelf.sets(key) if one.uuid in asked),
        folders=tuple(one for one in folders if one.uuid in asked),
        associations=tuple(link for link in links if link.uuid in asked),
        left=tuple(link for link in links if link.uuid not in asked),
        beside=tuple(one for one in there if one.uuid not in asked),
    )


def judge_removal(named: Named) -> Iterator[Finding]:
    """What would be left dangling; each finding names the object that must be named too."""
    gone = {one.uuid for one in named.objects}
    for link in named.left:
        if not gone.isdisjoint((link.source, link.target)):
            yield Finding("sharing.still-referred-to", place=link.uuid)
    versions = {one.logical_id for one in named.entries} | {one.logical_id for one in named.folders} - {""}
    for one in named.beside:
        if one.logical_id in versions:
            yield Finding("sharing.still-referred-to", place=one.uuid)
    yield from _emptied(named, gone)


def _emptied(named: Named, gone: set[str]) -> Iterator[Finding]:
    """Sets that lose their last member without being named; associations that hold an entry in its set."""
    members = [link for link in named.associations if link.type == "has-member"]
    holding = {link.source for link in named.left if link.type == "has-member"}
    beside = tuple(one for one in named.beside if isinstance(one, DocumentEntry))
    sets = {one.set_uuid for one in (*named.entries, *beside)}
    for source in dict.fromkeys(link.source for link in members if link.source in sets):
        if source not in holding and source not in gone:
            yield Finding("sharing.still-referred-to", place=source)
    own = {one.uuid: one.set_uuid for one in beside}
    for link in members:
        if own.get(link.target) == link.source:
            yield Finding("sharing.still-referred-to", place=link.target)


def remove(shelf: OpenShelf, named: Named) -> None:
    """Take the objects of a judged removal away; documents' bytes stay until they are removed too."""
    for link in named.associations:
        shelf.remove_association(link.patient, link.uuid)
    for folder in named.folders:
        shelf.remove_folder(folder)
    for one in named.sets:
        shelf.remove_set(one)
    for entry in named.entries:
        shelf.remove_entry(entry.patient, entry.uuid)


def judge_bytes(shelf: Shelf, unique_id: str) -> tuple[int, str] | Finding:
    """(patient key, content hash) of the bytes of a document whose entries are gone; or why they stay."""
    claim = shelf.claim_of(unique_id)
    if claim is None or shelf.content(*claim) is None:
        return Finding("sharing.document-unknown", place=unique_id)
    if shelf.locate_unique(unique_id):
        return Finding("sharing.still-registered", place=unique_id)
    return claim


def remove_bytes(shelf: OpenShelf, patient: int, content: str) -> None:
    """Take a document's bytes and reading away, unless another of the patient's documents has the very same."""
    if all(entry.content != content for entry in shelf.entries(patient)):
        shelf.remove_content(patient, content)
