"""A look that leaves no trace is sought at every door: whatever tells a document's words stands in the patient's log."""

import pytest

from patientoverblik.access import Actor, Block, Relation
from patientoverblik.service.handover import handovers
from patientoverblik.service.log import log
from patientoverblik.service.remarks import remarks
from tests.doors.fhir.world import Door
from tests.generative.doors import doors, fhir_door, soap_door, token_door
from tests.generative.doors.every import every_answer
from tests.generative.doors.test_non_interference import EVERYTHING, lines_of
from tests.generative.doors.test_planted import MARK, marked
from tests.generative.doors.worlds import (
    CITIZEN,
    DOCTOR,
    KEY,
    RELATIONS,
    RELATIVE,
    about,
    furnished,
    lettered,
    looped,
    place,
    whose,
)
from tests.unit.service.make import run

# What tells words and is no look: the log itself, and the list of what is waiting (docs/handover.md).
NO_LOOK = ("/opslag", "/opslag.csv", "/arbejdsliste")
EYES = Actor("professional", "oje", "Test Øjenlæge", "læge", place("eye-clinic"), authorisation="ZZ998")
RECEIVER = Actor("professional", "modtager", "Test Modtager", "Sygeplejerske", place("prevention"))
TREATING = (*RELATIONS, Relation("referral", place("prevention")), Relation("referral", place("eye-clinic")))


@pytest.mark.parametrize("reader", [DOCTOR, CITIZEN, RELATIVE], ids=lambda reader: reader.name)
def test_every_answer_with_a_documents_words_is_in_the_log(reader, monkeypatch):
    story = marked()
    house = furnished(story, powers=(EVERYTHING,))
    told: list[tuple[str, bool, int]] = []

    def whole(answer, written=doors.whole):
        said, looks = written(answer), len(house.storage.reader().looks(KEY))
        told.append((answer.request.url.path, MARK.encode() in said, looks))
        return said

    for door in (doors, fhir_door, token_door, soap_door):
        monkeypatch.setattr(door, "whole", whole)
    every_answer(house, reader, about(story, lines_of(story, reader, (EVERYTHING,))[:4]))
    before = [0, *(looks for *_, looks in told)]
    untold = {path for (path, marks, looks), was in zip(told, before, strict=False) if marks and looks == was}
    assert {path for path in untold if not path.endswith(NO_LOOK)} == set()
    assert sum(marks for _, marks, _ in told) > 50


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("search", ["", "&_count=0", "&_summary=count", "&_elements=id"])
@pytest.mark.parametrize("kind", ["Goal", "DocumentReference", "Organization"])
def test_a_question_that_fetches_nothing_is_a_look_all_the_same(kind, search, method):
    asked = Door(furnished(marked()), "doctor")
    assert asked.ask(method, f"{kind}?patient=Patient/{asked.patient}{search}").status_code == 200
    assert len(asked.house.storage.reader().looks(KEY)) == 1


def test_reading_what_the_patient_wrote_is_in_the_log():
    story = lettered()
    house = furnished(story, relations=TREATING)
    assert run(remarks(house, EYES, whose(story), "treatment"))
    (look,) = run(log(house, CITIZEN.actor, KEY))
    assert (look.actor.id, look.act, len(look.documents)) == (EYES.id, "document", 1)
    house.clock.now += 1
    assert run(remarks(house, RECEIVER, whose(story), "treatment")) == ()
    newest, _ = run(log(house, CITIZEN.actor, KEY))
    assert (newest.actor.id, newest.act, newest.documents) == (RECEIVER.id, "list", ())


def test_a_state_does_not_tell_of_an_answer_that_is_hidden():
    """The receiver's own answers are blocked for the receiver's people: they are as if nobody had answered."""
    story, block = looped(), Block("b", origin=place("prevention"))
    answered = frozenset(one.name for one in story if one.by == "prevention")
    ours = furnished(story, relations=TREATING, blocks=(block,))
    theirs = furnished(story, answered, relations=TREATING)
    seen = run(handovers(ours, RECEIVER, whose(story)))
    assert seen == run(handovers(theirs, RECEIVER, whose(story)))
    states = {one.state for one in run(handovers(furnished(story, relations=TREATING), RECEIVER, whose(story)))}
    assert ({one.state for one in seen}, states) == ({"requested"}, {"started", "accepted"})
