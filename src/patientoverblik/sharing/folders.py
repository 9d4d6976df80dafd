"""Folders and references of a submission: what its own associations say beside document to document (TF-3 4.2.2.2).

A folder and what is put into it belong to the sender: an existing document or folder that is not the sender's own is
answered like one that does not exist (DESIGN 11, 13).
"""

from collections.abc import Iterator

import msgspec

from patientoverblik.problems import Finding
from patientoverblik.sharing.lookup import entry_of
from patientoverblik.sharing.model import Association, DocumentEntry, Folder
from patientoverblik.sharing.ownership import Key, keys, may_change
from patientoverblik.sharing.ports import NewIds, OpenShelf, Shelf
from patientoverblik.sharing.submission import Submission


class Members(msgspec.Struct, frozen=True):
    """Where the ends of links may lie: under the patient's keys, with the sender, among the uuids that are brought."""

    keys: tuple[int, ...]
    acting: frozenset[Key]
    brought: frozenset[str]


def members_of(submission: Submission, patient_keys: tuple[int, ...]) -> Members:
    """The ends that a submission may link."""
    documents = {document.described.entry.uuid for document in submission.documents}
    folders = {folder.uuid for folder in submission.folders}
    return Members(patient_keys, keys([submission.submitter]), frozenset(documents | folders) - {""})


def judge_links(shelf: Shelf, submission: Submission, members: Members) -> Iterator[Finding]:
    """Every link whose end is not here or not the sender's, and every folder whose uniqueId is taken."""
    for number, folder in enumerate(submission.folders):
        if _unique_taken(shelf, folder):
            yield Finding("sharing.entry-id-taken", place=f"folders[{number}]")
    for number, link in enumerate(submission.links):
        if not (_is_owner(shelf, link.source, members) and _is_member(shelf, link.target, submission, members)):
            yield Finding("sharing.target-unknown", place=f"links[{number}]")


def register_links(
    shelf: OpenShelf, submission: Submission, patient: int, set_uuid: str, ids: NewIds, now: int
) -> None:
    """Write the folders and links of a judged submission; each folder is a member of the set, as is what is put into
    one that was here before."""
    for folder in submission.folders:
        shelf.add_folder(msgspec.structs.replace(folder, patient=patient, updated=now))
        shelf.add_association(Association(ids.uuid(), "has-member", set_uuid, folder.uuid, patient, "Original"))
    for link in submission.links:
        made = Association(
            link.uuid or ids.uuid(), "has-member", link.source or set_uuid, link.target, patient, link.label
        )
        shelf.add_association(made)
        if link.source:
            shelf.add_association(Association(ids.uuid(), "has-member", set_uuid, made.uuid, patient, "Original"))


def follow_into_folders(shelf: OpenShelf, old: DocumentEntry, new: DocumentEntry, ids: NewIds) -> None:
    """Put what replaces a document into the folders it stands in (TF-2 3.42.4.1.3.3.1)."""
    for key in shelf.linked_keys(old.patient):
        held = {folder.uuid: folder for folder in shelf.folders(key) if folder.status == "approved"}
        for link in shelf.associations(key):
            if link.target == old.uuid and link.source in held and link.status == "approved":
                shelf.add_association(msgspec.structs.replace(link, uuid=ids.uuid(), target=new.uuid))
                shelf.put_folder(msgspec.structs.replace(held[link.source], updated=new.registered))


def _unique_taken(shelf: Shelf, folder: Folder) -> bool:
    located = (shelf.locate_folder(folder.unique_id), shelf.locate_set(folder.unique_id))
    return bool(shelf.locate_unique(folder.unique_id)) or any(one is not None for one in located)


def _is_owner(shelf: Shelf, source: str, members: Members) -> bool:
    """The set itself, a folder of this submission, or a folder in force of the patient that the sender made."""
    if not source or source in members.brought:
        return True
    return any(
        folder.uuid == source and folder.status == "approved" and not members.acting.isdisjoint(keys([folder.owner]))
        for key in members.keys
        for folder in shelf.folders(key)
    )


def _is_member(shelf: Shelf, target: str, submission: Submission, members: Members) -> bool:
    if target in members.brought:
        return True
    entry = entry_of(shelf, target)
    return (
        entry is not None and entry.patient in members.keys and may_change(entry, members.acting, submission.successors)
    )
