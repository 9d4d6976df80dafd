"""The storyboard's handovers: requested, answered by the receiver, begun; and nobody responsible is never silent.

E: from the emergency to the lung department without a gap (step E). F and G: from the hospital to the general practice,
the home nursing and the rehabilitation, who answer by themselves instead of by the hospital's next version.
"""

from collections.abc import Callable
from copy import copy

import msgspec
import pytest
from tests.spec.storyboard.house import MINUTE, PATIENT, StoryClock, Told, run

from patientoverblik.access import Actor, Refusal
from patientoverblik.care import parse_moment
from patientoverblik.demo.handing_in import written
from patientoverblik.demo.organisations import organisations
from patientoverblik.demo.people import PERSONAS
from patientoverblik.demo.story import Delivery, next_version
from patientoverblik.demo.storyboard import storyboard
from patientoverblik.demo.wiring import system_of
from patientoverblik.service.deliver import deliver
from patientoverblik.service.delivery import Delivery as HandedIn
from patientoverblik.service.delivery import Handed
from patientoverblik.service.handover import Answer, answer_handover, handovers
from patientoverblik.service.model import Received
from patientoverblik.service.worklist import Item, Wanted, WorkList, work_list
from patientoverblik.sharing.stated import Stated
from patientoverblik.storage.memory import MemoryStorage

DAY = 24 * 60 * MINUTE
RECEIVERS = {"I19": "general-practice", "I20": "home-nursing", "I21": "rehabilitation"}
AWAITS, NOBODY = "overview.awaiting-acceptance", "overview.no-responsible"


@pytest.fixture(scope="module")
def discharged() -> Callable[[], Told]:
    """A maker of the story until the discharge, before anybody has answered; each begins from the same state."""
    first = Told().until("F")
    state, now = first.house.storage._state, first.clock.now

    def made() -> Told:
        told = copy(first)
        told.clock = StoryClock()
        told.clock.now = now
        told.house = msgspec.structs.replace(first.house, storage=MemoryStorage(), clock=told.clock)
        told.house.storage._state = state.draft()
        return told

    return made


@pytest.fixture
def told(discharged: Callable[[], Told]) -> Told:
    return discharged()


def somebody(organisation: str) -> Actor:
    place = organisations()[organisation].reference
    return Actor("professional", f"test-{organisation}", "Test Person", "Sygeplejerske", place)


def answer(told: Told, short: str, by: str, said: Answer, reason: str = "") -> object:
    line = told.seen().line(short).id
    made = run(answer_handover(told.house, somebody(by), PATIENT, line, said, reason))
    told.clock.now += MINUTE
    return made


def on_list(told: Told, organisation: str) -> set[tuple[str, str]]:
    found = run(work_list(told.house, somebody(organisation), Wanted(kind="handover")))
    assert isinstance(found, WorkList)
    return {(item.work.words, item.state) for item in found.items}


@pytest.mark.parametrize("short", RECEIVERS)
def test_what_nobody_has_answered_stands_on_both_parties_lists(told: Told, short: str) -> None:
    words = told.seen().line(short).value.words
    assert AWAITS in told.seen().flags(short)
    assert (words, "requested") in on_list(told, RECEIVERS[short])
    assert (words, "requested") in on_list(told, "hospital")


@pytest.mark.parametrize("short", RECEIVERS)
@pytest.mark.parametrize("who", ["egen-laege", "nancy"])
def test_each_answer_is_seen_by_everybody_at_once(told: Told, short: str, who: str) -> None:
    for said, flag in (("accepted", "overview.handover-accepted"), ("started", "overview.handover-started")):
        assert isinstance(answer(told, short, RECEIVERS[short], said), Received)
        flags = told.seen(who).flags(short)
        assert flag in flags
        assert AWAITS not in flags
    assert told.seen(who).line(short).value.words not in {words for words, _ in on_list(told, RECEIVERS[short])}


def test_a_no_goes_back_to_who_asked_with_its_reason_and_can_be_changed(told: Told) -> None:
    assert isinstance(answer(told, "I21", "rehabilitation", "declined"), Refusal)
    answer(told, "I21", "rehabilitation", "declined", "Vi har ikke plads")
    assert "overview.handover-declined" in told.seen("nancy").flags("I21")
    found = run(work_list(told.house, somebody("hospital"), Wanted(kind="handover")))
    assert [item.reason for item in found.items if item.state == "declined"] == ["Vi har ikke plads"]
    answer(told, "I21", "rehabilitation", "accepted")
    assert ("Genoptræning", "declined") not in on_list(told, "hospital")


def test_each_answer_is_a_document_of_the_receivers_and_takes_the_former_ones_place(told: Told) -> None:
    for said in ("accepted", "started"):
        answer(told, "I21", "rehabilitation", said)
    reader = told.house.storage.reader()
    mine = [one for one in reader.entries(reader.patient_key(PATIENT) or 0) if one.profile == "overdragelsessvar"]
    assert [(one.status, one.series_version) for one in mine] == [("deprecated", 1), ("approved", 2)]
    place = organisations()["rehabilitation"].reference
    assert all(one.authors[0].organisation and one.authors[0].organisation.same(place) for one in mine)
    assert all(one.losses == 0 and not one.findings for one in mine), [one.findings for one in mine]


