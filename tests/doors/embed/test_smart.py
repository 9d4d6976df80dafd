"""A SMART launch is believed only from a configured server, for one patient that the server itself tells the number of."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import msgspec
import pytest

from patientoverblik.app.login import party_for
from patientoverblik.edges.identity.launch import RecordSystem, Smart, smart_discovery
from patientoverblik.edges.identity.launch.smart import SCOPES
from patientoverblik.edges.identity.web import ClaimsMap, Client, Known, Network, Secret, load_claims
from patientoverblik.edges.portal.embed import ROOT
from patientoverblik.edges.portal.embed.addresses import SMART, answer_path
from patientoverblik.problems import CATALOGUE
from tests.doors.embed.world import BASE, EPJ, World
from tests.doors.identity.web.provider import CLAIMS, CLIENT, ISSUER, SECRET, Provider, new_key
from tests.unit.portal import sample

ISS = "https://fhir.epj.example/r4"
CPR = "urn:oid:1.2.208.176.1.2"
PATIENT = {"resourceType": "Patient", "id": "pt-1", "identifier": [{"system": CPR, "value": sample.CPR}]}


class Launched(World):
    """A service whose record system is a provider that can be told to lie; ``patient`` is what its FHIR server says."""

    def __init__(self, **changes: Any) -> None:
        super().__init__()
        self.provider = Provider(lambda: self.clock[0])
        self.provider.tokens = {"patient": "pt-1", "need_patient_banner": False, **changes}
        self.says("/r4/Patient/pt-1", PATIENT)
        self.says("/r4/.well-known/smart-configuration", self.provider.discovery())
        rules = load_claims(CLAIMS)
        assert isinstance(rules, ClaimsMap)
        rules = msgspec.structs.replace(rules, request=msgspec.structs.replace(rules.request, scopes=SCOPES))
        network = Network(httpx.ASGITransport(self.provider, raise_app_exceptions=False))
        client = Client(ISSUER, CLIENT, BASE, Secret(SECRET), answer_path=answer_path("epj"))
        party = party_for(self.house, client, rules, network)
        known = Known(network, ISSUER, smart_discovery(ISS))
        smart = Smart(ISS, msgspec.structs.replace(party, known=known))
        self.use(RecordSystem("epj", "EPJ", (EPJ,), smart=smart))

    def use(self, *systems: RecordSystem) -> None:
        from patientoverblik.edges.portal.portal import portal

        self.application = portal(self.house, msgspec.structs.replace(self.settings, systems=systems))

    def says(self, path: str, value: Any, status: int = 200) -> None:
        self.provider.answers[path] = (status, json.dumps(value).encode(), {"content-type": "application/json"})

    def begin(self, browser: Any, iss: str = ISS, launch: str = "xyz") -> dict[str, str]:
        """Open from the record system; what the browser is to ask its login."""
        answer = browser.get(SMART, params={"iss": iss, "launch": launch}, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        asked = {name: values[0] for name, values in parse_qs(urlsplit(answer.headers["location"]).query).items()}
        self.provider.nonce = asked["nonce"]
        return asked

    def back(self, browser: Any, asked: dict[str, str], **changes: Any) -> httpx.Response:
        said = {"code": "kode-1", "state": asked["state"], "iss": ISSUER, **changes}
        given = {name: value for name, value in said.items() if value is not None}
        return browser.get(answer_path("epj"), params=given, follow_redirects=False)


def through(world: Launched, **changes: Any) -> httpx.Response:
    browser = world.browser()
    return world.back(browser, world.begin(browser), **changes)


def refused(answer: httpx.Response, code: str) -> None:
    from html import unescape

    assert CATALOGUE[code].da in unescape(answer.text)
    assert answer.status_code == CATALOGUE[code].http
    assert not [each for each in answer.headers.get_list("set-cookie") if each.startswith("__Secure-indlejret=")]


def test_a_launch_asks_the_server_what_the_norm_says():
    world = Launched()
    asked = world.begin(world.browser(), launch="ord-fra-journalen")
    assert asked["launch"] == "ord-fra-journalen"
    assert asked["aud"] == ISS
    assert asked["scope"] == "openid launch fhirUser patient/Patient.r"
    assert asked["redirect_uri"] == f"{BASE}{SMART}/epj/svar"
    assert asked["code_challenge_method"] == "S256"


def test_the_patient_is_the_one_of_the_tokens_answer_and_the_actor_the_one_of_the_id_token():
    world = Launched()
    browser = world.browser()
    answer = world.back(browser, world.begin(browser))
    assert answer.headers["location"].startswith(f"{ROOT}/")
    page = browser.get(answer.headers["location"]).text
    assert "Samlet patientoverblik for Nancy" in page
    assert "Anna Læge" in page
    assert 'class="banner"' not in page


def test_a_record_system_that_says_nothing_of_a_banner_gets_ours():
    world = Launched(need_patient_banner=None)
    browser = world.browser()
    answer = world.back(browser, world.begin(browser))
    assert 'class="banner"' in browser.get(answer.headers["location"]).text


@pytest.mark.parametrize(
    "iss", ["", "https://ond.example/r4", "https://fhir.epj.example", f"{ISS}/x", "http://127.0.0.1/r4"]
)
def test_a_server_that_is_not_configured_is_asked_nothing(iss):
    world = Launched()
    refused(world.browser().get(SMART, params={"iss": iss, "launch": "x"}), "identity.launch-unknown-system")
    assert not world.provider.asked


@pytest.mark.parametrize("launch", ["", "x" * 3000])
def test_a_launch_needs_a_word_of_the_record_system(launch):
    world = Launched()
    refused(world.browser().get(SMART, params={"iss": ISS, "launch": launch}), "identity.launch-incomplete")


def test_an_answer_without_a_launch_of_this_browser_opens_nothing():
    """Login CSRF: somebody else's answer, brought to this browser, opens nothing here."""
    world = Launched()
    asked = world.begin(world.browser())
    refused(world.back(world.browser(), asked), "identity.no-attempt")


