"""Folders and associations changed (ITI-57): new versions, status both ways, what is joined, and whose it must be."""

from __future__ import annotations

import msgspec
import pytest
from lxml import etree

from patientoverblik.access import Block
from patientoverblik.edges.soap.ebrim import RegistryObject, read_objects
from patientoverblik.edges.soap.names import RIM
from patientoverblik.edges.soap.objects import UPDATE_STATUS, folder_object
from patientoverblik.edges.soap.query import STATUS
from patientoverblik.edges.soap.submission import HAS_MEMBER
from patientoverblik.edges.soap.updates import SUBMIT_ASSOCIATION
from patientoverblik.sharing.model import Code, Folder
from tests.doors.soap.test_stored_queries import association
from tests.doors.soap.test_transactions import NAMED
from tests.doors.soap.test_updates import send
from tests.doors.soap.world import ENTRY, PATIENT, SET, Door, body_of, described, plan, submission, told_of
from tests.generative.doors.worlds import place

FOLDER = "urn:uuid:33333333-3333-4333-8333-000000000001"
UNIQUE = "2.25.77"
CODE = Code("forløb", "1.2", "Forløb")
ADDED = "urn:ihe:iti:2007:AssociationType:APND"
SNAPSHOT = "urn:ihe:iti:2010:AssociationType:IsSnapshotOf"
FIND_FOLDERS = "urn:uuid:958f3006-baad-4929-a4de-ff1114824431"
CONTENTS = "urn:uuid:b909a503-523d-4517-8acf-8e5834dfc4c7"
ASSOCIATIONS = "urn:uuid:a7ae438b-4bc2-4642-93e9-be891f7bb155"
SETS_OF = "urn:uuid:51224314-5390-4169-9b91-b1980040715a"
BOTH = f"('{STATUS}Approved','{STATUS}Deprecated')"


@pytest.fixture
def door() -> Door:
    """Two documents of the practice, the first in a folder of its own."""
    made = Door(related=("general-practice", "lung"))
    first = described(plan(0), made.house)
    more = (folder(), association("s", SET.format(1), FOLDER), association("m", FOLDER, first.uuid))
    assert told_of(made.provide(submission(first, more=more), {first.uuid: plan(0)}))[0] == "Success"
    data = plan(0).replace(b"<title>", b"<title>Bilag ")
    second = msgspec.structs.replace(described(data, made.house, 2), unique_id="1.2.208.176.43210.6")
    assert told_of(made.provide(submission(second, number=2), {second.uuid: data}))[0] == "Success"
    return made


def folder(uuid: str = FOLDER, title: str = "Mappe", unique_id: str = UNIQUE, lid: str = "") -> RegistryObject:
    return folder_object(Folder(uuid, unique_id, 0, lid or uuid, title=title, codes=(CODE,)), PATIENT, "")


def renamed(door: Door, title: str = "Ny mappe", previous: str = "1", **how) -> tuple[str, list[str]]:
    """The folder said anew: its status and what is told."""
    propagates, by = how.pop("propagates", ""), how.pop("by", "general-practice")
    new = folder("new-folder", title, lid=how.pop("lid", FOLDER), **how)
    slots = {"PreviousVersion": (previous,)} | ({"AssociationPropagation": (propagates,)} if propagates else {})
    link = RegistryObject("association", id="h", source="set", target=new.id, type=HAS_MEMBER, slots=slots)
    return told_of(send(door, [], by, more=(new, link)))


def joined(
    door: Door, source: str, target: str, type_: str = HAS_MEMBER, by: str = "general-practice", number: int = 50
):
    """Two objects that are here joined."""
    made = association("a", source, target, type_)
    told = RegistryObject("association", id="t", source="set", target="a", type=SUBMIT_ASSOCIATION)
    return told_of(send(door, [], by, number, more=(made, told)))


def status(door: Door, uuid: str, to: str = "Deprecated", by: str = "general-practice") -> tuple[str, list[str]]:
    """The status of an object changed."""
    was = "Approved" if to == "Deprecated" else "Deprecated"
    slots = {"OriginalStatus": (f"{STATUS}{was}",), "NewStatus": (f"{STATUS}{to}",)}
    link = RegistryObject("association", id="u", source="set", target=uuid, type=UPDATE_STATUS, slots=slots)
    return told_of(send(door, [], by, more=(link,)))


def listed(door: Door, query: str, *slots: tuple[str, ...], **how) -> list[RegistryObject]:
    answer = door.query(query, *slots, **how)
    assert told_of(answer)[0] == "Success"
    (found,) = etree.fromstring(body_of(answer)).iter(f"{{{RIM}}}RegistryObjectList")
    return list(read_objects(found))


def folders(door: Door, statuses: str = BOTH, **how) -> list[tuple[str, str, str]]:
    """(title, version, status) of every folder."""
    slots = (("$XDSFolderPatientId", NAMED), ("$XDSFolderStatus", statuses))
    found = listed(door, FIND_FOLDERS, *slots, **how)
    return sorted((one.name, one.version, one.status.removeprefix(STATUS)) for one in found)


