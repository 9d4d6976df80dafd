"""ITI-41: whatever its documents are and however they stand to others, a submission is taken whole or not at all."""

from __future__ import annotations

from hashlib import sha1

import msgspec
import pytest
from lxml import etree

from patientoverblik.edges.soap.ebrim import RegistryObject
from patientoverblik.edges.soap.mtom import packed, packed_type
from patientoverblik.edges.soap.names import LCM, RIM, SOAP_12, XDS, XOP
from patientoverblik.edges.soap.query import STATUS, parameters
from patientoverblik.overview import prepare
from patientoverblik.sharing.model import DocumentEntry
from tests.doors.soap.test_transactions import ALL, FIND, NAMED, fetch, found, stored
from tests.doors.soap.world import ENTRY, Door, body_of, described, envelope, plan, submission, told_of

ASSOCIATIONS = "urn:uuid:a7ae438b-4bc2-4642-93e9-be891f7bb155"
TYPE = "urn:ihe:iti:2007:AssociationType:"
ANYTHING = {
    "application/pdf": b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n",
    "application/fhir+json": b"""{"resourceType": "Basic", "code": {"text": "x"},
    "subject": {"identifier": {"system": "urn:oid:1.2.208.176.1.2", "value": "2512489996"}}}""",
    "application/octet-stream": bytes(range(256)) * 40,
    "text/plain": "Ikke XML, men \u00e6\u00f8\u00e5 & <tegn>\r\n".encode(),
}


@pytest.fixture
def door() -> Door:
    return Door()


def of_bytes(door: Door, data: bytes, media: str, number: int) -> DocumentEntry:
    """The entry of a document that nobody here can read."""
    return msgspec.structs.replace(
        described(plan(), door.house, number),
        mime_type=media,
        unique_id=f"2.25.{9000 + number}",
        sha1=sha1(data, usedforsecurity=False).hexdigest(),
        size=len(data),
    )


@pytest.mark.parametrize("media", ANYTHING)
def test_a_document_of_any_kind_comes_back_byte_for_byte(door: Door, media: str) -> None:
    data = ANYTHING[media]
    entry = of_bytes(door, data, media, 1)
    status, errors = told_of(door.provide(submission(entry), {entry.uuid: data}))
    assert status == "Success", errors
    assert [(one.id, one.mime_type) for one in found(door)] == [(entry.uuid, media)]
    answer = fetch(door, entry.unique_id)
    assert told_of(answer)[0] == "Success"
    assert data in answer.content
    assert f">{media}</" in body_of(answer).decode()


@pytest.mark.parametrize(("name", "replaces"), [
    ("RPLC", True), ("XFRM_RPLC", True), ("APND", False), ("XFRM", False), ("signs", False),
])  # fmt: skip
def test_each_association_is_found_and_only_a_replacement_ends_what_it_is_of(
    door: Door, name: str, replaces: bool
) -> None:
    stored(door)
    data = ANYTHING["application/pdf"]
    entry = of_bytes(door, data, "application/pdf", 2)
    link = RegistryObject(
        "association", id="link", source=entry.uuid, target=ENTRY.format(1), type=TYPE + name,
        slots={"SubmissionSetStatus": ("Original",)},
    )  # fmt: skip
    status, errors = told_of(door.provide(submission(entry, number=2, more=(link,)), {entry.uuid: data}))
    assert status == "Success", errors
    assert {one.id for one in found(door)} == {entry.uuid} | (set() if replaces else {ENTRY.format(1)})
    answer = door.query(ASSOCIATIONS, ("$uuid", f"('{ENTRY.format(1)}')"))
    told = [
        (one.get("associationType"), one.get("sourceObject"), one.get("targetObject"))
        for one in etree.fromstring(body_of(answer)).iter(f"{{{RIM}}}Association")
    ]
    assert (TYPE + name, entry.uuid, ENTRY.format(1)) in told


def test_one_document_that_cannot_be_taken_stops_them_all(door: Door) -> None:
    good, other = described(plan(0), door.house, 1), described(plan(1), door.house, 2)
    bad = msgspec.structs.replace(other, sha1="0" * 40)
    answer = door.provide(submission(good, bad), {good.uuid: plan(0), bad.uuid: plan(1)})
    assert told_of(answer) == ("Failure", ["XDSRepositoryMetadataError sharing.hash-differs"])
    assert found(door) == []
    assert told_of(fetch(door, good.unique_id))[0] == "Failure"
    status, errors = told_of(door.provide(submission(good, other), {good.uuid: plan(0), other.uuid: plan(1)}))
    assert status == "Success", errors
    assert {one.id for one in found(door)} == {good.uuid, other.uuid}


