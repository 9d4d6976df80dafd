"""What the documents say, as resources: of every document that still holds, written once and kept as bytes.

A resource's id begins with its patient's and is stable over replace; its versionId names the document it stands in. To
each document belongs a Provenance of what is derived from it (IHE mXDE).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from patientoverblik.edges.fhir.call import Call, Resource
from patientoverblik.edges.fhir.finding import Pool, pool_of
from patientoverblik.edges.fhir.instants import instant
from patientoverblik.edges.fhir.opaque import POINT
from patientoverblik.edges.fhir.registered import bare, registered
from patientoverblik.edges.fhir.rendition import Rendition, rendered
from patientoverblik.edges.fhir.values import url_of
from patientoverblik.formats.fhir import Anchor, places, resource_id, write_resources
from patientoverblik.overview.attribution import owner_of, series_of
from patientoverblik.overview.gather import Held
from patientoverblik.overview.recent import Recent, Same
from patientoverblik.service.contents import Contents
from patientoverblik.sharing.model import DocumentEntry, PatientId

MXDE = "https://profiles.ihe.net/ITI/mXDE/StructureDefinition/IHE.ITI.mXDE.Provenance"
MXDE_POLICY = "urn:ihe:iti:mxde:2023:document-provenance-policy"
DERIVATION = "http://hl7.org/fhir/w3c-provenance-activity-type"
AGENT = "http://terminology.hl7.org/CodeSystem/provenance-participant-type"
SOFTWARE = "Samlet patientoverblik"
KEPT = 2048
"""Documents whose resources are kept."""


def content(call: Call, has: Contents) -> Pool:
    """Everything that the documents which hold say, what is told of where it comes from, and the documents."""
    patient = call.opaque.patient(has.patient)
    said = [one for held in newest_first(has.gathered.current) for one in resources_of(held, patient)]
    people = [one for one in said if one.type == "Patient"]
    rest = [one for one in said if one.type != "Patient"]
    known = patient_of(people, patient, has.number)
    return pool_of((known, *rest, *registered(has.registered, patient, call.base)))


def newest_first(documents: Iterable[Held]) -> list[Held]:
    """The documents in the order in which they may speak for the patient."""
    return sorted(
        documents, key=lambda held: (-min(held[0].created or held[0].registered, held[0].registered), held[0].uuid)
    )


class Made(msgspec.Struct, frozen=True):
    """What one document is as resources: they themselves, and the name (``Goal/id``) of each place of the document."""

    renditions: tuple[Rendition, ...] = ()
    names: Mapping[str, str] = {}


def resources_of(held: Held, patient: str) -> tuple[Rendition, ...]:
    """The resources of one document."""
    return _made(held, patient).renditions


def names_of(held: Held, patient: str) -> Mapping[str, str]:
    """The resource of each place of a document: ``Goal/id`` by where it stands."""
    return _made(held, patient).names


def _made(held: Held, patient: str) -> Made:
    """A document as resources; it follows from what the document says and whose it is alone, so it is made once."""
    entry, care = held
    if care is None:
        return Made()
    key = (patient, entry.uuid, entry.logical_id, Same((care,)))
    kept = _MADE.get(key)
    if kept is None:
        kept = _MADE[key] = Made(tuple(_resources(held, patient)), _names(held, patient))
    return kept


_MADE: Recent[tuple[str, str, str, Same], Made] = Recent(KEPT)


def _resources(held: Held, patient: str) -> Iterator[Rendition]:
    entry, care = held
    if care is None:
        return
    version, named = bare(entry.uuid), []
    for one in write_resources(care, anchor_of(held, patient)):
        made = rendered(placed(one, patient), version, entry.registered, entry.uuid)
        named.append(made.name)
        yield made
    told = provenance_of(entry, named, patient, resource_id(anchor_of(held, patient), "Provenance", entry.uuid))
    yield rendered(told, version, entry.registered, entry.uuid)


def anchor_of(held: Held, patient: str) -> Anchor:
    """What the ids of a document's resources follow from: its organisation and set, so that they outlive a replace."""
    entry, care = held
    series = series_of(entry, care)
    return Anchor(f"{owner_of(entry)} {series}" if series else entry.logical_id, patient, bare(entry.logical_id))


def _names(held: Held, patient: str) -> Mapping[str, str]:
    entry, care = held
    found = places(care, anchor_of((entry, care), patient)) if care is not None else {}
    return {place: name.replace("/", f"/{patient}{POINT}", 1) for place, name in found.items()}


def placed(resource: Resource, patient: str) -> Resource:
    """The resource with its own id and those it refers to led by the patient's."""
    moved: Resource = _placed(resource, patient)
    return moved if resource["resourceType"] == "Patient" else {**moved, "id": f"{patient}{POINT}{resource['id']}"}


def _placed(value: Any, patient: str) -> Any:
    if isinstance(value, list):
        return [_placed(each, patient) for each in value]
    if not isinstance(value, dict):
        return value
    found = {name: _placed(each, patient) for name, each in value.items()}
    literal = found.get("reference")
    if isinstance(literal, str) and _is_ours(literal):
        kind, _, name = literal.partition("/")
        found["reference"] = f"{kind}/{patient}{POINT}{name}"
    return found


def _is_ours(literal: str) -> bool:
    kind, _, name = literal.partition("/")
    return name != "" and kind not in ("Patient", "DocumentReference") and ":" not in literal and "#" not in literal


def patient_of(told: Iterable[Rendition], patient: str, number: PatientId | None) -> Rendition:
    """The Patient: as the newest document tells of them, else by their number alone."""
    found = next((one for one in told if one.resource.get("name")), None) or next(iter(told), None)
    if found is not None:
        return found
    known = [{"system": url_of(number.system), "value": number.value}] if number else []
    plain = {"resourceType": "Patient", "id": patient}
    return rendered({**plain, "identifier": known} if known else plain, "1", 0)


def provenance_of(entry: DocumentEntry, targets: Iterable[str], patient: str, name: str) -> Resource:
    """Where the resources of a document come from (mXDE): derived by us, from the document."""
    agent = {
        "type": {"coding": [{"system": AGENT, "code": "assembler"}]},
        "who": {"type": "Device", "display": SOFTWARE},
    }
    source = {"reference": f"DocumentReference/{bare(entry.logical_id)}"}
    return {
        "resourceType": "Provenance",
        "id": f"{patient}{POINT}{name}",
        "meta": {"profile": [MXDE]},
        "target": [{"reference": target} for target in dict.fromkeys(targets)],
        "recorded": instant(entry.registered),
        "policy": [MXDE_POLICY],
        "activity": {"coding": [{"system": DERIVATION, "code": "Derivation"}]},
        "agent": [agent],
        "entity": [{"role": "source", "what": source}],
    }
