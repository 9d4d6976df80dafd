"""A document goes in by ITI-41, is found by ITI-18, fetched by ITI-43 and withdrawn by ITI-57."""

from __future__ import annotations

import msgspec
import pytest
from lxml import etree

from patientoverblik.edges.soap.ebrim import RegistryObject, read_objects, xml_of
from patientoverblik.edges.soap.mtom import Unpacker
from patientoverblik.edges.soap.names import LCM, RIM, XDS
from patientoverblik.edges.soap.objects import UPDATE_STATUS, set_object
from patientoverblik.edges.soap.query import STATUS
from patientoverblik.sharing.model import SubmissionSet
from tests.doors.soap.world import ENTRY, NANCY, NOW, PATIENT, Door, body_of, described, plan, submission, told_of

FIND = "urn:uuid:14d4debf-8f97-4251-9a74-a90016b0af0d"
GET = "urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4"
NAMED = f"'{NANCY}^^^&1.2.208.176.1.2&ISO'"
APPROVED = f"('{STATUS}Approved')"
ALL = (("$XDSDocumentEntryPatientId", NAMED), ("$XDSDocumentEntryStatus", APPROVED))


@pytest.fixture
def door() -> Door:
    return Door()


def stored(door: Door, number: int = 0, index: int = 1) -> bytes:
    data = plan(number)
    entry = described(data, door.house, index)
    answer = door.provide(submission(entry, number=index), {entry.uuid: data})
    assert (answer.status_code, told_of(answer)[0]) == (200, "Success"), answer.text
    return data


def found(door: Door, *slots: tuple[str, ...], **how: object) -> list[RegistryObject]:
    answer = door.query(FIND, *ALL, *slots, **how)
    assert answer.status_code == 200, answer.text
    assert told_of(answer)[0] == "Success"
    (listed,) = etree.fromstring(body_of(answer)).iter(f"{{{RIM}}}RegistryObjectList")
    return list(read_objects(listed))


def fetch(door: Door, *ids: str, repository: str = "", **how: object):
    asked = "".join(
        f"<x:DocumentRequest><x:RepositoryUniqueId>{repository or door.house.repository}</x:RepositoryUniqueId>"
        f"<x:DocumentUniqueId>{one}</x:DocumentUniqueId></x:DocumentRequest>"
        for one in ids
    )
    body = f'<x:RetrieveDocumentSetRequest xmlns:x="{XDS}">{asked}</x:RetrieveDocumentSetRequest>'
    return door.ask("/ddsrepository", "urn:ihe:iti:2007:RetrieveDocumentSet", body, **how)


@pytest.mark.parametrize("inline", [False, True])
def test_what_is_provided_is_found_and_fetched_byte_for_byte(door: Door, inline: bool) -> None:
    data = plan()
    entry = described(data, door.house)
    answer = door.provide(submission(entry), {entry.uuid: data}, inline=inline)
    assert told_of(answer)[0] == "Success"
    (one,) = found(door)
    assert (one.kind, one.id, one.name) == ("entry", entry.uuid, entry.title)
    unique = one.identifiers["urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"]
    fetched = fetch(door, unique)
    assert told_of(fetched) == ("Success", [])
    unpacker = Unpacker(fetched.headers["content-type"], 1 << 30)
    unpacker.take(fetched.content)
    assert list(unpacker.package().parts.values()) == [data]


def test_metadata_come_back_as_they_were_sent(door: Door) -> None:
    entry = msgspec.structs.replace(
        described(plan(), door.house), comments="En bemærkning", uri="plan.xml", extra=(("urn:x:own", ("a", "b")),)
    )
    assert told_of(door.provide(submission(entry), {entry.uuid: plan()}))[0] == "Success"
    (one,) = found(door)
    assert (one.description, one.slot("URI"), one.slots["urn:x:own"]) == ("En bemærkning", "plan.xml", ("a", "b"))
    assert one.home.startswith("urn:oid:")
    assert one.status == f"{STATUS}Approved"


def test_a_reader_without_relation_finds_nothing_and_is_told_why(door: Door) -> None:
    stored(door)
    answer = door.query(FIND, *ALL, by="lung")
    assert told_of(answer) == ("Failure", ["XDSRegistryError access.no-relation"])
    assert told_of(fetch(door, "1.2.3", by="lung")) == ("Failure", ["XDSRegistryError access.no-relation"])


