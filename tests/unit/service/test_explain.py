"""A line is explained with what it said before, and only from documents that exist for the reader."""

import msgspec
import pytest

from patientoverblik.access import Actor, Block, Evidence, PersonFacts, Refusal
from patientoverblik.care import Goal, Identifier
from patientoverblik.service import Asked, explain, follow_ups, look
from tests.unit.service.make import (
    ADULT,
    CITIZEN,
    CLINIC,
    CPR,
    DAY,
    DOCTOR,
    KEY,
    NOW,
    STRANGER,
    TREATS,
    a_house,
    an_entry,
    contribution,
    learn,
    run,
    shelve,
)

pytestmark = pytest.mark.usefixtures("synthetic")
OFFICER = Actor("officer", "officer")
GOAL = Identifier(system="1.2.208.184.1", value="goal")


def version(house, number, words, **more):
    """A version of one plan that holds one goal, in these words."""
    goal = Goal(place="g", ids=(GOAL,), kind="professional", words=words, lifecycle="active")
    entry = an_entry(f"V{number}", series="1.2.208.184^set", series_version=number, **more)
    return shelve(house, entry, contribution(f"V{number}", goals=(goal,), interventions=()))


@pytest.fixture
def house():
    house = a_house()
    learn(house, TREATS)
    old = {"status": "deprecated", "replaced_by": "urn:uuid:V2", "deprecated_at": NOW - 10 * DAY}
    version(house, 1, "De første ord", created=NOW - 300 * DAY, **old)
    version(house, 2, "De nye ord")
    return house


def asked(house, actor=DOCTOR, purpose="treatment", view="professional"):
    return Asked(actor, CPR, purpose, view, house.clock())


def the_goal(house):
    shown = run(look(house, CITIZEN, CPR, "own-overview", "citizen")).overview
    return next(line.id for line in shown.lines.values() if line.kind == "goal")


def test_what_a_line_said_before_is_told_and_written_down_as_seen(house):
    answer = run(explain(house, asked(house), the_goal(house)))
    assert {wording.value.words for wording in answer.versions} == {"De nye ord", "De første ord"}
    written = house.storage.reader().look(KEY, answer.look)
    assert written.act == "document"
    assert {document.entry for document in written.documents} == {"urn:uuid:V1", "urn:uuid:V2"}


def test_a_version_the_citizen_has_blocked_is_told_to_nobody_else(house):
    goal = the_goal(house)
    block = Block("b", origin=CLINIC, origin_from=NOW - 400 * DAY, origin_until=NOW - 200 * DAY)
    learn(house, Evidence(blocks=(block,)))
    told = run(explain(house, asked(house), goal))
    assert "De første ord" not in msgspec.json.encode(told).decode()
    assert "De nye ord" in msgspec.json.encode(told).decode()
    own = run(explain(house, asked(house, CITIZEN, "own-overview", "citizen"), goal))
    assert "De første ord" in msgspec.json.encode(own).decode()


def test_nothing_is_explained_to_somebody_without_a_relation(house):
    answer = run(explain(house, asked(house, STRANGER), the_goal(house)))
    assert isinstance(answer, Refusal)


def test_an_explanation_is_followed_up_as_any_other_look(house):
    doctor = msgspec.structs.replace(DOCTOR, person=3)
    learn(house, Evidence(person=PersonFacts(ADULT.born, family=(3,))))
    run(explain(house, asked(house, doctor), the_goal(house)))
    assert [one.kind for one in run(follow_ups(house, OFFICER))] == ["family"]


def test_a_refused_explanation_is_an_attempt_that_may_open_and_that_the_citizen_may_be_shown(house):
    open_house = msgspec.structs.replace(house, show_refused=True)
    assert isinstance(run(explain(open_house, asked(house, STRANGER), the_goal(house))), Refusal)
    assert [one.outcome for one in house.storage.reader().attempts(KEY)] == ["refused"]
    assert house.storage.reader().looks(KEY)[-1].act == "refused"
