"""ITI-65 Provide Document Bundle (IHE MHD 4.2, volume 2, 3.65): taken in whole, or not at all."""

from collections.abc import Iterable

from patientoverblik.edges.fhir.call import Answer, Call, Resource, answered
from patientoverblik.edges.fhir.instants import instant
from patientoverblik.edges.fhir.outcome import noted, refused
from patientoverblik.edges.fhir.provided import Bundle, Entry, Provided, document_address, provided, read_bundle
from patientoverblik.edges.fhir.registered import bare
from patientoverblik.problems import Finding
from patientoverblik.service import Receipt, Received, Refused, deliver


async def provide(call: Call) -> Answer:
    """Take a bundle in; its answer has an entry for every one of its own, in order."""
    bundle = read_bundle(call.resource or {})
    if not isinstance(bundle, Bundle):
        return refused(*bundle)
    read = provided(call, bundle)
    if not isinstance(read, Provided):
        return refused(*read)
    answer = await deliver(call.house, call.sender.submitter, read.delivery)
    if isinstance(answer, Refused):
        return refused(*(_placed(bundle, one) for one in answer.findings))
    return answered(_response(call, bundle, read, answer))


def _placed(bundle: Bundle, finding: Finding) -> Finding:
    """A finding of a document, by the entry of its DocumentReference."""
    references = bundle.of("DocumentReference")
    number = finding.place.removeprefix("documents[").partition("]")[0]
    if not finding.place.startswith("documents[") or not number.isdigit() or int(number) >= len(references):
        return finding
    return Finding(finding.code, f"{references[int(number)].place}.resource", about=finding.about)


def _response(call: Call, bundle: Bundle, read: Provided, answer: Received) -> Resource:
    receipts = dict(zip((one.url for one in bundle.of("DocumentReference")), answer.receipts, strict=True))
    by_document = {document_address(one): receipts[one.url] for one in bundle.of("DocumentReference")}
    at = instant(call.house.clock())
    entries = [_told(one, read, answer, receipts, by_document) for one in bundle.entries]
    told = [{"response": {**one, "lastModified": at}} for one in entries]
    return {"resourceType": "Bundle", "type": "transaction-response", "entry": told}


def _told(
    one: Entry, read: Provided, answer: Received, receipts: dict[str, Receipt], by_document: dict[str, Receipt]
) -> Resource:
    """The response to one entry: what was created and where, with what there is to say of it."""
    if one.method == "PATCH":
        return {"status": "200 OK", "location": one.target}
    if one.url in by_document:
        return _created("Binary", bare(by_document[one.url].entry), ())
    if one.kind == "DocumentReference":
        receipt = receipts[one.url]
        status = "200 OK" if receipt.again else "201 Created"
        return {**_created(one.kind, bare(receipt.entry), warnings(receipt, read)), "status": status}
    if one.kind == "List":
        is_set = read.uuids.get(one.url) not in {folder.uuid for folder in read.delivery.folders}
        return _created("List", bare(answer.submission_set if is_set else read.uuids[one.url]), ())
    return {"status": "200 OK"}


def warnings(receipt: Receipt, read: Provided | None = None) -> tuple[Finding, ...]:
    """What the sender is told of a document that was taken in: whatever is graver than information."""
    found = (*(read.warnings if read else ()), *receipt.findings)
    return tuple(one for one in found if one.severity != "information")


def _created(kind: str, id_: str, findings: Iterable[Finding]) -> Resource:
    told = tuple(findings)
    made: Resource = {"status": "201 Created", "location": f"{kind}/{id_}/_history/1", "etag": 'W/"1"'}
    if kind == "Binary":
        made = {"status": "201 Created", "location": f"{kind}/{id_}"}
    return made | ({"outcome": noted(told)} if told else {})
