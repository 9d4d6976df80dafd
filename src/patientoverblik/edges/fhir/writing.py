"""Create and update of CarePlan, Goal and Appointment (R4 http.html#create, #update): each is a document delivered.

So there is one truth: what is written is registered, logged, blocked, replaced and read as every document is. Only what
was written as a document of its own can be changed here, and only by the organisation it comes from.
"""

from functools import partial

import msgspec

from patientoverblik.access import Refusal
from patientoverblik.edges.fhir.asked import Filter, filter_of
from patientoverblik.edges.fhir.call import Answer, Call, Resource, answered
from patientoverblik.edges.fhir.composing import Written, composed, is_patient
from patientoverblik.edges.fhir.content import content, names_of, resources_of
from patientoverblik.edges.fhir.finding import fits
from patientoverblik.edges.fhir.iti65_provide import warnings
from patientoverblik.edges.fhir.outcome import noted, refused, refused_by
from patientoverblik.edges.fhir.provided import FHIR_DOCUMENT, patient_of, resolver
from patientoverblik.edges.fhir.reading import NOT_FOUND, told
from patientoverblik.edges.fhir.registered import URI, URN
from patientoverblik.edges.fhir.rendition import Rendition, documents_of
from patientoverblik.edges.fhir.searching import wish_of
from patientoverblik.edges.fhir.whose import Whose, owner_of
from patientoverblik.formats.fhir import encode_json
from patientoverblik.formats.model import Reading
from patientoverblik.overview.shield import shield
from patientoverblik.problems import Finding
from patientoverblik.service import Delivery, Handed, Receipt, Refused, deliver
from patientoverblik.service.contents import Contents, Showing, contents
from patientoverblik.service.reading import understand
from patientoverblik.sharing.model import DocumentEntry, PatientId
from patientoverblik.sharing.stated import Stated


class Current(msgspec.Struct, frozen=True):
    """What is held of a resource now: how it is sent, and the entry of the document it stands in."""

    rendition: Rendition
    entry: DocumentEntry


async def create(call: Call) -> Answer:
    """Write a resource that is new; with ``If-None-Exist``, unless there is one with the identifier already."""
    resource = call.resource or {}
    patient = _whose(call, resource)
    if isinstance(patient, Finding):
        return refused(patient)
    condition = call.headers.get("if-none-exist", "")
    if condition:
        there = await _there(call, patient, condition)
        if there is not None:
            return there
    series = call.house.ids.uuid()
    return await _write(call, Written(resource, patient, call.actor, call.house.clock(), call.house.ids.uuid(), series))


async def update(call: Call) -> Answer:
    """Write a resource anew: the version that ``If-Match`` names must be the current one."""
    resource = call.resource or {}
    patient = _whose(call, resource)
    if isinstance(patient, Finding):
        return refused(patient)
    wrong = precondition(call)
    if wrong is not None:
        return refused(wrong)
    whose = Whose(owner_of(call, call.id), by_id=True)
    answer = await contents(call.house, wish_of(call, whose, "document"), partial(_current, call))
    current = None if isinstance(answer, Refusal) else answer.value
    if current is None:
        return refused(NOT_FOUND)
    if call.headers["if-match"].strip() != current.rendition.etag:
        return refused(Finding("rest.version-differs"))
    series = _series(current.entry)
    if not series:
        return refused(Finding("rest.not-alone"))
    before = {"system": URI, "value": current.entry.unique_id.rpartition("^")[2]}
    at, document = call.house.clock(), call.house.ids.uuid()
    made = Written(resource, patient, call.actor, at, document, series, before)
    return await _write(call, made, current.entry)


def precondition(call: Call) -> Finding | None:
    """What is wrong with an update before anything is read: it is of a resource of the address's type and id, and says
    which version it changes (``If-Match``)."""
    resource = call.resource or {}
    if resource.get("resourceType") != call.type:
        return Finding("rest.wrong-resource", about=call.type)
    if resource.get("id") != call.id:
        return Finding("rest.id-differs", about="id")
    return None if call.headers.get("if-match", "") else Finding("rest.version-needed")


