"""What is written at the FHIR door: resources of one's own created, found, changed and read again; and others' resources,
identifiers and documents written over, whether they are there for the writer or not.

All of it comes after everything that is only read, for it changes what is there.
"""

from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import msgspec
from starlette.applications import Starlette

from patientoverblik.access import Actor
from patientoverblik.edges.fhir.composing import Written, composed
from patientoverblik.edges.fhir.door import FhirSettings, routes
from patientoverblik.edges.identity.tokens import Tokens
from patientoverblik.formats.fhir import encode_json
from patientoverblik.service import House
from tests.doors.portal.browser import Browser
from tests.generative.doors.doors import NO_SUCH_DOCUMENT, About, Reader, certain, name_ids, whole
from tests.generative.doors.fhir_door import BASE, JSON, OPAQUE, PATIENT_KEY, issuer_for, token

GOAL = {"lifecycleStatus": "active", "description": {"text": "Gå til byen"}}
PLAN = {"status": "active", "intent": "plan", "title": "Plan for gangtræning"}
MEETING = {"status": "booked", "start": "2026-11-02T09:00:00+01:00", "end": "2026-11-02T09:30:00+01:00"}
NEW: dict[str, dict[str, Any]] = {"Goal": GOAL, "CarePlan": PLAN, "Appointment": MEETING}
MOST_OF_EACH = 4
LIST_TYPES = "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes"
MINIMAL = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/IHE.MHD.Minimal.ProvideBundle"
URI = "urn:ietf:rfc:3986"


def fhir_write_answers(house: House, reader: Reader, about: About) -> dict[str, bytes]:
    """Every answer to who writes, by the name of the question."""
    writer = _Writer(house, reader)
    with certain():
        for part in (own(writer), others(writer, about), documents(writer, reader.actor, about), tasks(writer, about)):
            for _ in part:
                pass
    assert not [name for name, answer in writer.told.items() if answer.startswith(b"500")]
    return writer.told


