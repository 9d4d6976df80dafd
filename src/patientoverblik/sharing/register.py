"""Write a judged submission down: bytes, entries, readings, associations, and what they replace."""

from uuid import UUID

import msgspec

from patientoverblik.sharing.admission import Admitted
from patientoverblik.sharing.candidate import Candidate, Verdict
from patientoverblik.sharing.folders import follow_into_folders, register_links
from patientoverblik.sharing.model import Association, DocumentEntry, SubmissionSet
from patientoverblik.sharing.ports import NewIds, OpenShelf
from patientoverblik.sharing.replace import deprecate_replaced
from patientoverblik.sharing.submission import Accepted, Submission, Submitted


class Registering(msgspec.Struct, frozen=True):
    """A submission being registered: its new ids, its time (milliseconds UTC) and its digest."""

    submission: Submission
    ids: NewIds
    now: int
    digest: str


def register(shelf: OpenShelf, admitted: Admitted, making: Registering) -> Submitted:
    """Register every document; the answer names their entries in order."""
    patient = shelf.claim_patient(admitted.patient, making.ids.patient_key())
    if admitted.key is None:
        shelf.expect_registration(patient, [candidate.document.content for candidate, _ in admitted.documents])
    submission_set = _submission_set(making, admitted, patient)
    shelf.add_set(submission_set)
    accepted = []
    for candidate, verdict in admitted.documents:
        entry = verdict.known or _add(shelf, candidate, verdict, submission_set, making)
        label = "Reference" if verdict.known else "Original"
        shelf.add_association(
            Association(making.ids.uuid(), "has-member", submission_set.uuid, entry.uuid, patient, label)
        )
        accepted.append(Accepted(entry, again=verdict.known is not None))
    register_links(shelf, making.submission, patient, submission_set.uuid, making.ids, making.now)
    return Submitted(submission_set.uuid, patient, tuple(accepted))


def _submission_set(making: Registering, admitted: Admitted, patient: int) -> SubmissionSet:
    submission = making.submission
    uuid = submission.uuid or making.ids.uuid()
    drafts = [candidate.draft for candidate, _ in admitted.documents]
    return SubmissionSet(
        uuid=uuid,
        unique_id=submission.unique_id or _oid_of(uuid),
        patient=patient,
        source_id=submission.source_id,
        submitted=making.now,
        title=submission.title,
        content_type=submission.content_type or next((draft.type_code for draft in drafts), None),
        author=submission.author or next((author for draft in drafts for author in draft.authors), None),
        digest=making.digest,
        comments=submission.comments,
        intended_recipients=submission.intended_recipients,
    )


def _add(
    shelf: OpenShelf, candidate: Candidate, verdict: Verdict, submission_set: SubmissionSet, making: Registering
) -> DocumentEntry:
    entry = _where_it_lies(shelf, _entry(candidate, verdict, submission_set, making.ids.uuid()))
    shelf.claim_unique(entry.unique_id, entry.patient, entry.content)
    if not candidate.document.absent:
        shelf.add_content(entry.patient, entry.content, candidate.document.data)
    shelf.add_entry(entry)
    if candidate.document.reading is not None:
        shelf.put_reading(entry.patient, candidate.document.reading)
    for type_, target in verdict.links:
        shelf.add_association(Association(making.ids.uuid(), type_, entry.uuid, target, entry.patient))
    for old in verdict.replaced:
        follow_into_folders(shelf, old, entry, making.ids)
        deprecate_replaced(shelf, old, entry)
    return entry


def _where_it_lies(shelf: OpenShelf, entry: DocumentEntry) -> DocumentEntry:
    """The entry under the key that its document has already, where that key is linked with the one it came in by."""
    linked = shelf.linked_keys(entry.patient)
    held = next((key for key, _ in shelf.locate_unique(entry.unique_id) if key in linked), entry.patient)
    return msgspec.structs.replace(entry, patient=held)


def _entry(candidate: Candidate, verdict: Verdict, submission_set: SubmissionSet, uuid: str) -> DocumentEntry:
    draft = candidate.draft
    return msgspec.structs.replace(
        draft,
        uuid=draft.uuid or uuid,
        logical_id=draft.logical_id or draft.uuid or uuid,
        patient=submission_set.patient,
        status="approved",
        content=candidate.document.content,
        size=draft.size if candidate.document.absent else len(candidate.document.data),
        set_uuid=submission_set.uuid,
        registered=submission_set.submitted,
        replaces=tuple(target.uuid for target in verdict.replaced),
        findings=(*draft.findings, *verdict.notes),
    )


def _oid_of(uuid: str) -> str:
    """A UUID as an object identifier (ITU-T X.667), which an XDS uniqueId of a submission set must be."""
    return f"2.25.{UUID(uuid).int}"
