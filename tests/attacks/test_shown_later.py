"""What a party asks to be shown later is sought where somebody else's sight is shown to the patient (issue 7.4)."""

import pytest

from patientoverblik.access import PowerOfAttorney
from patientoverblik.access.model import Evidence
from patientoverblik.service import look, replay
from patientoverblik.service.blocks import preview_block
from patientoverblik.service.why import who_can_see
from patientoverblik.sharing.stated import Stated
from tests.attacks.house import given, treated, words
from tests.unit.service.make import CITIZEN, CLINIC, CPR, DAY, DOCTOR, HOLDER, JOB, NOW, RELATIVE, learn, run

LATER = NOW + 3 * DAY
OWN = {"citizen": (CITIZEN, "own-overview"), "relative": (RELATIVE, "on-behalf")}


@pytest.fixture
def house():
    """A plan that the patient sees, and one that they see later."""
    house = treated()
    power = PowerOfAttorney("p1", HOLDER, ("plans", "appointments", "card", "measurements"))
    learn(house, Evidence(powers=(power,)))
    given(house, "A")
    given(house, "B", stated=Stated(shown_from=LATER))
    return house


def test_in_what_a_professional_was_shown(house):
    was = run(look(house, DOCTOR, CPR, "treatment", "professional"))
    again = run(replay(house, CITIZEN, CPR, was.look))
    assert "Mål A" in words(again)
    assert "Mål B" not in words(again)
    assert again.exact
    assert len(again.original.documents) == 1
    assert "Mål B" in words(run(replay(house, JOB, CPR, was.look)))
    house.clock.now = LATER
    assert "Mål B" in words(run(replay(house, CITIZEN, CPR, was.look)))


def test_with_a_version_that_it_took_the_place_of(house):
    given(house, "C", replaces=("A",), stated=Stated(shown_from=LATER))
    was = run(look(house, DOCTOR, CPR, "treatment", "professional"))
    told = words(run(replay(house, CITIZEN, CPR, was.look)))
    assert not any(f"Mål {name}" in told for name in "ABC")


def test_in_a_preview_of_what_a_party_sees(house):
    seen = run(preview_block(house, CITIZEN, CPR, None, CLINIC, "professional"))
    assert "Mål A" in words(seen)
    assert "Mål B" not in words(seen)
    house.clock.now = LATER
    assert "Mål B" in words(run(preview_block(house, CITIZEN, CPR, None, CLINIC, "professional")))


def test_in_who_can_see_a_version_that_it_took_the_place_of(house):
    older = next(one for one in house.storage.reader().entries(7) if one.title == "Plan A").uuid
    asked = [run(who_can_see(house, CITIZEN, CPR, document)) for document in (older, "urn:uuid:nothing")]
    assert asked[0] != asked[1]
    given(house, "C", replaces=("A",), stated=Stated(shown_from=LATER))
    asked = [run(who_can_see(house, CITIZEN, CPR, document)) for document in (older, "urn:uuid:nothing")]
    assert asked[0] == asked[1]


@pytest.mark.parametrize("who", OWN)
def test_it_is_news_when_it_is_shown(house, who):
    actor, purpose = OWN[who]
    for at in (NOW, NOW + DAY):
        house.clock.now = at
        run(look(house, actor, CPR, purpose, who))
    house.clock.now = LATER + DAY
    shown = run(look(house, actor, CPR, purpose, who))
    new = {
        line.value.words for line in shown.overview.lines.values() if line.since > shown.since and line.kind == "goal"
    }
    assert new == {"Mål B"}


def test_to_a_professional_it_was_news_at_once(house):
    house.clock.now = LATER - DAY
    run(look(house, DOCTOR, CPR, "treatment", "professional"))
    house.clock.now = LATER + DAY
    shown = run(look(house, DOCTOR, CPR, "treatment", "professional"))
    assert [line for line in shown.overview.lines.values() if line.since > shown.since] == []
