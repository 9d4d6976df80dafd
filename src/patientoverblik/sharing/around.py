"""What stands around documents changed: new versions of folders, associations made and set aside (ITI-57; TF-2 3.57).

A folder belongs to whom made it, an association to whom its source belongs; what is somebody else's is answered like
what does not exist. What says that a document was replaced, made of another or registered in a set is history and
stays.
"""

from collections.abc import Iterator

import msgspec

from patientoverblik.access import OrganisationRef
from patientoverblik.problems import Finding
from patientoverblik.sharing.amend import Amendment
from patientoverblik.sharing.deprecate import Withdrawal, is_senders
from patientoverblik.sharing.lookup import entry_of
from patientoverblik.sharing.model import Association, AssociationType, DocumentEntry, Folder, Status, SubmissionSet
from patientoverblik.sharing.ownership import Successions, heirs, keys
from patientoverblik.sharing.ports import NewIds, OpenShelf, Shelf

ADDING: tuple[AssociationType, ...] = ("APND", "XFRM", "signs")


class Joined(msgspec.Struct, frozen=True):
    """An association between two objects that are here already (SubmitAssociation): entryUUIDs, and the one it gets."""

    type: AssociationType
    source: str
    target: str
    uuid: str


def judge_status(shelf: Shelf, asked: Withdrawal, to: Status) -> Folder | Association | Finding:
    """The folder or association whose status would change, or why it cannot."""
    found = _folder(shelf, asked.uuid) or _association(shelf, asked.uuid)
    if found is None or found.patient not in shelf.linked_keys(asked.patient) or not _is_own(shelf, found, asked):
        return Finding("sharing.target-unknown")
    if found.status == to:
        return Finding("sharing.status-differs" if to == "approved" else "sharing.status-not-approved")
    if isinstance(found, Folder):
        is_old = to == "approved" and _newest(shelf, found.patient, found.logical_id) != found
        return Finding("sharing.replaced-stays") if is_old else found
    return found if _can_change(shelf, found) else Finding("sharing.association-stays")


def put_status(shelf: OpenShelf, one: Folder | Association, to: Status, now: int) -> None:
    """Give a judged folder or association its new status."""
    if isinstance(one, Folder):
        shelf.put_folder(msgspec.structs.replace(one, status=to, updated=now))
    else:
        shelf.put_association(msgspec.structs.replace(one, status=to))


def judge_folder(shelf: Shelf, asked: Amendment, draft: Folder) -> Folder | Finding:
    """The folder that would get a new version, or why not."""
    linked = shelf.linked_keys(asked.patient)
    own = next((one for key in linked if (one := _newest(shelf, key, asked.logical_id))), None)
    if own is None or not _is_made_by(own, asked.acting, asked.successors):
        return Finding("sharing.target-unknown")
    if own.version != asked.previous:
        return Finding("sharing.previous-version")
    if own.status != "approved":
        return Finding("sharing.target-deprecated")
    if draft.unique_id != own.unique_id:
        return Finding("sharing.unique-id-changed")
    taken = shelf.locate_object(draft.uuid) is not None or shelf.locate_entry(draft.uuid) is not None
    return Finding("sharing.entry-id-taken") if taken else own


def amend_folder(
    shelf: OpenShelf, old: Folder, draft: Folder, submission_set: SubmissionSet, ids: NewIds, propagates: bool
) -> Folder:
    """The new version of a folder, registered; what stood in the old one stands in it, where that is asked for."""
    new = msgspec.structs.replace(
        draft,
        patient=old.patient,
        logical_id=old.logical_id,
        version=old.version + 1,
        status="approved",
        owner=old.owner,
        updated=submission_set.submitted,
    )
    shelf.put_folder(msgspec.structs.replace(old, status="deprecated"))
    shelf.add_folder(new)
    for link in _members(shelf, old) if propagates else ():
        shelf.add_association(msgspec.structs.replace(link, uuid=ids.uuid(), source=new.uuid))
    shelf.add_association(Association(ids.uuid(), "has-member", submission_set.uuid, new.uuid, new.patient, "Original"))
    return new


