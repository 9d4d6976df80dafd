"""What no longer holds is sought on the worklists: overtaken, appended to what was replaced, under another number."""

import msgspec

from patientoverblik.access import Block, Evidence
from patientoverblik.care import Identifier, Organisation, parse_moment
from patientoverblik.service import look
from patientoverblik.service.picture import Asked
from patientoverblik.service.remark import Remark
from patientoverblik.service.remarks import put_remark, remarks
from patientoverblik.service.told import tellings
from patientoverblik.service.withdraw import withdraw
from patientoverblik.service.worklist import Wanted, WorkList, work_list
from tests.attacks.house import ANOTHER, given, treated
from tests.unit.service.make import (
    CITIZEN,
    CLINIC,
    CPR,
    DAY,
    DOCTOR,
    HOSPITAL,
    KEY,
    OTHER_CPR,
    OTHER_KEY,
    SOR,
    SYSTEM,
    contribution,
    learn,
    run,
)

KEEPER = Organisation(ids=(Identifier(system=SOR, value="777"),), name="Borger")
SAID = "Det gør jeg ikke mere"


def on_the_list(house) -> list[str]:
    found = run(work_list(house, DOCTOR, Wanted()))
    assert isinstance(found, WorkList)
    return [one.work.words or one.work.kind for one in found.items]


def version(house, name: str, number: int) -> str:
    """A version of one plan that says no word of the others."""
    series = Identifier(system="1.2.208.184", value="one-plan")
    said = msgspec.structs.replace(contribution(name, HOSPITAL).document, series=series, version=number)
    return given(house, name, document=said)


def test_an_older_version_that_comes_late_takes_nothings_place():
    house = treated()
    version(house, "third", 3)
    version(house, "second", 2)
    assert on_the_list(house) == ["Plan third"]
    version(house, "fourth", 4)
    assert on_the_list(house) == ["Plan fourth"]


def test_what_was_appended_to_a_replaced_plan_goes_with_it():
    house = treated()
    plan = given(house, "A")
    given(house, "P", related=(("APND", plan),))
    assert on_the_list(house) == ["Plan A", "Plan P"]
    given(house, "C", replaces=("A",))
    assert on_the_list(house) == ["Plan C"]


def test_what_was_appended_to_a_withdrawn_plan_goes_with_it_and_its_readers_are_told():
    house = treated()
    plan = given(house, "A")
    appended = given(house, "P", related=(("APND", plan),))
    run(look(house, DOCTOR, CPR, "treatment", "professional"))
    run(withdraw(house, msgspec.structs.replace(SYSTEM, organisation=HOSPITAL), CPR, plan, "misfiled"))
    assert on_the_list(house) == []
    assert {one.document for one in run(tellings(house, DOCTOR))} == {plan, appended}


def test_a_plan_is_replaced_by_a_version_that_comes_by_another_number():
    house = treated()
    given(house, "A")
    house.storage.act(lambda held: held.link(KEY, held.claim_patient(OTHER_CPR, OTHER_KEY))).result()
    given(house, "C", replaces=("A",), patient=ANOTHER)
    assert on_the_list(house) == ["Plan C"]


def test_what_the_patient_wrote_goes_with_a_plan_whose_next_version_is_hidden():
    """The next version is of a time that is blocked, the plan that the patient wrote about is not."""
    house = treated(keeps_own_words=KEEPER)
    given(house, "A", CLINIC)
    asked = Asked(CITIZEN, CPR, "own-overview", "citizen", house.clock())
    lines = run(look(house, CITIZEN, CPR, "own-overview", "citizen")).overview.lines
    line = next(one for one, shown in lines.items() if getattr(shown.value, "words", "") == "Mål A")
    assert isinstance(run(put_remark(house, asked, line, "not-right", SAID)), Remark)
    house.clock.now += DAY
    given(house, "B", CLINIC, replaces=("A",), made="2026-11-20T10:00:00+01:00")
    assert on_the_list(house) == ["remark"]
    learn(house, Evidence(blocks=(Block("b", origin_from=parse_moment("2026-11-10").earliest),)))
    assert run(remarks(house, DOCTOR, CPR, "treatment")) == ()
    assert on_the_list(house) == []
