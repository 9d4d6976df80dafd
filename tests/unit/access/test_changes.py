"""When a page asks anew: the time stands in the page, so it tells nothing of what others have made (DESIGN 13)."""

from patientoverblik.access import (
    Actor,
    Block,
    Evidence,
    Opening,
    OrganisationRef,
    PersonFacts,
    PowerOfAttorney,
    Question,
    Relation,
)
from patientoverblik.access.changes import LONGEST, asked_again_at, valid_until
from patientoverblik.access.policy import Policy

CLINIC, HOSPITAL = OrganisationRef("1.2", "100"), OrganisationRef("1.2", "200")
DOCTOR = Actor("professional", "doctor", organisation=CLINIC, session="mine")
HOUR, SOON = 3_600_000, 60_000
END = HOUR + SOON


def asked(actor: Actor = DOCTOR, **evidence) -> int:
    held, policy = Evidence(**evidence), Policy()
    until = valid_until(held, policy, HOUR)
    return asked_again_at(Question(actor, 7, "treatment", HOUR), held, policy, until) - HOUR


def opening(actor: str, session: str) -> Opening:
    return Opening("o", actor, session, None, HOUR, END, "consent", "x")


def test_what_others_have_made_leaves_the_time_as_it_is() -> None:
    others = {
        "blocks": (Block("b", valid_from=END),),
        "relations": (Relation("contact", HOSPITAL, valid_until=END),),
        "openings": (opening("another", "mine"), opening(DOCTOR.id, "another")),
        "powers": (PowerOfAttorney("p", 99, ("plans",), valid_until=END),),
    }
    assert asked(**others) == asked() == LONGEST


def test_the_readers_own_basis_and_the_patients_death_end_it() -> None:
    assert asked(relations=(Relation("contact", CLINIC, valid_until=END),)) == SOON
    assert asked(openings=(opening(DOCTOR.id, "mine"),)) == SOON
    assert asked(person=PersonFacts(died=END)) == SOON
    relative = Actor("relative", "r", person=99)
    assert asked(relative, powers=(PowerOfAttorney("p", 99, ("plans",), valid_until=END),)) == SOON
