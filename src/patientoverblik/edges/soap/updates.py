"""What an update asks for, as it stands on the wire (ITI-57; TF-2 3.57.4.1.3.3): every fault told at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from patientoverblik.edges.soap.ebrim import RegistryObject
from patientoverblik.edges.soap.objects import UPDATE_STATUS
from patientoverblik.edges.soap.query import STATUSES
from patientoverblik.edges.soap.submission import (
    HAS_MEMBER,
    SUBMISSION_SET,
    Described,
    described_in,
    faults_of,
    patient_of,
    stated_of,
    wrong_types,
)
from patientoverblik.problems import Finding
from patientoverblik.service.update import EntryUpdate, StatusChange, Update
from patientoverblik.sharing.model import PatientId, SubmissionSet


class Asked(msgspec.Struct, frozen=True):
    """An update as it was read; ``soft`` are the faults of attributes, which the door decides on."""

    update: Update
    patient: PatientId
    soft: tuple[Finding, ...]


def read_updates(objects: Sequence[RegistryObject], new_uuid: Callable[[], str]) -> Asked | tuple[Finding, ...]:
    """The update of a SubmitObjectsRequest, or what cannot be understood of it."""
    patient = patient_of(objects)
    links = [one for one in objects if one.kind == "association"]
    uuids = {one.id: one.id if one.id.startswith("urn:uuid:") else new_uuid() for one in objects if one.id}
    described = tuple(described_in(objects, uuids))
    entries = [one for one in described if one.owner == "entry"]
    faults = (*_of_whole(objects, links, patient), *_of_operations(described, links), *wrong_types(described))
    if faults or patient is None:
        return faults
    previous = _previous(links)
    update = Update(
        _set(next(one for one in described if one.owner == "set")),
        tuple(StatusChange(one.target, STATUSES[one.slot("NewStatus")]) for one in links if one.type == UPDATE_STATUS),
        tuple(EntryUpdate(one.one.lid, previous[one.one.id], stated_of(one)) for one in entries),
    )
    return Asked(update, patient, tuple(fault for one in entries for fault in faults_of(one)))


def _of_whole(
    objects: Iterable[RegistryObject], links: Iterable[RegistryObject], patient: PatientId | None
) -> Iterator[Finding]:
    sets = [one for one in objects if any(said.node == SUBMISSION_SET for said in one.classifications)]
    if len(sets) != 1:
        yield Finding("xds.one-submission-set")
    if patient is None:
        yield Finding("xds.attribute-missing", place="patientId", about="patientId")
    if not any(one.type == UPDATE_STATUS for one in links) and not any(one.kind == "entry" for one in objects):
        yield Finding("xds.nothing-to-update")
    for link in links:
        change = {link.slot("OriginalStatus"), link.slot("NewStatus")}
        if link.type == UPDATE_STATUS and change != set(STATUSES):
            yield Finding("xds.status-change", place=link.id)


def _of_operations(described: Iterable[Described], links: Sequence[RegistryObject]) -> Iterator[Finding]:
    """What this registry changes is status and what is said of documents; nothing of folders and associations."""
    for link in links:
        if link.type not in (UPDATE_STATUS, HAS_MEMBER) or link.slot("AssociationPropagation").lower() == "no":
            yield Finding("xds.update-operation", place=link.id)
    previous = _previous(links)
    for one in described:
        if one.owner == "folder":
            yield Finding("xds.update-operation", place=one.one.id)
        elif one.owner == "entry" and not (one.one.lid.startswith("urn:uuid:") and previous.get(one.one.id)):
            yield Finding("xds.update-version", place=one.one.id)


def _previous(links: Iterable[RegistryObject]) -> Mapping[str, int]:
    """The version that each entry of the request takes over from, by the entry's id in the message."""
    said = {link.target: link.slot("PreviousVersion") for link in links if link.type == HAS_MEMBER}
    return {target: int(text) for target, text in said.items() if text.isascii() and text.isdigit()}


def _set(one: Described) -> SubmissionSet:
    said = one.said.values
    return SubmissionSet(
        uuid=one.uuid,
        unique_id=said.get("unique_id", ""),
        patient=0,
        source_id=said.get("source_id", ""),
        submitted=0,
        title=said.get("title", ""),
        content_type=said.get("content_type"),
        author=next(iter(said.get("author", ())), None),
        comments=said.get("comments", ""),
        intended_recipients=said.get("intended_recipients", ()),
    )
