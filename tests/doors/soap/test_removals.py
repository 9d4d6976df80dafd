"""Removing for good (ITI-62, ITI-86): by those who may alone, nothing left dangling, and written in the trail."""

from __future__ import annotations

import msgspec
import pytest
from lxml import etree

from patientoverblik.edges.identity.soap.issued import id_card, signed
from patientoverblik.edges.identity.soap.issuer import CVR
from patientoverblik.edges.identity.soap.messages import Call, message
from patientoverblik.edges.soap.names import LCM, RIM, RMD, XDS
from patientoverblik.service.house import Removers
from patientoverblik.sharing import standings
from tests.doors.soap.test_stored_queries import association
from tests.doors.soap.test_transactions import fetch, found, stored
from tests.doors.soap.test_updates import UNIQUE, amended
from tests.doors.soap.world import ENTRY, HOUR, NOW, SET, Door, described, issuer, plan, submission, told_of
from tests.generative.doors.worlds import place

LID = ENTRY.format(1)


@pytest.fixture
def door() -> Door:
    made = Door()
    stored(made)
    may(made)
    return made


def may(door: Door) -> None:
    door.serve(msgspec.structs.replace(door.house, removers=Removers((place("general-practice"),))))


def everything(door: Door) -> list[str]:
    reader = door.house.storage.reader()
    kinds = (reader.entries(7), reader.sets(7), reader.folders(7), reader.associations(7))
    return [one.uuid for objects in kinds for one in objects]


def remove(door: Door, *ids: str, by: str = "general-practice"):
    listed = "".join(f'<rim:ObjectRef id="{one}"/>' for one in ids)
    body = (
        f'<l:RemoveObjectsRequest xmlns:l="{LCM}" xmlns:rim="{RIM}"><rim:ObjectRefList>{listed}</rim:ObjectRefList>'
        "</l:RemoveObjectsRequest>"
    )
    return by_system(door, "/dros/iti62", "urn:ihe:iti:2010:DeleteDocumentSet", body, by)


def remove_bytes(door: Door, *ids: str, by: str = "general-practice", repository: str = ""):
    listed = "".join(
        f"<x:DocumentRequest><x:RepositoryUniqueId>{repository or door.house.repository}</x:RepositoryUniqueId>"
        f"<x:DocumentUniqueId>{one}</x:DocumentUniqueId></x:DocumentRequest>"
        for one in ids
    )
    body = f'<r:RemoveDocumentsRequest xmlns:r="{RMD}" xmlns:x="{XDS}">{listed}</r:RemoveDocumentsRequest>'
    return by_system(door, "/dros/iti86", "urn:ihe:iti:2017:RemoveDocuments", body, by)


def by_system(door: Door, path: str, action: str, body: str, by: str):
    """A request by the system of an organisation's company, with a card of level 3."""
    before = door.settings.trust
    door.serve(door.house, trust=issuer().trust({CVR: (place(by),)}))
    token = signed(id_card(None, NOW - HOUR, NOW + HOUR), "id", issuer().system, before=None)
    made = message(token, Call(at=NOW, action=action), "3")
    made[1].append(etree.fromstring(body))
    answer = door.post(path, etree.tostring(made), "application/soap+xml; charset=utf-8")
    door.serve(door.house, trust=before)
    return answer


def unique(door: Door) -> str:
    (one,) = found(door)
    return one.identifiers[UNIQUE]


def codes(answer) -> tuple[str, set[str]]:
    status, errors = told_of(answer)
    return status, set(errors)


def test_nobody_may_remove_unless_configured(door: Door) -> None:
    before = everything(door)
    for answer in (remove(door, *before, by="lung"), remove_bytes(door, unique(door), by="lung")):
        assert told_of(answer) == ("Failure", ["XDSRegistryError service.may-not-remove"])
    door.serve(msgspec.structs.replace(door.house, removers=Removers()))
    assert told_of(remove(door, *before))[0] == "Failure"
    assert everything(door) == before
    told = [entry.data for entry in door.house.storage.reader().trail() if b"remove" in entry.data]
    assert len([data for data in told if b"refused" in data]) == 3


@pytest.mark.parametrize("system", [True, False])
def test_nobody_who_works_at_an_organisation_removes_by_its_systems_right(door: Door, system: bool) -> None:
    """Neither with a card nor with an assertion of their own: people remove by a national role alone."""
    before = everything(door)
    listed = "".join(f'<rim:ObjectRef id="{one}"/>' for one in before)
    body = (
        f'<l:RemoveObjectsRequest xmlns:l="{LCM}" xmlns:rim="{RIM}"><rim:ObjectRefList>{listed}</rim:ObjectRefList>'
        "</l:RemoveObjectsRequest>"
    )
    answer = door.ask("/dros/iti62", "urn:ihe:iti:2010:DeleteDocumentSet", body, system=system)
    assert told_of(answer) == ("Failure", ["XDSRegistryError service.may-not-remove"])
    assert everything(door) == before