class _Writer:
    """One who writes at the door of a house; keeps every answer."""

    def __init__(self, house: House, reader: Reader) -> None:
        self.house = house
        settings = FhirSettings(Tokens((issuer_for(reader, "cruds"),)), OPAQUE)
        self.browser = Browser(Starlette(routes=routes(house, settings)), BASE)
        self.token = token(house)
        self.told: dict[str, bytes] = {}

    def ask(self, name: str, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """One question; its answer as JSON, with its tag."""
        name_ids(self.house, f"write {name}")
        self.house.clock.now += 1000
        given = {
            "authorization": f"Bearer {self.token}",
            **{key.replace("_", "-"): each for key, each in headers.items()},
        }
        sent = {"content": encode_json(body), "headers": {**given, **JSON}} if body is not None else {"headers": given}
        answer = self.browser.request(method, f"/fhir/{path}".rstrip("/"), **sent)
        self.told[f"fhir write {name}"] = whole(answer)
        found = msgspec.json.decode(answer.content) if answer.content else {}
        return {**found, "etag": answer.headers.get("etag", "")}


def about_patient(kind: str, **more: Any) -> dict[str, Any]:
    """A new resource of a type."""
    patient = {"reference": f"Patient/{OPAQUE.patient(PATIENT_KEY)}"}
    whose = (
        {"participant": [{"actor": patient, "status": "accepted"}]} if kind == "Appointment" else {"subject": patient}
    )
    return {"resourceType": kind, **NEW[kind], **whose, **more}


def own(writer: _Writer) -> Iterator[None]:
    """What is the writer's own: made, found, changed, read in all its versions, and counted."""
    patient = OPAQUE.patient(PATIENT_KEY)
    for kind in NEW:
        made = writer.ask(f"new {kind}", "POST", kind, about_patient(kind))
        name = f"{kind}/{made.get('id', 'none')}"
        yield writer.ask(f"read {kind}", "GET", name)
        changed = {**about_patient(kind), "id": made.get("id", "none")}
        yield writer.ask(f"change {kind}", "PUT", name, changed, if_match=made["etag"])
        yield writer.ask(f"change again {kind}", "PUT", name, changed, if_match=made["etag"])
        yield writer.ask(f"history {kind}", "GET", f"{name}/_history")
        yield writer.ask(f"count {kind}", "GET", f"{kind}?patient=Patient/{patient}&_summary=count")
        yield writer.ask(f"found {kind}", "GET", f"{kind}?patient=Patient/{patient}&_revinclude=Provenance:target")


def others(writer: _Writer, about: About) -> Iterator[None]:
    """What may be others', or nobody's: written over by its id and any version, and made unless it is there."""
    patient = OPAQUE.patient(PATIENT_KEY)
    versions = [one.rpartition(":")[2] for one in (*about.documents[:2], NO_SUCH_DOCUMENT)]
    for kind in NEW:
        named = [one.partition("/")[2] for one in about.resources if one.startswith(f"{kind}/")]
        for name in (*named[:MOST_OF_EACH], *named[-MOST_OF_EACH:], f"{patient}.none"):
            changed = {**about_patient(kind), "id": name}
            for version in versions:
                path = f"{kind}/{name}"
                yield writer.ask(f"over {path} {version}", "PUT", path, changed, if_match=f'W/"{version}"')
    for number, one in enumerate(about.identifiers):
        goal = about_patient("Goal", identifier=[{"system": URI, "value": f"urn:uuid:own-{number}"}])
        yield writer.ask(f"unless {one}", "POST", "Goal", goal, if_none_exist=f"identifier={one}")


def documents(writer: _Writer, actor: Actor, about: About) -> Iterator[None]:
    """Documents that say they replace or add to what is others', or nobody's (ITI-105, ITI-65). An organisation's own
    are its to replace, whatever is blocked for those who read there."""
    place = actor.organisation
    others_ = [one for one in about.documents if not any(place and place.same(each) for each in about.theirs[one])]
    for number, one in enumerate((*others_, NO_SUCH_DOCUMENT)):
        name = one.removeprefix("urn:uuid:")
        for relation in ("replaces", "appends"):
            related = [{"code": relation, "target": {"reference": f"DocumentReference/{name}"}}]
            reference = _reference(writer, actor, about, f"{number}-{relation}")
            published = {**reference, "relatesTo": related}
            yield writer.ask(f"publish {relation} {one}", "POST", "DocumentReference", published)
        again = _reference(writer, actor, about, f"{number}-provided")
        yield writer.ask(f"provide {one}", "POST", "", _bundle(again, name))


def _reference(writer: _Writer, actor: Actor, about: About, name: str) -> dict[str, Any]:
    """A DocumentReference with a document of the writer's own within."""
    series, own_id = f"urn:uuid:series-{name}", f"urn:uuid:document-{name}"
    told = composed(Written(about_patient("Goal"), about.patient, actor, writer.house.clock(), own_id, series))
    data = b64encode(encode_json(told)).decode()
    return {
        "resourceType": "DocumentReference",
        "masterIdentifier": {"system": URI, "value": own_id},
        "status": "current",
        "subject": {"reference": f"Patient/{OPAQUE.patient(PATIENT_KEY)}"},
        "content": [{"attachment": {"contentType": "application/fhir+json", "data": data}}],
    }


def _bundle(reference: dict[str, Any], target: str) -> dict[str, Any]:
    """The transaction that brings a document in the place of another, and sets that one's status."""
    attachment = reference["content"][0]["attachment"]
    related = [{"code": "replaces", "target": {"reference": f"DocumentReference/{target}"}}]
    package = {
        "resourceType": "List",
        "status": "current",
        "mode": "working",
        "code": {"coding": [{"system": LIST_TYPES, "code": "submissionset"}]},
        "subject": reference["subject"],
        "entry": [{"item": {"reference": "urn:uuid:r"}}],
    }
    at = {"contentType": attachment["contentType"], "url": "urn:uuid:d"}
    brought = {**reference, "relatesTo": related, "content": [{"attachment": at}]}
    binary = {"resourceType": "Binary", **attachment}
    parts = (("s", package), ("r", brought), ("d", binary))
    entries = [
        {"fullUrl": f"urn:uuid:{name}", "resource": one, "request": {"method": "POST", "url": one["resourceType"]}}
        for name, one in parts
    ]
    return {"resourceType": "Bundle", "meta": {"profile": [MINIMAL]}, "type": "transaction", "entry": entries}


def tasks(writer: _Writer, about: About) -> Iterator[None]:
    """Handovers answered: those the writer finds, and any by an id that may be nobody's."""
    patient = OPAQUE.patient(PATIENT_KEY)
    found = writer.ask("tasks", "GET", f"Task?patient=Patient/{patient}&status=requested,accepted")
    for one in (each["resource"] for each in found.get("entry", ()) if each["search"]["mode"] == "match"):
        answered = {**one, "status": "accepted"}
        tag = f'W/"{one["meta"]["versionId"]}"'
        yield writer.ask(f"answer {one['id']}", "PUT", f"Task/{one['id']}", answered, if_match=tag)
    for name in (*(one for one in about.resources if one.startswith("Task/")), f"Task/{patient}.none"):
        task = {"resourceType": "Task", "id": name.partition("/")[2], "status": "accepted", "intent": "order"}
        yield writer.ask(f"blind {name}", "PUT", name, task, if_match='W/"x"')
        yield writer.ask(f"blind {name} read", "GET", f"{name}/_history")
