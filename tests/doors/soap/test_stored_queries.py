"""Every stored query over documents, sets, folders and associations; nothing of what is hidden in any of them."""

from __future__ import annotations

from functools import cache

import msgspec
import pytest
from lxml import etree

from patientoverblik.access import Block
from patientoverblik.edges.soap.ebrim import RegistryObject, read_objects
from patientoverblik.edges.soap.names import RIM
from patientoverblik.edges.soap.objects import folder_object
from patientoverblik.edges.soap.query import STATUS
from patientoverblik.edges.soap.submission import HAS_MEMBER
from patientoverblik.sharing.model import Code, Folder
from tests.doors.soap.world import ENTRY, NANCY, PATIENT, SET, Door, body_of, described, plan, submission, told_of
from tests.generative.doors.worlds import place

NAMED = f"'{NANCY}^^^&1.2.208.176.1.2&ISO'"
APPROVED = f"('{STATUS}Approved')"
BOTH = f"('{STATUS}Approved','{STATUS}Deprecated')"
FOLDER = "urn:uuid:33333333-3333-4333-8333-000000000001"
ROLE = Code("mappe", "1.2.3")


def association(id_: str, source: str, target: str, type_: str = HAS_MEMBER) -> RegistryObject:
    return RegistryObject("association", id=id_, source=source, target=target, type=type_)


@cache
def filled() -> Door:
    """Two plans, the second replacing a third and standing with the first in a folder."""
    door = Door(related=("general-practice", "lung"))
    old = described(plan(0), door.house, 1)
    assert told_of(door.provide(submission(old, number=1), {old.uuid: plan(0)}))[0] == "Success"
    new = described(plan(0).replace(b"<title>", b"<title>Ny "), door.house, 2)
    data = plan(0).replace(b"<title>", b"<title>Ny ")
    folder = folder_object(Folder(FOLDER, "2.25.77", 0, FOLDER, title="Mappe", codes=(ROLE,)), PATIENT, "")
    more = (
        folder,
        association("m1", SET.format(2), FOLDER),
        association("m2", FOLDER, ENTRY.format(2)),
        association("m3", SET.format(2), "m2"),
        association("r1", ENTRY.format(2), ENTRY.format(1), "urn:ihe:iti:2007:AssociationType:RPLC"),
    )

    new = msgspec.structs.replace(new, unique_id=f"{new.unique_id}.2")
    answer = door.provide(submission(new, number=2, more=more), {new.uuid: data})
    assert told_of(answer)[0] == "Success", answer.text
    return door


def ask(
    query: str, *slots: tuple[str, ...], door: Door | None = None, wanted: str = "LeafClass"
) -> list[RegistryObject]:
    answer = (door or filled()).query(f"urn:uuid:{query}", *slots, wanted=wanted)
    assert told_of(answer)[0] == "Success", answer.text
    (listed,) = etree.fromstring(body_of(answer)).iter(f"{{{RIM}}}RegistryObjectList")
    return list(read_objects(listed))


def ids(objects: list[RegistryObject]) -> set[str]:
    return {one.id for one in objects if one.kind != "association"}


def links(objects: list[RegistryObject]) -> set[tuple[str, str]]:
    return {(one.type.rpartition(":")[2], one.target) for one in objects if one.kind == "association"}


def test_find_submission_sets() -> None:
    query = "f26abbcb-ac74-4422-8a30-edb644bbc1a9"
    needed = (("$XDSSubmissionSetPatientId", NAMED), ("$XDSSubmissionSetStatus", APPROVED))
    assert ids(ask(query, *needed)) == {SET.format(1), SET.format(2)}
    assert ids(ask(query, *needed, ("$XDSSubmissionSetSourceId", "('9.9')"))) == set()
    assert ids(ask(query, *needed, ("$XDSSubmissionSetSubmissionTimeFrom", "2028"))) == set()


def test_find_folders() -> None:
    query = "958f3006-baad-4929-a4de-ff1114824431"
    needed = (("$XDSFolderPatientId", NAMED), ("$XDSFolderStatus", APPROVED))
    (folder,) = ask(query, *needed)
    assert (folder.id, folder.name) == (FOLDER, "Mappe")
    assert ids(ask(query, *needed, ("$XDSFolderCodeList", "('mappe^^1.2.3')"))) == {FOLDER}
    assert ids(ask(query, *needed, ("$XDSFolderCodeList", "('mappe^^1.2.4')"))) == set()


def test_get_all() -> None:
    query = "10b545ea-725c-446d-9b95-8aeb444eddf3"
    statuses = [(f"$XDS{one}Status", APPROVED) for one in ("DocumentEntry", "SubmissionSet", "Folder")]
    found = ask(query, ("$patientId", NAMED), *statuses)
    assert ids(found) == {ENTRY.format(2), SET.format(1), SET.format(2), FOLDER}
    assert ("HasMember", FOLDER) in links(found)
    assert ("RPLC", ENTRY.format(1)) not in links(found)