def test_only_who_is_asked_can_answer(told: Told) -> None:
    for other in ("prevention", "eye-clinic", "lung"):
        assert isinstance(answer(told, "I21", other, "accepted"), Refusal)
    assert AWAITS in told.seen().flags("I21")


def test_after_72_hours_nobody_is_responsible_unless_the_practice_has_said_yes(
    told: Told, discharged: Callable[[], Told]
) -> None:
    silent, answered = discharged(), told
    answer(answered, "P5-plan", "general-practice", "accepted")
    for story in (silent, answered):
        story.clock.now += 4 * DAY
    for who in ("egen-laege", "nancy"):
        assert NOBODY in silent.seen(who).flags("P5-plan")
        assert NOBODY not in answered.seen(who).flags("P5-plan")


def test_a_deadline_that_is_past_is_first_on_both_lists(told: Told) -> None:
    told.clock.now += 10 * DAY
    for organisation in ("rehabilitation", "hospital"):
        found = run(work_list(told.house, somebody(organisation), Wanted(due="past")))
        assert "Genoptræning" in [item.work.words for item in found.items if item.overdue]


@pytest.mark.parametrize("answered", [True, False])
def test_from_the_emergency_to_the_lung_department_nobody_is_responsible_unless_it_says_yes(answered: bool) -> None:
    """Step E: the emergency department asks the lung department to be responsible from 14:00, for the same plan."""
    told = Told().until("D")
    while told.one().name != "P4":
        pass
    assert ("Behandlingsplan for indlæggelsen", "requested") in on_list(told, "lung")
    if answered:
        assert isinstance(answer(told, "P4-plan", "lung", "accepted"), Received)
    changes_hands = parse_moment("2026-10-25T14:00:00+01:00").earliest
    for at, silent in ((changes_hands - 1, False), (changes_hands, not answered)):
        told.clock.now = at
        for who in ("egen-laege", "nancy"):
            assert (NOBODY in told.seen(who).flags("P4-plan")) == silent


def test_a_newcomer_to_the_demo_meets_an_open_handover_and_can_take_it() -> None:
    told = Told().until("H")
    asked = {
        person.id: [item for item in items_of(told, person.actor()) if item.work.asked and item.state == "requested"]
        for person in PERSONAS
        if person.kind == "professional"
    }
    assert [one.work.words for one in asked["forebyggelse"]] == ["Ernæringsindsats", "Opfølgningsforløb efter §119"]
    assert isinstance(answer(told, "I28", "prevention", "accepted"), Received)
    assert "overview.handover-accepted" in told.seen("nancy").flags("I28")


def items_of(told: Told, actor: Actor) -> tuple[Item, ...]:
    found = run(work_list(told.house, actor, Wanted(kind="handover")))
    assert isinstance(found, WorkList)
    return found.items


def test_what_was_begun_by_an_intervention_of_the_receivers_own_is_off_the_lists() -> None:
    told = Told().until("F")
    while told.ahead is not None and told.ahead.name != "P6":
        told.one()
    told.one()
    assert "Hjemmesygepleje 2 gange dagligt i 14 dage" not in {words for words, _ in on_list(told, "home-nursing")}


def test_what_one_is_asked_for_a_patient_is_listed_with_ones_answer(told: Told) -> None:
    answer(told, "I21", "rehabilitation", "accepted")
    found = run(handovers(told.house, somebody("rehabilitation"), PATIENT))
    assert [(one.words, one.state, one.sender) for one in found] == [("Genoptræning", "accepted", "Testsygehuset")]
    assert isinstance(run(handovers(told.house, somebody("stranger"), PATIENT)), Refusal)


def test_an_answer_to_what_the_patient_does_not_see_yet_tells_them_nothing(told: Told) -> None:
    later = told.clock.now + 5 * DAY
    plan = next(one for one in reversed(storyboard()) if one.name == "P5" and one.step == "F")
    assert isinstance(plan, Delivery)
    asked = next_version(plan, step="F", at="2026-10-30T15:00:00+01:00")
    handed = Handed(written(asked), Stated(shown_from=later))
    assert isinstance(run(deliver(told.house, system_of("hospital"), HandedIn((handed,)))), Received)
    told.clock.now += 60 * MINUTE
    before = told.seen("nancy").text()
    assert isinstance(answer(told, "I21", "rehabilitation", "accepted", "Vi begynder snart"), Received)
    reader = told.house.storage.reader()
    key = reader.patient_key(PATIENT) or 0
    assert reader.notices(key) == ()
    after = told.seen("nancy").text()
    assert "Svar på overdragelse" not in after
    assert "Genoptræning" not in before
    told.clock.now = later
    assert "overview.handover-accepted" in told.seen("nancy").flags("I21")
