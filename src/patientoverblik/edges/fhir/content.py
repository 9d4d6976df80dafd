"""What the documents say, as resources: of every document that still holds, written once and kept as bytes.

A resource's id begins with its patient's and is stable over replace; its versionId names the document it stands in. To
each document belongs a Provenance of what is derived from it (IHE mXDE).
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from patientoverblik.edges.fhir.call import Call, Resource
from patientoverblik.edges.fhir.finding import Pool, pool_of
from patientoverblik.edges.fhir.handovers import Exchange, exchange_of, told_tasks
from patientoverblik.edges.fhir.instants import instant
from patientoverblik.edges.fhir.opaque import POINT
from patientoverblik.edges.fhir.registered import bare, dated, registered
from patientoverblik.edges.fhir.rendition import Rendition, rendered
from patientoverblik.formats.fhir import Anchor, places, resource_id, url_of, write_resources
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
KEPT_WHOLE = 256
"""Patients of whom everything is kept together, for one reader's sight of them each."""
_POOLS: Recent[tuple[str, str, PatientId | None, Same], Pool] = Recent(KEPT_WHOLE)


def content(call: Call, has: Contents) -> Pool:
    """Everything that the documents which hold say, what is told of where it comes from, and the documents; the very
    same pool as long as what is told to the reader is the very same."""
    patient = call.opaque.patient(has.patient)
    key = (patient, call.base, has.number, Same((has.registered, has.gathered)))
    kept = _POOLS.get(key)
    if kept is None:
        kept = _POOLS[key] = pool_of(dated(call, _content(has, patient, call.base), has.registered.entries))
    return kept


def _content(has: Contents, patient: str, base: str) -> Iterator[Rendition]:
    documents = newest_first(has.gathered.current)
    said = [one for held in documents for one in resources_of(held, patient)]
    people = [one for one in said if one.type == "Patient"]
    rest = [one for one in said if one.type != "Patient"]
    known = patient_of(people, patient, has.number)
    told = told_tasks(rest, (exchange(held, patient) for held in documents))
    yield from (known, *told, *registered(has.registered, patient, base))


def forget() -> None:
    """Let go of everything that is kept, for whoever measures what it takes to write it."""
    _MADE.clear()
    _POOLS.clear()


def newest_first(documents: Iterable[Held]) -> list[Held]:
    """The documents in the order in which they may speak for the patient."""
    return sorted(
        documents, key=lambda held: (-min(held[0].created or held[0].registered, held[0].registered), held[0].uuid)
    )


class Made(msgspec.Struct, frozen=True):
    """What one document is as resources: they themselves, the name (``Goal/id``) of each place of the document, and
    what it asks and answers other parties."""

    renditions: tuple[Rendition, ...] = ()
    names: Mapping[str, str] = {}
    exchange: Exchange = Exchange()


def resources_of(held: Held, patient: str) -> tuple[Rendition, ...]:
    """The resources of one document."""
    return _made(held, patient).renditions


def names_of(held: Held, patient: str) -> Mapping[str, str]:
    """The resource of each place of a document: ``Goal/id`` by where it stands."""
    return _made(held, patient).names


def exchange(held: Held, patient: str) -> Exchange:
    """What a document asks of other parties, and what it answers them."""
    return _made(held, patient).exchange


def _made(held: Held, patient: str) -> Made:
    """A document as resources; it follows from what the document says and whose it is alone, so it is made once."""
    entry, care = held
    if care is None:
        return Made()
    key = (patient, entry.uuid, entry.logical_id, Same((care,)))
    kept = _MADE.get(key)
    if kept is None:
        said, names = tuple(_resources(held, patient)), _names(held, patient)
        kept = _MADE[key] = Made(said, names, exchange_of(held, anchor_of(held, patient), said, names))
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
