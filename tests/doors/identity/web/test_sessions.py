"""Sessions of people logged in: new at each login, bound to their host, and over when they should be."""

import re

import msgspec
import pytest

from patientoverblik.app.login import party_for
from patientoverblik.edges.identity.web import Network
from patientoverblik.edges.portal.portal import portal
from tests.doors.identity.web.provider import LIFETIME
from tests.doors.identity.web.world import BASE, World, altered, is_in
from tests.doors.portal.browser import Browser
from tests.journeys.serving import served

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE


@pytest.fixture
def world() -> World:
    return World()


def test_a_login_makes_a_new_session_and_ends_the_one_before(world):
    """Session fixation: whoever knew the secret of before knows nothing."""
    browser = world.log_in()
    before = browser.cookies["__Host-overblik"]
    world.log_in(browser)
    assert browser.cookies["__Host-overblik"] != before
    stale = world.browser()
    stale.cookies.set("__Host-overblik", before)
    assert not is_in(stale)


def test_every_session_has_a_form_token_of_its_own(world):
    tokens = {re.search(r'name="csrf" value="([^"]+)"', world.log_in().get("/").text)[1] for _ in range(3)}
    assert len(tokens) == 3
    assert min(map(len, tokens)) == 32


def test_a_session_that_somebody_plants_is_none(world):
    browser = world.browser()
    browser.cookies.set("__Host-overblik", "plantet")
    world.log_in(browser)
    assert [each.value for each in browser.cookies.jar if each.name == "__Host-overblik"].count("plantet") <= 1
    planted = world.browser()
    planted.cookies.set("__Host-overblik", "plantet")
    assert not is_in(planted)


def test_where_tls_is_a_cookie_that_another_host_can_set_is_not_read(world):
    secret = world.log_in().cookies["__Host-overblik"]
    other = world.browser()
    other.cookies.set("overblik", secret)
    assert not is_in(other)


def test_the_cookies_are_bound_to_the_host_and_out_of_reach(world):
    browser = world.browser()
    begun = browser.get("/log-ind", follow_redirects=False)
    world.provider.nonce = world.begin(browser)["nonce"]
    ended = world.come_back(browser, world.begin(browser))
    given = [each for answer in (begun, ended) for each in answer.headers.get_list("set-cookie")]
    assert len(given) == 3
    for cookie in given:
        parts = {part.strip().lower() for part in cookie.split(";")}
        assert cookie.startswith("__Host-overblik")
        assert {"httponly", "secure", "samesite=lax", "path=/"} <= parts
        assert not any(part.startswith("domain") for part in parts)


def test_a_session_ends_when_it_is_idle_and_when_it_has_lasted_long_enough(world):
    browser = world.log_in()
    world.clock[0] += 29 * MINUTE
    assert is_in(browser)
    world.clock[0] += 30 * MINUTE
    assert not is_in(browser)
    browser = world.log_in()
    for _ in range(23):
        world.clock[0] += 20 * MINUTE
        assert is_in(browser)
    world.clock[0] += 20 * MINUTE
    assert not is_in(browser)


def test_a_session_never_lasts_beyond_the_providers_word_where_that_is_wanted():
    world = World(ends_with_provider=True)
    browser = world.log_in()
    for _ in range(5):
        world.clock[0] += 10 * MINUTE
        assert is_in(browser)
    world.clock[0] += LIFETIME * SECOND - 50 * MINUTE
    assert not is_in(browser)


@pytest.mark.parametrize("far", [10**30, 1e300])
def test_a_provider_that_vouches_for_ever_makes_no_endless_session(far):
    world = World(ends_with_provider=True)
    altered(world, exp=far)
    browser = world.log_in()
    assert next(iter(world.house.storage._state.sessions.values())).ends < 1 << 63
    for _ in range(23):
        world.clock[0] += 20 * MINUTE
        assert is_in(browser)
    world.clock[0] += 20 * MINUTE
    assert not is_in(browser)


def test_sessions_that_have_run_out_are_forgotten_at_the_next_login(world):
    world.log_in()
    world.clock[0] += 9 * HOUR
    world.log_in()
    assert len(world.house.storage._state.sessions) == 1


# All of it


def test_the_same_over_real_sockets():
    """Everything above puts the provider in the place of the sockets; here they are."""
    world = World()
    with served(world.provider) as address:
        world.provider.issuer = address
        client = msgspec.structs.replace(world.party.client, issuer=address)
        party = party_for(world.house, client, world.party.rules, Network())
        settings = msgspec.structs.replace(world.settings, party=lambda _origin: party)
        browser = Browser(portal(world.house, settings), BASE)
        assert world.come_back(browser, world.begin(browser), iss=address).status_code == 303
        assert is_in(browser)
