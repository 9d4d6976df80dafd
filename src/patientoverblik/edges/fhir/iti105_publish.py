"""ITI-105 Simplified Publish and ITI-106 Generate Metadata (IHE MHD 4.2, volume 2, 3.105 and 3.106): one document with
what is said of it, or alone."""

import binascii
from base64 import b64decode

import msgspec

from patientoverblik.edges.fhir.call import Answer, Call, Resource, answered
from patientoverblik.edges.fhir.iti65_provide import warnings
from patientoverblik.edges.fhir.outcome import noted, refused
from patientoverblik.edges.fhir.provided import Entry, bytes_of, entry_of, patient_of, resolver
from patientoverblik.edges.fhir.registered import URI, bare
from patientoverblik.edges.fhir.stated import said_of_document
from patientoverblik.problems import Finding
from patientoverblik.service import Delivery, Handed, Receipt, Received, Refused, deliver


async def publish(call: Call) -> Answer:
    """Take one document in that stands within its DocumentReference; the answer is the DocumentReference as it is
    known from now on."""
    told = call.resource or {}
    if told.get("resourceType") != "DocumentReference":
        return refused(Finding("rest.wrong-resource", about="DocumentReference"))
    delivery = _delivery(call, told)
    if not isinstance(delivery, Delivery):
        return refused(*delivery)
    answer = await deliver(call.house, call.sender.submitter, delivery)
    if isinstance(answer, Refused):
        return refused(*answer.findings)
    return _published(call, told, answer.receipts[0])


def _delivery(call: Call, told: Resource) -> Delivery | tuple[Finding, ...]:
    said = said_of_document(told, "SimplifiedPublish", resolver(told))
    patient = patient_of(call, told.get("subject", {}), resolver(told))
    data = _data(told)
    related = tuple((kind, entry_of(call, target)) for kind, target in said.related)
    findings = [msgspec.structs.replace(one, place=f"DocumentReference{one.place}") for one in said.findings]
    if patient is None:
        findings.append(Finding("mhd.patient-unnamed", place="DocumentReference.subject"))
    if data is None:
        findings.append(Finding("mhd.document-missing", place="DocumentReference.content.attachment.data"))
    if data is None or any(one.severity == "error" for one in findings):
        return tuple(findings)
    return Delivery((Handed(data, msgspec.structs.replace(said.stated, uuid=""), related),), patient)


def _data(told: Resource) -> bytes | None:
    contents = told.get("content", [])
    text = contents[0].get("attachment", {}).get("data", "") if contents else ""
    try:
        return b64decode(text, validate=False) or None
    except (binascii.Error, ValueError):
        return None


def _published(call: Call, told: Resource, receipt: Receipt) -> Answer:
    """What the sender said, with the ids and the address that it has here."""
    name = bare(receipt.entry)
    status, address = 200 if receipt.again else 201, f"{call.base}/DocumentReference/{name}"
    headers = (("Location", f"{address}/_history/1"), ("ETag", 'W/"1"'))
    wish = call.prefers("return")
    if wish == "minimal":
        return Answer(status, b"", headers)
    if wish == "OperationOutcome":
        return answered(noted(warnings(receipt)), status, *headers)
    attachment = {**told["content"][0]["attachment"], "url": f"{call.base}/Binary/{name}"}
    attachment.pop("data")
    official = {"use": "official", "system": URI, "value": receipt.entry}
    known = {
        **told,
        "id": name,
        "identifier": [*told.get("identifier", []), official],
        "content": [{**told["content"][0], "attachment": attachment}],
    }
    return answered(known, status, *headers)


async def generate_metadata(call: Call) -> Answer:
    """Take a document in that comes alone, and give the DocumentReference that was made of it."""
    parameters = (call.resource or {}).get("parameter", [])
    document: Resource = next((one.get("resource", {}) for one in parameters if one.get("name") == "document"), {})
    one = Entry(0, "", document, "POST", "")
    data = bytes_of(one) if one.kind in ("Binary", "Bundle") else None
    if data is None:
        return refused(Finding("mhd.element-missing", place="Parameters.parameter", about="document"))
    mime = document.get("contentType", "") if one.kind == "Binary" else "application/fhir+json"
    handed = Handed(data)
    handed = msgspec.structs.replace(handed, stated=msgspec.structs.replace(handed.stated, mime_type=mime))
    answer = await deliver(call.house, call.sender.submitter, Delivery((handed,)))
    return refused(*answer.findings) if isinstance(answer, Refused) else answered(_made(answer))


def _made(answer: Received) -> Resource:
    reference = {"reference": f"DocumentReference/{bare(answer.receipts[0].entry)}"}
    told: list[Resource] = [{"name": "DocumentReference", "valueReference": reference}]
    return {"resourceType": "Parameters", "parameter": told}