def provided(door: Door, entry: DocumentEntry, documents: str, parts: list[tuple[str, str, bytes]]):
    """ITI-41 with these Document elements and parts, whatever they are."""
    body = (
        f'<x:ProvideAndRegisterDocumentSetRequest xmlns:x="{XDS}" xmlns:xop="{XOP}"><l:SubmitObjectsRequest '
        f'xmlns:l="{LCM}" xmlns:rim="{RIM}"><rim:RegistryObjectList>{submission(entry)}</rim:RegistryObjectList>'
        f"</l:SubmitObjectsRequest>{documents}</x:ProvideAndRegisterDocumentSetRequest>"
    )
    sent = envelope("urn:ihe:iti:2007:ProvideAndRegisterDocumentSet-b", body, "general-practice", system=True)
    return door.post("/dros/iti41", packed(sent, parts, SOAP_12, "b0"), packed_type(SOAP_12, "b0"))


ONE = f'<x:Document id="{ENTRY.format(1)}"><xop:Include href="cid:a@b"/></x:Document>'


@pytest.mark.parametrize(
    ("documents", "parts", "code"),
    [
        (ONE, [("a@b", "text/xml", b"")], "xds.empty-document"),
        (f'<x:Document id="{ENTRY.format(1)}"/>', [], "xds.empty-document"),
        (f'<x:Document id="{ENTRY.format(1)}">====</x:Document>', [], "xds.empty-document"),
        (f'<x:Document id="{ENTRY.format(1)}">A</x:Document>', [], "xds.part-missing"),
        (ONE, [("other@b", "text/xml", b"<a/>")], "xds.part-missing"),
        (ONE.replace("cid:a@b", "a@b"), [("a@b", "text/xml", b"<a/>")], "xds.part-missing"),
        (ONE.replace("cid:a@b", "file:///etc/passwd"), [("a@b", "text/xml", b"<a/>")], "xds.part-missing"),
        (ONE * 2, [("a@b", "text/xml", b"<a/>")], "xds.document-twice"),
    ],
)
def test_a_document_that_did_not_come_is_refused_and_nothing_is_kept(
    door: Door, documents: str, parts: list[tuple[str, str, bytes]], code: str
) -> None:
    status, errors = told_of(provided(door, described(plan(), door.house), documents, parts))
    assert status == "Failure"
    assert code in [error.split(" ")[1] for error in errors]
    assert found(door) == []


def test_more_than_one_submission_set_in_a_request_is_refused_whole(door: Door) -> None:
    one, two = described(plan(0), door.house, 1), described(plan(1), door.house, 2)
    objects = submission(one, number=1) + submission(two, number=2)
    status, errors = told_of(door.provide(objects, {one.uuid: plan(0), two.uuid: plan(1)}))
    assert (status, "xds.one-submission-set" in errors[0]) == ("Failure", True)
    assert found(door) == []


def test_every_parameter_of_finding_documents_finds_and_leaves_out(door: Door) -> None:
    """Each parameter with a value that the document has, and with one that it has not."""
    data = plan()
    codes = tuple(msgspec.structs.replace(described(data, door.house).type_code, code=code) for code in ("E1", "E2"))
    entry = msgspec.structs.replace(
        described(data, door.house),
        event_codes=codes,
        reference_ids=("ref1^^^&1.2.3&ISO^urn:ihe:iti:xds:2013:order",),
        service_start=NINE,
        service_stop=TEN,
    )
    status, errors = told_of(door.provide(submission(entry), {entry.uuid: data}))
    assert status == "Success", errors
    cases = values_of(entry)
    needed = {row.parameter for row in parameters("FindDocuments") if row.needed}
    assert set(cases) == {row.parameter for row in parameters("FindDocuments")} - needed - WITHOUT_EFFECT
    for parameter, (had, not_had) in cases.items():
        assert [one.id for one in found(door, (parameter, *had))] == [entry.uuid], parameter
        assert found(door, (parameter, *not_had)) == [], parameter


def test_what_is_wrong_with_metadata_and_with_documents_is_told_at_once(door: Door) -> None:
    data = plan()
    wrong = {"sha1": "0" * 40, "size": 5, "facility_type": None, "title": "t" * 2000}
    entry = msgspec.structs.replace(described(data, door.house), **wrong)
    status, errors = told_of(door.provide(submission(entry), {entry.uuid: data}))
    assert status == "Failure"
    assert sorted(one.partition(" ")[2] for one in errors) == [
        "sharing.hash-differs",
        "sharing.size-differs",
        "xds.attribute-missing",
        "xds.attribute-too-long",
    ]
    assert found(door) == []


NINE, TEN = 1_796_112_000_000, 1_796_115_600_000  # 2026-12-01 08:00 and 09:00 UTC
WITHOUT_EFFECT = {"$MetadataLevel", "$XDSDocumentEntryDocumentAvailability"}


