"""A bundle that is provided becomes a delivery (ITI-65): every fault told at once, by the entry it stands in."""

import binascii
from base64 import b64decode
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from patientoverblik.edges.fhir.call import Call, Resource
from patientoverblik.edges.fhir.registered import LIST_TYPES, URN
from patientoverblik.edges.fhir.stated import (
    Option,
    Resolve,
    SaidOfDocument,
    SaidOfSet,
    said_of_document,
    said_of_list,
    unique_id,
)
from patientoverblik.edges.fhir.whose import patient_named
from patientoverblik.formats.fhir import encode_json, system_of
from patientoverblik.problems import Finding
from patientoverblik.service import Delivery, Handed
from patientoverblik.sharing.identify import identify
from patientoverblik.sharing.model import AssociationType, Folder, PatientId
from patientoverblik.sharing.submission import Link

PROFILES: Mapping[str, Option] = {
    f"https://profiles.ihe.net/ITI/MHD/StructureDefinition/IHE.MHD.{option}.ProvideBundle": option
    for option in ("Minimal", "UnContained.Comprehensive", "Comprehensive")
}
NOBODYS = "urn:uuid:00000000-0000-0000-0000-000000000000"
"""An entryUUID that no document has."""
FHIR_DOCUMENT = "application/fhir+json"
PLACED = (
    "DocumentReference",
    "List",
    "Binary",
    "Bundle",
    "Patient",
    "Practitioner",
    "PractitionerRole",
    "Organization",
)


class Entry(msgspec.Struct, frozen=True):
    """One entry of a bundle: its number, fullUrl, resource, and what is asked of it."""

    number: int
    url: str
    resource: Resource
    method: str
    target: str

    @property
    def place(self) -> str:
        """Where it stands."""
        return f"Bundle.entry[{self.number}]"

    @property
    def kind(self) -> str:
        """The type of its resource."""
        return str(self.resource.get("resourceType", ""))


class Bundle(msgspec.Struct, frozen=True):
    """What is provided, taken apart: the entries of each kind, and what they refer to one another by."""

    option: Option
    entries: tuple[Entry, ...]

    def of(self, kind: str) -> tuple[Entry, ...]:
        """The entries that bring a resource of a type."""
        return tuple(one for one in self.entries if one.kind == kind and one.method != "PATCH")

    def lists(self, code: str) -> tuple[Entry, ...]:
        """The Lists of a code."""
        return tuple(one for one in self.of("List") if code in _list_codes(one.resource))

    def at(self, address: str) -> Entry | None:
        """The entry of a fullUrl."""
        return next((one for one in self.entries if address and one.url == address), None)


class Provided(msgspec.Struct, frozen=True):
    """What was provided, as a delivery; ``uuids`` are the ids of what is new, by fullUrl."""

    delivery: Delivery
    uuids: Mapping[str, str]
    warnings: tuple[Finding, ...]


def read_bundle(told: Resource) -> Bundle | tuple[Finding, ...]:
    """The bundle of a request, or why it is none that can be taken."""
    if told.get("resourceType") != "Bundle" or told.get("type") != "transaction":
        return (Finding("mhd.not-a-transaction", place="Bundle.type"),)
    named = [one.partition("|")[0] for one in told.get("meta", {}).get("profile", [])]
    option = next((PROFILES[one] for one in named if one in PROFILES), None)
    if option is None:
        return (Finding("mhd.profile-unknown", place="Bundle.meta.profile"),)
    bundle = Bundle(option, tuple(_entry(number, one) for number, one in enumerate(told.get("entry", []))))
    faults = tuple(_of_structure(bundle))
    return faults or bundle


def provided(call: Call, bundle: Bundle) -> Provided | tuple[Finding, ...]:
    """The delivery of a bundle; or every fault of it, and then nothing of it is taken."""
    uuids = {one.url: _uuid(call, one) for one in (*bundle.of("DocumentReference"), *bundle.of("List")) if one.url}
    said = {
        one.number: said_of_document(one.resource, bundle.option, resolver(one.resource, bundle))
        for one in _references(bundle)
    }
    patients = set(_patients(call, bundle))
    findings = [*_of_documents(bundle, said), *_of_sets(bundle), *_of_patients(patients)]
    related = {number: tuple(_targets(call, uuids, one)) for number, one in said.items()}
    findings += _of_patches(bundle, related)
    if any(one.severity == "error" for one in findings):
        return tuple(findings)
    delivery = _delivery(call, bundle, uuids, said, related)
    return Provided(msgspec.structs.replace(delivery, patient=next(iter(patients), None)), uuids, tuple(findings))


def _entry(number: int, told: Mapping[str, Any]) -> Entry:
    request = told.get("request", {})
    return Entry(
        number, told.get("fullUrl", ""), told.get("resource", {}), request.get("method", "POST"), request.get("url", "")
    )


