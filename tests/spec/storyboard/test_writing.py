"""The storyboard's writing checks N4, N5, N6, N9 and N11: who may change what, told by what is refused and what is kept.

N6 asks that a plan is not closed while something in it is open. A document is never refused for what it says (DESIGN, A
document goes in): it is kept, and the receipt lists every open intervention.
"""

from collections.abc import Mapping

import msgspec
from tests.spec.storyboard.house import MINUTE, PATIENT, Told, run

from patientoverblik.access import Actor, Refusal
from patientoverblik.care import Condition, Contact, Goal
from patientoverblik.care.systems import CPR
from patientoverblik.demo.handing_in import written
from patientoverblik.demo.organisations import organisation
from patientoverblik.demo.people import SPOUSE_NUMBER
from patientoverblik.demo.story import Delivery, next_version
from patientoverblik.demo.storyboard import STORY, storyboard
from patientoverblik.demo.wiring import system_of
from patientoverblik.service.deliver import deliver
from patientoverblik.service.delivery import Delivery as HandedIn
from patientoverblik.service.delivery import Handed
from patientoverblik.service.model import Received, Refused
from patientoverblik.service.own_words import OwnGoal, write_goal
from patientoverblik.sharing.model import PatientId


def last(name: str, step: str) -> Delivery:
    """The document of the story with a short name as it stood after a step."""
    found = [one for one in storyboard() if one.name == name and one.step <= step]
    assert isinstance(found[-1], Delivery)
    return found[-1]


def changed(document: Delivery, changes: Mapping[str, Mapping[str, object]], at: str, **more: object) -> Delivery:
    told = {STORY.id(short): fields for short, fields in changes.items()}
    return next_version(document, step="C", at=at, changes=told, **more)  # type: ignore[arg-type]


def hand_in(told: Told, by: Actor, document: Delivery) -> Received | Refused:
    return run(deliver(told.house, by, HandedIn((Handed(written(document)),))))


def acts(told: Told) -> list[tuple[str, str, str]]:
    reader = told.house.storage.reader()
    keys = (reader.patient_key(PATIENT) or 0, 0)
    return [(event.actor.id, event.act, event.outcome) for key in keys for event in reader.events(key)]


def test_n4_another_party_cannot_change_a_plan_and_the_attempt_is_in_the_trail() -> None:
    told = Told().until("A")
    mine = changed(last("P1", "A"), {"I5": {"words": "Ændret af en anden"}}, "2026-01-13T10:00:00+01:00")
    answer = hand_in(told, system_of("prevention"), mine)
    assert isinstance(answer, Refused)
    assert answer.code == "access.not-your-document"
    assert told.seen().line("I5").value.words != "Ændret af en anden"


def test_n4_nor_by_a_document_of_its_own_that_says_it_takes_the_plans_place() -> None:
    told = Told().until("A")
    mine = changed(last("P1", "A"), {"I5": {"words": "Ændret af en anden"}}, "2026-01-13T10:00:00+01:00")
    place = organisation("prevention")
    authors = tuple(
        msgspec.structs.replace(one, party=msgspec.structs.replace(one.party, organisation=place))
        for one in mine.care.document.authors
    )
    facts = msgspec.structs.replace(mine.care.document, authors=authors, custodian=place)
    own = msgspec.structs.replace(mine, care=msgspec.structs.replace(mine.care, document=facts))
    hand_in(told, system_of("prevention"), own)
    told.clock.now += MINUTE
    entries = told.house.storage.reader().entries(told.house.storage.reader().patient_key(PATIENT) or 0)
    of_gp = [one for one in entries if one.authors and one.authors[0].organisation.name == "Lægehuset Testparken"]
    assert all(one.status == "approved" for one in of_gp if one.title.startswith("Plan for KOL"))


