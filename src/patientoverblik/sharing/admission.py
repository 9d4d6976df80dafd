"""Judge a submission before anything is written: every fault of every document, and what each document will replace.

What a sender is told of documents already here is only what the norm needs: a target that is not the sender's own is
answered like one that does not exist (DESIGN 13).
"""

from collections import Counter
from collections.abc import Iterator

import msgspec

from patientoverblik.problems import Finding
from patientoverblik.sharing.candidate import Candidate, Verdict
from patientoverblik.sharing.folders import judge_links, members_of
from patientoverblik.sharing.lookup import entries_named, entries_of_all
from patientoverblik.sharing.model import DocumentEntry, PatientId
from patientoverblik.sharing.ownership import keys as keys_of
from patientoverblik.sharing.ports import OpenShelf, Shelf
from patientoverblik.sharing.replace import REPLACING, judge_related
from patientoverblik.sharing.series import judge_claim, judge_series
from patientoverblik.sharing.submission import Rejected, Submission


class Admitted(msgspec.Struct, frozen=True):
    """A submission without faults: whose it is, under which key where they were ever seen, and its documents in order
    with the verdict on each."""

    patient: PatientId
    key: int | None
    documents: tuple[tuple[Candidate, Verdict], ...]


def admit(shelf: OpenShelf, submission: Submission) -> Admitted | Rejected:
    """Judge every document of a submission."""
    patient, candidates = patient_of(submission), _candidates(submission)
    known_key = shelf.patient_key(patient) if patient else None
    if known_key is not None:
        shelf.expect_registration(known_key, [candidate.document.content for candidate in candidates])
    keys = shelf.linked_keys(known_key) if known_key is not None else ()
    verdicts = [_judge(shelf, candidate, submission, keys) for candidate in candidates]
    faults = [*_of_whole(submission, patient, candidates), *(fault for one in verdicts for fault in one.faults)]
    faults += [] if patient is None else _of_others(shelf, patient, candidates, keys)
    faults += _replaced_twice(verdicts)
    faults += _ids_taken(shelf, submission)
    faults += judge_links(shelf, submission, members_of(submission, keys))
    if faults or patient is None:
        return Rejected(tuple(faults))
    return Admitted(patient, known_key, tuple(zip(candidates, verdicts, strict=True)))


def _candidates(submission: Submission) -> list[Candidate]:
    own = frozenset(document.described.entry.uuid for document in submission.documents) - {""}
    return [
        Candidate(
            place=f"documents[{index}]",
            document=document,
            draft=msgspec.structs.replace(
                document.described.entry, submitter=submission.submitter or document.described.entry.submitter
            ),
            beside=own - {document.described.entry.uuid},
            acting=None if submission.acting is None else keys_of(submission.acting),
        )
        for index, document in enumerate(submission.documents)
    ]


def patient_of(submission: Submission) -> PatientId | None:
    """Whose the submission is: by its metadata, else by the first document that names a patient."""
    if submission.patient is not None:
        return submission.patient
    return next((patient for document in submission.documents for patient in document.described.patients), None)


def _of_whole(submission: Submission, patient: PatientId | None, candidates: list[Candidate]) -> Iterator[Finding]:
    if not (candidates or submission.folders or submission.links):
        yield Finding("sharing.nothing-submitted", place="documents")
    if patient is None:
        yield Finding("sharing.no-patient-id", place="submission.patient")
    counted = Counter(candidate.draft.unique_id for candidate in candidates if candidate.draft.unique_id)
    for candidate in candidates:
        if counted[candidate.draft.unique_id] > 1 or candidate.draft.unique_id == submission.unique_id != "":
            yield Finding("sharing.document-id-twice", place=candidate.place)