def _of_structure(bundle: Bundle) -> Iterator[Finding]:
    if len(bundle.lists("submissionset")) != 1:
        yield Finding("mhd.one-submission-set", place="Bundle.entry")
    if not _references(bundle):
        yield Finding("mhd.no-document", place="Bundle.entry")
    for one in bundle.entries:
        is_patch = one.method == "PATCH" and one.kind == "Parameters"
        if not is_patch and (one.kind not in PLACED or one.method not in ("POST", "PUT")):
            yield Finding("mhd.entry-unknown", place=one.place)


def _references(bundle: Bundle) -> tuple[Entry, ...]:
    return bundle.of("DocumentReference")


def _list_codes(told: Resource) -> list[str]:
    codings = told.get("code", {}).get("coding", [])
    return [one.get("code", "") for one in codings if one.get("system") in (LIST_TYPES, None)]


def _uuid(call: Call, one: Entry) -> str:
    official = [each.get("value", "") for each in one.resource.get("identifier", []) if each.get("use") != "usual"]
    given = next((each for each in official if each.startswith(URN)), "")
    return given or call.house.ids.uuid()


def resolver(one: Resource, bundle: Bundle | None = None) -> Resolve:
    """What finds a reference's target: contained in the resource, in the bundle, or as far as the reference says."""

    def resolve(reference: Mapping[str, Any]) -> Resource | None:
        literal = reference.get("reference", "")
        contained = next((each for each in one.get("contained", []) if literal == f"#{each.get('id')}"), None)
        entry = bundle.at(literal) if bundle else None
        return contained or (entry.resource if entry else _named(reference))

    return resolve


def _named(reference: Mapping[str, Any]) -> Resource | None:
    """What a reference tells of an organisation itself."""
    if "identifier" not in reference or reference.get("type", "Organization") != "Organization":
        return None
    name = reference.get("display", "")
    return {"resourceType": "Organization", "identifier": [reference["identifier"]], "name": name}


def _of_documents(bundle: Bundle, said: Mapping[int, SaidOfDocument]) -> Iterator[Finding]:
    wanted = set()
    for one in _references(bundle):
        yield from (
            msgspec.structs.replace(fault, place=f"{one.place}.resource{fault.place}")
            for fault in said[one.number].findings
        )
        address = document_address(one)
        wanted.add(address)
        document = bundle.at(address)
        if document is None or (document.kind == "Binary" and bytes_of(document) is None):
            yield Finding("mhd.document-missing", place=f"{one.place}.resource.content.attachment.url")
        elif document.kind == "Bundle" and (said[one.number].stated.sha1 or said[one.number].stated.size):
            yield Finding("mhd.hash-barred", place=f"{one.place}.resource.content.attachment")
    for one in (*bundle.of("Binary"), *bundle.of("Bundle")):
        if one.url not in wanted:
            yield Finding("mhd.document-alone", place=one.place)


def document_address(one: Entry) -> str:
    """What a DocumentReference gives as its document's address."""
    contents = one.resource.get("content", [])
    return str(contents[0].get("attachment", {}).get("url", "")) if contents else ""


def bytes_of(one: Entry) -> bytes | None:
    """The document of a Binary, or a FHIR document as JSON; None where it has none."""
    if one.kind == "Bundle":
        return encode_json(one.resource)
    try:
        return b64decode(one.resource.get("data", ""), validate=False) or None
    except (binascii.Error, ValueError):
        return None


def _of_sets(bundle: Bundle) -> Iterator[Finding]:
    package = bundle.lists("submissionset")[0]
    listed = {each.get("item", {}).get("reference", "") for each in package.resource.get("entry", [])}
    for one in (*_references(bundle), *bundle.lists("folder")):
        if one.url not in listed:
            yield Finding("mhd.not-in-set", place=one.place)
    if bundle.option != "Minimal" and not said_of_list(package.resource, resolver(package.resource, bundle)).source_id:
        yield Finding("mhd.element-missing", place=f"{package.place}.resource.extension", about="sourceId")


def _of_patients(patients: set[PatientId | None]) -> Iterator[Finding]:
    if None in patients:
        yield Finding("mhd.patient-unnamed")
    if len(patients) > 1:
        yield Finding("mhd.patients-differ")


def _patients(call: Call, bundle: Bundle) -> Iterator[PatientId | None]:
    """The patients that the bundle is about; None where one is named in no way that is known."""
    for one in (*_references(bundle), *bundle.of("List")):
        subject = one.resource.get("subject")
        if subject:
            yield patient_of(call, subject, resolver(one.resource, bundle))


def patient_of(call: Call, subject: Mapping[str, Any], resolve: Resolve) -> PatientId | None:
    """The patient of a reference: by identifier, by a Patient that came along, or by an id of ours."""
    known = _numbered([subject["identifier"]]) if "identifier" in subject else None
    if known:
        return known
    target = resolve({name: value for name, value in subject.items() if name != "identifier"})
    if target is not None:
        return _numbered(target.get("identifier", []))
    key = patient_named(call, subject.get("reference", ""))
    return next(iter(call.house.storage.reader().patient_ids(key)), None) if key else None


