"""What the registry holds, as resources: DocumentReference, and List for submission sets and folders (IHE MHD 4.2,
volume 3, "MHD Metadata object and XDS mapping").

An id is the bare logical id of the entry, so it stays when its metadata change; versionId counts what is said of it.
"""

from base64 import b64encode
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from patientoverblik.access import OrganisationRef
from patientoverblik.edges.fhir.call import Call, Resource
from patientoverblik.edges.fhir.instants import instant
from patientoverblik.edges.fhir.rendition import Rendition, rendered
from patientoverblik.formats.fhir import encode_json, url_of
from patientoverblik.overview.recent import Recent
from patientoverblik.service.house import CITIZENS
from patientoverblik.sharing.amend import latest
from patientoverblik.sharing.model import Association, Author, Code, DocumentEntry, Folder, SubmissionSet
from patientoverblik.sharing.stored_query import Answer

URI = "urn:ietf:rfc:3986"
URN = "urn:uuid:"
LIST_TYPES = "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes"
EXTENSION = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-"
AUTHORISATION = "https://autregweb.sst.dk"
RELATIONS = {"RPLC": "replaces", "XFRM": "transforms", "APND": "appends", "XFRM_RPLC": "replaces"} | {
    "signs": "signs",
    "is-snapshot-of": "transforms",
}
KEPT = 20_000
_PACK = msgspec.msgpack.Encoder().encode
_WRITTEN: Recent[tuple[str, str, bytes], Rendition] = Recent(KEPT)


def registered(found: Answer, patient: str, base: str) -> Iterator[Rendition]:
    """Every registry object that exists for the reader, each entry in its latest version; ``patient`` is the id of the
    Patient."""
    names = {entry.uuid: bare(entry.logical_id) for entry in found.entries}
    related, members = _links(found.associations, names)
    for entry in latest(found.entries):
        yield _kept(_reference, (entry, tuple(related.get(entry.uuid, ()))), patient, base)
    for one in found.sets:
        yield _kept(_set_list, (one, tuple(dict.fromkeys(members.get(one.uuid, ())))), patient, base)
    for folder in found.folders:
        yield _kept(_folder_list, (folder, tuple(dict.fromkeys(members.get(folder.uuid, ())))), patient, base)


def dated(call: Call, found: Iterable[Rendition], entries: Iterable[DocumentEntry]) -> Iterator[Rendition]:
    """Resources by the time they came to the reader: to the patient, and to who acts for them, a document that was held
    back came when it was shown, so that who asks what has come since finds it."""
    patients = call.actor.kind in CITIZENS
    held_back = {one.uuid: one.shown_from for one in entries if one.shown_from} if patients else {}
    return (_dated(one, held_back) for one in found) if held_back else iter(found)


def _dated(one: Rendition, held_back: Mapping[str, int]) -> Rendition:
    at = max((held_back.get(entry, 0) for entry in one.documents), default=0)
    if at <= one.updated:
        return one
    whole = {**one.resource, "meta": {**one.resource["meta"], "lastUpdated": instant(at)}}
    return msgspec.structs.replace(one, updated=at, resource=whole, data=encode_json(whole))


def _links(
    associations: Iterable[Association], names: Mapping[str, str]
) -> tuple[Mapping[str, list[tuple[str, str]]], Mapping[str, list[str]]]:
    """How each document is related to others (code, id), and what is in each set and folder."""
    related: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    members: defaultdict[str, list[str]] = defaultdict(list)
    for one in associations:
        if one.target in names and one.type in RELATIONS:
            related[one.source].append((RELATIONS[one.type], names[one.target]))
        elif one.target in names and one.type == "has-member":
            members[one.source].append(f"DocumentReference/{names[one.target]}")
    return related, members


def _kept(write: Callable[..., Rendition], told: tuple[Any, Any], patient: str, base: str) -> Rendition:
    """A registry object as it was written before: it follows from nothing but what is told of it."""
    key = (patient, base, _PACK(told))
    kept = _WRITTEN.get(key)
    if kept is None:
        kept = _WRITTEN[key] = write(*told, patient, base)
    return kept


def bare(uuid: str) -> str:
    """A UUID as a resource's id."""
    return uuid.removeprefix(URN)


def version_of(entry: DocumentEntry) -> str:
    """The versionId of what is said of a document: a new one for new metadata, and when it ceases to hold."""
    return str(2 * entry.version - (entry.status == "approved"))


def _reference(entry: DocumentEntry, related: Iterable[tuple[str, str]], patient: str, base: str) -> Rendition:
    """The DocumentReference of an entry."""
    return rendered(_document(entry, related, patient, base), version_of(entry), _changed(entry), entry.uuid)


