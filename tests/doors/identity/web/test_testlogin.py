"""The demo's own provider: a real one to its one client, in the demo and nowhere else."""

import asyncio
import base64
import hashlib
import re
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from patientoverblik.access import Actor, Principal
from patientoverblik.app.login import kept_secret, pages, with_test_login
from patientoverblik.app.settings import Settings
from patientoverblik.edges.identity.web.seal import new_key
from patientoverblik.edges.portal.settings import Persona, PortalSettings
from patientoverblik.problems import Fault
from tests.doors.identity.web.world import is_in
from tests.doors.portal.browser import Browser
from tests.unit.portal import house as made
from tests.unit.portal import sample

MINUTE = 60_000
VERIFIER = "v" * 64
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=").decode()
ASKED = {
    "response_type": "code",
    "client_id": "patientoverblik",
    "redirect_uri": "http://testserver/log-ind/svar",
    "scope": "openid",
    "state": "tilstand",
    "nonce": "nonce",
    "code_challenge": CHALLENGE,
    "code_challenge_method": "S256",
}


class Demo:
    """A demo of the portal's made people, with a clock that can be turned."""

    def __init__(self) -> None:
        self.clock = [sample.NOW]
        self.house = made.house(clock=self.clock)
        self.application = with_test_login(self.house, made.settings(), demo=True)
        self.browser = Browser(self.application)
        self.secret = kept_secret(self.house, "testlogin-client", new_key()).hex()

    def code(self, **changes) -> str:
        page = self.browser.get("/testlogin/authorize", params={**ASKED, **changes})
        sealed = re.search(r'name="request" value="([^"]+)"', page.text)[1]
        sent = {"persona": "laege", "request": sealed}
        answer = self.browser.post("/testlogin/authorize", data=sent, follow_redirects=False)
        return parse_qs(urlsplit(answer.headers["location"]).query)["code"][0]

    def redeem(self, given: str, secret: str = "", **changes) -> httpx.Response:
        form = {
            "grant_type": "authorization_code",
            "code": given,
            "redirect_uri": ASKED["redirect_uri"],
            "code_verifier": VERIFIER,
            **changes,
        }
        proof = base64.b64encode(f"patientoverblik:{secret or self.secret}".encode()).decode()
        return self.browser.post("/testlogin/token", data=form, headers={"authorization": f"Basic {proof}"})


@pytest.fixture
def demo() -> Demo:
    return Demo()


# Only in the demo


def test_outside_the_demo_it_refuses_to_start():
    with pytest.raises(Fault) as told:
        with_test_login(made.house(), made.settings(), demo=False)
    assert told.value.code == "identity.test-provider-outside-demo"


def test_settings_that_ask_for_it_outside_the_demo_stop_the_program():
    settings = Settings(database="memory:", demo=False, login_issuer="testlogin")
    with pytest.raises(Fault) as told:
        pages(settings, made.house(), PortalSettings())
    assert told.value.code == "identity.test-provider-outside-demo"


def test_an_installation_that_is_no_demo_has_no_test_login():
    browser = Browser(pages(Settings(database="memory:", demo=False), made.house(), PortalSettings()))
    for path in ("/testlogin/authorize", "/testlogin/jwks", "/testlogin/.well-known/openid-configuration"):
        assert browser.get(path).status_code == 404
    assert "Testlogin" not in browser.get("/").text


# The flow


def test_the_portal_logs_in_through_it_by_the_code_flow(demo):
    answer = demo.browser.log_in("laege")
    gone = [urlsplit(str(each.url)).path for each in (*answer.history, answer)]
    assert gone == ["/testlogin/authorize", "/log-ind/svar", "/"]
    assert is_in(demo.browser)


def test_the_page_is_marked_and_claims_to_be_nothing_else(demo):
    page = demo.browser.get("/").text
    assert "Testlogin – ikke MitID. Alle personer er opdigtede testpersoner." in page
    for persona in made.personas():
        assert f'aria-label="Log ind som {persona.name}"' in page