def test_what_is_removed_is_gone_and_may_come_again(door: Door) -> None:
    document = unique(door)
    assert told_of(remove(door, *everything(door))) == ("Success", [])
    assert (everything(door), found(door)) == ([], [])
    assert told_of(fetch(door, document))[1] == ["XDSDocumentUniqueIdError sharing.document-unknown"]
    event = [event for event in door.house.storage.reader().events(7) if event.act == "remove"]
    assert [(one.outcome, one.subjects) for one in event] == [("done", (LID,))]
    stored(door)
    assert unique(door) == document


def test_a_removal_that_leaves_something_dangling_is_refused_with_what_is_missing(door: Door) -> None:
    before = everything(door)
    for lacking in before:
        answer = remove(door, *(one for one in before if one != lacking))
        assert codes(answer) == ("Failure", {"ReferencesExistException sharing.still-referred-to"}), lacking
        assert lacking in answer.text
    assert everything(door) == before


def test_an_unknown_object_stops_the_removal(door: Door) -> None:
    answer = remove(door, *everything(door), "urn:uuid:99999999-9999-4999-8999-999999999999")
    assert told_of(answer) == ("Failure", ["UnresolvedReferenceException sharing.object-unknown"])
    assert len(found(door)) == 1
    assert told_of(remove(door)) == ("Failure", ["XDSRegistryError xds.nothing-named"])


def test_every_version_of_an_entry_goes_together(door: Door) -> None:
    assert told_of(amended(door, title="Nyt"))[0] == "Success"
    (newest,) = [one for one in door.house.storage.reader().entries(7) if one.version == 2]
    links = door.house.storage.reader().associations(7)
    own = [one.uuid for one in links if newest.uuid in (one.source, one.target)]
    answer = remove(door, newest.uuid, newest.set_uuid, *own)
    assert told_of(answer) == ("Failure", ["ReferencesExistException sharing.still-referred-to"])
    assert f'location="{LID}"' in answer.text
    assert told_of(remove(door, *everything(door))) == ("Success", [])


def test_what_a_removed_document_replaced_stays_replaced(door: Door) -> None:
    data = plan().replace(b"<title>", b"<title>Ny ")
    new = described(data, door.house, 2)
    new = msgspec.structs.replace(new, unique_id=f"{new.unique_id}.2")
    replaces = association("r", new.uuid, LID, "urn:ihe:iti:2007:AssociationType:RPLC")
    assert told_of(door.provide(submission(new, number=2, more=(replaces,)), {new.uuid: data}))[0] == "Success"
    reader = door.house.storage.reader()
    touching = [one.uuid for one in reader.associations(7) if new.uuid in (one.source, one.target)]
    assert told_of(remove(door, new.uuid, SET.format(2), *touching)) == ("Success", [])
    assert standings(door.house.storage.reader().entries(7)) == {LID: "replaced"}
    assert found(door) == []


def test_bytes_go_after_their_entry_and_not_before(door: Door) -> None:
    document = unique(door)
    content = door.house.storage.reader().entries(7)[0].content
    assert told_of(remove_bytes(door, document)) == ("Failure", ["ReferencesExistException sharing.still-registered"])
    assert told_of(remove(door, *everything(door)))[0] == "Success"
    assert door.house.storage.reader().content(7, content) is not None
    wrong = remove_bytes(door, document, repository="9.9")
    assert told_of(wrong) == ("Failure", ["XDSUnknownRepositoryId xds.unknown-repository"])
    assert told_of(remove_bytes(door, document)) == ("Success", [])
    reader = door.house.storage.reader()
    assert (reader.content(7, content), reader.reading(7, content)) == (None, None)
    again = remove_bytes(door, document)
    assert told_of(again) == ("Failure", ["XDSDocumentUniqueIdError sharing.document-unknown"])


def test_bytes_that_another_document_shares_stay(door: Door) -> None:
    one = unique(door)
    twin = msgspec.structs.replace(described(plan(), door.house, 2), unique_id=f"{one}.2")
    assert told_of(door.provide(submission(twin, number=2), {twin.uuid: plan()}))[0] == "Success"
    touching = [link.uuid for link in door.house.storage.reader().associations(7) if LID in (link.source, link.target)]
    assert told_of(remove(door, LID, SET.format(1), *touching))[0] == "Success"
    assert told_of(remove_bytes(door, one)) == ("Success", [])
    assert told_of(fetch(door, f"{one}.2"))[0] == "Success"
