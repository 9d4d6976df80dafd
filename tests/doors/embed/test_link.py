"""A signed link opens one overview once; anything wrong with it opens nothing, and says why by its code."""

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from patientoverblik.edges.portal.embed import START
from patientoverblik.problems import CATALOGUE
from tests.doors.embed.world import BASE, EPJ, KEY, OMSORG, OTHER_KEY, STRANGER, World
from tests.unit.portal import sample


def refused(answer, code: str) -> None:
    assert CATALOGUE[code].da in unescape(answer.text)
    assert answer.status_code == CATALOGUE[code].http
    assert "set-cookie" not in answer.headers
    assert sample.CPR not in answer.text


def test_a_link_opens_the_overview_of_its_patient_for_its_actor():
    browser, address = World().opened()
    page = browser.get(address)
    assert page.status_code == 200
    assert "Samlet patientoverblik for Nancy" in page.text
    assert "Anna Læge" in page.text


def test_no_number_stands_in_an_address():
    _, address = World().opened()
    assert re.fullmatch(r"/indlejret/[\w-]{22}", address)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"key": STRANGER}, "identity.launch-signature"),
        ({"key": STRANGER, "header": {"kid": KEY.kid}}, "identity.launch-signature"),
        ({"key": OTHER_KEY}, "identity.launch-signature"),
        ({"header": {"typ": "JWT"}}, "identity.launch-signature"),
        ({"header": {"typ": "at+jwt"}}, "identity.launch-signature"),
        ({"iss": "https://other.example"}, "identity.launch-unknown-system"),
        ({"iss": OMSORG}, "identity.launch-signature"),
        ({"aud": EPJ}, "identity.launch-audience"),
        ({"aud": None}, "identity.launch-incomplete"),
        ({"jti": None}, "identity.launch-incomplete"),
        ({"jti": ""}, "identity.launch-incomplete"),
        ({"jti": 7}, "identity.launch-incomplete"),
        ({"iat": None}, "identity.launch-incomplete"),
        ({"exp": None}, "identity.launch-incomplete"),
        ({"sub": None}, "identity.launch-incomplete"),
        ({"purpose": None}, "identity.launch-purpose"),
        ({"purpose": "research"}, "identity.launch-purpose"),
        ({"patient": None}, "identity.launch-no-patient"),
        ({"patient": "251248-9996"}, "identity.launch-no-patient"),
        ({"patient": ["2512489996", "7102509989"]}, "identity.launch-no-patient"),
        ({"role": None}, "identity.claim-missing"),
        ({"kind": "borger"}, "identity.launch-professionals"),
        ({"kind": "noget andet"}, "identity.unknown-kind"),
    ],
)
def test_what_is_not_in_order_opens_nothing(changes, code):
    world = World()
    refused(world.open(world.browser(), **changes), code)


@pytest.mark.parametrize("text", ["", "x", "a.b.c", "." * 50, "æ", "a" * 20_000])
def test_what_is_no_link_opens_nothing(text):
    world = World()
    refused(world.browser().post(START, data={"link": text}), "identity.launch-signature")


def test_a_link_counts_once():
    world = World()
    text = world.link()
    assert world.open(world.browser(), text).status_code == 303
    refused(world.open(world.browser(), text), "identity.launch-used")


def test_a_link_of_a_system_does_not_use_up_anothers():
    world = World()
    assert world.open(world.browser(), jti="samme").status_code == 303
    assert world.open(world.browser(), jti="samme", iss=OMSORG, key=OTHER_KEY).status_code == 303


def test_a_link_that_is_refused_is_not_used_up():
    world = World()
    refused(world.open(world.browser(), jti="en", patient=None), "identity.launch-no-patient")
    assert world.open(world.browser(), jti="en").status_code == 303


@pytest.mark.parametrize(("seconds", "opens"), [(0, True), (59, True), (64, True), (66, False), (3600, False)])
def test_a_link_lasts_a_minute(seconds, opens):
    world = World()
    text = world.link()
    world.clock[0] += seconds * 1000
    answer = world.open(world.browser(), text)
    assert (answer.status_code == 303) is opens
    if not opens:
        refused(answer, "identity.launch-expired")


def test_a_link_that_was_to_last_longer_opens_nothing():
    world = World()
    at = world.clock[0] // 1000
    refused(world.open(world.browser(), exp=at + 61), "identity.launch-too-long")
    refused(world.open(world.browser(), iat=at + 3600, exp=at + 3660), "identity.launch-incomplete")


def test_a_used_link_is_remembered_as_long_as_it_could_be_used():
    world = World()
    text = world.link()
    world.open(world.browser(), text)
    for _ in range(12):
        world.clock[0] += 5000
        refused(world.open(world.browser(), text), "identity.launch-used")


@pytest.mark.parametrize("form", [{}, {"link": ["", ""]}])
def test_a_form_must_hold_one_link(form):
    world = World()
    refused(world.browser().post(START, data=form), "identity.launch-signature")


def test_two_links_in_one_form_open_nothing():
    world = World()
    body = f"link={world.link()}&link={world.link()}"
    kind = {"content-type": "application/x-www-form-urlencoded"}
    refused(world.browser().post(START, content=body, headers=kind), "identity.launch-signature")


def test_a_link_in_an_address_opens_nothing():
    world = World()
    refused(world.browser().get(f"{START}?link={world.link()}"), "identity.launch-ended")


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_any_changed_character_opens_nothing(data):
    """Law: a link is whole or worth nothing."""
    world = World()
    text = world.link()
    at = data.draw(st.integers(0, 2000)) % (len(text) - 1)
    letter = data.draw(st.sampled_from("ABCxyz019-_"))
    changed = text[:at] + letter + text[at + 1 :]
    if changed != text:
        assert world.open(world.browser(), changed).status_code != 303


def test_a_refusal_has_no_word_of_the_link():
    world = World()
    answer = world.open(world.browser(), key=STRANGER, name="Hemmelig Person")
    assert "Hemmelig" not in answer.text
    assert BASE not in answer.text