def _whose(call: Call, resource: Resource) -> PatientId | Finding:
    if resource.get("resourceType") != call.type:
        return Finding("rest.wrong-resource", about=call.type)
    actors = [one.get("actor", {}) for one in resource.get("participant", []) if is_patient(one)]
    subject = next(iter(actors), {}) if call.type == "Appointment" else resource.get("subject", {})
    found = patient_of(call, subject, resolver(resource)) if subject else None
    if found is None:
        return Finding("mhd.patient-unnamed", place=f"{call.type}.subject")
    bound, reader = call.sender.bound, call.house.storage.reader()
    if bound is not None and reader.patient_key(found) not in reader.linked_keys(bound):
        return Finding("identity.other-patient")
    return found


async def _there(call: Call, patient: PatientId, condition: str) -> Answer | None:
    """The answer where a resource with the identifier is there already, or more than one; None where none is."""
    name, _, value = condition.partition("?")[2].partition("=") if "?" in condition else condition.partition("=")
    wanted = filter_of(call.type, name, value) if name == "identifier" else None
    if not isinstance(wanted, Filter):
        return refused(Finding("rest.condition"))
    answer = await contents(call.house, wish_of(call, Whose(patient), "document"), partial(_fitting, call, wanted))
    if isinstance(answer, Refusal):
        return refused_by(answer.code, professional=call.actor.kind == "professional")
    if len(answer.value) > 1:
        return refused(Finding("rest.several-match"))
    return told(call, answer.value[0]) if answer.value else None


def _fitting(call: Call, wanted: Filter, has: Contents) -> Showing[tuple[Rendition, ...]]:
    pool = content(call, has)
    found = tuple(one for one in pool.of(call.type) if fits(one.resource, wanted, pool))
    return Showing(found, documents_of(found))


def _current(call: Call, has: Contents) -> Showing[Current | None]:
    found = content(call, has).by_name.get(f"{call.type}/{call.id}")
    entry = next((one for one in has.registered.entries if found and one.uuid == found.entry), None)
    if found is None or entry is None:
        return Showing(None, frozenset())
    return Showing(Current(found, entry), frozenset({found.entry}))


def _series(entry: DocumentEntry) -> str:
    """The set of a document that was written here; empty for any other."""
    series = entry.series.rpartition("^")[2]
    return series if series.startswith(URN) and entry.mime_type == FHIR_DOCUMENT else ""


async def _write(call: Call, written: Written, before: DocumentEntry | None = None) -> Answer:
    data = encode_json(composed(written))
    read = understand(data, FHIR_DOCUMENT).read
    if not isinstance(read, Reading):
        return refused(Finding("rest.not-understood"))
    related = (("RPLC", before.uuid),) if before else ()
    handed = Handed(data, Stated(mime_type=FHIR_DOCUMENT), related)  # type: ignore[arg-type]
    answer = await deliver(call.house, call.sender.submitter, Delivery((handed,), written.patient))
    if isinstance(answer, Refused):
        return refused(*answer.findings)
    return _written(call, written, read, answer.receipts[0], created=before is None)


def _written(call: Call, written: Written, read: Reading, receipt: Receipt, *, created: bool) -> Answer:
    """The resource as it is known from now on, to whoever wrote it as to others."""
    reader = call.house.storage.reader()
    key = reader.patient_key(written.patient) or 0
    entry = reader.entry(key, receipt.entry)
    patient = call.opaque.patient(min(reader.linked_keys(key)))
    if entry is None:
        return refused(Finding("rest.not-found"))
    held = shield(entry, read.care, whole=False)
    names = [one for one in names_of(held, patient).values() if one.startswith(f"{call.type}/")]
    made = next((one for one in resources_of(held, patient) if one.name in names), None)
    if made is None:
        return refused(Finding("rest.not-understood"))
    location = ("Location", f"{call.base}/{made.name}/_history/{made.version}")
    status, wish = 201 if created else 200, call.prefers("return")
    if wish == "minimal":
        return Answer(status, b"", (location, ("ETag", made.etag)))
    if wish == "OperationOutcome":
        return answered(noted(warnings(receipt)), status, location, ("ETag", made.etag))
    return Answer(status, made.data, (location, ("ETag", made.etag)))