def test_an_answer_counts_once():
    world = Launched()
    browser = world.browser()
    asked = world.begin(browser)
    kept = "; ".join(f"{each.name}={each.value}" for each in browser.cookies.jar)
    assert world.back(browser, asked).status_code == 303
    again = world.browser().get(
        answer_path("epj"), params={"code": "kode-1", "state": asked["state"], "iss": ISSUER}, headers={"cookie": kept}
    )
    refused(again, "identity.other-attempt")


def test_two_launches_under_way_do_not_disturb_each_other():
    world = Launched()
    browser = world.browser()
    one, two = world.begin(browser), world.begin(browser)
    assert world.back(browser, two).status_code == 303
    world.provider.nonce = one["nonce"]
    assert world.back(browser, one).status_code == 303


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"iss": "https://anden.example"}, "identity.other-issuer"),
        ({"iss": None}, "identity.other-issuer"),
        ({"code": None, "error": "access_denied"}, "identity.login-cancelled"),
        ({"code": None, "error": "server_error"}, "identity.login-failed"),
    ],
)
def test_an_answer_that_is_not_in_order_opens_nothing(changes, code):
    refused(through(Launched(), **changes), code)


def test_an_answer_of_another_system_opens_nothing():
    world = Launched()
    browser = world.browser()
    asked = world.begin(browser)
    answer = browser.get(answer_path("omsorg"), params={"code": "kode-1", "state": asked["state"], "iss": ISSUER})
    refused(answer, "identity.launch-unknown-system")


@pytest.mark.parametrize(
    "changes", [{"nonce": "anden"}, {"aud": "anden"}, {"iss": "https://anden.example"}, {"at_hash": "x"}]
)
def test_an_id_token_that_is_not_of_this_launch_opens_nothing(changes):
    world = Launched()
    world.provider.changes = changes
    refused(through(world), "identity.bad-token")


def test_an_id_token_by_another_key_opens_nothing():
    world = Launched()
    world.provider.key = new_key("one")
    refused(through(world), "identity.bad-token")


@pytest.mark.parametrize("patient", [None, "", 7, "../Patient/pt-1", "pt-1?x", "x" * 65, ["pt-1"]])
def test_without_a_patient_in_the_context_nothing_opens(patient):
    refused(through(Launched(patient=patient)), "identity.launch-no-patient")


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "pt-2"},
        {"resourceType": "Person"},
        {"identifier": []},
        {"identifier": None},
        {"identifier": [{"system": "urn:oid:1.2.3", "value": sample.CPR}]},
        {"identifier": [{"system": CPR, "value": sample.CPR, "use": "old"}]},
        {"identifier": [{"system": CPR, "value": sample.CPR}, {"system": CPR, "value": "7102509989"}]},
        {"identifier": [{"system": CPR, "value": "251248-9996"}]},
    ],
)
def test_a_patient_whose_number_the_server_does_not_tell_is_not_guessed(changes):
    world = Launched()
    world.says("/r4/Patient/pt-1", {**PATIENT, **changes})
    refused(through(world), "identity.launch-no-patient")


def test_a_server_that_does_not_tell_the_patient_opens_nothing():
    world = Launched()
    world.says("/r4/Patient/pt-1", {}, 403)
    refused(through(world), "identity.provider-not-understood")


def test_what_a_configuration_leaves_out_is_read_in_openid_connects_own():
    world = Launched()
    said = {name: value for name, value in world.provider.discovery().items() if name not in ("issuer", "jwks_uri")}
    world.says("/r4/.well-known/smart-configuration", said)
    assert through(world).status_code == 303


def test_a_server_that_is_down_is_told_where_the_record_system_can_show_it():
    world = Launched()
    world.says("/r4/.well-known/smart-configuration", {}, 500)
    answer = world.browser().get(SMART, params={"iss": ISS, "launch": "x"})
    refused(answer, "identity.provider-unreachable")
    assert f"frame-ancestors {EPJ}" in answer.headers["content-security-policy"]


def test_no_token_stands_in_a_log(caplog):
    through(Launched())
    assert "adgangstoken" not in caplog.text
