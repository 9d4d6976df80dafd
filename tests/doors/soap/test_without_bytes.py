"""Documents registered without their bytes: those that lie elsewhere (ITI-42), and those made on demand (ITI-61)."""

from __future__ import annotations

import asyncio
import re

import msgspec
import pytest
from lxml import etree

from patientoverblik import service
from patientoverblik.access import Block
from patientoverblik.edges.soap.mtom import Unpacker
from patientoverblik.edges.soap.names import LCM, RIM, XDS
from patientoverblik.edges.soap.query import ON_DEMAND
from patientoverblik.sharing.model import Code, DocumentEntry
from tests.doors.soap.test_transactions import fetch, found, update
from tests.doors.soap.test_updates import UNIQUE, amended, reader
from tests.doors.soap.world import ENTRY, NOW, Door, body_of, described, plan, submission, told_of
from tests.generative.doors.worlds import place

DAY = 24 * 60 * 60 * 1000
ELSEWHERE = "1.2.208.176.43210.9"
BOTH_KINDS = ("$XDSDocumentEntryType", f"('urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1','{ON_DEMAND}')")


@pytest.fixture
def door() -> Door:
    return Door()


def register(door: Door, entry: DocumentEntry, number: int = 1, kind: str = "iti42", by: str = "general-practice"):
    action = {
        "iti42": "urn:ihe:iti:2007:RegisterDocumentSet-b",
        "iti61": "urn:ihe:iti:2010:RegisterOnDemandDocumentEntry",
    }[kind]
    objects = submission(entry, number=number)
    body = (
        f'<l:SubmitObjectsRequest xmlns:l="{LCM}" xmlns:rim="{RIM}"><rim:RegistryObjectList>{objects}'
        "</rim:RegistryObjectList></l:SubmitObjectsRequest>"
    )
    return door.ask(f"/dros/{kind}", action, body, by=by, system=True)


def elsewhere(door: Door, **said) -> DocumentEntry:
    return msgspec.structs.replace(described(plan(), door.house), repository=ELSEWHERE, **said)


def on_demand(door: Door, **said) -> DocumentEntry:
    entry = described(plan(), door.house)
    return msgspec.structs.replace(
        entry, object_type="on-demand", sha1="", size=0, created=0, unique_id="1.2.208.176.43210.77^od", **said
    )


def test_what_lies_elsewhere_is_found_with_its_senders_hash_and_size(door: Door) -> None:
    entry = elsewhere(door)
    assert told_of(register(door, entry)) == ("Success", [])
    (one,) = found(door)
    assert one.slot("repositoryUniqueId") == ELSEWHERE
    assert (one.slot("hash"), one.slot("size")) == (entry.sha1, str(len(plan())))
    stored = door.house.storage.reader().entries(7)[0]
    assert door.house.storage.reader().content(7, stored.content) is None


def test_what_lies_elsewhere_is_not_had_here_and_says_so(door: Door) -> None:
    register(door, elsewhere(door))
    (one,) = found(door)
    unique = one.identifiers[UNIQUE]
    for repository in ("", ELSEWHERE):
        status, (error,) = told_of(fetch(door, unique, repository=repository))
        assert (status, error.split()[0]) == ("Failure", "XDSUnknownRepositoryId")


def test_the_overview_tells_of_what_lies_elsewhere(door: Door) -> None:
    register(door, elsewhere(door))
    shown = asyncio.run(service.look(door.house, reader(), 7, "treatment", "professional"))
    assert [(one.code, one.entry) for one in shown.overview.unread] == [("overview.elsewhere", ENTRY.format(1))]
    answer = asyncio.run(service.retrieve(door.house, reader(), "treatment", ENTRY.format(1), 7))
    assert answer.code == "sharing.document-elsewhere"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"repository": ""}, "xds.attribute-missing"),
        ({"sha1": ""}, "xds.attribute-missing"),
        ({"size": 0}, "xds.attribute-missing"),
        ({"object_type": "on-demand"}, "xds.object-type"),
    ],
)
def test_what_a_registration_must_say(door: Door, said: dict, code: str) -> None:
    status, errors = told_of(register(door, msgspec.structs.replace(elsewhere(door), **said)))
    assert status == "Failure"
    assert code in {error.split()[1] for error in errors}
    assert found(door, BOTH_KINDS) == []


