"""Who logs out of the record system is logged out here: what it opened for them shows nothing more, at once."""

import itertools
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from patientoverblik.edges.portal.embed.addresses import LOGOUT
from tests.doors.embed.test_smart import Launched
from tests.doors.embed.world import BASE, EPJ, KEY, OTHER_KEY, World
from tests.doors.identity.web.provider import DOCTOR, LOGOUT_EVENT

_count = itertools.count()


def said(world: World, key: ECKey = KEY, kind: str = "logout+jwt", **changes: Any) -> str:
    """A logout token as a record system signs it, changed as wanted; None leaves a claim out."""
    at = world.clock[0] // 1000
    made = {
        "iss": EPJ,
        "aud": BASE,
        "iat": at,
        "exp": at + 60,
        "jti": f"ud-{next(_count)}",
        "events": {LOGOUT_EVENT: {}},
    }
    made |= {"sub": DOCTOR["sub"], **changes}
    claims = {name: value for name, value in made.items() if value is not None}
    return jwt.encode({"alg": "ES256", "kid": key.kid, "typ": kind}, claims, key, algorithms=["ES256"])


def tell(world: World, token: str):
    return world.browser().post(LOGOUT, data={"logout_token": token})


def test_all_that_was_opened_for_somebody_ends_when_they_log_out():
    world = World()
    first, second = world.opened(), world.opened()
    other, theirs = world.opened(sub="en-anden")
    assert tell(world, said(world)).status_code == 200
    for browser, address in (first, second):
        assert browser.get(address).status_code == 401
    assert other.get(theirs).status_code != 401


def test_one_session_of_the_record_system_ends_alone():
    world = World()
    morning, here = world.opened(sid="formiddag")
    evening, there = world.opened(sid="aften")
    assert tell(world, said(world, sid="formiddag", sub=None)).status_code == 200
    assert morning.get(here).status_code == 401
    assert evening.get(there).status_code != 401


@pytest.mark.parametrize(
    "changes",
    [
        {"key": OTHER_KEY},
        {"key": OTHER_KEY, "iss": "https://omsorg.example"},
        {"iss": "https://fremmed.example"},
        {"aud": "https://et-andet.example"},
        {"kind": "launch+jwt"},
        {"kind": "JWT"},
        {"events": {}},
        {"events": None},
        {"nonce": "n"},
        {"sub": None},
        {"sub": ["a"]},
        {"jti": None},
        {"exp": 1},
        {"iat": 1},
    ],
)
def test_what_is_not_in_order_ends_nothing_of_theirs(changes):
    world = World()
    browser, address = world.opened()
    tell(world, said(world, **changes))
    assert browser.get(address).status_code != 401


def test_a_logout_token_counts_once():
    world = World()
    token = said(world)
    assert tell(world, token).status_code == 200
    browser, address = world.opened()
    answer = tell(world, token)
    assert answer.status_code == 400
    assert "identity.used-before" in answer.text
    assert browser.get(address).status_code != 401


def test_a_launch_link_ends_nothing_and_a_logout_token_opens_nothing():
    world = World()
    browser, address = world.opened()
    assert tell(world, world.link()).status_code == 400
    assert browser.get(address).status_code != 401
    assert world.open(world.browser(), said(world, purpose="treatment", patient="2512489996")).status_code != 303


def test_who_logs_out_of_a_smart_servers_login_is_logged_out_here():
    world = Launched()
    browser = world.browser()
    address = world.back(browser, world.begin(browser)).headers["location"]
    assert browser.get(address).status_code != 401
    assert tell(world, world.provider.logout_token()).status_code == 200
    assert browser.get(address).status_code == 401