def values_of(entry: DocumentEntry) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    """For each parameter a value that fits the entry and one that does not; times fit from their start and not their
    end (TF-2 3.18.4.1.2.3.7.1)."""
    named = {
        "ClassCode": entry.class_code,
        "TypeCode": entry.type_code,
        "PracticeSettingCode": entry.practice_setting,
        "HealthcareFacilityTypeCode": entry.facility_type,
        "ConfidentialityCode": entry.confidentiality,
        "FormatCode": entry.format_code,
        "EventCodeList": entry.event_codes[0],
    }
    cases = {name: ((f"('{code.code}^^{code.scheme}')",), (f"('{code.code}^^9.9.9')",)) for name, code in named.items()}
    cases |= {
        "CreationTimeFrom": (("19000101",), ("2099",)),
        "CreationTimeTo": (("2099",), ("19000101",)),
        "ServiceStartTimeFrom": (("20261201080000",), ("20261201080001",)),
        "ServiceStartTimeTo": (("20261201080001",), ("20261201080000",)),
        "ServiceStopTimeFrom": (("20261201090000",), ("20261201090001",)),
        "ServiceStopTimeTo": (("20261201090001",), ("20261201090000",)),
        "AuthorPerson": (("('%')",), ("('nobody%')",)),
        "Type": (
            ("('urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1')",),
            ("('urn:uuid:34268e47-fdf5-41a6-ba33-82133c465248')",),
        ),
        "ReferenceIdList": ((f"('{entry.reference_ids[0]}')",), ("('ref2^^^&1.2.3&ISO^urn:ihe:iti:xds:2013:order')",)),
    }
    return {f"$XDSDocumentEntry{name}": case for name, case in cases.items()}


def test_codes_in_one_value_are_alternatives_and_in_two_slots_all_wanted(door: Door) -> None:
    """AND between slots of one name, OR within one (TF-2 3.18.4.1.2.3.5)."""
    data = plan()
    codes = tuple(msgspec.structs.replace(described(data, door.house).type_code, code=code) for code in ("E1", "E2"))
    entry = msgspec.structs.replace(described(data, door.house), event_codes=codes)
    assert told_of(door.provide(submission(entry), {entry.uuid: data}))[0] == "Success"
    one, two, none = (f"'{code}^^{codes[0].scheme}'" for code in ("E1", "E2", "E3"))
    name = "$XDSDocumentEntryEventCodeList"
    for slots, finds in (
        ([f"({one},{none})"], True),
        ([f"({none})"], False),
        ([f"({one})", f"({two})"], True),
        ([f"({one})", f"({none})"], False),
    ):
        assert bool(found(door, *((name, slot) for slot in slots))) is finds, slots


@pytest.mark.parametrize("level", [(), (("$MetadataLevel", "2"),)])
def test_who_may_update_is_answered_with_version_and_logical_id(door: Door, level: tuple[tuple[str, str], ...]) -> None:
    stored(door)
    (one,) = found(door, *level)
    assert (one.lid, one.version) == (one.id, "1")


def test_at_metadata_level_1_there_is_nothing_that_only_updates_need(door: Door) -> None:
    data = plan()
    entry = msgspec.structs.replace(described(data, door.house), extra=(("documentAvailability", ("Online",)),))
    assert told_of(door.provide(submission(entry), {entry.uuid: data}))[0] == "Success"
    (whole,) = found(door)
    (one,) = found(door, ("$MetadataLevel", "1"))
    assert (one.lid, one.version, "documentAvailability" in one.slots) == ("", "", False)
    assert (whole.lid, whole.version, "documentAvailability" in whole.slots) == (whole.id, "1", True)
    assert {**whole.slots, "documentAvailability": ()} == {**one.slots, "documentAvailability": ()}
    assert (one.classifications, one.identifiers) == (whole.classifications, whole.identifiers)


@pytest.mark.parametrize("level", ["0", "3", "two", "'"])
def test_there_is_no_other_metadata_level(door: Door, level: str) -> None:
    answer = door.query(FIND, *ALL, ("$MetadataLevel", level))
    assert told_of(answer) == ("Failure", ["XDSStoredQueryParamNumber xds.parameter-wrong"])


def test_an_unknown_status_finds_nothing_and_is_told(door: Door) -> None:
    stored(door)
    answer = door.query(FIND, ("$XDSDocumentEntryPatientId", NAMED), ("$XDSDocumentEntryStatus", f"('{STATUS}Odd')"))
    assert told_of(answer)[0] == "Failure"


def test_what_comes_in_takes_no_room_from_what_is_looked_at(door: Door) -> None:
    """The facts that looks keep in memory stay those of documents that somebody has looked at."""
    before = prepare._facts_of.cache_info()
    stored(door)
    assert prepare._facts_of.cache_info() == before
