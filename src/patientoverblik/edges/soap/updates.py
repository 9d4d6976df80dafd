"""What an update asks for, as it stands on the wire (ITI-57; TF-2 3.57.4.1.3.3): every fault told at once."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from patientoverblik.edges.soap.ebrim import RegistryObject
from patientoverblik.edges.soap.objects import UPDATE_STATUS
from patientoverblik.edges.soap.query import STATUSES
from patientoverblik.edges.soap.submission import (
    HAS_MEMBER,
    RELATIONS,
    SUBMISSION_SET,
    Described,
    described_in,
    faults_of,
    folder_of,
    noted,
    patient_of,
    stated_of,
    wrong_types,
)
from patientoverblik.problems import Finding
from patientoverblik.service.update import EntryUpdate, Update
from patientoverblik.service.update_around import FolderUpdate, StatusChange
from patientoverblik.sharing.around import Joined
from patientoverblik.sharing.model import PatientId, SubmissionSet

SUBMIT_ASSOCIATION = "urn:ihe:iti:2010:AssociationType:SubmitAssociation"


class Asked(msgspec.Struct, frozen=True):
    """An update as it was read; ``soft`` are the faults of attributes, which the door decides on."""

    update: Update
    patient: PatientId
    soft: tuple[Finding, ...]
    ids: tuple[str, ...] = ()


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
        tuple(_folders(described, links, previous)),
        tuple(_joined(links, uuids)),
    )
    soft = tuple(fault for one in described if one.owner != "set" for fault in faults_of(one))
    return Asked(update, patient, soft, tuple(one.one.id for one in entries))


def noting(asked: Asked, kept: Iterable[Finding]) -> Update:
    """The update, with what was found of its attributes for the new versions to keep."""
    by_entry = noted(asked.ids, kept) if asked.ids else {}
    entries = tuple(
        msgspec.structs.replace(one, noted=by_entry[id_])
        for one, id_ in zip(asked.update.entries, asked.ids, strict=True)
    )
    return msgspec.structs.replace(asked.update, entries=entries)


def _of_whole(
    objects: Iterable[RegistryObject], links: Iterable[RegistryObject], patient: PatientId | None
) -> Iterator[Finding]:
    sets = [one for one in objects if any(said.node == SUBMISSION_SET for said in one.classifications)]
    if len(sets) != 1:
        yield Finding("xds.one-submission-set")
    if patient is None:
        yield Finding("xds.attribute-missing", place="patientId", about="patientId")
    changes = [one for one in links if one.type in (UPDATE_STATUS, SUBMIT_ASSOCIATION)]
    described = [one for one in objects if one.kind in ("entry", "package") and one not in sets]
    if not changes and not described:
        yield Finding("xds.nothing-to-update")
    for link in links:
        change = {link.slot("OriginalStatus"), link.slot("NewStatus")}
        if link.type == UPDATE_STATUS and change != set(STATUSES):
            yield Finding("xds.status-change", place=link.id)


def _of_operations(described: Iterable[Described], links: Sequence[RegistryObject]) -> Iterator[Finding]:
    """What is no operation of this registry. A document's associations always go on with its new version: what they say
    keeps a withdrawn document's companions from standing alone."""
    brought = {link.target for link in links if link.type == SUBMIT_ASSOCIATION}
    kinds = {one.one.id: one.owner for one in described}
    for link in links:
        stays = link.slot("AssociationPropagation").lower() == "no" and kinds.get(link.target) != "folder"
        known = link.type in (UPDATE_STATUS, HAS_MEMBER, SUBMIT_ASSOCIATION)
        if stays or not (known or (link.id in brought and link.type in RELATIONS)):
            yield Finding("xds.update-operation", place=link.id)
    yield from _without_version(described, _previous(links))
    for uuid in brought - {link.id for link in links}:
        yield Finding("xds.association-end", place=uuid)


def _without_version(described: Iterable[Described], previous: Mapping[str, int]) -> Iterator[Finding]:
    for one in described:
        if one.owner != "set" and not (one.one.lid.startswith("urn:uuid:") and previous.get(one.one.id)):
            yield Finding("xds.update-version", place=one.one.id)


def _joined(links: Sequence[RegistryObject], uuids: Mapping[str, str]) -> Iterator[Joined]:
    """The associations that the request brings (SubmitAssociation names each)."""
    brought = {link.target for link in links if link.type == SUBMIT_ASSOCIATION}
    for link in links:
        if link.id in brought:
            type_ = "has-member" if link.type == HAS_MEMBER else RELATIONS[link.type]
            yield Joined(type_, link.source, link.target, uuids[link.id])


def _folders(
    described: Iterable[Described], links: Sequence[RegistryObject], previous: Mapping[str, int]
) -> Iterator[FolderUpdate]:
    alone = {link.target for link in links if link.slot("AssociationPropagation").lower() == "no"}
    for one in described:
        if one.owner == "folder":
            yield FolderUpdate(one.one.lid, previous[one.one.id], folder_of(one), one.one.id not in alone)


def _previous(links: Iterable[RegistryObject]) -> Mapping[str, int]:
    """The version that each object of the request takes over from, by the object's id in the message."""
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
