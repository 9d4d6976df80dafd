"""The demo in the words of the app: refused attempts are told, and the login page says who everybody is."""

import msgspec

from patientoverblik.app.demo import as_demo, login_personas
from patientoverblik.demo.child import NUMBER as CHILD
from patientoverblik.edges.portal.present.log import looked
from patientoverblik.edges.portal.vocabulary import vocabulary
from patientoverblik.service import look
from patientoverblik.service.log import Search, log_page
from tests.spec.storyboard.house import PATIENT, Told, run


def test_the_citizen_of_the_demo_finds_a_refused_attempt_and_why_it_was_refused() -> None:
    told = Told()
    house = as_demo(told.house)
    actors = {each.id: each.actor for each in login_personas()}
    run(look(house, actors["laege-uden-relation"], PATIENT, "treatment", "professional"))
    person = house.storage.reader().patient_key(PATIENT)
    nancy = msgspec.structs.replace(actors["nancy"], person=person)
    found = run(log_page(house, nancy, PATIENT, Search(act="refused"))).entries
    assert [each.who for each in found] == ["Testlæge Langtfra"]
    assert looked(found[0], vocabulary("citizen"), "").why == "Vi kunne ikke se, at stedet behandler dig"


def test_who_somebody_may_look_at_is_named_as_the_patient_not_as_the_reader() -> None:
    parent = next(each for each in login_personas() if each.id == "foraelder")
    assert [(each.label, each.patient.value, each.purpose) for each in parent.whose] == [
        ("Testbarn Astma", CHILD, "on-behalf")
    ]


def test_an_officer_can_log_in_and_has_no_overview_to_open() -> None:
    officer = next(each for each in login_personas() if each.actor.kind == "officer")
    assert (officer.whose, officer.own, officer.actor.role) == ((), None, "replay-officer")
