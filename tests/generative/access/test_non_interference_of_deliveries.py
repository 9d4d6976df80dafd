"""Non-interference from the door on (DESIGN 13): what is delivered by a blocked place leaves no trace in anyone's answers."""

from uuid import NAMESPACE_OID, uuid5

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.access import Actor, Block, Evidence, PowerOfAttorney
from patientoverblik.service import Delivery, Handed, Received, deliver, heartbeat
from tests.generative.access.test_non_interference import plain, questions
from tests.unit.service.make import (
    CITIZEN,
    CLINIC,
    DOCTOR,
    EYES,
    HOSPITAL,
    HOUR,
    NOW,
    PSYCHIATRY,
    RELATIVE,
    SOURCES,
    TREATS,
    a_document,
    a_house,
    an_entry,
    learn,
    run,
)

PLACES = (CLINIC, HOSPITAL, EYES, PSYCHIATRY)


class Named:
    """Identifiers that follow from the document being delivered, so that both worlds give a document the same ones."""

    def __init__(self):
        self.now, self.number = "", 0

    def start(self, name):
        self.now, self.number = name, 0

    def uuid(self):
        self.number += 1
        return uuid5(NAMESPACE_OID, f"{self.now}-{self.number}").urn

    def patient_key(self):
        return 1


@st.composite
def plans(draw):
    """(name, place, text, names it replaces): up to five plans; a version replaces one of the same place."""
    made = []
    for number in range(draw(st.integers(1, 5))):
        place = draw(st.sampled_from(PLACES))
        replaced = {older for plan in made for older in plan[2]}
        older = [name for name, own, _ in made if own is place and name not in replaced]
        replaces = (older[-1],) if older and draw(st.booleans()) else ()
        made.append((f"d{number}", place, replaces))
    return made


@settings(max_examples=25, deadline=None)
@given(plans(), st.sampled_from(PLACES), st.sampled_from(["", DOCTOR.id, RELATIVE.id]))
def test_what_a_blocked_place_delivers_might_as_well_never_have_come(made, blocked, person):
    evidence = Evidence(
        TREATS.relations,
        (PowerOfAttorney("p", RELATIVE.person, ("plans",)),),
        (Block("b", person=person, origin=blocked),),
    )
    full, partly = delivered(evidence, made, ()), delivered(evidence, made, (blocked,))
    shelf = [(an_entry(name), None) for name, _, _ in made]
    for actor in (DOCTOR, RELATIVE):
        world = partly if person in ("", actor.id) else full
        for question in questions(actor, shelf):
            assert ask(full, question) == ask(world, question)
    everything = delivered(msgspec.structs.replace(evidence, blocks=()), made, ())
    for question in questions(CITIZEN, shelf):
        assert ask(full, question) == ask(everything, question)


def ask(house, question):
    house.ids.start("look")
    return plain(run(question(house)))


def delivered(evidence, made, left_out):
    """A house in which every place has delivered its plans, or at the same moment only said that it is there."""
    house = a_house(ids=Named())
    learn(house, evidence)
    for name, place, replaces in made:
        house.clock.now += HOUR
        house.ids.start(name)
        system = Actor("system", place.name, organisation=place)
        if place in left_out:
            source = next(one.id for one in SOURCES if place in one.organisations)
            run(heartbeat(house, system, source))
        else:
            data = a_document(name, place, replaces=replaces)
            assert isinstance(run(deliver(house, system, Delivery((Handed(data),)))), Received)
    return house


def test_the_comparison_can_fail():
    """With nothing blocked the two worlds differ."""
    made = [("d0", EYES, ())]
    question = next(questions(DOCTOR, [(an_entry("d0"), None)]))
    assert ask(delivered(TREATS, made, ()), question) != ask(delivered(TREATS, made, (EYES,)), question)


def test_errors_at_submit_tell_nothing_of_hidden_documents():
    """A system that names another party's document is answered as if it named one that is not there."""
    told = [naming_another(made) for made in ([("d0", EYES, ())], [])]
    assert told[0] == told[1]


def naming_another(made):
    house = delivered(TREATS, made, ())
    house.clock.now = NOW + 2 * HOUR
    house.ids.start("d9")
    clinic = Actor("system", "ehr", organisation=CLINIC)
    return run(deliver(house, clinic, Delivery((Handed(a_document("d9", CLINIC, replaces=("d0",))),))))
