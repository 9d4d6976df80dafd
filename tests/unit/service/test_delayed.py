"""A party asks that the patient sees a document later: until then nothing tells the patient of it (DESIGN 13)."""

import msgspec
import pytest

from patientoverblik.access import Evidence, PowerOfAttorney, Refusal
from patientoverblik.service.deliver import deliver
from patientoverblik.service.delivery import Delivery, Handed
from patientoverblik.service.documents import list_documents, retrieve
from patientoverblik.service.log import log
from patientoverblik.service.look import look
from patientoverblik.service.model import Received
from patientoverblik.sharing.stated import Stated
from tests.unit.service.make import (
    CITIZEN,
    CLINIC,
    CPR,
    DAY,
    DOCTOR,
    HOLDER,
    NOW,
    RELATIVE,
    SYSTEM,
    TREATS,
    Time,
    a_document,
    a_house,
    learn,
    run,
)

LATER = NOW + 3 * DAY
OWN = {"citizen": (CITIZEN, "own-overview", "citizen"), "relative": (RELATIVE, "on-behalf", "relative")}


def house_with(*documents: tuple[str, int]):
    house = a_house(clock=Time(), delivers_for={})
    learn(house, TREATS)
    learn(house, Evidence(powers=(PowerOfAttorney("p1", HOLDER, ("plans", "appointments", "card", "measurements")),)))
    for name, shown_from in documents:
        handed = Handed(a_document(name, CLINIC), Stated(shown_from=shown_from))
        assert isinstance(run(deliver(house, SYSTEM, Delivery((handed,)))), Received)
    return house


def seen(house, who: str):
    actor, purpose, view = OWN[who]
    shown = run(look(house, actor, CPR, purpose, view))
    listed = run(list_documents(house, actor, CPR, purpose))
    told = run(log(house, actor, CPR))
    return shown, listed, told


@pytest.mark.parametrize("who", OWN)
def test_until_then_everything_is_as_if_the_document_were_not_there(who):
    # The doctor looks at both, so that the log could tell of it.
    with_it, without = house_with(("A", 0), ("B", LATER)), house_with(("A", 0))
    for house in (with_it, without):
        run(look(house, DOCTOR, CPR, "treatment", "professional"))
    told, plain = seen(with_it, who), seen(without, who)
    assert "Plan B" not in msgspec.json.encode(told).decode()
    assert told[0].overview.counts == plain[0].overview.counts
    assert told[0].overview.filtered is plain[0].overview.filtered is False
    assert [one.title for one in told[1].entries] == [one.title for one in plain[1].entries]
    assert [len(one.documents) for one in told[2]] == [len(one.documents) for one in plain[2]]


def test_a_look_at_nothing_else_is_in_the_log_when_the_document_is():
    house = house_with(("A", 0), ("B", LATER))
    key = house.storage.reader().patient_key(CPR)
    entry = next(one for one in house.storage.reader().entries(key) if one.title == "Plan B")
    run(retrieve(house, DOCTOR, "treatment", entry.uuid, CPR))
    assert [one.act for one in seen(house, "citizen")[2] if one.actor.id == DOCTOR.id] == []
    house.clock.now = LATER
    assert [one.act for one in seen(house, "citizen")[2] if one.actor.id == DOCTOR.id] == ["document"]


@pytest.mark.parametrize("who", OWN)
def test_the_bytes_are_refused_until_then_like_those_of_a_document_that_is_not_there(who):
    house = house_with(("A", 0), ("B", LATER))
    actor, purpose, _ = OWN[who]
    key = house.storage.reader().patient_key(CPR)
    hidden = next(one.uuid for one in house.storage.reader().entries(key) if one.title == "Plan B")
    refused = run(retrieve(house, actor, purpose, hidden, CPR))
    assert isinstance(refused, Refusal)
    assert refused == run(retrieve(house, actor, purpose, "urn:uuid:none", CPR))
    house.clock.now = LATER
    assert not isinstance(run(retrieve(house, actor, purpose, hidden, CPR)), Refusal)


@pytest.mark.parametrize(("at", "there"), [(NOW, False), (LATER - 1, False), (LATER, True)])
@pytest.mark.parametrize("who", OWN)
def test_it_is_shown_from_the_very_moment(who, at, there):
    house = house_with(("B", LATER))
    house.clock.now = at
    assert ("Mål B" in msgspec.json.encode(seen(house, who)[0].overview).decode()) is there


def test_a_professional_sees_it_at_once_and_that_the_patient_does_not():
    house = house_with(("A", 0), ("B", LATER))
    overview = run(look(house, DOCTOR, CPR, "treatment", "professional")).overview
    flags = {
        line.value.words: [flag.code for flag in line.flags] for line in overview.lines.values() if line.kind == "goal"
    }
    assert flags == {"Mål A": [], "Mål B": ["overview.delayed"]}
    house.clock.now = LATER
    overview = run(look(house, DOCTOR, CPR, "treatment", "professional")).overview
    assert all(flag.code != "overview.delayed" for line in overview.lines.values() for flag in line.flags)


@pytest.mark.parametrize("who", OWN)
def test_to_ask_for_a_later_day_never_shows_more(who):
    """Monotonic: the later the day, the less the patient sees at any time."""
    days = [0, NOW + DAY, LATER]
    for at in (NOW, NOW + 2 * DAY, LATER):
        shown = []
        for day in days:
            house = house_with(("A", 0), ("B", day))
            house.clock.now = at
            shown.append(len(seen(house, who)[0].overview.lines))
        assert shown == sorted(shown, reverse=True)
        assert (shown[0] > shown[-1]) is (at < LATER)
