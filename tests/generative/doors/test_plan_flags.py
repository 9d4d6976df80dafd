"""The flag of a list keeps the laws of every door (DESIGN 13, 21): a block that hides every plan is answered as if there
were none, and nothing taken away makes a no or cannot-say a yes."""

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from patientoverblik.access import Block
from patientoverblik.edges.identity.tokens import Tokens
from patientoverblik.edges.portal import PortalSettings
from patientoverblik.edges.portal.portal import portal
from patientoverblik.service import House
from patientoverblik.service.plan_flag import flag_plans
from tests.doors.portal.browser import Browser
from tests.generative.doors.doors import Visit, certain, name_ids
from tests.generative.doors.test_non_interference import DOCTOR, STORIES, blocks, seen_by
from tests.generative.doors.token_door import BASE, others, plans_of, token_of
from tests.generative.doors.worlds import RELATIONS, about, furnished, named, whose
from tests.unit.service.make import run

HIDING_ALL = ((Block("all"),), (Block("plans", types=("81215-6",)),))


def asked(house: House, story) -> bytes:
    """The whole answer at the door."""
    visit = Visit(house, DOCTOR, whose(story))
    with certain():
        list(visit.begin())
        name_ids(house, "plans")
        return visit.ask("POST", "/api/planer", content=plans_of(about(story)), headers={"x-csrf-token": visit.csrf})


def told(house: House, story) -> str:
    return run(flag_plans(house, DOCTOR.actor, (whose(story),)))[0].plans


@settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.data(), st.sampled_from(STORIES))
def test_what_is_blocked_might_as_well_never_have_come(data, story):
    made = data.draw(st.one_of(st.sampled_from(HIDING_ALL), blocks(story)))
    full = furnished(story, blocks=made)
    seen = seen_by(furnished(story, blocks=made), DOCTOR, story)
    never = frozenset(name for uuid, name in named(story).items() if uuid not in seen)
    assert asked(full, story) == asked(furnished(story, never), story)


@pytest.mark.parametrize("made", HIDING_ALL, ids=["everything", "plans"])
def test_a_patient_whose_every_plan_is_blocked_is_answered_as_one_without(made):
    story = STORIES[0]
    with_plans, without = told(furnished(story), story), told(furnished(story, blocks=made), story)
    assert with_plans == "yes"
    assert without != "yes"
    assert without == told(furnished(story, frozenset(named(story).values())), story)


@settings(max_examples=20, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.data(), st.sampled_from(STORIES), st.booleans())
def test_nothing_taken_away_makes_it_a_yes(data, story, relation):
    made = data.draw(st.one_of(st.sampled_from(HIDING_ALL), blocks(story)))
    more = furnished(story, relations=RELATIONS)
    less = furnished(story, blocks=made, relations=RELATIONS if relation else ())
    if told(less, story) == "yes":
        assert told(more, story) == "yes"


@pytest.mark.parametrize("scope", ["user/Goal.rs", "patient/CarePlan.rs", "user/CarePlan.r", ""])
def test_a_token_without_the_reading_of_plans_marks_no_list(scope):
    story = STORIES[0]
    house = furnished(story)
    browser = Browser(portal(house, PortalSettings(tokens=Tokens((others(),)))), BASE)

    def answered(scope: str):
        sent = {"authorization": f"Bearer {token_of(house, DOCTOR, scope=scope)}"}
        return browser.post("/api/planer", content=plans_of(about(story)), headers=sent)

    assert answered("user/CarePlan.rs").json()["answers"][0]["plans"] == "yes"
    refused = answered(scope)
    assert (refused.status_code, refused.json()["code"]) == (403, "identity.insufficient-scope")
    assert 'scope="user/CarePlan.rs"' in refused.headers["www-authenticate"]
