"""Change what is said of a document: a new version of its entry beside the old one (ITI-57 metadata update; TF-2 3.57).

The document is the same, and so is whose it is: what blocks and ownership rest on cannot be changed by saying something
else of it. The old version stays to be found as deprecated; it is neither withdrawn nor replaced.
"""

from collections.abc import Iterable, Iterator

import msgspec

from patientoverblik.access import OrganisationRef
from patientoverblik.problems import Finding
from patientoverblik.sharing.lookup import entries_of_all
from patientoverblik.sharing.model import Association, DocumentEntry, SubmissionSet
from patientoverblik.sharing.ownership import Successions, keys, may_change, owners
from patientoverblik.sharing.ports import NewIds, OpenShelf, Shelf

KEPT = (
    "patient",
    "logical_id",
    "repository",
    "home",
    "content",
    "size",
    "sha1",
    "submitter",
    "registered",
    "replaces",
    "source",
    "shown_from",
    "message",
)
"""What the new version has of the old one, whatever is said."""


class Amendment(msgspec.Struct, frozen=True):
    """A new version asked for: of the entry with this logical id, whose version must be ``previous``.

    ``patient`` is the key that the request names; ``acting`` are the organisations the sender may act for.
    """

    patient: int
    logical_id: str
    previous: int
    acting: tuple[OrganisationRef, ...]
    successors: Successions = ()


def latest(entries: Iterable[DocumentEntry]) -> tuple[DocumentEntry, ...]:
    """The entries without those that have a later version of themselves, in order."""
    held = tuple(entries)
    newest: dict[str, int] = {}
    for entry in held:
        newest[entry.logical_id] = max(entry.version, newest.get(entry.logical_id, 0))
    return tuple(entry for entry in held if entry.version == newest[entry.logical_id])


def judge_target(shelf: Shelf, asked: Amendment) -> DocumentEntry | Finding:
    """The version that would be amended, or why not; one that is not the sender's is answered like none."""
    own = _own(shelf, asked)
    if own is None:
        return Finding("sharing.target-unknown")
    if own.version != asked.previous:
        return Finding("sharing.previous-version")
    return own if own.status == "approved" else Finding("sharing.target-deprecated")


def _own(shelf: Shelf, asked: Amendment) -> DocumentEntry | None:
    versions = [
        entry
        for entry in latest(entries_of_all(shelf, shelf.linked_keys(asked.patient)))
        if entry.logical_id == asked.logical_id and may_change(entry, keys(asked.acting), asked.successors)
    ]
    return next(iter(versions), None)


def judge_change(shelf: Shelf, old: DocumentEntry, draft: DocumentEntry) -> Iterator[Finding]:
    """What the draft of a new version changes that it may not."""
    if draft.unique_id != old.unique_id:
        yield Finding("sharing.unique-id-changed")
    if draft.object_type != old.object_type or draft.mime_type != old.mime_type:
        yield Finding("sharing.unmodifiable", about="objectType, mimeType")
    if owners(draft) != owners(old) or not set(old.origins) <= {*draft.origins, *_none(old.submitter)}:
        yield Finding("sharing.unmodifiable", about="author.authorInstitution")
    if draft.uuid and shelf.locate_entry(draft.uuid) is not None:
        yield Finding("sharing.entry-id-taken")


def amend(
    shelf: OpenShelf, old: DocumentEntry, draft: DocumentEntry, submission_set: SubmissionSet, ids: NewIds
) -> DocumentEntry:
    """The new version, registered; what the old one was related to, the new one is."""
    kept = {name: getattr(old, name) for name in KEPT}
    new = msgspec.structs.replace(
        draft,
        **kept,
        uuid=draft.uuid or ids.uuid(),
        version=old.version + 1,
        status="approved",
        set_uuid=submission_set.uuid,
    )
    shelf.put_entry(msgspec.structs.replace(old, status="deprecated", deprecated_at=submission_set.submitted))
    shelf.add_entry(new)
    for link in _propagated(shelf, old, new, ids):
        shelf.add_association(link)
    shelf.add_association(Association(ids.uuid(), "has-member", submission_set.uuid, new.uuid, new.patient, "Original"))
    return new


def _propagated(shelf: Shelf, old: DocumentEntry, new: DocumentEntry, ids: NewIds) -> tuple[Association, ...]:
    """The associations of the old version as the new one's: with documents and folders, not with its own set."""
    linked = shelf.linked_keys(old.patient)
    folders = {folder.uuid for key in linked for folder in shelf.folders(key)}
    links = [link for key in linked for link in shelf.associations(key) if old.uuid in (link.source, link.target)]
    return tuple(
        msgspec.structs.replace(
            link, uuid=ids.uuid(), source=_moved(link.source, old, new), target=_moved(link.target, old, new)
        )
        for link in links
        if link.status == "approved"
        and link.type != "update-availability"
        and (link.type != "has-member" or link.source in folders)
    )


def _moved(end: str, old: DocumentEntry, new: DocumentEntry) -> str:
    return new.uuid if end == old.uuid else end


def _none(place: OrganisationRef | None) -> tuple[OrganisationRef, ...]:
    return () if place is None else (place,)
