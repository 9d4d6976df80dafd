"""A submission as it stands on the wire becomes a delivery (ITI-41, ITI-42; TF-3 4.2): every fault told at once.

Ids that mean something only within the message ("symbolic") are given uuids here; real ones are kept.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import msgspec

from patientoverblik.edges.soap.ebrim.attributes import Attributes, missing, read_attributes
from patientoverblik.edges.soap.ebrim.model import RegistryObject
from patientoverblik.edges.soap.ebrim.table import Owner
from patientoverblik.edges.soap.query import OBJECT_TYPES
from patientoverblik.problems import Finding
from patientoverblik.service import Delivery, Handed
from patientoverblik.sharing.codes import listed
from patientoverblik.sharing.metadata import LISTS
from patientoverblik.sharing.model import AssociationType, Folder, ObjectType, PatientId
from patientoverblik.sharing.stated import Stated
from patientoverblik.sharing.submission import Link

SUBMISSION_SET = "urn:uuid:a54d6aa5-d40d-43f9-88c5-b4633d873bdd"
FOLDER = "urn:uuid:d9d542f3-6cc4-48b6-8870-ea235fbc94c2"
HAS_MEMBER = "urn:oasis:names:tc:ebxml-regrep:AssociationType:HasMember"
RELATIONS: Mapping[str, AssociationType] = {
    f"urn:ihe:iti:2007:AssociationType:{name}": name for name in ("RPLC", "APND", "XFRM", "XFRM_RPLC", "signs")
} | {"urn:ihe:iti:2010:AssociationType:IsSnapshotOf": "is-snapshot-of"}

_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)


class Way(msgspec.Struct, frozen=True):
    """How documents are registered: with their bytes or without, of which object type, and which attributes of an entry
    need not or must not be stated."""

    brings: bool
    object_type: ObjectType
    unneeded: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()


PROVIDE = Way(True, "stable", frozenset({"hash", "size", "repositoryUniqueId"}))
"""The repository adds what is lacking (TF-2 3.41.4.1.3.2)."""
REGISTER = Way(False, "stable")
ON_DEMAND = Way(False, "on-demand", frozenset({"hash", "size", "creationTime"}), frozenset({"hash", "size"}))
"""What cannot be known of a document that is not made yet (TF-2 3.61.4.1.2)."""


class Read(msgspec.Struct, frozen=True):
    """A submission as it was read: the delivery, None where something in it cannot be understood, and every fault.

    ``ids`` are the documents' ids in the message, in the delivery's order.
    """

    delivery: Delivery | None
    faults: tuple[Finding, ...]
    ids: tuple[str, ...] = ()


class Described(msgspec.Struct, frozen=True):
    """One object of the submission with what it says of itself, and the uuid it is known by from here on."""

    owner: Owner
    uuid: str
    one: RegistryObject
    said: Attributes


def read_submission(
    objects: Sequence[RegistryObject],
    documents: Mapping[str, bytes],
    new_uuid: Callable[[], str],
    way: Way = PROVIDE,
) -> Read:
    """The delivery of a provided submission set, with the bytes of its documents by their ids in the message.

    Faults in attributes leave a delivery, for the door to decide on; those of structure leave none.
    """
    uuids = {one.id: one.id if one.id.startswith("urn:uuid:") else new_uuid() for one in objects if one.id}
    described = tuple(described_in(objects, uuids))
    sets = [one for one in described if one.owner == "set"]
    soft = [fault for one in described for fault in faults_of(one, way.unneeded)]
    hard = [*wrong_types(described, (way.object_type,)), *_barred(described, way)]
    hard += _of_documents(described, documents) if way.brings else ()
    if len(sets) != 1:
        return Read(None, (Finding("xds.one-submission-set"), *hard, *soft))
    links = [one for one in objects if one.kind == "association"]
    hard += _of_links(described, sets[0], links, uuids)
    made = None if hard else _delivery(described, sets[0], links, uuids, documents)
    ids = tuple(one.one.id for one in described if one.owner == "entry")
    return Read(made, (*hard, *soft), ids)


def noting(read: Read, kept: Iterable[Finding]) -> Delivery | None:
    """The delivery of a submission, with what was found of its attributes for its entries to keep."""
    if read.delivery is None or not read.delivery.documents:
        return read.delivery
    by_entry = noted(read.ids, kept)
    documents = tuple(
        msgspec.structs.replace(one, noted=by_entry[id_])
        for one, id_ in zip(read.delivery.documents, read.ids, strict=True)
    )
    return msgspec.structs.replace(read.delivery, documents=documents)


def noted(ids: Sequence[str], kept: Iterable[Finding]) -> Mapping[str, tuple[Finding, ...]]:
    """Findings of a request's attributes by the entry that keeps them: its own, and with the first those of what stands
    around them. Only the attribute's name is kept as the place: an id in a message can be anything. What the registry
    finds itself is kept by it."""
    found: dict[str, tuple[Finding, ...]] = dict.fromkeys(ids, ())
    for one in kept:
        owner, _, attribute = one.place.rpartition("/")
        if one.code.startswith("xds."):
            id_ = owner if owner in found else ids[0]
            found[id_] = (*found[id_], msgspec.structs.replace(one, place=attribute))
    return found


def described_in(objects: Iterable[RegistryObject], uuids: Mapping[str, str]) -> Iterator[Described]:
    """The entries, sets and folders of a request with what they say of themselves."""
    for one in objects:
        owner = _owner(one)
        if owner:
            yield Described(owner, uuids.get(one.id, ""), one, read_attributes(owner, one))


def _owner(one: RegistryObject) -> Owner | None:
    if one.kind == "entry":
        return "entry"
    nodes = {said.node for said in one.classifications} if one.kind == "package" else set()
    if SUBMISSION_SET in nodes:
        return "set"
    return "folder" if FOLDER in nodes else None


def faults_of(described: Described, unneeded: frozenset[str] = PROVIDE.unneeded) -> Iterator[Finding]:
    """What is wrong with the attributes of an object, placed by its id."""
    found = (*described.said.faults, *missing(described.owner, described.said, unneeded), *_of_id(described.one.id))
    place = described.one.id
    yield from (msgspec.structs.replace(fault, place=f"{place}/{fault.place}") for fault in found)


def _of_id(id_: str) -> Iterator[Finding]:
    """An id that says it is a UUID and is none (TF-3 4.2.3.2.7); another means something within the message alone."""
    if id_.startswith("urn:uuid:") and _UUID.fullmatch(id_) is None:
        yield Finding("xds.attribute-wrong", place="entryUUID", about="entryUUID")


def wrong_types(
    described: Iterable[Described], wanted: tuple[ObjectType, ...] = ("stable", "on-demand")
) -> Iterator[Finding]:
    """Entries of no object type that is wanted."""
    for one in described:
        if one.owner == "entry" and OBJECT_TYPES.get(one.one.object_type) not in wanted:
            yield Finding("xds.object-type", place=f"{one.one.id}/objectType", about="objectType")


def _barred(described: Iterable[Described], way: Way) -> Iterator[Finding]:
    """What an entry of this way may not say; registered without its bytes, it must say where they are."""
    for one in described:
        if one.owner != "entry":
            continue
        for name in sorted(way.barred & set(one.one.slots)):
            yield Finding("xds.attribute-barred", place=f"{one.one.id}/{name}", about=name)
        if not way.brings and not one.said.values.get("repository"):
            yield Finding("xds.attribute-missing", place=f"{one.one.id}/repositoryUniqueId", about="repositoryUniqueId")


def _of_documents(described: Iterable[Described], documents: Mapping[str, bytes]) -> Iterator[Finding]:
    named = {one.one.id for one in described if one.owner == "entry"}
    for id_ in sorted(named - set(documents)):
        yield Finding("xds.missing-document", place=id_)
    for id_ in sorted(set(documents) - named):
        yield Finding("xds.document-without-metadata", place=id_)
    for id_ in sorted(named & set(documents)):
        if not documents[id_]:
            yield Finding("xds.empty-document", place=id_)


def not_listed(delivery: Delivery | None) -> Iterator[Finding]:
    """The codes of a delivery that are not in the Danish value sets."""
    for number, one in enumerate(delivery.documents if delivery else ()):
        for name, code_list in LISTS:
            code = getattr(one.stated, name)
            if code is not None and listed(code_list, code) is None:
                yield Finding(
                    "sharing.code-not-listed", place=f"documents[{number}].{name}", about=name.replace("_", " ")
                )


def _of_links(
    described: Sequence[Described], package: Described, links: Iterable[RegistryObject], uuids: Mapping[str, str]
) -> Iterator[Finding]:
    patients = {one.said.patient for one in described if one.said.patient}
    if len(patients) > 1:
        yield Finding("xds.patients-differ")
    held = {link.target for link in links if link.type == HAS_MEMBER and link.source == package.one.id}
    for one in described:
        if one is not package and one.one.id not in held:
            yield Finding("xds.not-in-submission-set", place=one.one.id)
    for link in links:
        if link.type != HAS_MEMBER and link.type not in RELATIONS:
            yield Finding("xds.association-type", place=link.id)
        for end in (link.source, link.target):
            if end not in uuids and not end.startswith("urn:uuid:"):
                yield Finding("xds.association-end", place=link.id)


def _delivery(
    described: Sequence[Described],
    package: Described,
    links: Sequence[RegistryObject],
    uuids: Mapping[str, str],
    documents: Mapping[str, bytes],
) -> Delivery:
    said = package.said.values
    entries = [one for one in described if one.owner == "entry"]
    return Delivery(
        documents=tuple(
            Handed(
                documents.get(one.one.id, b""),
                stated_of(one),
                tuple(_related(one, links, uuids)),
                "" if one.one.id in documents else one.said.values.get("repository", ""),
            )
            for one in entries
        ),
        patient=_patient(described),
        submission_set=said.get("unique_id", ""),
        source_id=said.get("source_id", ""),
        title=said.get("title", ""),
        author=next(iter(said.get("author", ())), None),
        content_type=said.get("content_type"),
        register_again=True,
        folders=tuple(folder_of(one) for one in described if one.owner == "folder"),
        links=tuple(_links(described, package, links, uuids)),
        uuid=package.uuid,
        comments=said.get("comments", ""),
        intended_recipients=said.get("intended_recipients", ()),
    )


def patient_of(objects: Iterable[RegistryObject]) -> PatientId | None:
    """The patient that the objects of a request are about, None where they name none or several."""
    named = {one.said.patient for one in described_in(objects, {}) if one.said.patient}
    return next(iter(named)) if len(named) == 1 else None


def _patient(described: Iterable[Described]) -> PatientId | None:
    return next((one.said.patient for one in described if one.said.patient), None)


def stated_of(described: Described) -> Stated:
    """What the sender states of an entry, of a known object type."""
    one = described.one
    said = {name: value for name, value in described.said.values.items() if name != "repository"}
    return Stated(
        uuid=described.uuid,
        mime_type=one.mime_type or "text/xml",
        object_type=OBJECT_TYPES[one.object_type],
        extra=described.said.extra,
        **said,
    )


def folder_of(described: Described) -> Folder:
    """A folder as its sender describes it."""
    said = dict(described.said.values)
    return Folder(described.uuid, said.pop("unique_id", ""), 0, logical_id=described.uuid, **said)


def _related(
    described: Described, links: Iterable[RegistryObject], uuids: Mapping[str, str]
) -> Iterator[tuple[AssociationType, str]]:
    for link in links:
        if link.source == described.one.id and link.type in RELATIONS:
            yield RELATIONS[link.type], uuids.get(link.target, link.target)


def _links(
    described: Iterable[Described], package: Described, links: Iterable[RegistryObject], uuids: Mapping[str, str]
) -> Iterator[Link]:
    """Memberships in folders, and of what is here already in the set; that of what is new in the set goes unsaid."""
    new = {one.one.id for one in described}
    own = {link.id for link in links if link.type == HAS_MEMBER and link.source != package.one.id}
    for link in links:
        if link.type != HAS_MEMBER or (link.source == package.one.id and link.target in (new | own)):
            continue
        in_set = link.source == package.one.id
        source = "" if in_set else uuids.get(link.source, link.source)
        label = link.slot("SubmissionSetStatus") or ("Reference" if in_set else "")
        yield Link(source, uuids.get(link.target, link.target), label, uuids.get(link.id, ""))
