"""Register a submission set: whole or not at all, every fault told at once (IHE ITI TF-3 §4.2.3; ITI-41, ITI-42).

Nothing is written before everything is judged. What is refused changes nothing, so that the caller may write down the
refusal in the same transaction.
"""

from hashlib import sha256

import msgspec

from patientoverblik.problems import Finding
from patientoverblik.sharing.admission import admit, patient_of
from patientoverblik.sharing.lookup import entry_of
from patientoverblik.sharing.ports import NewIds, OpenShelf
from patientoverblik.sharing.register import Registering, register
from patientoverblik.sharing.submission import Accepted, NewDocument, Rejected, Submission, Submitted


def submit(shelf: OpenShelf, submission: Submission, ids: NewIds, now: int) -> Submitted | Rejected:
    """Register the documents of a submission at ``now`` (milliseconds UTC).

    The very same submission set again is answered as before. A uniqueId that stands for other bytes is refused.
    """
    digest = digest_of(submission)
    documents = [document.described.entry.unique_id for document in submission.documents]
    shelf.expect_submission(patient_of(submission), submission.unique_id, documents)
    repeated = _repeated(shelf, submission, digest)
    if repeated is not None:
        return repeated
    admitted = admit(shelf, submission)
    if isinstance(admitted, Rejected):
        return admitted
    return register(shelf, admitted, Registering(submission, ids, now, digest))


def digest_of(submission: Submission) -> str:
    """SHA-256 (hex) of what the sender handed in, by which a repeated submission is known again."""
    sender = (submission.patient, submission.submitter, submission.source_id, submission.title, submission.content_type)
    documents = [_handed_in(document) for document in submission.documents]
    handed_in: tuple[object, ...] = (sender, documents)
    if submission.folders or submission.links:
        handed_in = (*handed_in, submission.folders, submission.links)
    return sha256(msgspec.msgpack.encode(handed_in)).hexdigest()


def _handed_in(document: NewDocument) -> tuple[object, ...]:
    entry = document.described.entry
    codes = (entry.type_code, entry.format_code, entry.facility_type, entry.practice_setting)
    bytes_digest = document.content.encode() if document.absent else bytes.fromhex(document.content)
    return (entry.unique_id, entry.title, entry.mime_type, entry.object_type, *codes, bytes_digest, document.related)


def _repeated(shelf: OpenShelf, submission: Submission, digest: str) -> Submitted | Rejected | None:
    found = shelf.locate_set(submission.unique_id) if submission.unique_id else None
    if found is None:
        return None
    patient, held = found
    if held.digest != digest:
        return Rejected((Finding("sharing.set-id-taken", place="submission.unique_id"),))
    return Submitted(held.uuid, patient, _members(shelf, patient, held.uuid), repeated=True)


def _members(shelf: OpenShelf, patient: int, set_uuid: str) -> tuple[Accepted, ...]:
    links = [one for one in shelf.associations(patient) if one.source == set_uuid and one.type == "has-member"]
    found = [(entry_of(shelf, link.target), link.label == "Reference") for link in links]
    return tuple(Accepted(entry, again) for entry, again in found if entry is not None)