def _of_others(
    shelf: OpenShelf, patient: PatientId, candidates: list[Candidate], keys: tuple[int, ...]
) -> Iterator[Finding]:
    """A document that does not name the patient, or names somebody else beside them: another number of the same kind
    that is not known to be the patient's too."""
    for candidate in candidates:
        named = candidate.document.described.patients
        alike = (one for one in named if one.system == patient.system and one != patient)
        if named and (patient not in named or any(shelf.patient_key(one) not in keys for one in alike)):
            yield Finding("sharing.patient-mismatch", place=candidate.place)


def _judge(shelf: Shelf, candidate: Candidate, submission: Submission, keys: tuple[int, ...]) -> Verdict:
    if not candidate.draft.unique_id:
        return Verdict(faults=(Finding("sharing.no-document-id", place=candidate.place),))
    if taken := tuple(_taken(shelf, candidate, keys)):
        return Verdict(faults=taken)
    known = next(iter(entries_named(shelf, candidate.draft.unique_id)), None)
    if known is not None and not submission.register_again:
        return Verdict(known=known, faults=tuple(_missed(candidate, known)))
    return _judge_new(shelf, candidate, submission, keys)


def _taken(shelf: Shelf, candidate: Candidate, keys: tuple[int, ...]) -> Iterator[Finding]:
    for patient, content in shelf.locate_unique(candidate.draft.unique_id):
        if content != candidate.document.content or patient not in keys:
            yield Finding("sharing.document-id-taken", place=candidate.place)
    if shelf.locate_set(candidate.draft.unique_id) or shelf.locate_folder(candidate.draft.unique_id):
        yield Finding("sharing.id-of-submission-set", place=candidate.place)


def _ids_taken(shelf: OpenShelf, submission: Submission) -> Iterator[Finding]:
    """The entryUUIDs chosen by the sender that stand for anything already, or for two things: they are looked up alone,
    and the first found would hide the other, whoever's it is."""
    chosen = dict(_chosen(submission))
    counted = Counter(chosen.values())
    for place, uuid in chosen.items():
        if counted[uuid] > 1 or shelf.locate_entry(uuid) is not None or shelf.locate_object(uuid) is not None:
            yield Finding("sharing.entry-id-taken", place=place)


def _chosen(submission: Submission) -> Iterator[tuple[str, str]]:
    """The entryUUIDs that the sender has chosen, by where they stand in the request."""
    kinds = {
        "documents": [document.described.entry.uuid for document in submission.documents],
        "folders": [folder.uuid for folder in submission.folders],
        "links": [link.uuid for link in submission.links],
    }
    named = {f"{kind}[{number}]": uuid for kind, uuids in kinds.items() for number, uuid in enumerate(uuids)}
    return ((place, uuid) for place, uuid in (("submission.uuid", submission.uuid), *named.items()) if uuid)


def _missed(candidate: Candidate, known: DocumentEntry) -> Iterator[Finding]:
    """A replacement asked for by a document that is here already and did not replace it: it must not pass for done."""
    if any(target not in known.replaces for target in candidate.document.targets(*REPLACING)):
        yield Finding("sharing.known-without-replacing", place=candidate.place)


def _judge_new(shelf: Shelf, candidate: Candidate, submission: Submission, keys: tuple[int, ...]) -> Verdict:
    related = judge_related(shelf, candidate, submission.successors, keys)
    others = entries_of_all(shelf, keys) if candidate.draft.series else ()
    notes = judge_series(candidate, others, related.replaced)
    faults = (*related.faults, *judge_claim(candidate, others, submission.successors))
    return msgspec.structs.replace(related, faults=faults, notes=(*related.notes, *notes))


def _replaced_twice(verdicts: list[Verdict]) -> Iterator[Finding]:
    counted: Counter[str] = Counter(target.uuid for verdict in verdicts for target in verdict.replaced)
    for index, verdict in enumerate(verdicts):
        if any(counted[target.uuid] > 1 for target in verdict.replaced):
            yield Finding("sharing.target-replaced-twice", place=f"documents[{index}]")