def _changed(entry: DocumentEntry) -> int:
    return max(entry.registered, entry.deprecated_at)


def _document(entry: DocumentEntry, related: Iterable[tuple[str, str]], patient: str, base: str) -> Resource:
    authors = [_Party(f"author{number}", one) for number, one in enumerate(entry.authors)]
    legal = [_Party("authenticator", entry.legal_authenticator)] if entry.legal_authenticator else []
    made: dict[str, Any] = {
        "resourceType": "DocumentReference",
        "id": bare(entry.logical_id),
        "contained": [each for party in (*authors, *legal) for each in party.resources()] + _told_of_patient(entry),
        "masterIdentifier": _unique(entry.unique_id),
        "identifier": [{"use": "official", "system": URI, "value": entry.uuid}],
        "status": "current" if entry.status == "approved" else "superseded",
        "type": concept(entry.type_code),
        "category": [concept(entry.class_code)] if entry.class_code else [],
        "subject": {"reference": f"Patient/{patient}"},
        "date": instant(entry.registered),
        "author": [{"reference": f"#{party.id}"} for party in authors],
        "authenticator": {"reference": "#authenticator"} if legal else None,
        "custodian": _organisation_reference(entry.custodian),
        "relatesTo": [{"code": code, "target": {"reference": f"DocumentReference/{to}"}} for code, to in related],
        "description": entry.comments,
        "securityLabel": [concept(entry.confidentiality)] if entry.confidentiality else [],
        "content": [_without_nothing({"attachment": _attachment(entry, base), "format": coding(entry.format_code)})],
        "context": _context(entry),
    }
    return _without_nothing(made)


def _attachment(entry: DocumentEntry, base: str) -> Resource:
    on_demand = entry.state == "on-demand"
    return _without_nothing(
        {
            "contentType": entry.mime_type,
            "language": entry.language,
            "url": f"{base}/Binary/{bare(entry.uuid)}",
            "size": 0 if on_demand else entry.size or None,
            "hash": "" if on_demand else b64encode(bytes.fromhex(entry.sha1)).decode(),
            "title": entry.title,
            "creation": instant(entry.created) if entry.created else "",
        }
    )


def _context(entry: DocumentEntry) -> Resource:
    times = {"start": entry.service_start, "end": entry.service_stop}
    return _without_nothing(
        {
            "event": [concept(code) for code in entry.event_codes],
            "period": {name: instant(at) for name, at in times.items() if at},
            "facilityType": concept(entry.facility_type),
            "practiceSetting": concept(entry.practice_setting),
            "sourcePatientInfo": {"reference": "#patient"} if entry.source_patient_info else None,
            "related": [{"identifier": _related(text)} for text in entry.reference_ids],
        }
    )


def _related(text: str) -> Resource:
    """An item of referenceIdList (CXi: ``id^^^&system&ISO^type``) as an identifier."""
    value, _, rest = text.partition("^^^")
    system = rest.partition("^")[0].strip("&").partition("&")[0]
    return _without_nothing({"system": url_of(system), "value": value})


def _told_of_patient(entry: DocumentEntry) -> list[Resource]:
    """The patient as the document's own header tells of them (sourcePatientInfo), without a number."""
    fields = dict(text.partition("|")[::2] for text in entry.source_patient_info)
    if not fields:
        return []
    family, _, given = fields.get("PID-5", "").partition("^")
    born = fields.get("PID-7", "")
    name = _without_nothing({"family": family, "given": [each for each in given.split("^") if each]})
    sex = {"M": "male", "F": "female", "male": "male", "female": "female"}.get(fields.get("PID-8", ""), "")
    date = f"{born[:4]}-{born[4:6]}-{born[6:8]}" if len(born) >= 8 else ""
    told = {
        "resourceType": "Patient",
        "id": "patient",
        "name": [name] if name else [],
        "gender": sex,
        "birthDate": date,
    }
    return [_without_nothing(told)]


class _Party(msgspec.Struct, frozen=True):
    """An author as contained resources: the organisation, the person, and the person's role there where both are.

    Where an organisation alone may not be referred to (``in_a_role``), it is told as a role there of nobody named.
    """

    id: str
    author: Author
    in_a_role: bool = False

    def resources(self) -> Iterator[Resource]:
        """The resources, the one that is referred to last."""
        place, person = self.author.organisation, bool(self.author.family or self.author.given)
        if not person:
            yield from self._nobody_named(place)
            return
        name = _without_nothing({"family": self.author.family, "given": list(self.author.given)})
        told = {"resourceType": "Practitioner", "id": f"{self.id}p" if place else self.id, "name": [name]}
        if place is None:
            yield told
            return
        yield _organisation(place, f"{self.id}o")
        yield told
        role = {"resourceType": "PractitionerRole", "id": self.id, "practitioner": {"reference": f"#{self.id}p"}}
        yield {**role, "organization": {"reference": f"#{self.id}o"}}

    def _nobody_named(self, place: OrganisationRef | None) -> Iterator[Resource]:
        if not self.in_a_role:
            yield _organisation(place, self.id)
            return
        yield _organisation(place, f"{self.id}o")
        yield {"resourceType": "PractitionerRole", "id": self.id, "organization": {"reference": f"#{self.id}o"}}


