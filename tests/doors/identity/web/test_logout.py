"""Out again: here, everywhere, at the provider too, and by the provider's word behind the browser's back."""

import base64
import re

import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from patientoverblik.access import SecurityEvent
from patientoverblik.edges.identity.web import Entered
from patientoverblik.problems import CATALOGUE
from tests.doors.identity.web.provider import CLIENT, ISSUER, LOGOUT_EVENT, NANCY
from tests.doors.identity.web.world import World, is_in

SECOND = 1000


@pytest.fixture
def world() -> World:
    return World()


def csrf(browser) -> str:
    return re.search(r'name="csrf" value="([^"]+)"', browser.get("/").text)[1]


def test_logging_out_goes_on_to_the_provider_by_a_page_that_says_so(world):
    browser = world.log_in()
    answer = browser.post("/log-ud", data={"csrf": csrf(browser)})
    address = f"{ISSUER}/logout?client_id={CLIENT}&post_logout_redirect_uri=https%3A%2F%2Foverblik.example%2F"
    assert answer.headers["refresh"] == f"0; url={address}"
    assert "Du er logget ud" in answer.text
    assert not is_in(browser)


def test_the_address_of_the_providers_logout_holds_no_token(world):
    browser = world.log_in()
    address = browser.post("/log-ud", data={"csrf": csrf(browser)}).headers["refresh"]
    assert "eyJ" not in address
    assert "hint" not in address


