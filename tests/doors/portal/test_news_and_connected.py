"""What is new since the reader's last visit, told in place; and who is connected, by the same list as the overview's."""

import re
from html import unescape

import msgspec
import pytest

from patientoverblik.demo.load import hand_in
from patientoverblik.demo.organisations import organisations
from patientoverblik.demo.story import next_version
from patientoverblik.demo.storyboard import STORY, storyboard
from tests.doors.portal.test_own_words import plain, token
from tests.doors.portal.told import NANCY, place_of, someone
from tests.spec.storyboard.house import run

HOUR = 3_600_000
NEWS = "Nyt siden sidst"


@pytest.fixture(scope="module")
def story():
    return place_of("B")


@pytest.fixture
def place(story):
    made = story()
    before = made.clock.now
    yield made
    made.clock.now = before


def changed_plan(place, changed=({"words": "Daglig gåtur på 10 minutter"},)):
    """The general practice changes one intervention of its plan once or more, as any system would; None leaves it
    out."""
    plan = next(one for one in reversed(storyboard()) if one.name == "P1" and one.step <= "B")
    for hour, change in enumerate(changed, 10):
        plan = next_version(plan, step="B", at=f"2026-02-11T{hour}:00:00+01:00", changes={STORY.id("I7"): change})
        run(hand_in(place, plan))


def later(place, hours):
    place.clock.now += hours * HOUR


def news_of(page: str) -> str:
    text = unescape(page)
    return plain(text.split('id="h-news"')[1].split("</section>")[0]) if 'id="h-news"' in text else ""


@pytest.mark.parametrize("who", ["egen-laege", "nancy"])
def test_a_change_is_told_once_with_what_it_was_before(place, who):
    client, base = someone(place, who)
    assert news_of(client.get(base).text) == ""
    later(place, 20)
    changed_plan(place)
    later(place, 1)
    client, base = someone(place, who)
    told = news_of(client.get(base).text)
    assert "Daglig gåtur på 10 minutter Ændret Før Daglig gåtur på 20 minutter Nu Daglig gåtur på 10 minutter" in told
    assert "Metformin" not in told
    assert "Daglig gåtur på 10 minutter" in news_of(client.get(base).text), "looks of one visit tell the same"
    later(place, 1)
    client, base = someone(place, who)
    assert "Der er ikke kommet noget nyt" in news_of(client.get(base).text)


@pytest.mark.parametrize("who", ["egen-laege", "nancy"])
def test_what_a_plan_no_longer_has_is_told_once(place, who):
    client, base = someone(place, who)
    client.get(base)
    later(place, 20)
    changed_plan(place, (None,))
    later(place, 1)
    client, base = someone(place, who)
    told = news_of(client.get(base).text)
    assert re.search("Daglig gåtur på 20 minutter Står ikke længere i planen .*KOL", told), told
    later(place, 1)
    client, base = someone(place, who)
    assert "Daglig gåtur" not in news_of(client.get(base).text)


def test_what_one_reader_has_seen_is_still_new_to_another(place):
    for who in ("egen-laege", "nancy"):
        client, base = someone(place, who)
        client.get(base)
    later(place, 20)
    changed_plan(place)
    later(place, 1)
    client, base = someone(place, "egen-laege")
    client.get(base)
    later(place, 1)
    nancy, own = someone(place, "nancy")
    assert "10 minutter" in news_of(nancy.get(own).text)


def test_who_is_connected_is_the_list_of_the_overview_with_what_they_share_and_since_when(place):
    client, _ = someone(place, "nancy")
    page = plain(client.get("/tilsluttet").text)
    shares, waits = page.split("Deler endnu ikke")
    assert "Testsygehuset" in shares
    assert "Deler planer og aftaler siden 1. december 2025" in shares
    assert "Naboby Kommune" in waits
    assert "Naboby Kommune" not in shares


@pytest.mark.parametrize("leaves", ["", "eye-clinic", "neighbour"])
def test_the_same_list_says_not_connected_on_the_overview_and_for_all_patients(place, leaves):
    """Whatever the configuration says of a party stands alike on the page, in the overview and in each section."""
    house = msgspec.structs.replace(place, sources=tuple(changed(one, leaves) for one in place.sources))
    waiting = {one.name for one in house.sources if one.kind == "none"}
    client, base = someone(house, "egen-laege")
    shares, waits = plain(client.get("/tilsluttet").text).split("Deler endnu ikke")
    form = client.get(base).text
    sent = {"patient": NANCY.value}
    shown = client.post("/api/overblik", json=sent, headers={"x-csrf-token": token(form)}).json()
    assert {one["name"] for one in shown["sources"] if one["state"] == "not-connected"} == waiting
    for one in shown["sources"]:
        assert (one["name"] in waits, one["name"] in shares) == (one["name"] in waiting, one["name"] not in waiting)
    gone = {"": {"Naboby Kommune"}, "eye-clinic": {"Naboby Kommune", "Praktiserende speciallæger"}, "neighbour": set()}
    assert waiting == gone[leaves]


def changed(source, leaves):
    """The source as it is when a party has come or gone."""
    named = organisations()[leaves].reference if leaves else None
    if named is None or not any(one.same(named) for one in source.organisations):
        return source
    return msgspec.structs.replace(source, kind="push" if source.kind == "none" else "none", since="2026-01-01")