def test_n5_a_professional_cannot_change_the_patients_words_but_can_judge_the_goal() -> None:
    told = Told().until("A")
    theirs = changed(last("PM", "A"), {"PM1": {"words": "Gå en tur"}}, "2026-01-13T10:00:00+01:00")
    answer = hand_in(told, system_of("general-practice"), theirs)
    assert isinstance(answer, Refused)
    assert told.seen().line("PM1").value.words == "Gå tur med min mand uden at holde pause"
    judged = Goal(
        ids=STORY.ids("FM-PM1"),
        kind="professional",
        words="Kan gå 200 meter",
        lifecycle="active",
        supports=STORY.ids("PM1"),
    )
    plan = next_version(last("P1", "A"), step="A", at="2026-01-14T10:00:00+01:00", items={"goals": (judged,)})
    assert isinstance(hand_in(told, system_of("general-practice"), plan), Received)
    told.clock.now = plan.at.latest + MINUTE
    assert [line.value.words for line in told.seen("nancy").related("PM1", "supported-by")] == ["Kan gå 200 meter"]


def test_n5_nor_by_a_document_that_names_the_patient_as_author_and_is_kept_by_the_professional() -> None:
    told = Told().until("A")
    theirs = changed(last("PM", "A"), {"PM1": {"words": "Gå en tur"}}, "2026-01-13T10:00:00+01:00")
    facts = msgspec.structs.replace(theirs.care.document, custodian=organisation("general-practice"))
    forged = msgspec.structs.replace(theirs, care=msgspec.structs.replace(theirs.care, document=facts))
    answer = hand_in(told, system_of("general-practice"), forged)
    assert isinstance(answer, Refused)
    assert answer.code == "sharing.target-unknown"
    told.clock.now = theirs.at.latest + MINUTE
    assert told.seen().line("PM1").value.words == "Gå tur med min mand uden at holde pause"


def test_n5_a_professional_has_no_way_to_write_in_the_patients_own_document() -> None:
    told = Told().until("A")
    line = told.seen().line("PM1").id
    doctor = Actor("professional", "egen-laege", organisation=system_of("general-practice").organisation)
    for purpose in ("treatment", "own-overview", "on-behalf"):
        answer = run(write_goal(told.house, doctor, PATIENT, purpose, OwnGoal("Gå en tur"), line))  # type: ignore[arg-type]
        assert isinstance(answer, Refusal)
    assert acts(told)[-1][1:] == ("write-own-words", "refused") or ("egen-laege", "write-own-words", "refused") in acts(
        told
    )


def test_n6_a_plan_closed_with_something_open_is_kept_and_every_open_intervention_is_listed() -> None:
    told = Told().until("B")
    while told.one().name != "P3":
        pass
    closed = next_version(
        last("P3", "C"), step="C", at="2026-05-18T16:00:00+02:00", changes={STORY.id("I9"): {"activity": "in-progress"}}
    )
    answer = hand_in(told, system_of("prevention"), closed)
    assert isinstance(answer, Received)
    open_ones = [finding.place for finding in answer.receipts[0].findings if finding.code == "care.open-in-ended-plan"]
    assert len(open_ones) == 1


def test_n9_a_relative_cannot_change_what_comes_from_a_register() -> None:
    told = Told().until("G")
    own = told.house.storage.reader().patient_key(PatientId(CPR, SPOUSE_NUMBER)) or 0
    spouse = Actor("relative", "aegtefaelle", "Ægtefælle", "Pårørende", person=own)
    card = (
        last("ST", "G")
        if any(one.name == "ST" for one in storyboard())
        else next(
            one for one in reversed(storyboard()) if isinstance(one, Delivery) and one.care.card and one.step <= "G"
        )
    )
    answer = hand_in(told, spouse, card)
    assert isinstance(answer, Refused)
    assert answer.code == "access.no-right"
    address = next(line.id for line in told.seen("aegtefaelle").overview.lines.values() if line.kind == "card")
    refused = run(write_goal(told.house, spouse, PATIENT, "on-behalf", OwnGoal("Ny adresse"), address))
    assert isinstance(refused, Refusal)
    assert refused.code == "service.not-own-words"


def test_n11_a_contact_without_a_plan_is_registered_and_shown() -> None:
    told = Told().until("D")
    for who in ("egen-laege", "nancy"):
        seen = told.seen(who)
        assert isinstance(seen.line("K5").value, Contact)
        assert isinstance(seen.line("H5").value, Condition)
        assert (seen.line("H5").plan, seen.line("I13").plan) == ("", "")
