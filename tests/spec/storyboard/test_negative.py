"""The storyboard's negative checks that concern reading: N1–N3, N8 and N10 (N7 stands with step F).

Left out, by name: the writing checks N4–N6, N9 and N11.
"""

import msgspec
import pytest
from tests.spec.storyboard.house import MINUTE, PATIENT, Told

from patientoverblik.access import Block, Refusal
from patientoverblik.care.systems import CPR
from patientoverblik.demo.organisations import organisations
from patientoverblik.demo.story import Delivery, next_version
from patientoverblik.demo.storyboard import NUMBER, STORY, storyboard
from patientoverblik.sharing.model import PatientId

DAY = 24 * 60 * MINUTE
OF_P2 = ("P2-plan", "H4", "FM5", "I8")
EYE = organisations()["eye-clinic"]


def test_n1_a_block_leaves_a_generic_notice_and_nothing_of_the_plan() -> None:
    told = Told().until("B")
    reader = told.house.storage.reader()
    block = Block(id="demo-block", origin=EYE.reference)
    told.house.storage.act(lambda act: act.put_block(reader.patient_key(PATIENT), block)).result()
    gp, herself = told.seen(), told.seen("nancy")
    assert gp.overview.filtered
    assert all(gp.find(short) is None for short in OF_P2)
    assert not any(hidden in gp.text() for hidden in ("Øjenplan", "DH360", "retinopati", "Fundusfoto"))
    assert all(herself.find(short) is not None for short in OF_P2)
    looks = told.house.storage.reader().looks(reader.patient_key(PATIENT))
    assert looks[-2].actor.id == "egen-laege"


def test_n2_a_silent_source_sinks_nothing_and_is_named_with_its_time() -> None:
    told = Told().until("B")
    heard = told.clock.now
    told.clock.now += 60 * DAY
    seen = told.seen()
    state = next(source for source in seen.overview.sources if source.id == "speciallaeger")
    assert state.state == "not-retrieved"
    assert state.at <= heard
    assert seen.find("P1-plan") is not None
    assert seen.find("P2-plan") is not None


def test_n3_what_was_entered_in_error_is_not_shown_and_still_kept() -> None:
    told = Told().until("E")
    admitted = [one for one in storyboard() if one.name == "P4" and one.step == "E"][-1]
    assert isinstance(admitted, Delivery)
    withdrawn = {STORY.id("H5"): {"verification": "entered-in-error"}}
    told.hand_in(next_version(admitted, step="E", at="2026-10-26T09:00:00+01:00", changes=withdrawn))
    told.clock.now += 60 * MINUTE
    seen = told.seen()
    assert seen.find("H5") is None
    assert seen.find("H6") is not None
    reader = told.house.storage.reader()
    key = reader.patient_key(PATIENT) or 0
    versions = [entry for entry in reader.entries(key) if entry.title == "Behandlingsplan for indlæggelsen"]
    assert len(versions) == 3
    assert all(reader.content(key, entry.content) for entry in versions)


@pytest.mark.parametrize("who", ["paaroerende-uden-fuldmagt", "laege-uden-relation"])
def test_n8_and_n10_without_a_right_a_known_patient_and_an_unknown_one_answer_alike(who: str) -> None:
    told = Told().until("A")
    known = told.look(who)
    unknown = told.look(who, PatientId(CPR, "6101701234"))
    assert isinstance(known, Refusal)
    assert known == unknown
    assert NUMBER not in msgspec.json.encode(known).decode()
    reader = told.house.storage.reader()
    events = reader.events(reader.patient_key(PATIENT) or 0)
    assert [(event.act, event.outcome) for event in events][-1] == ("look", "refused")
    assert NUMBER not in msgspec.json.encode(events).decode()