def test_it_works_by_whatever_name_the_demo_is_reached(demo):
    for base in ("http://localhost:8080", "http://demo.example", "https://demo.example"):
        browser = Browser(demo.application, base)
        assert str(browser.log_in("laege").url) == f"{base}/"
        assert is_in(browser)


def test_workers_agree_on_keys_and_codes(demo):
    """A login begun at one worker is finished at another: nothing of it lies in either."""
    other = with_test_login(demo.house, made.settings(), demo=True)
    begun = demo.browser.get("/")
    sealed = re.search(r'name="request" value="([^"]+)"', begun.text)[1]
    second = Browser(other)
    second.cookies = demo.browser.cookies
    answer = second.post("/testlogin/authorize", data={"persona": "laege", "request": sealed}, follow_redirects=False)
    demo.browser.cookies = second.cookies
    demo.browser.get(answer.headers["location"])
    assert is_in(demo.browser)


def test_tokens_for_a_code(demo):
    found = demo.redeem(demo.code()).json()
    assert found["token_type"] == "Bearer"
    answer = demo.browser.get("/testlogin/userinfo", headers={"authorization": f"Bearer {found['access_token']}"})
    assert (answer.json()["sub"], answer.json()["role"]) == ("laege", "læge")


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "w" * 64},
        {"code_verifier": ""},
        {"code_verifier": CHALLENGE},
        {"redirect_uri": "http://testserver/"},
        {"code": "x"},
        {"grant_type": "password"},
    ],
)
def test_a_code_is_worth_nothing_without_all_it_was_made_with(demo, changes):
    answer = demo.redeem(demo.code(), **changes)
    assert answer.status_code == 400
    assert "token" not in answer.json()


def test_a_code_counts_once_and_for_a_minute(demo):
    code = demo.code()
    assert demo.redeem(code).status_code == 200
    assert demo.redeem(code).json() == {"error": "invalid_grant"}
    late = demo.code()
    demo.clock[0] += MINUTE
    assert demo.redeem(late).json() == {"error": "invalid_grant"}


def test_another_client_gets_nothing(demo):
    assert demo.redeem(demo.code(), secret="gættet").status_code == 401
    assert demo.browser.post("/testlogin/token", data={"grant_type": "authorization_code"}).status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"redirect_uri": "https://ond.example/log-ind/svar"},
        {"redirect_uri": "http://testserver/log-ind/svar/"},
        {"redirect_uri": "http://testserver@ond.example/log-ind/svar"},
        {"client_id": "en-anden"},
        {"response_type": "token"},
        {"scope": "profile"},
        {"code_challenge": ""},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": ""},
        {"state": ["a", "b"]},
        {"nonce": []},
    ],
)
def test_a_request_out_of_order_goes_nowhere(demo, changes):
    """PKCE cannot be left out, and no address but our own is ever sent to."""
    answer = demo.browser.get("/testlogin/authorize", params={**ASKED, **changes}, follow_redirects=False)
    assert answer.status_code == 400
    assert "location" not in answer.headers
    assert "ond.example" not in answer.text


@pytest.mark.parametrize("sent", [{}, {"persona": "laege"}, {"persona": "laege", "request": "x"}])
def test_choosing_without_a_request_goes_nowhere(demo, sent):
    assert demo.browser.post("/testlogin/authorize", data=sent, follow_redirects=False).status_code == 400


def test_choosing_nobody_who_is_there_goes_nowhere(demo):
    sealed = re.search(r'name="request" value="([^"]+)"', demo.browser.get("/").text)[1]
    sent = {"persona": "fremmed-borger", "request": sealed}
    assert demo.browser.post("/testlogin/authorize", data=sent, follow_redirects=False).status_code == 400


def test_a_choice_that_waits_too_long_begins_anew(demo):
    sealed = re.search(r'name="request" value="([^"]+)"', demo.browser.get("/").text)[1]
    demo.clock[0] += 10 * MINUTE
    sent = {"persona": "laege", "request": sealed}
    assert demo.browser.post("/testlogin/authorize", data=sent, follow_redirects=False).status_code == 400