def test_a_document_of_ours_comes_with_its_bytes(door: Door) -> None:
    own = elsewhere(door)
    answer = register(door, msgspec.structs.replace(own, repository=door.house.repository))
    assert told_of(answer) == ("Failure", ["XDSRegistryMetadataError xds.own-repository"])


def test_the_same_again_is_registered_again_and_another_hash_is_refused(door: Door) -> None:
    entry = elsewhere(door)
    assert told_of(register(door, entry))[0] == "Success"
    again = msgspec.structs.replace(entry, uuid=ENTRY.format(2))
    assert told_of(register(door, again, 2))[0] == "Success"
    other = msgspec.structs.replace(entry, uuid=ENTRY.format(3), sha1="1" * 40)
    assert told_of(register(door, other, 3)) == ("Failure", ["XDSNonIdenticalHash sharing.document-id-taken"])


def test_another_organisations_document_is_not_registered(door: Door) -> None:
    assert told_of(register(door, elsewhere(door), by="lung"))[0] == "Failure"
    assert found(door) == []


def test_what_lies_elsewhere_is_withdrawn_by_its_owner(door: Door) -> None:
    register(door, elsewhere(door))
    assert told_of(update(door, ENTRY.format(1))) == ("Success", [])
    assert found(door) == []
    assert told_of(amended(door))[0] == "Failure"


def test_an_on_demand_entry_is_found_by_those_who_ask_for_the_kind(door: Door) -> None:
    assert told_of(register(door, on_demand(door), kind="iti61")) == ("Success", [])
    assert found(door) == []
    (one,) = found(door, BOTH_KINDS)
    assert (one.object_type, one.slots.get("hash"), one.slots.get("size")) == (ON_DEMAND, None, None)


def test_what_an_on_demand_entry_may_not_say(door: Door) -> None:
    answer = register(door, on_demand(door), kind="iti42")
    assert told_of(answer)[0] == "Failure"
    answer = register(door, msgspec.structs.replace(on_demand(door), size=7), kind="iti61")
    assert told_of(answer) == ("Failure", ["XDSRegistryMetadataError xds.attribute-barred"])
    provided = door.provide(submission(on_demand(door)), {ENTRY.format(1): plan()})
    assert "XDSRegistryMetadataError xds.object-type" in told_of(provided)[1]


def test_without_a_maker_it_cannot_be_had(door: Door) -> None:
    register(door, on_demand(door), kind="iti61")
    answer = fetch(door, on_demand(door).unique_id)
    assert told_of(answer) == ("Failure", ["XDSRepositoryError sharing.not-made"])
    shown = asyncio.run(service.look(door.house, reader(), 7, "treatment", "professional"))
    assert [one.code for one in shown.overview.unread] == ["overview.on-demand"]


def provided(door: Door, title: str, number: int, created: int) -> DocumentEntry:
    """A plan of the practice in a series of its own, delivered."""
    data = plan().replace(b"<title>", b"<title>" + title.encode())
    data = re.sub(rb'(<setId[^>]*extension=")[^"]*', rb"\g<1>series-%d" % number, data)
    entry = msgspec.structs.replace(
        described(data, door.house, number), unique_id=f"1.2.208.176.43210.{number}", created=created
    )
    assert told_of(door.provide(submission(entry, number=number), {entry.uuid: data}))[0] == "Success"
    return entry