def _organisation(place: OrganisationRef | None, id_: str) -> Resource:
    told: dict[str, Any] = {"resourceType": "Organization", "id": id_}
    return told if place is None else _without_nothing({**told, "identifier": [_identifier(place)], "name": place.name})


def _organisation_reference(place: OrganisationRef | None) -> Resource | None:
    return None if place is None else _without_nothing({"identifier": _identifier(place), "display": place.name})


def _identifier(place: OrganisationRef) -> Resource:
    return {"system": url_of(place.system), "value": place.value}


def _unique(unique_id: str) -> Resource:
    """An XDS uniqueId: an OID or UUID as a URI, ``root^extension`` as an identifier of the root's."""
    root, caret, extension = unique_id.partition("^")
    if caret:
        return {"system": url_of(root), "value": extension}
    is_oid = all(part.isdigit() for part in root.split("."))
    return {"system": URI, "value": f"urn:oid:{root}" if is_oid else root}


def concept(code: Code | None) -> Resource | None:
    """A metadata code as a CodeableConcept."""
    return None if code is None else {"coding": [coding(code)]}


def coding(code: Code | None) -> Resource | None:
    """A metadata code as a Coding."""
    return (
        None
        if code is None
        else _without_nothing({"system": url_of(code.scheme), "code": code.code, "display": code.display})
    )


def _set_list(one: SubmissionSet, members: Iterable[str], patient: str, _base: str) -> Rendition:
    """The List of a submission set (MHD SubmissionSet)."""
    author = _Party("source", one.author, in_a_role=True) if one.author else None
    recipients = [_extension("intendedRecipient", valueReference={"display": text}) for text in one.intended_recipients]
    extensions = [
        *([_extension("designationType", valueCodeableConcept=concept(one.content_type))] if one.content_type else ()),
        *(
            [_extension("sourceId", valueIdentifier={"system": URI, "value": _urn(one.source_id)})]
            if one.source_id
            else ()
        ),
        *recipients,
    ]
    said = _list(one, "submissionset", "SubmissionSet as a FHIR List", patient, members) | {
        "date": instant(one.submitted),
        "extension": extensions,
        "contained": list(author.resources()) if author else [],
        "source": {"reference": "#source"} if author else None,
    }
    return rendered(_ordered(said), "1", one.submitted)


def _folder_list(folder: Folder, members: Iterable[str], patient: str, _base: str) -> Rendition:
    """The List of a folder (MHD Folder)."""
    codes = [_extension("designationType", valueCodeableConcept=concept(code)) for code in folder.codes]
    said = _list(folder, "folder", "Folder as a FHIR List", patient, members)
    return rendered(
        _ordered(said | {"date": instant(folder.updated), "extension": codes}), str(folder.version), folder.updated
    )


def _list(one: SubmissionSet | Folder, code: str, display: str, patient: str, members: Iterable[str]) -> Resource:
    return {
        "resourceType": "List",
        "id": bare(one.uuid),
        "identifier": [
            {"use": "official", "system": URI, "value": one.uuid},
            {"use": "usual", **_unique(one.unique_id)},
        ],
        "status": "current" if one.status == "approved" else "retired",
        "mode": "working",
        "title": one.title,
        "code": {"coding": [{"system": LIST_TYPES, "code": code, "display": display}]},
        "subject": {"reference": f"Patient/{patient}"},
        "note": [{"text": one.comments}] if one.comments else [],
        "entry": [{"item": {"reference": name}} for name in members],
    }


_BEFORE = "resourceType id contained extension identifier status mode title code subject date source note entry"
ORDER = tuple(_BEFORE.split())


def _ordered(said: Resource) -> Resource:
    """The elements of a List in the norm's order, without those that say nothing."""
    return _without_nothing({name: said.get(name) for name in ORDER})


def _extension(name: str, **value: Any) -> Resource:
    return {"url": f"{EXTENSION}{name}", **value}


def _urn(source: str) -> str:
    return source if ":" in source else f"urn:oid:{source}"


def _without_nothing(said: Resource) -> Resource:
    """Without elements that have no value; false and zero are values."""
    return {name: value for name, value in said.items() if value not in (None, "", [], {})}
