"""Loading the demo: through the same line as everybody, once, and to the same days again."""

import msgspec
import pytest

from patientoverblik.access import Refusal
from patientoverblik.care import parse_moment
from patientoverblik.demo.child import child_story
from patientoverblik.demo.load import DemoRefusedError, load_demo
from patientoverblik.demo.people import PERSONAS, evidence
from patientoverblik.demo.psychiatry import NUMBER as PSYCHIATRIC_NUMBER
from patientoverblik.demo.psychiatry import psychiatric_story
from patientoverblik.demo.story import DAY
from patientoverblik.demo.storyboard import storyboard
from patientoverblik.service.model import Shown
from tests.spec.storyboard.expected import COUNTS, KINDS
from tests.spec.storyboard.house import PATIENT, Told, run

NOW = parse_moment("2026-11-23T12:00:00+01:00").earliest
DOCUMENTS = len(storyboard()) + len(psychiatric_story()) + len(child_story())


@pytest.fixture(scope="module")
def loaded() -> Told:
    told = Told()
    told.clock.now = NOW
    seen: list[tuple[int, int]] = []
    answer = run(load_demo(told.house, lambda done, of: seen.append((done, of))))
    assert answer.documents == DOCUMENTS
    assert answer.new == DOCUMENTS
    assert seen[0] == (0, DOCUMENTS)
    assert seen[-1] == (DOCUMENTS, DOCUMENTS)
    return told


def test_the_story_has_just_ended_when_the_demo_is_opened(loaded: Told) -> None:
    loaded.clock.now = NOW
    seen = loaded.seen()
    counts = tuple(getattr(seen.overview.counts, kind) for kind in KINDS)
    assert counts == COUNTS["H"]
    newest = max(line.attribution.at for line in seen.overview.lines.values())
    assert 0 <= NOW - newest < 8 * DAY


def test_loading_again_later_changes_nothing(loaded: Told) -> None:
    before = _documents(loaded)
    loaded.clock.now = NOW + 40 * DAY
    again = run(load_demo(loaded.house))
    assert again.new == 0
    assert _documents(loaded) == before
    states = {source.id: source.state for source in loaded.seen().overview.sources}
    assert {state for source, state in states.items() if source != "naboby"} == {"retrieved"}
    assert states["naboby"] == "not-connected"


@pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.id)
def test_every_persona_sees_what_it_should(loaded: Told, persona: object) -> None:
    loaded.clock.now = NOW
    refused = ("laege-uden-relation", "paaroerende-uden-fuldmagt")
    patient = msgspec.structs.replace(PATIENT, value=persona.patients[0])
    answer = loaded.look(persona.id, patient)
    assert isinstance(answer, Refusal if persona.id in refused else Shown)


def test_evidence_is_not_doubled(loaded: Told) -> None:
    run(load_demo(loaded.house))
    reader = loaded.house.storage.reader()
    for row in evidence():
        key = reader.patient_key(msgspec.structs.replace(PATIENT, value=row.number)) or 0
        assert len(reader.relations(key)) == len(row.relations)
        assert len(reader.powers(key)) == len(row.powers)


def test_a_refused_document_stops_the_loading_with_its_name() -> None:
    told = Told()
    told.house = msgspec.structs.replace(told.house, delivers_for={})
    stolen = msgspec.structs.replace(storyboard()[1], by="stranger")
    with pytest.raises(DemoRefusedError, match="P1: access"):
        told.hand_in(stolen)


def _documents(told: Told) -> list[tuple[str, str]]:
    reader = told.house.storage.reader()
    return [(entry.unique_id, entry.content) for entry in reader.entries(reader.patient_key(PATIENT) or 0)]


def test_the_second_person_shows_what_two_parties_should_discuss(loaded: Told) -> None:
    loaded.clock.now = NOW
    answer = loaded.look("testine", msgspec.structs.replace(PATIENT, value=PSYCHIATRIC_NUMBER))
    assert isinstance(answer, Shown)
    overview = answer.overview
    diabetes = [line for line in overview.lines.values() if line.kind == "condition" and len(line.wordings) == 2]
    assert [line.value.words for line in diabetes] == ["Type 2-diabetes"]
    assert {difference.rule for difference in overview.differences} == {
        "overview.differing-targets",
        "overview.overlapping-appointments",
    }
    assert any(line.attribution.example_profile for line in overview.lines.values())
