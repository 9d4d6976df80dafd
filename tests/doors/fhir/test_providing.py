"""Documents handed in by IHE MHD 4.2 (ITI-65, ITI-105, ITI-106): whole or not at all, into the one registry."""

import copy
from base64 import b64encode
from hashlib import sha1

import pytest

from patientoverblik.formats.fhir import encode_xml
from tests.doors.fhir.world import Door, codes, door, resources
from tests.generative.doors.worlds import furnished
from tests.unit.service.make import CLINIC, CPR, a_document

PROFILE = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/IHE.MHD.{}.ProvideBundle"
SOURCE_ID = "https://profiles.ihe.net/ITI/MHD/StructureDefinition/ihe-sourceId"
LIST_TYPES = "https://profiles.ihe.net/ITI/MHD/CodeSystem/MHDlistTypes"
PATIENT = {"identifier": {"system": "urn:oid:1.2.208.176.1.2", "value": "2512489996"}}
ANOTHER = {"identifier": {"system": "urn:oid:1.2.208.176.1.2", "value": "6101709999"}}
SNOMED, LOINC = "http://snomed.info/sct", "http://loinc.org"


@pytest.fixture
def sender() -> Door:
    """The clinic's own system, at a house where nothing is."""
    house = furnished(())
    return Door(house, "clinic")


def document(name: str = "plan", **more) -> bytes:
    return a_document(name, CLINIC, **more)


def coded(system: str, code: str, display: str = "") -> dict:
    return {"coding": [{"system": system, "code": code} | ({"display": display} if display else {})]}


