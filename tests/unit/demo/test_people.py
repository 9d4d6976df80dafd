"""Personas and evidence: who may do what in the demo, and that no number names a living person."""

import re

from patientoverblik.access.policy import DEFAULT
from patientoverblik.care import parse_moment
from patientoverblik.demo.child import NUMBER as CHILD_NUMBER
from patientoverblik.demo.organisations import organisations, sources
from patientoverblik.demo.people import NO_POWER_NUMBER, OFFICERS, PARENT_NUMBER, PERSONAS, SPOUSE_NUMBER, evidence
from patientoverblik.demo.psychiatry import NUMBER as PSYCHIATRIC_NUMBER
from patientoverblik.demo.story import Delivery
from patientoverblik.demo.storyboard import NUMBER, storyboard

TEST_PERSONS = {"2512489996"}
GENERATED = re.compile(r"(6[1-9]|[78]\d|9[01])(0[1-9]|1[0-2])\d{6}")


def test_every_number_is_an_official_test_person_or_has_day_plus_60() -> None:
    numbers = {persona.number for persona in PERSONAS if persona.number} | {row.number for row in evidence()}
    numbers |= {number for persona in PERSONAS for number in persona.patients}
    assert {NUMBER, PSYCHIATRIC_NUMBER, SPOUSE_NUMBER, NO_POWER_NUMBER, PARENT_NUMBER} <= numbers
    assert all(number in TEST_PERSONS or GENERATED.fullmatch(number) for number in numbers)


def test_personas_name_their_organisation_or_their_own_number() -> None:
    for persona in PERSONAS:
        professional = persona.kind == "professional"
        assert (persona.organisation in organisations()) == professional
        assert bool(persona.number) != professional
        assert (persona.actor(7).organisation is not None) == professional
    assert len({persona.id for persona in PERSONAS}) == len(PERSONAS)


def test_the_spouse_may_see_appointments_and_plans_but_not_psychiatry() -> None:
    nancy = next(row for row in evidence() if row.number == NUMBER)
    power = nancy.powers[SPOUSE_NUMBER]
    assert {"appointments", "plans"} <= set(power.parts)
    assert "psychiatry" not in power.parts
    assert NO_POWER_NUMBER not in nancy.powers


def test_the_doctor_without_relation_has_none() -> None:
    stranger = next(persona for persona in PERSONAS if persona.id == "laege-uden-relation").actor()
    assert stranger.organisation is not None
    for row in evidence():
        assert not any(relation.organisation.same(stranger.organisation) for relation in row.relations)


def test_every_party_that_hands_in_has_a_source_and_one_source_is_not_connected() -> None:
    through = {key for source in sources() for key in source.organisations}
    assert {event.by for event in storyboard() if isinstance(event, Delivery)} <= through
    assert [source.id for source in sources() if not source.connected] == ["naboby"]
    assert len({(row.system, row.id) for row in organisations().values()}) == len(organisations())


def test_the_child_is_under_15_for_years_to_come_and_one_parent_has_custody() -> None:
    row = next(row for row in evidence() if row.custodies)
    parent = next(persona for persona in PERSONAS if persona.number == PARENT_NUMBER)
    assert (tuple(row.custodies), parent.patients) == ((PARENT_NUMBER,), (row.number,))
    assert row.person.born > parse_moment("2018-01-01").earliest
    assert row.number == CHILD_NUMBER


def test_the_officer_answers_for_the_service_and_has_no_patient() -> None:
    assert [(officer.kind, officer.patients, officer.number) for officer in OFFICERS] == [("officer", (), "")]
    assert OFFICERS[0].role in DEFAULT.replay_roles
