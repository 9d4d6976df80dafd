"""A replay says that it is exact only where nothing it rests on has changed; officers replay by role, and it is logged."""

import msgspec
import pytest

from patientoverblik.access import Actor, Evidence, Override, PersonFacts, Refusal
from patientoverblik.care import Address, Identifier, Patient
from patientoverblik.service import drawing, log, look, replay
from tests.unit.service.make import (
    ADULT,
    CITIZEN,
    CPR,
    DOCTOR,
    KEY,
    TREATS,
    a_house,
    an_entry,
    contribution,
    learn,
    put,
    run,
    shelve,
)

pytestmark = pytest.mark.usefixtures("synthetic")
OFFICER = Actor("officer", "o", role="replay-officer")


@pytest.fixture
def house():
    house = a_house()
    learn(house, TREATS)
    put(house, "A")
    return house


def codes(answer):
    assert not isinstance(answer, Refusal), answer
    return [finding.code for finding in answer.changed]


def test_a_change_of_the_overviews_own_code_is_told(house, monkeypatch):
    was = run(look(house, DOCTOR, CPR, "treatment", "professional"))
    assert codes(run(replay(house, CITIZEN, CPR, was.look))) == []
    monkeypatch.setattr(drawing, "_code", lambda: "other")
    drawing.drawn_by.cache_clear()
    answer = run(replay(house, CITIZEN, CPR, was.look))
    drawing.drawn_by.cache_clear()
    assert codes(answer) == ["service.replay-drawing"]
    assert not answer.exact


def test_the_stamp_follows_every_table_and_module_of_the_overview(tmp_path):
    from hashlib import blake2b

    (tmp_path / "tables").mkdir()
    (tmp_path / "__pycache__").mkdir()
    for name, text in (("a.py", "1"), ("tables/b.csv", "2"), ("__pycache__/a.py", "3"), ("c.txt", "4")):
        (tmp_path / name).write_text(text, encoding="utf-8")

    def stamp():
        digest = blake2b(digest_size=8)
        drawing._add(digest, tmp_path)
        return digest.hexdigest()

    first = stamp()
    for name in ("__pycache__/a.py", "c.txt"):
        (tmp_path / name).write_text("changed", encoding="utf-8")
        assert stamp() == first
    for name in ("a.py", "tables/b.csv"):
        (tmp_path / name).write_text("changed", encoding="utf-8")
        assert stamp() != first
        first = stamp()


def test_a_source_called_otherwise_since_is_told(house):
    was = run(look(house, DOCTOR, CPR, "treatment", "professional"))
    renamed = (msgspec.structs.replace(house.sources[0], name="Et andet navn"), *house.sources[1:])
    again = run(replay(msgspec.structs.replace(house, sources=renamed), CITIZEN, CPR, was.look))
    assert codes(again) == ["service.replay-drawing"]


def test_an_officer_replays_by_role_and_the_citizen_can_read_of_it(house):
    was = run(look(house, DOCTOR, CPR, "treatment", "professional"))
    other = msgspec.structs.replace(OFFICER, role="something-else")
    assert isinstance(run(replay(house, other, CPR, was.look)), Refusal)
    again = run(replay(house, OFFICER, CPR, was.look))
    assert again.exact
    assert again.overview == was.overview
    newest = next(iter(run(log(house, CITIZEN, CPR))))
    assert (newest.act, newest.actor.id) == ("replay", "o")
    acts = [(event.act, event.outcome) for event in house.storage.reader().events(KEY)]
    assert acts[1:3] == [("replay", "refused"), ("replay", "done")]


def test_a_replay_of_an_override_is_none_itself(house):
    was = run(look(house, DOCTOR, CPR, "treatment", "professional"))
    kept = house.storage.reader().look(KEY, was.look)
    over = msgspec.structs.replace(kept, id="over", override=Override("consent", "ja"))
    house.storage.act(lambda tx: tx.add_look(over)).result()
    again = run(replay(house, OFFICER, CPR, "over"))
    assert house.storage.reader().look(KEY, again.look).override is None


HOME = Address(lines=("Hemmelig Vej 12",), city="Testby")


def with_home(house, **more):
    who = Patient(ids=(Identifier(system=CPR.system, value=CPR.value),), addresses=(HOME,))
    shelve(house, an_entry("H", **more), contribution("H", patient=who))


def told(answer):
    return "Hemmelig Vej" in str(answer.overview)


def test_an_address_that_only_the_citizen_may_see_is_not_shown_to_who_replays_the_citizens_look(house):
    with_home(house, withheld=("protected-address",))
    was = run(look(house, CITIZEN, CPR, "own-overview", "citizen"))
    own, controlled = (run(replay(house, actor, CPR, was.look)) for actor in (CITIZEN, OFFICER))
    assert (told(own), codes(own)) == (True, [])
    assert (told(controlled), codes(controlled), controlled.exact) == (False, ["service.replay-hidden"], False)


def test_what_is_protected_by_now_is_said_to_be_hidden(house):
    with_home(house)
    was = run(look(house, DOCTOR, CPR, "treatment", "professional"))
    assert codes(run(replay(house, OFFICER, CPR, was.look))) == []
    learn(house, Evidence(person=PersonFacts(ADULT.born, protected=True)))
    again = run(replay(house, OFFICER, CPR, was.look))
    assert (told(again), codes(again)) == (False, ["service.replay-hidden"])
    assert codes(run(replay(house, CITIZEN, CPR, was.look))) == []


def test_a_look_that_is_hidden_from_the_citizen_is_not_replayed_for_them(house):
    was = run(look(house, DOCTOR, CPR, "treatment", "professional"))
    kept = house.storage.reader().look(KEY, was.look)
    hidden = msgspec.structs.replace(kept, id="hidden", hidden_from=("citizen",))
    house.storage.act(lambda tx: tx.add_look(hidden)).result()
    assert run(replay(house, CITIZEN, CPR, "hidden")).code == "service.no-look"
    assert run(replay(house, OFFICER, CPR, "hidden")).exact