def reference(data: bytes, unique: str = "1.2.3.99", **more) -> dict:
    """A Comprehensive DocumentReference."""
    attachment = {
        "contentType": "text/xml",
        "language": "da-DK",
        "url": "urn:uuid:d",
        "size": len(data),
        "hash": b64encode(sha1(data).digest()).decode(),
        "creation": "2026-10-01T10:00:00+02:00",
    }
    return {
        "resourceType": "DocumentReference",
        "contained": [{"resourceType": "Patient", "id": "p", "name": [{"family": "Berggren"}]}],
        "masterIdentifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:oid:{unique}"},
        "status": "current",
        "type": coded(LOINC, "81215-6"),
        "category": [coded("urn:oid:1.2.208.184.100.9", "001")],
        "subject": PATIENT,
        "securityLabel": [coded("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "N")],
        "content": [
            {
                "attachment": attachment,
                "format": {"system": "urn:oid:1.2.208.184.100.10", "code": "urn:ad:dk:medcom:cpd-v2.0:full"},
            }
        ],
        "context": {
            "facilityType": coded(SNOMED, "394761003"),
            "practiceSetting": coded(SNOMED, "408443003"),
            "sourcePatientInfo": {"reference": "#p"},
        },
        **more,
    }


def package(*items: str, unique: str = "1.2.3.1", **more) -> dict:
    return {
        "resourceType": "List",
        "extension": [{"url": SOURCE_ID, "valueIdentifier": {"value": "urn:oid:1.2.3"}}],
        "identifier": [{"use": "usual", "system": "urn:ietf:rfc:3986", "value": f"urn:oid:{unique}"}],
        "status": "current",
        "mode": "working",
        "code": coded(LIST_TYPES, "submissionset"),
        "subject": PATIENT,
        "date": "2026-10-01T10:00:00+02:00",
        "entry": [{"item": {"reference": each}} for each in items],
        **more,
    }


def entry(url: str, resource: dict, method: str = "POST", address: str = "") -> dict:
    request = {"method": method, "url": address or resource["resourceType"]}
    return {"fullUrl": f"urn:uuid:{url}", "resource": resource, "request": request}


def binary(data: bytes) -> dict:
    return {"resourceType": "Binary", "contentType": "text/xml", "data": b64encode(data).decode()}


def bundle(data: bytes, option: str = "Comprehensive", *more: dict, **said) -> dict:
    entries = [entry("s", package("urn:uuid:r")), entry("r", reference(data, **said)), entry("d", binary(data)), *more]
    profile = [PROFILE.format(option)]
    return {"resourceType": "Bundle", "meta": {"profile": profile}, "type": "transaction", "entry": entries}


def registered(sender: Door) -> list:
    reader = sender.house.storage.reader()
    return [one for key in (reader.patient_key(CPR),) if key for one in reader.entries(key)]


@pytest.mark.parametrize("option", ["Minimal", "UnContained.Comprehensive", "Comprehensive"])
def test_a_bundle_is_taken_in_whole_by_each_option(sender, option):
    data = document()
    answer = sender.post("", bundle(data, option))
    told_of = [one["response"] for one in answer.json()["entry"]]
    assert answer.status_code == 200
    assert answer.json()["type"] == "transaction-response"
    assert [one["status"] for one in told_of] == ["201 Created"] * 3
    assert [one["location"].partition("/")[0] for one in told_of] == ["List", "DocumentReference", "Binary"]
    (held,) = registered(sender)
    assert (held.unique_id, held.language, held.uuid.rpartition(":")[2]) == (
        "1.2.3.99",
        "da-DK",
        told_of[1]["location"].split("/")[1],
    )


def test_xml_is_taken_in_as_json_is(sender):
    sent = encode_xml(bundle(document()))
    answer = sender.post("", sent, headers={"content-type": "application/fhir+xml"})
    assert (answer.status_code, len(registered(sender))) == (200, 1)


def test_what_comes_here_is_found_here_and_fetched_byte_by_byte():
    data = document()
    sender = Door(furnished(()), "clinic")
    sender.post("", bundle(data))
    asking = Door(sender.house, "citizen", "patient/*.rs", patient=key_of(sender))
    (found,) = resources(asking.get("DocumentReference?status=current"))
    assert asking.get(found["content"][0]["attachment"]["url"]).content == data
    assert found["context"]["facilityType"]["coding"][0]["code"] == "394761003"


def key_of(sender: Door) -> int:
    return sender.house.storage.reader().patient_key(CPR) or 0


def test_minimal_needs_less_and_comprehensive_tells_everything_that_is_missing(sender):
    data = document()
    poor = bundle(data, "Minimal")
    for name in ("type", "category", "securityLabel", "context"):
        poor["entry"][1]["resource"].pop(name)
    assert sender.post("", copy.deepcopy(poor)).status_code == 200
    poor["meta"]["profile"] = [PROFILE.format("Comprehensive")]
    answer = sender.post("", poor)
    assert answer.status_code == 422
    assert set(codes(answer)) == {"mhd.element-missing"}
    missing = {one["expression"][0].rpartition("resource.")[2] for one in answer.json()["issue"]}
    assert {"type", "category", "securityLabel", "context.facilityType"} <= missing


def broken(change) -> dict:
    made = bundle(document())
    change(made)
    return made


BREAKS = {
    "no profile": (lambda one: one.pop("meta"), "mhd.profile-unknown"),
    "a batch": (lambda one: one.update(type="batch"), "mhd.not-a-transaction"),
    "no submission set": (lambda one: one["entry"].pop(0), "mhd.one-submission-set"),
    "no reference": (lambda one: one["entry"].pop(1), "mhd.no-document"),
    "no document": (lambda one: one["entry"].pop(2), "mhd.document-missing"),
    "a document alone": (lambda one: one["entry"].append(entry("x", binary(b"x"))), "mhd.document-alone"),
    "not in the set": (lambda one: one["entry"][0]["resource"].pop("entry"), "mhd.not-in-set"),
    "two patients": (lambda one: one["entry"][0]["resource"].update(subject=ANOTHER), "mhd.patients-differ"),
    "another patient": (
        lambda one: [each["resource"].update(subject=ANOTHER) for each in one["entry"][:2]],
        "sharing.patient-mismatch",
    ),
    "no patient of ours": (
        lambda one: one["entry"][1]["resource"].update(subject={"reference": "Patient/x"}),
        "mhd.patient-unnamed",
    ),
    "wrong hash": (
        lambda one: one["entry"][1]["resource"]["content"][0]["attachment"].update(hash=b64encode(bytes(20)).decode()),
        "sharing.hash-differs",
    ),
    "wrong size": (
        lambda one: one["entry"][1]["resource"]["content"][0]["attachment"].update(size=7),
        "sharing.size-differs",
    ),
    "superseded from the start": (
        lambda one: one["entry"][1]["resource"].update(status="superseded"),
        "mhd.element-wrong",
    ),
    "a kind that does not belong": (
        lambda one: one["entry"].append(entry("g", {"resourceType": "Goal", "lifecycleStatus": "active",
                                                    "description": {"text": "x"}, "subject": PATIENT})),
        "mhd.entry-unknown",
    ),
    "a shape that is none": (lambda one: one["entry"][1]["resource"].update(content="x"), "r4.misshapen"),
    "an element R4 has not": (lambda one: one["entry"][1]["resource"].update(inhold=[]), "r4.unknown-element"),
}  # fmt: skip


@pytest.mark.parametrize("what", BREAKS)
def test_one_thing_wrong_stores_nothing(sender, what):
    change, code = BREAKS[what]
    answer = sender.post("", broken(change))
    assert 400 <= answer.status_code < 500
    assert code in codes(answer)
    assert registered(sender) == []


def test_a_document_is_replaced_by_its_successor_and_the_patch_that_says_so(sender):
    sender.post("", bundle(document()))
    old = registered(sender)[0].uuid.rpartition(":")[2]
    relation = [{"code": "replaces", "target": {"reference": f"DocumentReference/{old}"}}]
    patch = {
        "resourceType": "Parameters",
        "parameter": [
            {
                "name": "operation",
                "part": [
                    {"name": "type", "valueCode": "replace"},
                    {"name": "path", "valueString": "DocumentReference.status"},
                    {"name": "value", "valueCode": "superseded"},
                ],
            }
        ],
    }
    ending = entry("x", patch, "PATCH", f"DocumentReference/{old}")
    newer = bundle(document("plan2"), "Comprehensive", ending, unique="1.2.3.100", relatesTo=relation)
    newer["entry"][0]["resource"]["identifier"][0]["value"] = "urn:oid:1.2.3.2"
    answer = sender.post("", newer)
    assert answer.status_code == 200, answer.text
    assert [one.status for one in registered(sender)] == ["deprecated", "approved"]
    assert answer.json()["entry"][3]["response"]["status"] == "200 OK"
    elsewhere = bundle(document("plan3"), "Comprehensive", entry("x", patch, "PATCH", "DocumentReference/other"))
    assert "mhd.patch-unknown" in codes(sender.post("", elsewhere))


def test_a_fhir_document_has_neither_hash_nor_size(sender):
    made = bundle(document())
    inner = {"resourceType": "Bundle", "type": "document", "timestamp": "2026-10-01T10:00:00Z"}
    made["entry"][2]["resource"] = inner
    assert "mhd.hash-barred" in codes(sender.post("", made))


def test_hexadecimal_in_base64_is_read_and_told(sender):
    data = document()
    made = bundle(data)
    hexadecimal = sha1(data).hexdigest().encode()
    made["entry"][1]["resource"]["content"][0]["attachment"]["hash"] = b64encode(hexadecimal).decode()
    answer = sender.post("", made)
    outcome = answer.json()["entry"][1]["response"]["outcome"]
    assert answer.status_code == 200
    assert "mhd.hash-hexadecimal" in [one["details"]["coding"][0]["code"] for one in outcome["issue"]]


def test_a_folder_comes_with_its_documents(sender):
    folder = {
        "resourceType": "List",
        "identifier": [{"use": "usual", "system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.3.7"}],
        "status": "current",
        "mode": "working",
        "title": "Forløb",
        "code": coded(LIST_TYPES, "folder"),
        "subject": PATIENT,
        "entry": [{"item": {"reference": "urn:uuid:r"}}],
    }
    made = bundle(document(), "Comprehensive", entry("f", folder))
    made["entry"][0]["resource"]["entry"].append({"item": {"reference": "urn:uuid:f"}})
    assert sender.post("", made).status_code == 200
    asking = Door(sender.house, "citizen", "patient/*.rs", patient=key_of(sender))
    (found,) = resources(asking.get("List?code=folder"))
    assert (found["title"], len(found["entry"])) == ("Forløb", 1)


def simple(data: bytes, **more) -> dict:
    attachment = {"contentType": "text/xml", "data": b64encode(data).decode()}
    return {
        "resourceType": "DocumentReference",
        "status": "current",
        "subject": PATIENT,
        "content": [{"attachment": attachment}],
        **more,
    }


def test_one_document_is_published_with_what_is_said_of_it(sender):
    data = document()
    answer = sender.post("DocumentReference", simple(data))
    made = answer.json()
    assert (answer.status_code, made["resourceType"]) == (201, "DocumentReference")
    assert answer.headers["location"].endswith(f"DocumentReference/{made['id']}/_history/1")
    assert "data" not in made["content"][0]["attachment"]
    assert registered(sender)[0].uuid == f"urn:uuid:{made['id']}"
    again = sender.post("DocumentReference", simple(data), headers={"prefer": "return=minimal"})
    assert (again.status_code, again.content, len(registered(sender))) == (200, b"", 1)


def test_what_is_wrong_with_a_document_that_is_taken_in_is_told_however_grave(sender):
    wrong = document().replace(b"<recordTarget", b'<versionNumber value="first"/><recordTarget', 1)
    by_bundle = sender.post("", bundle(wrong)).json()["entry"][1]["response"]["outcome"]["issue"]
    alone = sender.post("DocumentReference", simple(wrong), headers={"prefer": "return=OperationOutcome"}).json()[
        "issue"
    ]
    for issues in (by_bundle, alone):
        told = {one["details"]["coding"][0]["code"]: one["severity"] for one in issues}
        assert told["structure.bad-value"] == "warning"
        assert "error" not in told.values()


def test_metadata_are_made_of_a_document_that_comes_alone(sender):
    parameters = {"resourceType": "Parameters", "parameter": [{"name": "document", "resource": binary(document())}]}
    answer = sender.post("DocumentReference/$generate-metadata", parameters)
    reference_ = answer.json()["parameter"][0]["valueReference"]["reference"]
    assert answer.status_code == 200
    assert f"urn:uuid:{reference_.partition('/')[2]}" == registered(sender)[0].uuid


@pytest.mark.parametrize(
    ("who", "scope", "code"),
    [
        ("clinic", "system/Goal.c", "identity.insufficient-scope"),
        ("citizen", "user/*.cruds", "access.no-right"),
        ("hospital", "", "access.not-your-document"),
    ],
)
def test_who_may_not_deliver_is_refused(who, scope, code):
    sender = Door(furnished(()), who, scope)
    answer = sender.post("", bundle(document()))
    assert (answer.status_code, codes(answer)) == (403, [code])
    assert registered(sender) == []


def test_what_is_delivered_here_is_in_the_overview():
    sender = door("doctor")
    house = sender.house
    told_before = sender.get(f"Goal?patient=Patient/{sender.patient}&_summary=count").json()["total"]
    Door(house, "clinic").post("", bundle(document()))
    assert sender.get(f"Goal?patient=Patient/{sender.patient}&_summary=count").json()["total"] == told_before + 1


def test_a_body_that_is_none_is_refused_by_a_code(sender):
    for content, kind in ((b"{", "application/fhir+json"), (b"<x", "application/fhir+xml"), (b"x", "text/plain"),
                          (b"[1]", "application/fhir+json"), (b'{"resourceType":"Noget"}', "application/fhir+json"),
                          (b"<Bundle/>", "application/fhir+json"), (b"\xff\xfe", "application/fhir+json"), (b"", "")):  # fmt: skip
        answer = sender.ask("POST", "", content=content, headers={"content-type": kind})
        assert 400 <= answer.status_code < 500
        assert codes(answer)


@pytest.mark.parametrize("path", ["", "DocumentReference", "DocumentReference/$generate-metadata"])
def test_a_resource_sent_as_a_form_is_told_by_its_media_type(sender, path):
    answer = sender.ask("POST", path, data={"resourceType": "Bundle"})
    assert (answer.status_code, codes(answer)) == (415, ["rest.media-type"])


def test_a_system_that_is_no_uri_is_told_as_one(sender):
    assert sender.post("", bundle(document(), securityLabel=[coded("urn:x: a b", "N")])).status_code == 200
    asking = Door(sender.house, "citizen", "patient/*.rs", patient=key_of(sender))
    (told,) = resources(asking.get("DocumentReference?status=current"))
    assert told["securityLabel"][0]["coding"][0]["system"] == "urn:x:%20a%20b"