def test_by_ids_a_stranger_learns_nothing(door: Door) -> None:
    stored(door)
    (one,) = found(door)
    answer = door.query(GET, ("$XDSDocumentEntryEntryUUID", f"('{one.id}')"), by="lung")
    assert told_of(answer) == ("Success", [])
    assert one.id not in answer.text
    own = door.query(GET, ("$XDSDocumentEntryEntryUUID", f"('{one.id}')"), wanted="ObjectRef")
    assert f'<rim:ObjectRef id="{one.id}"' in own.text


def test_some_of_what_is_asked_for_comes(door: Door) -> None:
    stored(door)
    (one,) = found(door)
    unique = one.identifiers["urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"]
    assert told_of(fetch(door, unique, "1.2.3^nothing")) == (
        "PartialSuccess",
        ["XDSDocumentUniqueIdError sharing.document-unknown"],
    )
    assert told_of(fetch(door, unique, repository="9.9")) == (
        "Failure",
        ["XDSUnknownRepositoryId xds.unknown-repository"],
    )


def test_a_withdrawn_document_is_found_as_deprecated(door: Door) -> None:
    stored(door)
    answer = update(door, ENTRY.format(1))
    assert told_of(answer) == ("Success", [])
    assert found(door) == []
    deprecated = ("$XDSDocumentEntryStatus", f"('{STATUS}Deprecated')")
    assert "Deprecated" in door.query(FIND, ALL[0], deprecated).text
    assert told_of(update(door, ENTRY.format(1)))[0] == "Failure"


def test_another_organisation_cannot_withdraw(door: Door) -> None:
    stored(door)
    assert told_of(update(door, ENTRY.format(1), by="lung")) == (
        "Failure",
        ["UnresolvedReferenceException sharing.target-unknown"],
    )
    assert len(found(door)) == 1


def update(door: Door, *targets: str, by: str = "general-practice"):
    package = set_object(SubmissionSet("urn:uuid:u", "2.25.99", 0, "1.2.3", NOW, "Rettelse"), PATIENT, "")
    change = {"OriginalStatus": (f"{STATUS}Approved",), "NewStatus": (f"{STATUS}Deprecated",)}
    links = [
        RegistryObject("association", id=f"u{n}", source=package.id, target=one, type=UPDATE_STATUS, slots=change)
        for n, one in enumerate(targets)
    ]
    body = (
        f'<l:SubmitObjectsRequest xmlns:l="{LCM}" xmlns:rim="{RIM}"><rim:RegistryObjectList>'
        f"{''.join(map(xml_of, (package, *links)))}</rim:RegistryObjectList></l:SubmitObjectsRequest>"
    )
    return door.ask("/dros/iti57", "urn:ihe:iti:2010:UpdateDocumentSet", body, by=by, system=True)


def test_every_fault_of_a_submission_is_told_at_once(door: Door) -> None:
    entry = msgspec.structs.replace(described(plan(), door.house), language="", confidentiality=None, sha1="0" * 40)
    answer = door.provide(submission(entry), {"other": plan()})
    status, errors = told_of(answer)
    assert status == "Failure"
    assert sorted(errors) == [
        "XDSMissingDocument xds.missing-document",
        "XDSMissingDocumentMetadata xds.document-without-metadata",
        "XDSRegistryMetadataError xds.attribute-missing",
        "XDSRegistryMetadataError xds.attribute-missing",
    ]
    assert NANCY not in answer.text
    assert found(door) == []


def test_a_wrong_hash_is_refused(door: Door) -> None:
    entry = msgspec.structs.replace(described(plan(), door.house), sha1="0" * 40)
    answer = door.provide(submission(entry), {entry.uuid: plan()})
    assert told_of(answer) == ("Failure", ["XDSRepositoryMetadataError sharing.hash-differs"])


def test_another_patient_in_the_metadata_is_refused(door: Door) -> None:
    entry = described(plan(), door.house)
    objects = submission(entry).replace(NANCY, "6101709999")
    assert told_of(door.provide(objects, {entry.uuid: plan()})) == (
        "Failure",
        ["XDSPatientIdDoesNotMatch sharing.patient-mismatch"],
    )


def test_the_same_again_is_registered_again_and_shown(door: Door) -> None:
    stored(door, index=1)
    stored(door, index=2)
    assert [one.id for one in found(door)] == [ENTRY.format(1), ENTRY.format(2)]