@pytest.mark.parametrize(
    ("query", "slot", "value", "expected"),
    [
        ("5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4", "$XDSDocumentEntryEntryUUID", ENTRY.format(1), {ENTRY.format(1)}),
        ("5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4", "$XDSDocumentEntryLogicalID", ENTRY.format(2), {ENTRY.format(2)}),
        ("5737b14c-8a1a-4539-b659-e03a34a5e1e4", "$XDSFolderUniqueId", "2.25.77", {FOLDER}),
        ("bab9529a-4a10-40b3-a01f-f68a615d247a", "$XDSDocumentEntryEntryUUID", ENTRY.format(2), {ENTRY.format(2)}),
        ("51224314-5390-4169-9b91-b1980040715a", "$uuid", ENTRY.format(1), {SET.format(1)}),
        (
            "e8e3cb2c-e39c-46b9-99e4-c12f57260b83",
            "$XDSSubmissionSetEntryUUID",
            SET.format(1),
            {SET.format(1), ENTRY.format(1)},
        ),
        (
            "e8e3cb2c-e39c-46b9-99e4-c12f57260b83",
            "$XDSSubmissionSetUniqueId",
            "2.25.2",
            {SET.format(2), ENTRY.format(2), FOLDER},
        ),
        ("b909a503-523d-4517-8acf-8e5834dfc4c7", "$XDSFolderEntryUUID", FOLDER, {FOLDER, ENTRY.format(2)}),
        ("10cae35a-c7f9-4cf5-b61e-fc3278ffb578", "$XDSDocumentEntryEntryUUID", ENTRY.format(2), {FOLDER}),
        ("10cae35a-c7f9-4cf5-b61e-fc3278ffb578", "$XDSDocumentEntryEntryUUID", ENTRY.format(1), set()),
    ],
)
def test_objects_by_their_ids(query: str, slot: str, value: str, expected: set[str]) -> None:
    assert ids(ask(query, (slot, f"('{value}')"))) == expected


def test_get_associations() -> None:
    found = ask("a7ae438b-4bc2-4642-93e9-be891f7bb155", ("$uuid", f"('{ENTRY.format(2)}')"))
    assert links(found) == {("RPLC", ENTRY.format(1)), ("HasMember", ENTRY.format(2))}
    assert len(found) == 3


def test_get_related_documents() -> None:
    query, uuid = "d90e5407-b356-4d91-a89f-873917b4b0e6", ("$XDSDocumentEntryEntryUUID", f"('{ENTRY.format(1)}')")
    types = ("$AssociationTypes", "('urn:ihe:iti:2007:AssociationType:RPLC')")
    found = ask(query, uuid, types)
    assert ids(found) == {ENTRY.format(1), ENTRY.format(2)}
    assert links(found) == {("RPLC", ENTRY.format(1))}
    none = ("$AssociationTypes", "('urn:ihe:iti:2007:AssociationType:APND')")
    assert ids(ask(query, uuid, none)) == set()


def test_references_only() -> None:
    statuses = [(f"$XDS{one}Status", BOTH) for one in ("DocumentEntry", "SubmissionSet", "Folder")]
    found = ask("10b545ea-725c-446d-9b95-8aeb444eddf3", ("$patientId", NAMED), *statuses, wanted="ObjectRef")
    assert {one.kind for one in found} == {"reference"}
    assert {ENTRY.format(1), ENTRY.format(2), SET.format(1), SET.format(2), FOLDER} <= ids(found)


def test_what_a_block_hides_is_in_no_answer() -> None:
    door = Door(related=("general-practice", "lung"))
    door.house.storage._state = filled().house.storage._state  # type: ignore[attr-defined]
    everything = Block("b", origin=place("general-practice"), organisation=place("lung"))
    door.house.storage.act(lambda transaction: transaction.put_block(7, everything)).result()
    statuses = [(f"$XDS{one}Status", BOTH) for one in ("DocumentEntry", "SubmissionSet", "Folder")]
    answer = door.query("urn:uuid:10b545ea-725c-446d-9b95-8aeb444eddf3", ("$patientId", NAMED), *statuses, by="lung")
    status, errors = told_of(answer)
    assert (status, errors) == ("Success", ["XDSRegistryError xds.filtered"])
    (listed,) = etree.fromstring(body_of(answer)).iter(f"{{{RIM}}}RegistryObjectList")
    assert len(listed) == 0
    for uuid in (ENTRY.format(1), ENTRY.format(2), SET.format(2), FOLDER):
        told = door.query("urn:uuid:a7ae438b-4bc2-4642-93e9-be891f7bb155", ("$uuid", f"('{uuid}')"), by="lung")
        (listed,) = etree.fromstring(body_of(told)).iter(f"{{{RIM}}}RegistryObjectList")
        assert len(listed) == 0
    own = ask("10b545ea-725c-446d-9b95-8aeb444eddf3", ("$patientId", NAMED), *statuses, door=door)
    assert ENTRY.format(2) in ids(own)
