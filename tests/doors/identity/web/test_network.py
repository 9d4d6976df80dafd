"""A provider that is down, strange, endless or slow: one clear page, and nobody comes in."""

import asyncio
import json
import logging
import re

import pytest

from patientoverblik.edges.portal.portal import portal
from patientoverblik.problems import CATALOGUE
from tests.doors.identity.web.provider import ISSUER
from tests.doors.identity.web.world import World, let_in
from tests.doors.portal.browser import Browser
from tests.unit.portal import house as made

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE


@pytest.fixture
def world() -> World:
    return World()


@pytest.mark.parametrize(
    ("path", "answer", "code"),
    [
        ("/.well-known/openid-configuration", (500, b"", {}), "identity.provider-unreachable"),
        ("/.well-known/openid-configuration", (404, b"", {}), "identity.provider-not-understood"),
        ("/.well-known/openid-configuration", (200, b"<html>", {}), "identity.provider-not-understood"),
        ("/.well-known/openid-configuration", (200, b"[]", {}), "identity.provider-not-understood"),
        ("/.well-known/openid-configuration", (200, b"{}", {}), "identity.provider-not-understood"),
        ("/.well-known/openid-configuration", (200, b" " * 2_000_000, {}), "identity.provider-not-understood"),
        (
            "/.well-known/openid-configuration",
            (302, b"", {"location": "https://ond.example/"}),
            "identity.provider-not-understood",
        ),
        ("/jwks", (503, b"", {}), "identity.provider-unreachable"),
    ],
)
def test_a_provider_that_is_down_or_strange_gives_one_clear_page(world, caplog, path, answer, code):
    world.provider.answers[path] = answer
    with caplog.at_level(logging.DEBUG):
        told = world.browser().get("/log-ind")
    assert told.status_code == CATALOGUE[code].http
    assert CATALOGUE[code].da in told.text
    assert "Traceback" not in told.text + caplog.text
    assert code in caplog.text
    assert re.search(r"Sporings-id: (\w+)", told.text)[1] in caplog.text


def test_no_redirect_of_the_provider_is_followed_and_no_answer_is_read_without_end(world):
    address, good = "/.well-known/openid-configuration", json.dumps(world.provider.discovery()).encode()
    world.provider.answers["/flyttet"] = (200, good, {})
    for answer in ((302, b"", {"location": f"{ISSUER}/flyttet"}), (200, good + b" " * 2_000_000, {})):
        world.provider.answers[address] = answer
        assert world.browser().get("/log-ind").status_code == 502
    assert world.provider.asked["/flyttet"] == 0
    world.provider.answers[address] = (200, good + b" " * 1000, {})
    world.log_in()


def test_a_provider_that_is_down_is_left_alone_for_a_while(world):
    address = "/.well-known/openid-configuration"
    world.provider.answers[address] = (500, b"", {})
    for _ in range(5):
        assert world.browser().get("/log-ind").status_code == 503
    assert world.provider.asked[address] == 1
    del world.provider.answers[address]
    world.clock[0] += 15 * SECOND
    world.log_in()


def test_a_provider_that_goes_down_in_the_middle_is_told_of(world):
    browser = world.browser()
    asked = world.begin(browser)
    world.provider.answers["/token"] = (502, b"", {})
    answer = world.come_back(browser, asked)
    assert (answer.status_code, let_in(answer)) == (503, False)


def test_a_provider_that_never_answers_is_waited_for_so_long_and_no_longer():
    world = World(seconds=0.01)

    async def never(_scope, _receive, _send):
        await asyncio.Event().wait()

    world.party.network.transport.app = never
    assert world.browser().get("/log-ind").status_code == 503


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"issuer": "https://andet.example"}, "identity.other-issuer"),
        ({"issuer": ISSUER + "/"}, "identity.other-issuer"),
        ({"code_challenge_methods_supported": ["plain"]}, "identity.no-pkce"),
        ({"token_endpoint": "http://login.example/token"}, "identity.provider-not-understood"),
        ({"jwks_uri": "file:///etc/passwd"}, "identity.provider-not-understood"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "identity.provider-not-understood"),
        ({"end_session_endpoint": "//ond.example"}, "identity.provider-not-understood"),
        ({"end_session_endpoint": "https://a.example/\r\nSet-Cookie: a=b"}, "identity.provider-not-understood"),
        ({"token_endpoint": "https://login.example/a b"}, "identity.provider-not-understood"),
        ({"jwks_uri": "https://[login.example/jwks"}, "identity.provider-not-understood"),
    ],
)
def test_a_provider_that_says_what_nobody_may_build_on_is_not_used(world, said, code):
    world.provider.metadata = said
    assert CATALOGUE[code].da in world.browser().get("/log-ind").text


def test_without_a_provider_nobody_comes_in():
    world = World()
    browser = Browser(portal(world.house, made.settings(personas=())))
    assert "Login er ikke sat op her" in browser.get("/").text
    assert browser.get("/log-ind").status_code == browser.get("/log-ind/svar").status_code == 503
    assert browser.post("/log-ud/bagkanal", data={"logout_token": "x"}).status_code == 400