def test_without_a_maker_it_stands_for_the_newest_of_its_kind_that_the_reader_may_see() -> None:
    door = Door(related=("general-practice", "lung"))
    register(door, on_demand(door, service_start=0, service_stop=0), kind="iti61")
    older, newer = provided(door, "Ældre ", 2, NOW - 2 * DAY), provided(door, "Nyere ", 3, NOW - DAY)
    for _ in range(2):
        answer = fetch(door, on_demand(door).unique_id)
        told = etree.fromstring(body_of(answer)).find(f".//{{{XDS}}}DocumentResponse")
        assert told.findtext(f"{{{XDS}}}NewDocumentUniqueId") == newer.unique_id
    links = [one for one in door.house.storage.reader().associations(7) if one.type == "is-snapshot-of"]
    assert [(one.source, one.target) for one in links] == [(newer.uuid, ENTRY.format(1))]
    hidden = Block("b", organisation=place("lung"), origin_from=NOW - DAY, origin_until=NOW - DAY + 1)
    door.house.storage.act(lambda transaction: transaction.put_block(7, hidden)).result()
    door.house.storage.act(lambda transaction: transaction.put_entry(_undated(door, older, newer))).result()
    told = etree.fromstring(body_of(fetch(door, on_demand(door).unique_id, by="lung")))
    assert told.findtext(f".//{{{XDS}}}NewDocumentUniqueId") == older.unique_id


def _undated(door: Door, older: DocumentEntry, newer: DocumentEntry) -> DocumentEntry:
    """The older one without a period of its own: only its creation says when it is from."""
    held = door.house.storage.reader().entry(7, older.uuid)
    assert held is not None
    return msgspec.structs.replace(held, service_start=0, service_stop=0)


def test_another_organisations_or_kinds_document_is_not_what_it_stands_for(door: Door) -> None:
    register(door, on_demand(door, type_code=Code("x", "1.2.3", "Andet")), kind="iti61")
    provided(door, "Nyere ", 3, NOW - DAY)
    answer = fetch(door, on_demand(door).unique_id)
    assert told_of(answer) == ("Failure", ["XDSRepositoryError sharing.not-made"])


def test_it_is_made_when_asked_for_and_kept_as_it_was_then(door: Door) -> None:
    register(door, on_demand(door), kind="iti61")
    asked: list[str] = []

    async def make(entry: DocumentEntry) -> bytes:
        asked.append(entry.uuid)
        return plan()

    door.serve(msgspec.structs.replace(door.house, makes=make))
    for _ in range(2):
        answer = fetch(door, on_demand(door).unique_id)
        assert told_of(answer) == ("Success", [])
        unpacker = Unpacker(answer.headers["content-type"], 1 << 30)
        unpacker.take(answer.content)
        assert list(unpacker.package().parts.values()) == [plan()]
    told = etree.fromstring(body_of(answer)).find(f".//{{{XDS}}}DocumentResponse")
    (snapshot,) = found(door)
    assert told.findtext(f"{{{XDS}}}DocumentUniqueId") == on_demand(door).unique_id
    assert told.findtext(f"{{{XDS}}}NewDocumentUniqueId") == snapshot.identifiers[UNIQUE]
    assert told.findtext(f"{{{XDS}}}NewRepositoryUniqueId") == door.house.repository
    links = [one for one in door.house.storage.reader().associations(7) if one.type == "is-snapshot-of"]
    assert [(one.source, one.target) for one in links] == [(snapshot.id, ENTRY.format(1))]
    assert asked == [ENTRY.format(1)] * 2


def test_nothing_is_made_for_who_may_not_see_it_and_what_cannot_be_kept_is_not_shown(door: Door) -> None:
    register(door, on_demand(door), kind="iti61")
    asked: list[str] = []

    async def make(entry: DocumentEntry) -> bytes | None:
        asked.append(entry.uuid)
        return b"<nothing/>" if len(asked) == 1 else None

    door.serve(msgspec.structs.replace(door.house, makes=make))
    assert told_of(fetch(door, on_demand(door).unique_id, by="lung"))[0] == "Failure"
    assert asked == []
    for _ in range(2):
        assert told_of(fetch(door, on_demand(door).unique_id))[0] == "Failure"
    assert found(door) == []
    assert len(asked) == 2
