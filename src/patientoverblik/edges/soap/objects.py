"""What the registry holds, as registry objects of the wire (TF-3 4.2)."""

from collections.abc import Iterator, Mapping
from functools import lru_cache

from msgspec import structs

from patientoverblik.edges.soap.ebrim import Classification, RegistryObject, xml_of
from patientoverblik.edges.soap.ebrim.attributes import write_attributes
from patientoverblik.edges.soap.query import OBJECT_TYPES, STATUS
from patientoverblik.edges.soap.submission import FOLDER, HAS_MEMBER, RELATIONS, SUBMISSION_SET
from patientoverblik.service.registry import Answered
from patientoverblik.sharing.model import Association, DocumentEntry, Folder, PatientId, Status, SubmissionSet

UPDATE_STATUS = "urn:ihe:iti:2010:AssociationType:UpdateAvailabilityStatus"
TYPES: Mapping[str, str] = {
    "has-member": HAS_MEMBER,
    "update-availability": UPDATE_STATUS,
} | {name: uri for uri, name in RELATIONS.items()}
OID = "urn:oid:"
AVAILABILITY = "documentAvailability"
_PACKAGE = "urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:RegistryPackage"
_WRITTEN = {name: uri for uri, name in OBJECT_TYPES.items()}
MOST_WRITTEN = 4_000
"""Entries kept as XML by one worker, about 6 kB each."""
_REFERENCE = '<rim:ObjectRef id="{}" home="{}"/>'


def leaves(answered: Answered, home: str, plain: bool = False) -> Iterator[str]:
    """Every object found, whole; ``plain``: without the attributes of metadata level 2."""
    patient = answered.patient
    if patient is None:
        return
    found = answered.found
    yield from (_entry_xml(one, patient, plain) for one in found.entries)
    yield from (xml_of(set_object(one, patient, home)) for one in found.sets)
    folders = (folder_object(one, patient, home) for one in found.folders)
    yield from (xml_of(unversioned(one) if plain else one) for one in folders)
    yield from (xml_of(association_object(one, home)) for one in found.associations)


@lru_cache(maxsize=MOST_WRITTEN)
def _entry_xml(entry: DocumentEntry, patient: PatientId, plain: bool) -> str:
    """An entry as XML; it follows from nothing but the entry as the reader may know it, the id it is told under and
    the metadata level."""
    one = entry_object(entry, patient)
    return xml_of(unversioned(one) if plain else one)


def unversioned(one: RegistryObject) -> RegistryObject:
    """The object without what only who updates metadata needs: logicalID, version and documentAvailability."""
    slots = {name: values for name, values in one.slots.items() if name != AVAILABILITY}
    return structs.replace(one, lid="", version="", slots=slots)


def references(answered: Answered, home: str) -> Iterator[str]:
    """A reference to every object found."""
    found = answered.found
    kinds = (found.entries, found.sets, found.folders, found.associations)
    return (reference(one.uuid, home) for objects in kinds for one in objects)


def reference(uuid: str, home: str) -> str:
    """A reference to one object."""
    return _REFERENCE.format(uuid, community(home))


def entry_object(entry: DocumentEntry, patient: PatientId) -> RegistryObject:
    """A document entry; metadata without an attribute of their own stand in slots, as they came."""
    plain = RegistryObject(
        kind="entry",
        id=entry.uuid,
        lid=entry.logical_id,
        object_type=_WRITTEN[entry.object_type],
        mime_type=entry.mime_type,
        status=_status(entry.status),
        home=community(entry.home),
        version=str(entry.version),
    )
    written = write_attributes("entry", entry, patient, plain)
    return with_slots(written, dict(entry.extra)) if entry.extra else written


def set_object(one: SubmissionSet, patient: PatientId, home: str) -> RegistryObject:
    """A submission set."""
    plain = RegistryObject(
        kind="package",
        id=one.uuid,
        home=community(home),
        object_type=_PACKAGE,
        status=_status(one.status),
        classifications=(Classification(node=SUBMISSION_SET),),
    )
    return write_attributes("set", one, patient, plain)


def folder_object(one: Folder, patient: PatientId, home: str) -> RegistryObject:
    """A folder."""
    plain = RegistryObject(
        kind="package",
        id=one.uuid,
        lid=one.logical_id,
        home=community(home),
        object_type=_PACKAGE,
        status=_status(one.status),
        version=str(one.version),
        classifications=(Classification(node=FOLDER),),
    )
    return write_attributes("folder", one, patient, plain)


def association_object(one: Association, home: str) -> RegistryObject:
    """An association; the label of a membership is its SubmissionSetStatus."""
    label = {"SubmissionSetStatus": (one.label,)} if one.label in ("Original", "Reference") else {}
    if one.type == "update-availability":
        before = "Approved" if one.label == "Deprecated" else "Deprecated"
        label = {"OriginalStatus": (f"{STATUS}{before}",), "NewStatus": (f"{STATUS}{one.label}",)}
    return RegistryObject(
        kind="association",
        id=one.uuid,
        home=community(home),
        object_type="urn:oasis:names:tc:ebxml-regrep:ObjectType:RegistryObject:Association",
        status=_status(one.status),
        source=one.source,
        target=one.target,
        type=TYPES[one.type],
        slots=label,
    )


def with_slots(one: RegistryObject, more: Mapping[str, tuple[str, ...]]) -> RegistryObject:
    """The object with more slots."""
    return structs.replace(one, slots={**one.slots, **more})


def community(home: str) -> str:
    """A homeCommunityId as it is written: an OID as a URN (TF-3 4.2.3.2.12)."""
    return home if not home or home.startswith(OID) else f"{OID}{home}"


def _status(status: Status) -> str:
    return f"{STATUS}{status.capitalize()}"