def inside(door: Door, **how) -> set[str]:
    """The documents in the newest version of the folder."""
    found = listed(door, CONTENTS, ("$XDSFolderUniqueId", f"('{UNIQUE}')"), **how)
    newest = max((one for one in found if one.kind == "package"), key=lambda one: int(one.version), default=None)
    links = [one for one in found if one.kind == "association" and newest and one.source == newest.id]
    return {one.target for one in links}


def membership(door: Door, source: str = FOLDER) -> str:
    """The association that puts something into a folder."""
    held = door.house.storage.reader().associations(7)
    return next(one.uuid for one in held if one.source == source and one.type == "has-member")


# new versions of folders


def test_a_folder_gets_a_new_version_with_what_stood_in_it(door: Door) -> None:
    assert renamed(door) == ("Success", [])
    assert folders(door) == [("Mappe", "1", "Deprecated"), ("Ny mappe", "2", "Approved")]
    assert inside(door) == {ENTRY.format(1)}
    assert renamed(door, previous="2") == ("Failure", ["XDSDuplicateUniqueIdInRegistry sharing.set-id-taken"])


def test_what_stood_in_a_folder_may_be_left_behind(door: Door) -> None:
    assert renamed(door, propagates="no") == ("Success", [])
    assert folders(door) == [("Mappe", "1", "Deprecated")]


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ({"previous": "2"}, "XDSMetadataVersionError sharing.previous-version"),
        ({"previous": ""}, "XDSMetadataVersionError xds.update-version"),
        ({"unique_id": "2.25.78"}, "XDSMetadataIdentifierError sharing.unique-id-changed"),
        ({"lid": ENTRY.format(9)}, "sharing.target-unknown"),
        ({"by": "lung"}, "sharing.target-unknown"),
    ],
)
def test_a_folder_is_changed_by_whom_made_it_and_as_the_norm_says(door: Door, how: dict, told: str) -> None:
    answer, errors = renamed(door, **how)
    assert answer == "Failure"
    assert any(told in one for one in errors), errors
    assert folders(door) == [("Mappe", "1", "Approved")]


def test_a_folders_status_goes_both_ways_and_an_old_version_never_comes_back(door: Door) -> None:
    assert status(door, FOLDER) == ("Success", [])
    assert folders(door) == [("Mappe", "1", "Deprecated")]
    assert status(door, FOLDER)[0] == "Failure"
    assert status(door, FOLDER, "Approved") == ("Success", [])
    assert renamed(door) == ("Success", [])
    answer, errors = status(door, FOLDER, "Approved")
    assert (answer, errors) == ("Failure", ["XDSMetadataUpdateError sharing.replaced-stays"])
    assert status(door, FOLDER, by="lung")[1] == status(door, "urn:uuid:nobody", by="lung")[1]


def test_nothing_is_put_into_a_folder_that_is_not_in_force(door: Door) -> None:
    assert status(door, FOLDER)[0] == "Success"
    answer, errors = joined(door, FOLDER, ENTRY.format(2))
    assert (answer, errors) == ("Failure", ["XDSRegistryDeprecatedDocumentError sharing.target-deprecated"])


# associations


def test_a_document_is_put_into_a_folder_and_taken_out_again(door: Door) -> None:
    assert joined(door, FOLDER, ENTRY.format(2)) == ("Success", [])
    assert inside(door) == {ENTRY.format(1), ENTRY.format(2)}
    assert status(door, membership(door)) == ("Success", [])
    assert inside(door) == {ENTRY.format(2)}
    assert status(door, membership(door), "Approved") == ("Success", [])
    assert inside(door) == {ENTRY.format(1), ENTRY.format(2)}


def test_associations_are_found_by_their_status(door: Door) -> None:
    assert status(door, membership(door))[0] == "Success"
    about = ("$uuid", f"('{FOLDER}')")
    there = listed(door, ASSOCIATIONS, about, ("$XDSAssociationStatus", BOTH))
    assert [one.status for one in there if one.source == FOLDER] == []
    assert joined(door, FOLDER, ENTRY.format(2))[0] == "Success"
    plain = [one.target for one in listed(door, ASSOCIATIONS, about) if one.source == FOLDER]
    both = listed(door, ASSOCIATIONS, about, ("$XDSAssociationStatus", BOTH))
    gone = listed(door, ASSOCIATIONS, about, ("$XDSAssociationStatus", f"('{STATUS}Deprecated')"))
    assert plain == [ENTRY.format(2)]
    assert sorted(one.target for one in both if one.source == FOLDER) == [ENTRY.format(1), ENTRY.format(2)]
    assert [(one.target, one.status) for one in gone] == [(ENTRY.format(1), f"{STATUS}Deprecated")]


def test_a_document_added_to_another_goes_with_it_only_while_it_is(door: Door) -> None:
    assert joined(door, ENTRY.format(2), ENTRY.format(1), ADDED) == ("Success", [])
    held = door.house.storage.reader().associations(7)
    link = next(one.uuid for one in held if one.type == "APND")
    assert status(door, link) == ("Success", [])
    assert status(door, ENTRY.format(1)) == ("Success", [])
    states = {one.uuid: one.status for one in door.house.storage.reader().entries(7)}
    assert states == {ENTRY.format(1): "deprecated", ENTRY.format(2): "approved"}


