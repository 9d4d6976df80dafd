"""Updates of what is registered (ITI-57): new versions of metadata, status both ways, and every way they are refused."""

from __future__ import annotations

import asyncio

import msgspec
import pytest

from patientoverblik import service
from patientoverblik.access import Actor
from patientoverblik.edges.soap.ebrim import RegistryObject, xml_of
from patientoverblik.edges.soap.names import LCM, RIM
from patientoverblik.edges.soap.objects import UPDATE_STATUS, entry_object, set_object
from patientoverblik.edges.soap.query import STATUS
from patientoverblik.edges.soap.submission import HAS_MEMBER
from patientoverblik.service import Replayed, Shown
from patientoverblik.sharing import standings
from patientoverblik.sharing.model import Code, DocumentEntry, PatientId, SubmissionSet
from tests.doors.soap.test_stored_queries import association
from tests.doors.soap.test_transactions import GET, fetch, found, stored, update
from tests.doors.soap.world import ENTRY, NOW, PATIENT, Door, described, plan, submission, told_of
from tests.generative.doors.worlds import place

LID = ENTRY.format(1)
UNIQUE = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"


@pytest.fixture
def door() -> Door:
    made = Door()
    stored(made)
    return made


def amended(door: Door, lid: str = LID, previous: str = "1", by: str = "general-practice", number: int = 50, **said):
    """An update of the plan's entry with these fields; what starts with an underscore is of the message."""
    patient = said.pop("_patient", PATIENT)
    propagation = said.pop("_propagation", "")
    entry = msgspec.structs.replace(described(plan(), door.house), **said)
    return send(door, [(entry, lid, previous)], by, number, patient, propagation)


def send(
    door: Door,
    entries: list[tuple[DocumentEntry, str, str]],
    by: str = "general-practice",
    number: int = 50,
    patient: PatientId = PATIENT,
    propagation: str = "",
    more: tuple[RegistryObject, ...] = (),
):
    made = SubmissionSet("set", f"2.25.{number}", 0, "1.2.3", NOW, "Rettelse", Code("x", "1.2"))
    author = entries[0][0].authors[0] if entries else None
    package = set_object(msgspec.structs.replace(made, author=author), patient, "")
    objects = [package, *more]
    for index, (entry, lid, previous) in enumerate(entries):
        one = entry_object(msgspec.structs.replace(entry, uuid=f"new{index}", logical_id=lid), patient)
        slots = {"SubmissionSetStatus": ("Original",)} | ({"PreviousVersion": (previous,)} if previous else {})
        slots |= {"AssociationPropagation": (propagation,)} if propagation else {}
        objects += [
            one,
            RegistryObject("association", id=f"m{index}", source="set", target=one.id, type=HAS_MEMBER, slots=slots),
        ]
    body = (
        f'<l:SubmitObjectsRequest xmlns:l="{LCM}" xmlns:rim="{RIM}"><rim:RegistryObjectList>'
        f"{''.join(map(xml_of, objects))}</rim:RegistryObjectList></l:SubmitObjectsRequest>"
    )
    return door.ask("/dros/iti57", "urn:ihe:iti:2010:UpdateDocumentSet", body, by=by, system=True)


def overview(door: Door) -> Shown:
    shown = asyncio.run(service.look(door.house, reader(), 7, "treatment", "professional"))
    assert isinstance(shown, Shown)
    return shown


def reader() -> Actor:
    return Actor("professional", "doctor", "Testa", organisation=place("general-practice"), authorisation="ZZ999")


def test_a_new_version_takes_over_and_the_old_one_is_found_as_deprecated(door: Door) -> None:
    assert told_of(amended(door, title="Nyt navn")) == ("Success", [])
    (one,) = found(door)
    assert (one.name, one.lid, one.version) == ("Nyt navn", LID, "2")
    assert one.id != LID
    deprecated = found(door, ("$XDSDocumentEntryLogicalID", f"'{LID}'"))
    assert len(deprecated) == 1
    answer = door.query(GET, ("$XDSDocumentEntryLogicalID", f"('{LID}')"))
    assert answer.text.count("<rim:ExtrinsicObject") == 2
    assert answer.text.count(f'status="{STATUS}Deprecated"') == 1
    assert told_of(fetch(door, one.identifiers[UNIQUE]))[0] == "Success"


