"""A life walked through instant by instant: birth, custody, 15, 18, power of attorney, guardian, protection, death.

At each instant everybody's permit is what the register says then, and no permit taken earlier reaches past a change.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.access import (
    Actor,
    Block,
    Custody,
    Evidence,
    Guardian,
    Opening,
    OrganisationRef,
    Permit,
    PersonFacts,
    PowerOfAttorney,
    Protection,
    Question,
    Relation,
    decide,
)
from patientoverblik.access.changes import turns
from patientoverblik.service.evidence import opening_for, question_of
from tests.generative.access.worlds import LASTING

DANISH = ZoneInfo("Europe/Copenhagen")
GP = OrganisationRef("1.2.208.176.1.1", "1")
CHILD, MOTHER, FATHER, FRIEND, GUARDIAN = range(1, 6)
DOCTOR = Actor("professional", "doctor", organisation=GP, session="s")
SELF = Actor("citizen", "self", person=CHILD)


def at(text):
    return int(datetime.fromisoformat(text).replace(tzinfo=DANISH).timestamp() * 1000)


BORN = at("2008-02-29T00:00:00")
CUSTODY_MOVES = at("2014-06-01T00:00:00")
FIFTEEN = at("2023-03-01T00:00:00")
EIGHTEEN = at("2026-03-01T00:00:00")
POWER_FROM, POWER_TO = at("2026-05-01T00:00:00"), at("2027-05-01T00:00:00")
WARD_FROM, WARD_TO = at("2028-01-01T00:00:00"), at("2029-01-01T00:00:00")
SAFE_FROM, SAFE_TO = at("2026-09-01T00:00:00"), at("2028-09-01T00:00:00")
BLOCK_FROM, BLOCK_TO = at("2027-01-01T00:00:00"), at("2027-07-01T00:00:00")
OPENED = at("2027-02-01T12:00:00")
DIED = at("2030-01-01T03:00:00")
LIFE = Evidence(
    relations=(Relation("own-gp", GP, BORN),),
    powers=(PowerOfAttorney("p", FRIEND, ("appointments",), POWER_FROM, POWER_TO),),
    blocks=(Block("b", valid_from=BLOCK_FROM, valid_until=BLOCK_TO),),
    person=PersonFacts(BORN, DIED, True, SAFE_FROM, SAFE_TO),
    custodies=(Custody("m", MOTHER, BORN, CUSTODY_MOVES), Custody("f", FATHER, BORN)),
    guardians=(Guardian("g", GUARDIAN, ("plans",), WARD_FROM, WARD_TO),),
    protections=(Protection(MOTHER, SAFE_FROM, SAFE_TO),),
    openings=(Opening("o", "doctor", "s", GP, OPENED, OPENED + 3_600_000, "unreachable", "r"),),
)
CHANGES = [
    BORN,
    CUSTODY_MOVES,
    FIFTEEN,
    EIGHTEEN,
    POWER_FROM,
    POWER_TO,
    WARD_FROM,
    WARD_TO,
    SAFE_FROM,
    SAFE_TO,
    BLOCK_FROM,
    BLOCK_TO,
    OPENED,
    OPENED + 3_600_000,
    DIED,
    DIED + 183 * 86_400_000,
]


def ask(actor, purpose, when):
    return decide(question_of(LIFE, actor, CHILD, purpose, when), LIFE)


def acting(person):
    return Actor("relative", "r", person=person)


EVERYBODY = [
    (DOCTOR, "treatment"),
    (SELF, "own-overview"),
    *[(acting(person), "on-behalf") for person in (MOTHER, FATHER, FRIEND, GUARDIAN)],
]

# Who, when, and the rule that decides then.
WALK = [
    (acting(MOTHER), BORN, "relative-custody"),
    (acting(MOTHER), CUSTODY_MOVES - 1, "relative-custody"),
    (acting(MOTHER), CUSTODY_MOVES, "relative-no-power"),
    (acting(FATHER), FIFTEEN - 1, "relative-custody"),
    (acting(FATHER), FIFTEEN, "relative-child-grown"),
    (SELF, FIFTEEN - 1, "citizen-under-age"),
    (SELF, FIFTEEN, "citizen-self"),
    (SELF, EIGHTEEN, "citizen-self"),
    (acting(FRIEND), POWER_FROM - 1, "relative-no-power"),
    (acting(FRIEND), POWER_FROM, "relative-power"),
    (acting(FRIEND), POWER_TO - 1, "relative-power"),
    (acting(FRIEND), POWER_TO, "relative-no-power"),
    (acting(GUARDIAN), WARD_FROM, "relative-guardian"),
    (acting(GUARDIAN), WARD_TO, "relative-no-power"),
    (DOCTOR, BORN, "professional-relation"),
    (DOCTOR, OPENED - 1, "professional-relation"),
    (DOCTOR, OPENED, "professional-override"),
    (DOCTOR, OPENED + 3_600_000, "professional-relation"),
    (SELF, DIED - 1, "citizen-self"),
    (SELF, DIED, "citizen-dead"),
    (acting(FATHER), DIED, "relative-dead"),
    (DOCTOR, DIED, "professional-relation"),
    (DOCTOR, DIED + 183 * 86_400_000, "professional-long-dead"),
]


@pytest.mark.parametrize(("actor", "when", "rule"), WALK)
def test_the_rule_at_each_instant(actor, when, rule):
    purpose = next(purpose for who, purpose in EVERYBODY if who.kind == actor.kind)
    assert ask(actor, purpose, when).rule == rule


def test_birthdays_fall_at_midnight_in_copenhagen_also_for_29_february():
    assert (turns(15, BORN), turns(18, BORN)) == (FIFTEEN, EIGHTEEN)
    assert datetime.fromtimestamp(FIFTEEN / 1000, DANISH) - timedelta(seconds=1) < datetime(2023, 3, 1, tzinfo=DANISH)


def test_protection_and_blocks_hold_for_their_time():
    for when, hidden in ((SAFE_FROM - 1, False), (SAFE_FROM, True), (SAFE_TO - 1, True), (SAFE_TO, False)):
        assert ask(DOCTOR, "treatment", when).hides_home is hidden
    for when, count in ((BLOCK_FROM - 1, 0), (BLOCK_FROM, 1), (OPENED, 0), (BLOCK_TO - 1, 1), (BLOCK_TO, 0)):
        assert len(ask(DOCTOR, "treatment", when).blocks) == count
    assert [ask(DOCTOR, "treatment", when).dead for when in (DIED - 1, DIED)] == [False, True]


def what_it_says(answer):
    return {name: getattr(answer, name) for name in LASTING}


@settings(max_examples=400)
@given(
    st.sampled_from(CHANGES), st.integers(-1_000_000, 1_000_000), st.sampled_from(EVERYBODY), st.integers(0, 900_000)
)
def test_no_permit_outlives_its_reason(change, around, asked, later):
    """Whatever is permitted is decided alike at every instant until it ends, and ends no later than the next change."""
    actor, purpose = asked
    when = change + around
    permit = ask(actor, purpose, when)
    if isinstance(permit, Permit):
        assert when < permit.valid_until <= min([one for one in CHANGES if one > when], default=permit.valid_until)
        then = min(when + later, permit.valid_until - 1)
        assert what_it_says(ask(actor, purpose, then)) == what_it_says(permit)


def test_an_opening_is_for_its_actor_session_and_time():
    for actor in (DOCTOR, msgspec.structs.replace(DOCTOR, session="t"), msgspec.structs.replace(DOCTOR, id="nurse")):
        assert (opening_for(LIFE, actor, OPENED) is not None) is (actor is DOCTOR)
    assert opening_for(LIFE, DOCTOR, OPENED + 3_600_000) is None
    assert Question(DOCTOR, CHILD, "treatment", OPENED).override is None