def _numbered(identifiers: list[Any]) -> PatientId | None:
    found = (identify(system_of(one.get("system", "")), one.get("value", "")) for one in identifiers)
    return next((one for one in found if one is not None), None)


def _targets(call: Call, uuids: Mapping[str, str], said: SaidOfDocument) -> Iterator[tuple[AssociationType, str]]:
    for kind, target in said.related:
        yield kind, uuids.get(target.get("reference", "")) or entry_of(call, target)


def entry_of(call: Call, target: Mapping[str, Any]) -> str:
    """The entryUUID of a document that is here, by our own address or an identifier; nobody's where there is none such.

    Whether the sender may relate to it is judged where it is registered, so that a document of others and none at all
    are answered alike (DESIGN 13)."""
    named = target.get("identifier", {}).get("value", "") or f"{URN}{target.get('reference', '').rpartition('/')[2]}"
    reader = call.house.storage.reader()
    if named.startswith(URN):
        key = reader.locate_entry(named)
        found = [one for one in reader.entries(key) if one.logical_id == named] if key else []
        return max(found, key=lambda one: one.version).uuid if found else named if key else NOBODYS
    unique = unique_id(target.get("identifier", {}))
    held = [one for key, _ in reader.locate_unique(unique) for one in reader.entries(key) if one.unique_id == unique]
    return held[-1].uuid if held else NOBODYS


def _of_patches(bundle: Bundle, related: Mapping[int, tuple[tuple[AssociationType, str], ...]]) -> Iterator[Finding]:
    """A status may be patched of what the same bundle replaces alone: that it ends follows from being replaced."""
    replaced = {uuid.removeprefix(URN) for ends in related.values() for kind, uuid in ends if kind == "RPLC"}
    for one in bundle.entries:
        if one.method != "PATCH":
            continue
        said = {each.get("name"): each for row in one.resource.get("parameter", []) for each in row.get("part", [])}
        value = said.get("value", {}).get("valueCode", "")
        path = said.get("path", {}).get("valueString", "")
        of_status = path.rpartition(".")[2] == "status" and value == "superseded"
        if not of_status or one.target.rpartition("/")[2] not in replaced:
            yield Finding("mhd.patch-unknown", place=one.place)


def _delivery(
    call: Call,
    bundle: Bundle,
    uuids: Mapping[str, str],
    said: Mapping[int, SaidOfDocument],
    related: Mapping[int, tuple[tuple[AssociationType, str], ...]],
) -> Delivery:
    package = bundle.lists("submissionset")[0]
    told = said_of_list(package.resource, resolver(package.resource, bundle))
    return Delivery(
        documents=tuple(
            _handed(bundle, one, uuids, said[one.number], related[one.number]) for one in _references(bundle)
        ),
        submission_set=told.unique_id,
        source_id=told.source_id,
        title=told.title,
        author=told.author,
        content_type=next(iter(told.codes), None),
        folders=tuple(_folder(uuids[one.url], _told(bundle, one)) for one in bundle.lists("folder")),
        links=tuple(_links(call, bundle, uuids)),
        uuid=uuids.get(package.url, ""),
        comments=told.comments,
    )


def _told(bundle: Bundle, one: Entry) -> SaidOfSet:
    return said_of_list(one.resource, resolver(one.resource, bundle))


def _handed(
    bundle: Bundle,
    one: Entry,
    uuids: Mapping[str, str],
    said: SaidOfDocument,
    related: tuple[tuple[AssociationType, str], ...],
) -> Handed:
    document = bundle.at(document_address(one))
    is_bundle = document is not None and document.kind == "Bundle"
    mime = FHIR_DOCUMENT if is_bundle else said.stated.mime_type
    stated = msgspec.structs.replace(said.stated, uuid=uuids.get(one.url, said.stated.uuid), mime_type=mime)
    return Handed((bytes_of(document) if document else None) or b"", stated, related)


def _folder(uuid: str, told: SaidOfSet) -> Folder:
    return Folder(uuid, told.unique_id, 0, logical_id=uuid, title=told.title, comments=told.comments, codes=told.codes)


def _links(call: Call, bundle: Bundle, uuids: Mapping[str, str]) -> Iterator[Link]:
    """Memberships in folders, and of what is here already in the set."""
    for one in bundle.lists("folder"):
        for target in _items(one):
            yield Link(uuids[one.url], uuids.get(target.get("reference", "")) or entry_of(call, target))
    for target in _items(bundle.lists("submissionset")[0]):
        if target.get("reference", "") not in uuids:
            yield Link("", entry_of(call, target), "Reference")


def _items(one: Entry) -> Iterator[Mapping[str, Any]]:
    return (each.get("item", {}) for each in one.resource.get("entry", []))