def test_an_update_leaves_the_overview_as_it_was_but_for_what_was_said(door: Door) -> None:
    before = overview(door).overview
    assert told_of(amended(door, comments="En bemærkning"))[0] == "Success"
    after = overview(door).overview
    assert len(after.lines) == len(before.lines)
    flags = [flag.code for line in after.lines.values() for flag in line.flags]
    assert flags == [flag.code for line in before.lines.values() for flag in line.flags]
    assert [line.phase for line in after.lines.values()] == [line.phase for line in before.lines.values()]
    entries = door.house.storage.reader().entries(7)
    assert sorted(standings(entries).values()) == ["current", "repeated"]
    listed = asyncio.run(service.list_documents(door.house, reader(), 7, "treatment"))
    assert [entry.version for entry in listed.entries] == [2]
    seen = next(look for look in door.house.storage.reader().looks(7)[::-1] if look.act == "overview")
    assert [document.version for document in seen.documents] == [2]


def test_a_second_update_builds_on_the_first(door: Door) -> None:
    assert told_of(amended(door, title="Et"))[0] == "Success"
    stale = amended(door, title="To", number=51)
    assert told_of(stale) == ("Failure", ["XDSMetadataVersionError sharing.previous-version"])
    assert told_of(amended(door, previous="2", title="To", number=51))[0] == "Success"
    (one,) = found(door)
    assert (one.name, one.version) == ("To", "3")


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ({"unique_id": "1.2.3^other"}, ["XDSMetadataIdentifierError sharing.unique-id-changed"]),
        ({"mime_type": "application/pdf"}, ["UnmodifiableMetadataError sharing.unmodifiable"]),
        ({"sha1": "0" * 40}, ["XDSRepositoryMetadataError sharing.hash-differs"]),
        ({"size": 7}, ["XDSRepositoryMetadataError sharing.size-differs"]),
        ({"lid": ENTRY.format(9)}, ["UnresolvedReferenceException sharing.target-unknown"]),
        ({"previous": ""}, ["XDSMetadataVersionError xds.update-version"]),
        ({"by": "lung"}, ["UnresolvedReferenceException sharing.target-unknown"]),
        ({"_propagation": "no"}, ["XDSMetadataUpdateOperationError xds.update-operation"]),
        ({"language": ""}, ["XDSRegistryMetadataError xds.attribute-missing"]),
    ],
)
def test_what_may_not_be_changed(door: Door, said: dict, codes: list[str]) -> None:
    assert told_of(amended(door, **said)) == ("Failure", codes)
    (one,) = found(door)
    assert (one.version, one.id) == ("1", LID)


def test_another_patients_number_does_not_reach_the_document(door: Door) -> None:
    answer = amended(door, _patient=PatientId(PATIENT.system, "6101709999"))
    assert told_of(answer)[0] == "Failure"
    assert found(door)[0].version == "1"


def test_one_fault_stops_all_of_a_request(door: Door) -> None:
    stored(door, 1, index=2)
    good, bad = described(plan(0), door.house), described(plan(1), door.house)
    answer = send(door, [(good, LID, "1"), (bad, ENTRY.format(2), "7")])
    assert told_of(answer) == ("Failure", ["XDSMetadataVersionError sharing.previous-version"])
    assert {one.version for one in found(door)} == {"1"}
    assert told_of(send(door, [(good, LID, "1"), (bad, ENTRY.format(2), "1")]))[0] == "Success"
    assert {one.version for one in found(door)} == {"2"}


def test_a_new_version_is_withdrawn_and_replaced_as_any_document_and_the_old_one_never_comes_back(door: Door) -> None:
    assert told_of(amended(door, title="Nyt"))[0] == "Success"
    (one,) = found(door)
    assert told_of(update(door, LID))[0] == "Failure"
    assert told_of(update(door, one.id)) == ("Success", [])
    assert found(door) == []
    assert told_of(back(door, LID)) == ("Failure", ["XDSMetadataUpdateError sharing.replaced-stays"])
    assert told_of(back(door, one.id)) == ("Success", [])
    assert [entry.id for entry in found(door)] == [one.id]


def back(door: Door, *targets: str, by: str = "general-practice"):
    change = {"OriginalStatus": (f"{STATUS}Deprecated",), "NewStatus": (f"{STATUS}Approved",)}
    links = tuple(
        RegistryObject("association", id=f"u{n}", source="set", target=one, type=UPDATE_STATUS, slots=change)
        for n, one in enumerate(targets)
    )
    return send(door, [], by, more=links)