def judge_joined(shelf: Shelf, asked: Withdrawal, joined: Joined) -> Finding | None:
    """Why two objects may not be joined, None where they may: both must be the sender's, and stand approved."""
    target = entry_of(shelf, joined.target)
    source = _folder(shelf, joined.source) if joined.type == "has-member" else entry_of(shelf, joined.source)
    if joined.type not in ("has-member", *ADDING):
        return Finding("sharing.association-not-allowed", about=joined.type)
    if source is None or target is None or target is source or not is_senders(shelf, target, asked):
        return Finding("sharing.target-unknown")
    if source.patient not in shelf.linked_keys(asked.patient) or not _is_own(shelf, source, asked):
        return Finding("sharing.target-unknown")
    if "deprecated" in (source.status, target.status):
        return Finding("sharing.target-deprecated")
    if shelf.locate_object(joined.uuid) is not None or shelf.locate_entry(joined.uuid) is not None:
        return Finding("sharing.entry-id-taken")
    return Finding("sharing.target-joined") if _is_joined(shelf, joined, target.patient) else None


def join(shelf: OpenShelf, joined: Joined, submission_set: SubmissionSet, ids: NewIds) -> None:
    """Register a judged association, as a member of the set it came in; a folder that got a member was updated."""
    patient = submission_set.patient
    shelf.add_association(Association(joined.uuid, joined.type, joined.source, joined.target, patient, "Reference"))
    shelf.add_association(Association(ids.uuid(), "has-member", submission_set.uuid, joined.uuid, patient, "Original"))
    folder = _folder(shelf, joined.source)
    if folder is not None:
        shelf.put_folder(msgspec.structs.replace(folder, updated=submission_set.submitted))


def _is_own(shelf: Shelf, one: Folder | Association | DocumentEntry, asked: Withdrawal) -> bool:
    if isinstance(one, DocumentEntry):
        return is_senders(shelf, one, asked)
    if isinstance(one, Folder):
        return _is_made_by(one, asked.acting, asked.successors)
    source = entry_of(shelf, one.source) or _folder(shelf, one.source)
    return source is not None and _is_own(shelf, source, asked)


def _is_made_by(folder: Folder, acting: tuple[OrganisationRef, ...], successors: Successions) -> bool:
    return not keys([folder.owner]).isdisjoint(heirs(keys(acting), successors))


def _can_change(shelf: Shelf, link: Association) -> bool:
    """Memberships in folders, and what adds a document to another; the rest is history."""
    in_folder = link.type == "has-member" and _folder(shelf, link.source) is not None
    return in_folder or link.type in ADDING


def _is_joined(shelf: Shelf, joined: Joined, patient: int) -> bool:
    links = (link for key in shelf.linked_keys(patient) for link in shelf.associations(key))
    asked = (joined.type, joined.source, joined.target)
    return any((link.type, link.source, link.target) == asked and link.status == "approved" for link in links)


def _members(shelf: Shelf, folder: Folder) -> Iterator[Association]:
    for key in shelf.linked_keys(folder.patient):
        for link in shelf.associations(key):
            if link.source == folder.uuid and link.type == "has-member" and link.status == "approved":
                yield link


def _folder(shelf: Shelf, uuid: str) -> Folder | None:
    return next((one for one in shelf.folders(shelf.locate_object(uuid) or 0) if one.uuid == uuid), None)


def _association(shelf: Shelf, uuid: str) -> Association | None:
    return next((one for one in shelf.associations(shelf.locate_object(uuid) or 0) if one.uuid == uuid), None)


def _newest(shelf: Shelf, patient: int, logical_id: str) -> Folder | None:
    """The latest version of a folder; one from before folders had versions is its own."""
    versions = [one for one in shelf.folders(patient) if (one.logical_id or one.uuid) == logical_id]
    return max(versions, key=lambda one: one.version, default=None)
