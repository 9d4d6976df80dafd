"""Blocks made in the patient's place: by a holder of custody for a child, by a guardian within the guardianship."""

import msgspec
import pytest

from patientoverblik.access import Actor, Block, Custody, Evidence, Guardian, PersonFacts, PowerOfAttorney, Refusal
from patientoverblik.care import parse_moment
from patientoverblik.service import blocks, end_block, log, look, preview_block, put_block
from tests.unit.service.make import (
    ADULT,
    CITIZEN,
    CLINIC,
    CPR,
    DOCTOR,
    EYES,
    HOLDER,
    HOUR,
    KEY,
    RELATIVE,
    TREATS,
    a_house,
    learn,
    put,
    run,
)

pytestmark = pytest.mark.usefixtures("synthetic")
CHILD = PersonFacts(born=parse_moment("2015-05-05").earliest)
GROWN_AT = parse_moment("2030-05-05").earliest
OTHER_PARENT = Actor("relative", "other", person=HOLDER + 1)
PARENTS = (Custody("c1", HOLDER), Custody("c2", HOLDER + 1))


def family(evidence=None):
    house = a_house()
    learn(house, TREATS)
    learn(house, evidence or Evidence(custodies=PARENTS, person=CHILD))
    put(house, "A")
    put(house, "C", EYES)
    return house


def goals(house, actor, purpose="treatment"):
    shown = run(look(house, actor, CPR, purpose, "professional"))
    return {line.value.words for line in shown.overview.lines.values() if line.kind == "goal"}


def test_a_parent_makes_and_ends_a_block_for_the_child():
    house = family()
    made = run(put_block(house, RELATIVE, CPR, Block("", origin=EYES)))
    assert (made.by, made.parts) == ("custody", ())
    assert goals(house, DOCTOR) == {"Mål A"}
    house.clock.now += HOUR
    assert run(end_block(house, OTHER_PARENT, CPR, made.id)).valid_until == house.clock.now
    assert goals(house, DOCTOR) == {"Mål A", "Mål C"}
    event = house.storage.reader().events(KEY)[0]
    assert (event.act, event.actor.kind, event.rule) == ("block-put", "relative", "blocks-by-custody")


@pytest.mark.parametrize("block", [Block(""), Block("", origin=EYES), Block("", person="other")])
def test_no_parent_shuts_the_other_out(block):
    house = family()
    run(put_block(house, RELATIVE, CPR, block))
    for parent in (RELATIVE, OTHER_PARENT):
        assert goals(house, parent, "on-behalf") == {"Mål A", "Mål C"}
    named = run(put_block(house, RELATIVE, CPR, Block("", relative=OTHER_PARENT.person)))
    assert named.code == "service.block-of-relative"


def test_from_fifteen_the_child_decides_and_ends_what_the_parents_made():
    house = family()
    made = run(put_block(house, RELATIVE, CPR, Block("", origin=EYES)))
    house.clock.now = GROWN_AT
    for parent in (RELATIVE, OTHER_PARENT):
        assert run(end_block(house, parent, CPR, made.id)).code == "access.child-decides"
        assert run(put_block(house, parent, CPR, Block(""))).code == "access.child-decides"
    assert [one.by for one in run(blocks(house, CITIZEN, CPR))] == ["custody"]
    assert run(end_block(house, CITIZEN, CPR, made.id)).valid_until == GROWN_AT


def test_a_guardian_decides_within_the_guardianship():
    house = family(Evidence(guardians=(Guardian("g", HOLDER, ("appointments",)),), person=ADULT))
    made = run(put_block(house, RELATIVE, CPR, Block("")))
    assert (made.by, made.parts) == ("guardian", ("appointments",))
    assert goals(house, DOCTOR) == {"Mål A", "Mål C"}
    learn(house, Evidence(guardians=(Guardian("g2", HOLDER, ("plans",)),)))
    run(put_block(house, RELATIVE, CPR, Block("", origin=EYES)))
    assert goals(house, DOCTOR) == {"Mål A"}


def test_what_the_patient_made_is_neither_seen_nor_ended_by_a_guardian():
    house = family(Evidence(guardians=(Guardian("g", HOLDER),), person=ADULT))
    own = run(put_block(house, CITIZEN, CPR, Block("", relative=HOLDER)))
    made = run(put_block(house, RELATIVE, CPR, Block("", origin=EYES)))
    assert [one.id for one in run(blocks(house, RELATIVE, CPR))] == [made.id]
    assert run(end_block(house, RELATIVE, CPR, own.id)).code == "service.block-of-patient"
    assert [one.id for one in run(blocks(house, CITIZEN, CPR))] == [own.id, made.id]


def test_a_guardian_of_less_does_not_end_what_a_guardian_of_more_made():
    house = family(Evidence(guardians=(Guardian("g", HOLDER),), person=ADULT))
    made = run(put_block(house, RELATIVE, CPR, Block("", origin=EYES)))
    lesser = msgspec.structs.replace(OTHER_PARENT)
    learn(house, Evidence(guardians=(Guardian("h", lesser.person, ("plans",)),)))
    assert run(end_block(house, lesser, CPR, made.id)).code == "service.block-of-patient"


def test_a_power_of_attorney_is_to_see_and_not_to_decide():
    house = family(Evidence(powers=(PowerOfAttorney("p", HOLDER, ("plans",)),), person=ADULT))
    for answer in (
        run(put_block(house, RELATIVE, CPR, Block(""))),
        run(blocks(house, RELATIVE, CPR)),
        run(end_block(house, RELATIVE, CPR, "any")),
    ):
        assert answer.code == "access.blocks-not-yours"


def test_a_preview_is_for_the_citizen_alone():
    """It shows what a professional sees, which may be more than is shown to whoever acts for the child."""
    house = family()
    assert isinstance(run(preview_block(house, RELATIVE, CPR, None, CLINIC, "professional")), Refusal)
    assert run(log(house, RELATIVE, CPR)) == ()
