"""One resource becomes a document of its own: what is written here is kept as every document is, and read as one.

The document's set stays the same over changes, and so does the id of what stands in it.
"""

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import msgspec

from patientoverblik.access import Actor, OrganisationRef
from patientoverblik.edges.fhir.call import Resource
from patientoverblik.edges.fhir.composed import narrative
from patientoverblik.edges.fhir.instants import instant
from patientoverblik.edges.fhir.registered import AUTHORISATION, URI, URN
from patientoverblik.formats.fhir import url_of
from patientoverblik.sharing.model import PatientId

SERIES = "urn:dk:patientoverblik:fhir:series"
LOINC = "http://loinc.org"
TYPES: Mapping[str, tuple[str, str]] = {
    "CarePlan": ("81215-6", "Plan"),
    "Goal": ("81215-6", "Mål"),
    "Appointment": ("56446-8", "Aftale"),
}
"""The type of document (LOINC) each resource becomes, and its title where the resource has none."""


class Written(msgspec.Struct, frozen=True):
    """What is to be written: the resource, whose it is, who writes it, and when (ms UTC).

    ``document`` is the document's own id and ``series`` that of its set (UUIDs as URNs); ``replaces`` the identifier of
    the document it takes the place of, None where it is the first.
    """

    resource: Resource
    patient: PatientId
    actor: Actor
    at: int
    document: str
    series: str
    replaces: Mapping[str, Any] | None = None


def composed(written: Written) -> Resource:
    """The document Bundle of one resource."""
    kind = written.resource["resourceType"]
    names = {name: _within(written.series, name) for name in ("composition", "patient", "organisation", "person", kind)}
    parts = [
        (names["composition"], _composition(written, names)),
        (names["patient"], _patient(written.patient)),
        *_authors(written.actor, names),
        (names[kind], _about(written.resource, names["patient"])),
    ]
    return {
        "resourceType": "Bundle",
        "identifier": {"system": URI, "value": written.document},
        "type": "document",
        "timestamp": instant(written.at),
        "entry": [{"fullUrl": url, "resource": resource} for url, resource in parts],
    }


def _within(series: str, name: str) -> str:
    """What a part of the document is called in it: the same in every version."""
    return f"{URN}{uuid5(NAMESPACE_URL, f'{series}#{name}')}"


def _composition(written: Written, names: Mapping[str, str]) -> Resource:
    kind = written.resource["resourceType"]
    code, usual = TYPES[kind]
    title = str(written.resource.get("title") or usual)
    by = [names["person"]] if written.actor.authorisation or written.actor.name else []
    made: Resource = {
        "resourceType": "Composition",
        "extension": [{"url": SERIES, "valueIdentifier": {"system": URI, "value": written.series}}],
        "status": "final",
        "type": {"coding": [{"system": LOINC, "code": code}]},
        "subject": {"reference": names["patient"]},
        "date": instant(written.at),
        "author": [{"reference": each} for each in (names["organisation"], *by)],
        "title": title,
        "custodian": {"reference": names["organisation"]},
        "section": [{"title": title, "text": narrative([title]), "entry": [{"reference": names[kind]}]}],
    }
    if written.replaces:
        made["relatesTo"] = [{"code": "replaces", "targetIdentifier": dict(written.replaces)}]
    return made


def _patient(number: PatientId) -> Resource:
    return {"resourceType": "Patient", "identifier": [{"system": url_of(number.system), "value": number.value}]}


def _authors(actor: Actor, names: Mapping[str, str]) -> list[tuple[str, Resource]]:
    place = actor.organisation or OrganisationRef("", "")
    organisation: Resource = {"resourceType": "Organization"}
    organisation["identifier"] = [{"system": url_of(place.system), "value": place.value}]
    if place.name:
        organisation["name"] = place.name
    found = [(names["organisation"], organisation)]
    if actor.name or actor.authorisation:
        person: Resource = {"resourceType": "Practitioner"}
        if actor.authorisation:
            person["identifier"] = [{"system": AUTHORISATION, "value": actor.authorisation}]
        found.append((names["person"], person | ({"name": [{"text": actor.name}]} if actor.name else {})))
    return found


def _about(resource: Resource, patient: str) -> Resource:
    """The resource about the document's own patient, without what the door said of it."""
    kept = {name: value for name, value in resource.items() if name not in ("id", "meta", "subject", "participant")}
    if resource["resourceType"] != "Appointment":
        return {**kept, "subject": {"reference": patient}}
    others = [one for one in resource.get("participant", []) if not is_patient(one)]
    own = {"actor": {"reference": patient}, "status": "accepted"}
    return {**kept, "participant": [own, *others]}


def is_patient(participant: Mapping[str, Any]) -> bool:
    """Whether somebody who takes part is the patient."""
    actor = participant.get("actor", {})
    return actor.get("type") == "Patient" or "Patient/" in actor.get("reference", "")