@pytest.mark.parametrize("gone", [True, False])
def test_a_provider_without_logout_or_out_of_reach_keeps_nobody_in(world, gone):
    browser = world.log_in()
    if gone:
        world.party.known.__init__(world.party.network, ISSUER)
        world.provider.answers["/.well-known/openid-configuration"] = (500, b"", {})
    else:
        world.provider.metadata = {"end_session_endpoint": ""}
        world.clock[0] += 1
        world.party.known.__init__(world.party.network, ISSUER)
    answer = browser.post("/log-ud", data={"csrf": csrf(browser)}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert not is_in(browser)


def test_logging_out_everywhere_ends_every_session_of_the_same_person_and_no_other(world):
    phone, desk = world.log_in(), world.log_in()
    world.provider.person = NANCY
    nancy = world.log_in()
    assert "Log ud alle steder" in desk.get("/").text
    desk.post("/log-ud/alle", data={"csrf": csrf(desk)})
    assert (is_in(desk), is_in(phone), is_in(nancy)) == (False, False, True)


def test_coming_and_going_stand_in_the_trail_with_who_it_was(world):
    world.log_in()
    desk = world.log_in()
    desk.post("/log-ud/alle", data={"csrf": csrf(desk)})
    kept = [msgspec.msgpack.decode(entry.data, type=SecurityEvent) for entry in world.house.storage.reader().trail()]
    events = [event for event in kept if event.act.startswith("log-")]
    assert [event.act for event in events] == ["log-in", "log-in", "log-out", "log-out"]
    assert len({event.actor.id for event in events}) == 1
    assert all(event.actor.id for event in events)


# Back-channel


def test_the_providers_word_ends_the_session_at_once(world):
    browser = world.log_in()
    answer = world.tell_logged_out(world.provider.logout_token())
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["cache-control"] == "no-store"
    assert not is_in(browser)


def test_a_session_id_ends_that_session_and_a_subject_every_one(world):
    first = world.log_in()
    world.provider.sid = "session-2"
    second = world.log_in()
    world.tell_logged_out(world.provider.logout_token(sid="session-1", sub=None, jti="a"))
    assert (is_in(first), is_in(second)) == (False, True)
    third = world.log_in()
    world.tell_logged_out(world.provider.logout_token(sid=None, jti="b"))
    assert (is_in(second), is_in(third)) == (False, False)


def test_a_word_about_somebody_else_ends_nothing_and_is_no_fault(world):
    browser = world.log_in()
    assert world.tell_logged_out(world.provider.logout_token(sub="en-anden", sid=None)).status_code == 200
    assert world.tell_logged_out(world.provider.logout_token(sub="en-anden", jti="2")).status_code == 200
    assert is_in(browser)


@pytest.mark.parametrize(
    "changes",
    [
        {"events": None},
        {"events": {}},
        {"events": {LOGOUT_EVENT: True}},
        {"events": {"http://schemas.openid.net/event/andet": {}}},
        {"events": [LOGOUT_EVENT]},
        {"nonce": "en-nonce"},
        {"sub": None, "sid": None},
        {"sub": "", "sid": ""},
        {"sub": 7},
        {"sid": ["session-1"]},
        {"jti": None},
        {"jti": 7},
        {"iss": "https://andet.example"},
        {"aud": "en-anden"},
        {"aud": None},
        {"exp": None},
        {"iat": None},
        {"iat": "nu"},
    ],
)
def test_a_logout_token_that_is_not_in_order_ends_nothing(world, changes):
    browser = world.log_in()
    answer = world.tell_logged_out(world.provider.logout_token(**changes))
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")
    assert is_in(browser)


@pytest.mark.parametrize(("claim", "seconds"), [("exp", -61), ("iat", 61), ("iat", -301)])
def test_a_logout_token_out_of_its_time_ends_nothing(world, claim, seconds):
    browser = world.log_in()
    answer = world.tell_logged_out(world.provider.logout_token(**{claim: world.clock[0] // SECOND + seconds}))
    assert (answer.status_code, is_in(browser)) == (400, True)
    assert "identity.token-not-in-force" in answer.text


def test_a_logout_token_counts_once(world):
    world.log_in()
    token = world.provider.logout_token()
    assert world.tell_logged_out(token).status_code == 200
    browser = world.log_in()
    answer = world.tell_logged_out(token)
    assert (answer.status_code, is_in(browser)) == (400, True)
    assert CATALOGUE["identity.used-before"].en in answer.json()["error_description"]


def test_a_logout_token_that_somebody_else_signed_ends_nothing(world):
    browser = world.log_in()
    other = ECKey.generate_key("P-256", {"kid": "one"}, private=True)
    claims = jwt.decode(world.provider.logout_token(), world.provider.key).claims
    forged = jwt.encode({"alg": "ES256", "kid": "one"}, claims, other)
    assert world.tell_logged_out(forged).status_code == 400
    assert is_in(browser)


def test_an_id_token_is_no_logout_token(world):
    browser = world.log_in()
    assert world.tell_logged_out(world.provider.signed(world.provider.claims())).status_code == 400
    assert is_in(browser)


@pytest.mark.parametrize("token", ["", "x", "a" * 70_000])
def test_what_is_no_token_is_told_by_a_code_and_nothing_of_it(world, token):
    answer = world.tell_logged_out(token)
    assert answer.status_code == 400
    assert not token or token not in answer.json()["error_description"].replace("expired", "")
    assert "identity.bad-token" in answer.text


@pytest.mark.parametrize(
    "header", ["[" * 40_000, '{"a":' * 10_000, "[]", "7", '{"alg": [], "typ": "JWT"}', '{"typ": 7}']
)
def test_a_token_whose_first_part_is_a_trap_is_refused_like_any_other(world, header):
    first = base64.urlsafe_b64encode(header.encode()).decode().rstrip("=")
    answer = world.tell_logged_out(f"{first}.e30.e30")
    assert (answer.status_code, "identity.bad-token" in answer.text) == (400, True)


def test_a_word_that_stands_twice_or_is_too_long_is_none(world):
    browser = world.log_in()
    token = world.provider.logout_token()
    twice = world.browser().post("/log-ud/bagkanal", data={"logout_token": [token, token]})
    longer = world.browser().post("/log-ud/bagkanal", data={"x": "y" * 100_000, "logout_token": token})
    assert (twice.status_code, longer.status_code, is_in(browser)) == (400, 400, True)


# Another capacity


def test_acting_for_another_is_another_capacity_with_a_secret_of_its_own(world):
    world.provider.person = NANCY
    browser = world.log_in()
    assert "Har du en fuldmagt?" in browser.get("/").text
    before = browser.cookies["__Host-overblik"]
    answer = browser.post("/patient", data={"csrf": csrf(browser), "cpr": "7102509989"}, follow_redirects=False)
    after = next(each.value for each in list(browser.cookies.jar)[::-1] if each.name == "__Host-overblik")
    assert after != before
    (session,) = world.house.storage._state.sessions.values()
    assert (session.actor.kind, session.actor.session) == ("relative", session.id)
    assert re.fullmatch(r"/p/[\w-]{22}", answer.headers["location"])
    browser.post("/vaelg", data={"csrf": csrf(browser), "whose": "own"}, follow_redirects=False)
    (session,) = world.house.storage._state.sessions.values()
    assert session.actor.kind == "citizen"


def test_a_professional_who_looks_themselves_up_looks_as_a_professional(world):
    browser = world.log_in()
    answer = browser.post("/patient", data={"csrf": csrf(browser), "cpr": "2512489996"}, follow_redirects=False)
    assert "Dit overblik" not in browser.get(answer.headers["location"]).text


def test_a_session_that_was_ended_meanwhile_is_not_brought_back_by_being_used(world):
    """Between reading a session and writing down that it was used, its end may come."""
    import asyncio

    from patientoverblik.edges.identity import Identified
    from patientoverblik.edges.portal.sessions import end, start, used
    from tests.unit.portal import house as made

    async def raced() -> object:
        who = Identified(made.personas()[0].actor, 1 << 60)
        begun = await start(world.house, Entered(who, "x"), world.settings)
        await end(world.house, begun.session)
        world.clock[0] += 5 * 60 * SECOND
        await used(world.house, begun.session, world.settings)
        return world.house.storage.reader().session(begun.session.id)

    assert asyncio.run(raced()) is None