def test_a_withdrawal_is_undone_by_its_owner_alone(door: Door) -> None:
    assert told_of(back(door, LID)) == ("Failure", ["XDSMetadataUpdateError sharing.status-differs"])
    assert told_of(update(door, LID))[0] == "Success"
    assert found(door) == []
    assert told_of(back(door, LID, by="lung")) == (
        "Failure",
        ["UnresolvedReferenceException sharing.target-unknown"],
    )
    assert told_of(back(door, LID)) == ("Success", [])
    assert [one.id for one in found(door)] == [LID]
    links = [one for one in door.house.storage.reader().associations(7) if one.type == "update-availability"]
    assert [one.label for one in links] == ["Deprecated", "Approved"]


def test_a_replaced_document_is_not_brought_back(door: Door) -> None:
    data = plan().replace(b"<title>", b"<title>Ny ")
    new = described(data, door.house, 2)
    new = msgspec.structs.replace(new, unique_id=f"{new.unique_id}.2")
    replaces = association("r", new.uuid, LID, "urn:ihe:iti:2007:AssociationType:RPLC")
    assert told_of(door.provide(submission(new, number=2, more=(replaces,)), {new.uuid: data}))[0] == "Success"
    assert told_of(back(door, LID)) == ("Failure", ["XDSMetadataUpdateError sharing.replaced-stays"])


def test_what_blocks_rest_on_is_not_talked_away(door: Door) -> None:
    """Another institution in the metadata changes nothing of where the document is from."""
    entry = described(plan(), door.house)
    stranger = (msgspec.structs.replace(entry.authors[0], organisation=place("lung")),)
    answer = amended(door, authors=stranger)
    origins = {one.value for one in door.house.storage.reader().entries(7)[-1].origins}
    assert place("general-practice").value in origins or told_of(answer)[0] == "Failure"
    assert place("lung").value not in origins


def test_who_wrote_a_document_that_is_not_read_cannot_be_changed_either() -> None:
    door, data = Door(), b"%PDF-1.7 a plan"
    entry = msgspec.structs.replace(
        described(plan(), door.house), mime_type="application/pdf", sha1="", size=0, unique_id="1.2.208.176.43210.5"
    )
    assert told_of(door.provide(submission(entry), {entry.uuid: data}))[0] == "Success"
    renamed = msgspec.structs.replace(entry, title="Nyt")
    assert told_of(send(door, [(renamed, LID, "1")]))[0] == "Success"
    both = (*entry.authors, msgspec.structs.replace(entry.authors[0], organisation=place("lung")))
    for authors in (both, both[1:]):
        stranger = msgspec.structs.replace(entry, authors=authors)
        status, errors = told_of(send(door, [(stranger, LID, "2")], number=51))
        assert status == "Failure", errors
    assert found(door)[0].version == "2"


def test_what_a_document_was_related_to_its_new_version_is(door: Door) -> None:
    data = plan(0).replace(b"<title>", b"<title>Bilag ")
    more = msgspec.structs.replace(described(data, door.house, 2), unique_id="1.2.208.176.43210.6")
    added = association("a", more.uuid, LID, "urn:ihe:iti:2007:AssociationType:APND")
    assert told_of(door.provide(submission(more, number=2, more=(added,)), {more.uuid: data}))[0] == "Success"
    assert told_of(amended(door, title="Nyt"))[0] == "Success"
    (newest,) = [one for one in found(door) if one.version == "2"]
    assert told_of(update(door, newest.id)) == ("Success", [])
    assert found(door) == []


def test_an_update_is_written_in_the_trail(door: Door) -> None:
    amended(door, title="Nyt")
    amended(door, title="Igen", number=51)
    events = [event for event in door.house.storage.reader().events(7) if event.act == "update"]
    assert [(event.outcome, len(event.subjects)) for event in events] == [("done", 1), ("refused", 0)]


def test_folders_keep_the_document_and_its_own_set_is_found(door: Door) -> None:
    assert told_of(amended(door, title="Nyt"))[0] == "Success"
    (one,) = found(door)
    answer = door.query("urn:uuid:51224314-5390-4169-9b91-b1980040715a", ("$uuid", f"('{one.id}')"))
    assert "Rettelse" in answer.text


def test_a_look_from_before_an_update_is_shown_again_as_it_was(door: Door) -> None:
    before = overview(door)
    assert told_of(amended(door, comments="En bemærkning"))[0] == "Success"
    officer = Actor("officer", "officer", role="replay-officer")
    again = asyncio.run(service.replay(door.house, officer, 7, before.look))
    assert isinstance(again, Replayed), again
    assert again.exact, again.changed
    assert again.overview.lines == before.overview.lines
