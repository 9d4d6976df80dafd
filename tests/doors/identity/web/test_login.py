"""Logging in by a provider: when all is well, and what becomes of an answer that is not of this login."""

import base64
import hashlib
import logging
import re

import pytest

from patientoverblik.edges.identity.web.model import Attempt
from patientoverblik.edges.identity.web.seal import closed
from patientoverblik.problems import CATALOGUE
from tests.doors.identity.web.provider import ACCESS, CLAIMS, CLIENT, DOCTOR, ISSUER, NANCY, SECRET
from tests.doors.identity.web.world import BASE, World, altered, is_in, let_in, refused
from tests.unit.portal.house import KEY

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE


@pytest.fixture
def world() -> World:
    return World()


# All is well


def test_a_professional_comes_in_as_who_the_provider_says(world):
    browser = world.log_in()
    assert "Find en patient" in browser.get("/").text
    (session,) = world.house.storage._state.sessions.values()
    actor = session.actor
    assert (actor.kind, actor.id, actor.name, actor.role) == (
        "professional",
        "https://login.example#bruger-1",
        "Anna Læge",
        "Læge",
    )
    assert (actor.authorisation, actor.organisation.value) == ("ABC12", "990001000016001")
    assert actor.person == KEY, "whose own record it is is known, so that a look at oneself can be seen"
    assert (session.issuer, session.subject, session.sid) == (ISSUER, "bruger-1", "session-1")


def test_a_citizen_comes_straight_to_their_own_overview(world):
    world.provider.person = NANCY
    browser = world.browser()
    answer = world.come_back(browser, world.begin(browser))
    assert re.fullmatch(r"/p/[\w-]{22}", answer.headers["location"])
    assert "<h1>Dit overblik</h1>" in browser.get(answer.headers["location"]).text


def test_what_is_asked_of_the_provider(world):
    browser = world.browser()
    answer = browser.get("/log-ind", follow_redirects=False)
    assert answer.headers["location"].startswith(f"{ISSUER}/authorize?")
    asked = world.begin(browser)
    assert (asked["response_type"], asked["client_id"], asked["scope"]) == ("code", CLIENT, "openid")
    assert asked["redirect_uri"] == f"{BASE}/log-ind/svar"
    assert asked["code_challenge_method"] == "S256"
    assert min(len(asked[name]) for name in ("state", "nonce", "code_challenge")) == 43


def test_every_login_draws_its_secrets_anew(world):
    one, other = world.begin(world.browser()), world.begin(world.browser())
    assert all(one[name] != other[name] for name in ("state", "nonce", "code_challenge"))


def test_the_code_is_redeemed_with_the_verifier_of_the_challenge_and_the_clients_secret(world):
    browser = world.browser()
    asked = world.begin(browser)
    world.come_back(browser, asked)
    (sent,), (proof,) = world.provider.redeemed, world.provider.authorised
    digest = hashlib.sha256(sent["code_verifier"].encode()).digest()
    assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == asked["code_challenge"]
    assert (sent["redirect_uri"], sent["code"]) == (f"{BASE}/log-ind/svar", "kode-1")
    assert base64.b64decode(proof.removeprefix("Basic ")).decode() == f"{CLIENT}:{SECRET}"
    assert SECRET not in str(sent)


def test_a_client_without_a_secret_says_only_its_name():
    world = World(secret="")
    world.log_in()
    assert (world.provider.redeemed[0]["client_id"], world.provider.authorised) == (CLIENT, [""])


def test_what_is_asked_for_in_the_claims_file_is_asked_of_the_provider():
    world = World('[request]\nscopes = ["profil"]\nacr_values = ["3"]\nmax_age = 600\n' + CLAIMS)
    asked = world.begin(world.browser())
    assert (asked["scope"], asked["acr_values"], asked["max_age"]) == ("openid profil", "3", "600")
    world.provider.changes = {"acr": "3"}
    world.log_in()
    refused_with = World('[request]\nacr_values = ["3"]\n' + CLAIMS)
    refused_with.provider.changes = {"acr": "2"}
    refused(refused_with, "identity.low-assurance")


def test_userinfo_adds_what_the_token_lacks_and_speaks_of_the_same_person():
    world = World("[request]\nuserinfo = true\n" + CLAIMS)
    world.provider.changes = {"role": None}
    world.provider.userinfo = {"role": "Læge", "name": "En anden"}
    world.log_in()
    (session,) = world.house.storage._state.sessions.values()
    assert (session.actor.role, session.actor.name) == ("Læge", "Anna Læge")
    world.provider.userinfo = {"role": "Læge", "sub": "en-anden"}
    refused(world, "identity.login-failed")


# The answer


@pytest.mark.parametrize("state", [None, "", "x", "forkert-" * 6])
def test_an_answer_to_another_login_lets_nobody_in(world, state):
    refused(world, "identity.other-attempt", state=state)


def test_an_answer_in_a_browser_that_did_not_begin_lets_nobody_in(world):
    """Login CSRF: the attacker's own code and state, given to somebody else's browser."""
    asked = world.begin(world.browser())
    victim = world.browser()
    answer = world.come_back(victim, asked)
    assert CATALOGUE["identity.no-attempt"].da in answer.text
    assert not is_in(victim)
    world.begin(victim)
    assert CATALOGUE["identity.other-attempt"].da in world.come_back(victim, asked).text