def test_an_access_token_runs_out_and_a_code_is_none(demo):
    token = demo.redeem(demo.code()).json()["access_token"]
    asked = {"authorization": f"Bearer {demo.code()}"}
    assert demo.browser.get("/testlogin/userinfo", headers=asked).status_code == 401
    demo.clock[0] += 8 * 60 * MINUTE
    asked = {"authorization": f"Bearer {token}"}
    assert demo.browser.get("/testlogin/userinfo", headers=asked).status_code == 401


# Out


def test_logging_out_ends_the_providers_session_and_tells_every_place_it_was_used(demo):
    """The same provider session, carried to a second browser session of the client: the back-channel ends that too."""
    demo.browser.log_in("laege")
    elsewhere = Browser(demo.application)
    elsewhere.cookies.update({name: value for name, value in demo.browser.cookies.items() if name == "testlogin"})
    elsewhere.log_in("laege")
    assert is_in(elsewhere)
    csrf = re.search(r'name="csrf" value="([^"]+)"', demo.browser.get("/").text)[1]
    answer = demo.browser.post("/log-ud", data={"csrf": csrf})
    assert "Testlogin" in answer.text
    assert (is_in(demo.browser), is_in(elsewhere)) == (False, False)


def test_the_way_out_leads_home_and_nowhere_else(demo):
    asked = {"post_logout_redirect_uri": "https://ond.example/"}
    answer = demo.browser.get("/testlogin/end-session", params=asked, follow_redirects=False)
    assert answer.status_code == 400
    assert "location" not in answer.headers


def test_everybody_of_the_demo_can_come_in_as_who_they_are():
    from patientoverblik.app.demo import login_personas

    personas = login_personas()
    house = made.house()
    application = with_test_login(house, made.settings(personas=personas), demo=True)
    for persona in personas:
        Browser(application).log_in(persona.id)
    found = {each.actor.id: each.actor for each in house.storage._state.sessions.values()}
    assert set(found) == {each.id for each in personas}
    for persona in personas:
        expected, actor = persona.actor, found[persona.id]
        assert as_shown(actor) == as_shown(expected)


def as_shown(actor: Actor) -> tuple[object, ...]:
    at_work = (actor.organisation, actor.authorisation, actor.national_role, actor.principal)
    return (actor.kind, actor.name, actor.role, *at_work)


def test_an_assistant_and_a_national_role_come_through_whole():
    place = made.GP
    helper = Actor("professional", "a", "Ane", "Sekretær", place, principal=Principal("l", "Bo", "Læge", "XYZ"))
    carer = Actor("professional", "b", "Bea", "Hjælper", place, national_role="PlejeAssR3")
    house = made.house()
    personas = tuple(Persona(each.id, each.name, "", each) for each in (helper, carer))
    application = with_test_login(house, made.settings(personas=personas), demo=True)
    for persona in personas:
        Browser(application).log_in(persona.id)
    found = {each.actor.id: as_shown(each.actor) for each in house.storage._state.sessions.values()}
    assert found == {each.id: as_shown(each) for each in (helper, carer)}


def test_a_client_that_does_not_answer_holds_nobody_back(demo):
    from patientoverblik.edges.identity.testlogin.leaving import leave
    from patientoverblik.edges.identity.testlogin.model import House, Keys, SignedIn, new_signing_key, signing_key
    from patientoverblik.edges.identity.web import Network, Seal

    async def broken(*_):
        raise OSError

    house = House(
        people=(),
        keys=Keys(signing_key(new_signing_key()), Seal(new_key()), "x"),
        choose=lambda _: None,
        once=lambda *_: None,
        clock=lambda: 0,
        network=lambda: Network(httpx.ASGITransport(broken)),
    )
    asyncio.run(leave(house, "http://testserver", SignedIn("laege", "1")))