@pytest.mark.parametrize("type_", ["RPLC", "XFRM_RPLC"])
def test_what_is_here_is_not_replaced_afterwards(door: Door, type_: str) -> None:
    answer, errors = joined(door, ENTRY.format(2), ENTRY.format(1), f"urn:ihe:iti:2007:AssociationType:{type_}")
    assert answer == "Failure"
    assert any("sharing.association-not-allowed" in one for one in errors)


def test_what_says_what_has_happened_stays(door: Door) -> None:
    of_set = next(one for one in door.house.storage.reader().associations(7) if one.source == SET.format(1))
    assert status(door, of_set.uuid) == status(door, "urn:uuid:nobody")
    snapshot = association("z", ENTRY.format(3), ENTRY.format(1), SNAPSHOT)
    data = plan(0).replace(b"<title>", b"<title>Kopi ")
    third = msgspec.structs.replace(described(data, door.house, 3), unique_id="1.2.208.176.43210.7")
    assert told_of(door.provide(submission(third, number=3, more=(snapshot,)), {third.uuid: data}))[0] == "Success"
    link = next(one for one in door.house.storage.reader().associations(7) if one.type == "is-snapshot-of")
    assert status(door, link.uuid) == ("Failure", ["UnmodifiableMetadataError sharing.association-stays"])


def test_the_same_is_not_joined_twice(door: Door) -> None:
    assert joined(door, FOLDER, ENTRY.format(1)) == ("Failure", ["XDSMetadataUpdateError sharing.target-joined"])


def test_what_is_somebody_elses_is_answered_like_nothing(door: Door) -> None:
    nothing = joined(door, "urn:uuid:nobody", ENTRY.format(2), by="lung")
    assert nothing[0] == "Failure"
    assert joined(door, FOLDER, ENTRY.format(2), by="lung") == nothing
    assert joined(door, ENTRY.format(2), ENTRY.format(1), ADDED, by="lung") == nothing
    assert status(door, membership(door), by="lung")[1] == status(door, "urn:uuid:nobody", by="lung")[1]
    assert inside(door) == {ENTRY.format(1)}


def test_all_of_a_request_or_nothing(door: Door) -> None:
    new = folder("new-folder", "Ny", lid=FOLDER)
    slots = {"PreviousVersion": ("1",)}
    link = RegistryObject("association", id="h", source="set", target=new.id, type=HAS_MEMBER, slots=slots)
    bad = association("a", ENTRY.format(2), "urn:uuid:nobody", ADDED)
    told = RegistryObject("association", id="t", source="set", target="a", type=SUBMIT_ASSOCIATION)
    assert told_of(send(door, [], more=(new, link, bad, told)))[0] == "Failure"
    assert folders(door) == [("Mappe", "1", "Approved")]


def test_what_replaces_a_document_stands_in_its_folder(door: Door) -> None:
    data = plan(0).replace(b"<title>", b"<title>Ny ")
    third = msgspec.structs.replace(described(data, door.house, 3), unique_id="1.2.208.176.43210.8")
    link = association("r", third.uuid, ENTRY.format(1), "urn:ihe:iti:2007:AssociationType:RPLC")
    assert told_of(door.provide(submission(third, number=3, more=(link,)), {third.uuid: data}))[0] == "Success"
    assert inside(door) == {ENTRY.format(1), ENTRY.format(3)}


def test_a_delivery_puts_nothing_into_a_folder_that_is_not_in_force(door: Door) -> None:
    assert status(door, FOLDER)[0] == "Success"
    data = plan(0).replace(b"<title>", b"<title>Mere ")
    third = msgspec.structs.replace(described(data, door.house, 3), unique_id="1.2.208.176.43210.8")
    more = (association("m", FOLDER, third.uuid),)
    answer, errors = told_of(door.provide(submission(third, number=3, more=more), {third.uuid: data}))
    assert (answer, errors) == ("Failure", ["UnresolvedReferenceException sharing.target-unknown"])


# what is hidden


def test_an_update_of_folders_alone_is_found_by_its_set_and_by_nobody_who_sees_nothing_in_it(door: Door) -> None:
    assert renamed(door)[0] == "Success"
    newest = max(door.house.storage.reader().folders(7), key=lambda one: one.version)
    about = ("$uuid", f"('{newest.uuid}')")
    assert [one.name for one in listed(door, SETS_OF, about, by="lung") if one.kind == "package"] == ["Rettelse"]
    block = Block("b1", organisation=place("lung"), origin=place("general-practice"))
    door.house.storage.act(lambda transaction: transaction.put_block(7, block)).result()
    assert listed(door, SETS_OF, about, by="lung") == []
    assert folders(door, by="lung") == []


def test_a_document_taken_out_of_a_folder_does_not_keep_it_there(door: Door) -> None:
    assert status(door, membership(door))[0] == "Success"
    assert folders(door) == []