def test_an_answer_counts_once(world):
    browser = world.browser()
    asked = world.begin(browser)
    kept = dict(browser.cookies)
    assert let_in(world.come_back(browser, asked))
    thief = world.browser()
    for name, value in kept.items():
        thief.cookies.set(name, value)
    answer = world.come_back(thief, asked)
    assert CATALOGUE["identity.other-attempt"].da in answer.text
    assert len(world.provider.redeemed) == 1


def test_a_login_that_takes_too_long_begins_anew(world):
    browser = world.browser()
    asked = world.begin(browser)
    world.clock[0] += 10 * MINUTE
    assert CATALOGUE["identity.no-attempt"].da in world.come_back(browser, asked).text


@pytest.mark.parametrize("cookie", ["", "x", "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0....", "a" * 9000])
def test_an_attempt_that_we_did_not_seal_is_none(world, cookie):
    browser = world.browser()
    asked = world.begin(browser)
    browser.cookies.clear()
    browser.cookies.set("__Host-overblik-login", cookie)
    assert CATALOGUE["identity.no-attempt"].da in world.come_back(browser, asked).text


def test_an_attempt_tells_nothing_and_another_seal_opens_nothing(world):
    browser = world.browser()
    asked = world.begin(browser)
    assert asked["state"] not in str(dict(browser.cookies))
    other = World()
    attempt = closed(other.party.seal, Attempt(ISSUER, asked["state"], asked["nonce"], "v" * 64, world.clock[0]))
    browser.cookies.set("__Host-overblik-login", attempt)
    assert not let_in(world.come_back(browser, asked))


@pytest.mark.parametrize("issuer", [None, "https://andet.example", ISSUER + "/"])
def test_an_answer_from_another_provider_lets_nobody_in(world, issuer):
    """RFC 9207: without it a provider could be made to redeem another's code."""
    refused(world, "identity.other-issuer", iss=issuer)
    assert world.provider.redeemed == []


def test_a_provider_that_does_not_name_itself_is_not_asked_to(world):
    world.provider.metadata = {"authorization_response_iss_parameter_supported": False}
    browser = world.browser()
    assert let_in(world.come_back(browser, world.begin(browser), iss=None))
    refused(world, "identity.other-issuer", iss="https://andet.example")


def test_somebody_who_cancels_is_told_so(world):
    refused(world, "identity.login-cancelled", code=None, error="access_denied")
    refused(world, "identity.login-failed", code=None, error="server_error")


def test_a_parameter_that_stands_twice_lets_nobody_in(world):
    browser = world.browser()
    asked = world.begin(browser)
    address = f"/log-ind/svar?code=a&code=b&state={asked['state']}&iss={ISSUER}"
    assert CATALOGUE["identity.login-failed"].da in browser.get(address).text
    assert world.provider.redeemed == []


@pytest.mark.parametrize("more", ["next", "redirect_uri", "return_to", "target", "url"])
def test_no_address_in_an_answer_is_ever_gone_to(world, more):
    browser = world.browser()
    answer = world.come_back(browser, world.begin(browser), **{more: "https://ond.example/"})
    assert answer.headers["location"] == "/"


def test_the_host_header_changes_no_address_of_ours(world):
    browser = world.browser()
    asked = world.begin(browser)
    answer = browser.get("/log-ind", headers={"host": "ond.example"}, follow_redirects=False)
    assert answer.headers["location"] == f"{BASE}/log-ind?igen=1"
    again = browser.get("/log-ind?igen=1", headers={"host": "ond.example"}, follow_redirects=False)
    assert f"redirect_uri={asked['redirect_uri']}".replace(":", "%3A").replace("/", "%2F") in again.headers["location"]


# Nothing leaks


def test_no_token_code_or_secret_stands_in_any_answer_address_or_log(world, caplog):
    seen: list[str] = []
    world.provider.sign = lambda claims: seen.append(world.provider.signed(claims)) or seen[-1]
    browser = world.browser()
    with caplog.at_level(logging.DEBUG), caplog.at_level(logging.DEBUG, logger="httpx"):
        asked = world.begin(browser)
        first = world.come_back(browser, asked)
        answers = [first, browser.get("/"), browser.get("/nowhere")]
        altered(world, nonce="x")
        other = world.browser()
        answers.append(world.come_back(other, world.begin(other)))
        csrf = re.search(r'name="csrf" value="([^"]+)"', answers[1].text)[1]
        answers.append(browser.post("/log-ud", data={"csrf": csrf}))
    told = "".join(f"{each.headers}{each.text}" for each in answers)
    logged = "".join(each.getMessage() for each in caplog.records if BASE not in each.getMessage())
    verifier = world.provider.redeemed[0]["code_verifier"]
    assert "login.example/token" in logged
    for secret in (*seen, ACCESS, SECRET, verifier, DOCTOR["cpr"], "kode-1"):
        assert secret not in told
        assert secret not in logged
    assert all(part not in told for token in seen for part in token.split(".")[1:])


def test_nothing_that_is_printed_holds_the_secret(world):
    assert SECRET not in repr(world.party)
    assert SECRET not in str(world.party.client)
    assert repr(world.party.seal.key) not in repr(world.party)
