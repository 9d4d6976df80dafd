"""How strict a transaction is: what each level refuses, tells and keeps (DROS's validation levels)."""

from __future__ import annotations

import msgspec
import pytest

from patientoverblik.edges.soap.levels import Level, Levels
from patientoverblik.sharing.model import Code, DocumentEntry
from tests.doors.soap.test_transactions import stored
from tests.doors.soap.test_updates import amended
from tests.doors.soap.world import ENTRY, Door, described, plan, submission, told_of

MISSING = "xds.danish-attribute-missing"


def faulty(door: Door) -> DocumentEntry:
    """An entry without what the Danish profile alone demands, and with a code outside its lists."""
    return msgspec.structs.replace(described(plan(), door.house), title="", class_code=Code("nope", "1.2.3"))


def kept(door: Door, uuid: str = ENTRY.format(1)) -> list[tuple[str, str]]:
    """The findings of an entry: (code, place)."""
    entry = door.house.storage.reader().entry(7, uuid)
    assert entry is not None
    return [(one.code, one.place) for one in entry.findings if one.code.startswith("xds.")]


@pytest.mark.parametrize(
    ("level", "status", "told", "keeps"),
    [
        ("REJECT", "Failure", True, False),
        ("WARNING", "Success", True, True),
        ("LOG", "Success", False, True),
        ("OFF", "Success", False, False),
    ],
)
def test_each_level_does_as_it_says(level: Level, status: str, told: bool, keeps: bool) -> None:
    door = Door(iti41=Levels(danish=level, codes="OFF"))
    entry = faulty(door)
    answer, errors = told_of(door.provide(submission(entry), {entry.uuid: plan()}))
    assert answer == status
    assert any(MISSING in one for one in errors) == told
    if status == "Success":
        assert ((MISSING, "title") in kept(door)) == keeps


@pytest.mark.parametrize(
    "said",
    [('value="2.25.1"', 'value="et-id"'), ('value="1.2.3"', 'value="urn:x"'), (ENTRY.format(1), "urn:uuid:et-id")],
)
def test_ids_have_the_form_the_norm_gives_them(said: tuple[str, str]) -> None:
    door = Door()
    entry = described(plan(), door.house)
    objects = submission(entry).replace(*said)
    assert objects != submission(entry)
    status, errors = told_of(door.provide(objects, {entry.uuid.replace(*said): plan()}))
    assert (status, errors) == ("Failure", ["XDSRegistryMetadataError xds.attribute-wrong"])


def test_what_is_found_of_a_set_is_kept_with_its_first_document_and_no_id_of_the_message_is() -> None:
    door = Door(iti41=Levels(ihe="LOG", danish="LOG", codes="LOG"))
    entry = faulty(door)
    objects = submission(entry).replace('"submissionTime"', '"otherTime"')
    assert told_of(door.provide(objects, {entry.uuid: plan()})) == ("Success", [])
    assert ("xds.attribute-missing", "submissionTime") in kept(door)
    assert all("urn:uuid" not in place for _, place in kept(door))


def test_an_update_keeps_what_is_found_of_it() -> None:
    door = Door(iti57=Levels(danish="LOG"))
    stored(door)
    assert told_of(amended(door, title=""))[0] == "Success"
    newest = max(door.house.storage.reader().entries(7), key=lambda one: one.version)
    assert (MISSING, "title") in kept(door, newest.uuid)
