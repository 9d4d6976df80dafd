"""The citizen makes and ends blocks, and reads who has looked."""

import pytest

from patientoverblik.access import Actor, Block, Evidence, PowerOfAttorney, Refusal
from patientoverblik.service import blocks, end_block, heartbeat, log, look, put_block
from tests.unit.service.make import (
    CITIZEN,
    CLINIC,
    CPR,
    DOCTOR,
    EYES,
    HOSPITAL,
    HOUR,
    JOB,
    KEY,
    NOW,
    PSYCHIATRY,
    RELATIVE,
    STRANGER,
    SYSTEM,
    TREATS,
    a_house,
    learn,
    put,
    run,
)

pytestmark = pytest.mark.usefixtures("synthetic")


def seen(house):
    shown = run(look(house, DOCTOR, CPR, "treatment", "professional"))
    return {line.value.words for line in shown.overview.lines.values() if line.kind == "goal"}


def furnished():
    house = a_house()
    learn(house, TREATS)
    put(house, "A")
    put(house, "C", EYES)
    return house


def test_a_block_holds_from_the_moment_it_is_made_until_it_is_ended():
    house = furnished()
    block = run(put_block(house, CITIZEN, CPR, Block("", origin=EYES)))
    assert seen(house) == {"Mål A"}
    house.clock.now += HOUR
    run(end_block(house, CITIZEN, CPR, block.id))
    assert seen(house) == {"Mål A", "Mål C"}
    assert [one.valid_until for one in run(blocks(house, CITIZEN, CPR))] == [NOW + HOUR]
    acts = [event.act for event in house.storage.reader().events(KEY)]
    assert acts == ["block-put", "look", "block-end", "look", "block-list"]


def test_only_the_citizen_makes_ends_and_sees_blocks():
    house = furnished()
    block = run(put_block(house, CITIZEN, CPR, Block("", origin=EYES)))
    learn(house, Evidence(powers=(PowerOfAttorney("p", RELATIVE.person, ("plans",)),)))
    for actor in (DOCTOR, STRANGER, RELATIVE, SYSTEM, JOB):
        assert isinstance(run(put_block(house, actor, CPR, Block("x"))), Refusal)
        assert isinstance(run(end_block(house, actor, CPR, block.id)), Refusal)
        assert isinstance(run(blocks(house, actor, CPR)), Refusal)
    assert run(blocks(house, CITIZEN, CPR)) == (block,)


def test_a_citizen_ends_no_other_block_than_their_own():
    house = furnished()
    assert run(end_block(house, CITIZEN, CPR, "nowhere")).code == "service.no-block"


def test_a_block_cannot_take_another_ones_place():
    house = furnished()
    first = run(put_block(house, CITIZEN, CPR, Block("", origin=EYES)))
    run(put_block(house, CITIZEN, CPR, Block(first.id, origin=HOSPITAL, valid_from=1)))
    made = run(blocks(house, CITIZEN, CPR))
    assert [block.origin for block in made] == [EYES, HOSPITAL]
    assert made[1].valid_from == NOW


def test_a_block_is_ended_for_linked_keys_too():
    house = furnished()
    learn(house, Evidence(blocks=(Block("b8", origin=EYES),)), 8)
    house.storage.act(lambda transaction: transaction.link(KEY, 8)).result()
    assert seen(house) == {"Mål A"}
    run(end_block(house, CITIZEN, CPR, "b8"))
    assert seen(house) == {"Mål A", "Mål C"}


def test_the_log_tells_who_looked_newest_first_and_only_to_the_citizen():
    house = furnished()
    run(look(house, DOCTOR, CPR, "treatment", "professional"))
    house.clock.now += HOUR
    run(look(house, CITIZEN, CPR, "own-overview", "citizen"))
    told = run(log(house, CITIZEN, CPR))
    assert [one.actor.id for one in told] == ["nancy", "doctor"]
    assert isinstance(run(log(house, DOCTOR, CPR)), Refusal)
    assert isinstance(run(log(house, RELATIVE, CPR)), Refusal)


def test_a_heartbeat_comes_from_who_speaks_for_the_source():
    house = furnished()
    house.clock.now += HOUR
    assert run(heartbeat(house, SYSTEM, "gp")) == ("gp",)
    assert heard_at(house, NOW + HOUR) == {"gp"}
    for source in ("eyes", "far", "nowhere"):
        assert run(heartbeat(house, SYSTEM, source)).code == "service.no-source"
    assert isinstance(run(heartbeat(house, DOCTOR, "gp")), Refusal)
    assert isinstance(run(heartbeat(house, CITIZEN)), Refusal)


def test_a_heartbeat_is_of_every_source_named_or_of_none():
    house = a_house(delivers_for={(CLINIC.system, CLINIC.value): (EYES,)})
    house.clock.now += HOUR
    assert run(heartbeat(house, SYSTEM, "gp", "hospital")).code == "service.no-source"
    assert heard_at(house, NOW + HOUR) == set()
    assert run(heartbeat(house, SYSTEM, "eyes", "gp", "gp")) == ("gp", "eyes")
    assert heard_at(house, NOW + HOUR) == {"gp", "eyes"}


def test_a_heartbeat_without_a_name_is_of_every_connected_source_the_actor_speaks_for():
    house = a_house(delivers_for={(CLINIC.system, CLINIC.value): (EYES,)})
    house.clock.now += HOUR
    assert run(heartbeat(house, SYSTEM)) == ("gp", "eyes")
    house.clock.now += HOUR
    assert run(heartbeat(house, JOB)) == ("gp", "hospital", "eyes")
    assert heard_at(house, NOW + 2 * HOUR) == {"gp", "hospital", "eyes"}
    assert run(heartbeat(house, JOB, "far")).code == "service.no-source"
    assert run(heartbeat(house, Actor("system", "x", organisation=PSYCHIATRY), "gp")).code == "service.no-source"


def heard_at(house, at):
    """The sources that were heard from at a time."""
    return {source for source, heard in house.storage.reader().source_times().items() if heard == at}
