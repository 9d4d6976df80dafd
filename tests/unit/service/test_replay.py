"""A look shown again is the look that was, and says so where it cannot be."""

import msgspec
import pytest

from patientoverblik.access import Block, Evidence, Refusal
from patientoverblik.service import Recent, contributions, look, replay
from tests.unit.service.conftest import read_with
from tests.unit.service.make import (
    CITIZEN,
    CPR,
    DAY,
    DOCTOR,
    EYES,
    HOSPITAL,
    JOB,
    KEY,
    TREATS,
    a_house,
    an_entry,
    contribution,
    learn,
    put,
    run,
    shelve,
)
from tests.unit.service.test_look import a_reading

pytestmark = pytest.mark.usefixtures("synthetic")


@pytest.fixture
def house():
    house = a_house()
    learn(house, TREATS)
    put(house, "A")
    put(house, "B", HOSPITAL)
    put(house, "C", EYES)
    shelve(house, an_entry("G", state="unreadable"), None)
    return house


def shown_to_the_doctor(house):
    return run(look(house, DOCTOR, CPR, "treatment", "professional"))


@pytest.mark.parametrize("actor", [CITIZEN, JOB])
def test_shows_exactly_what_was_shown_whatever_came_since(house, actor):
    learn(house, Evidence(blocks=(Block("b", origin=EYES),)))
    was = shown_to_the_doctor(house)
    house.clock.now += 40 * DAY
    put(house, "D", replaces=("urn:uuid:A",))
    replaced = msgspec.structs.replace(
        house.storage.reader().entry(KEY, "urn:uuid:A"),
        status="deprecated",
        replaced_by="urn:uuid:D",
        deprecated_at=house.clock.now,
    )
    house.storage.act(lambda transaction: transaction.put_entry(replaced)).result()
    again = run(replay(house, actor, CPR, was.look))
    assert again.overview == was.overview
    assert again.exact


def test_is_itself_a_look(house):
    was = shown_to_the_doctor(house)
    again = run(replay(house, CITIZEN, CPR, was.look))
    written = house.storage.reader().look(KEY, again.look)
    assert (written.act, written.of, written.actor, written.purpose) == ("replay", was.look, CITIZEN, "replay")


def test_says_which_document_is_read_otherwise_today(house, monkeypatch):
    was = shown_to_the_doctor(house)
    read_with(monkeypatch, "s2")
    monkeypatch.setattr(
        contributions, "read_again", lambda data: msgspec.structs.replace(a_reading(data.decode()), stamp="s2")
    )
    again = run(replay(house, JOB, CPR, was.look))
    assert not again.exact
    assert {(finding.code, finding.place) for finding in again.changed} == {
        ("service.replay-stamp", f"urn:uuid:{name}") for name in "ABC"
    }


def test_says_when_a_withdrawn_document_was_shared_again(house):
    entry = house.storage.reader().entry(KEY, "urn:uuid:A")
    withdrawn = msgspec.structs.replace(entry, status="deprecated", deprecated_at=5)
    house.storage.act(lambda transaction: transaction.put_entry(withdrawn)).result()
    was = shown_to_the_doctor(house)
    house.storage.act(lambda transaction: transaction.put_entry(entry)).result()
    assert [one.code for one in run(replay(house, JOB, CPR, was.look)).changed] == ["service.replay-status"]


def test_needs_a_right_and_a_look_of_that_patient(house):
    was = shown_to_the_doctor(house)
    assert isinstance(run(replay(house, DOCTOR, CPR, was.look)), Refusal)
    assert run(replay(house, CITIZEN, CPR, "nowhere")).code == "service.no-look"
    other = msgspec.structs.replace(CITIZEN, person=8)
    assert isinstance(run(replay(house, other, 8, was.look)), Refusal)
    assert isinstance(run(replay(house, other, CPR, was.look)), Refusal)


def test_does_not_need_what_was_kept_in_memory(house):
    was = shown_to_the_doctor(house)
    fresh = msgspec.structs.replace(house, kept=Recent(1))
    assert run(replay(fresh, JOB, CPR, was.look)).overview == was.overview
    assert contribution("A") == contribution("A")


def test_says_when_the_view_is_not_the_one_that_was_used(house):
    was = shown_to_the_doctor(house)
    look_then = house.storage.reader().look(KEY, was.look)
    older = msgspec.structs.replace(look_then, id="older", view="professional/0")
    gone = msgspec.structs.replace(look_then, id="gone", view="nothing/1")
    house.storage.act(lambda transaction: (transaction.add_look(older), transaction.add_look(gone))).result()
    assert [one.code for one in run(replay(house, JOB, CPR, "older")).changed] == ["service.replay-view"]
    assert run(replay(house, JOB, CPR, "gone")).code == "service.no-look"
