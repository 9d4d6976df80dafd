"""SMART Backend Services: a system proves itself by a signed assertion or a client certificate, and reads nobody."""

import asyncio

import httpx
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from patientoverblik.app.serving import behind_proxies
from patientoverblik.edges.identity.certificate import Proxies, presented, read
from tests.doors.identity.tokens.certificates import certificate
from tests.doors.identity.tokens.place import BASE, EC, NANCY, OTHER_EC, RSA, Place, address, claims

FROM_HERE = Proxies(("127.0.0.1/32",))


@pytest.fixture
def place() -> Place:
    return Place()


def test_a_system_gets_a_token_for_five_minutes_and_no_refresh_token(place):
    body = place.backend().json()
    assert body["expires_in"] == 300
    assert body["scope"] == "system/*.cruds"
    assert "refresh_token" not in body
    said = claims(body["access_token"])
    assert (said["sub"], said["client_id"], said["aud"], said["iss"]) == ("journal", "journal", BASE, BASE)


def test_a_system_proves_itself_by_any_key_it_has_published(place):
    signed = place.assertion(key=RSA, header={"alg": "RS384"})
    assert place.backend(assertion=signed).status_code == 200


def test_a_system_reads_nobody_whatever_its_scopes(place):
    token = place.backend().json()["access_token"]
    refused = place.overview(token, NANCY)
    assert (refused.status_code, refused.json()["code"]) == (403, "identity.insufficient-scope")
    assert 'error="insufficient_scope"' in refused.headers["www-authenticate"]


@pytest.mark.parametrize("scope", ["patient/*.rs", "user/*.rs", "launch/patient", "openid", "", None])
def test_a_system_gets_system_scopes_alone(place, scope):
    answer = place.backend(scope=scope)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_a_system_gets_the_part_of_its_wish_that_it_may_have(place):
    assert place.backend(scope="system/CarePlan.c patient/*.rs noget").json()["scope"] == "system/CarePlan.c"


@pytest.mark.parametrize(
    "wrong",
    [
        {"iss": "dagbog"}, {"iss": None}, {"sub": "dagbog"}, {"sub": None}, {"sub": 7}, {"aud": "https://another.example"},
        {"aud": None}, {"exp": None}, {"exp": "snart"}, {"exp": float("nan")}, {"jti": None}, {"jti": 7}, {"jti": ""},
        {"nbf": 4_000_000_000}, {"iat": 4_000_000_000},
    ],
)  # fmt: skip
def test_an_assertion_with_a_wrong_claim_proves_nothing(place, wrong):
    answer = place.backend(assertion=place.assertion(**wrong))
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("seconds", [-31, 331, 86_400])
def test_an_assertion_lives_at_most_five_minutes(place, seconds):
    signed = place.assertion(exp=place.clock[0] // 1000 + seconds)
    assert place.backend(assertion=signed).json()["error"] == "invalid_client"


def test_an_assertion_is_used_once(place):
    signed = place.assertion()
    assert place.backend(assertion=signed).status_code == 200
    assert place.backend(assertion=signed).json()["error"] == "invalid_client"
    place.later(269)
    assert place.backend(assertion=signed).json()["error"] == "invalid_client"


@pytest.mark.parametrize(
    ("key", "header"),
    [
        (OTHER_EC, {}),
        (OTHER_EC, {"kid": EC.kid}),
        (EC, {"kid": "../../etc/passwd"}),
        (EC, {"kid": "' or 1=1 --"}),
        (EC, {"kid": OTHER_EC.kid}),
        (EC, {"jku": "https://evil.example/jwks", "kid": OTHER_EC.kid}),
    ],
)
def test_an_assertion_by_another_key_proves_nothing(place, key, header):
    assert place.backend(assertion=place.assertion(key=key, header=header)).json()["error"] == "invalid_client"


@pytest.mark.parametrize("garbage", ["", "x", "a.b.c", "e30.e30.", "é.e30.e30"])
def test_garbage_for_an_assertion_is_refused(place, garbage):
    answer = place.backend(client_assertion=garbage)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_an_assertion_of_one_app_is_no_proof_for_another(place):
    answer = place.backend(client_id="tls")
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_an_app_of_citizens_gets_no_system_token(place):
    sent = {"grant_type": "client_credentials", "client_id": "dagbog", "scope": "system/*.cruds"}
    answer = place.world.post("/oauth/token", data=sent)
    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


def test_a_system_cannot_ask_a_citizen(place):
    answer = place.person().get(address(client_id="journal"), follow_redirects=False)
    assert answer.status_code == 400


def tls(place, pem, **changes):
    sent = {"grant_type": "client_credentials", "client_id": "tls", "scope": "system/DocumentReference.c"} | changes
    return place.world.post("/oauth/token", data=sent, headers={"Client-Cert": pem} if pem else {})


def test_a_system_proves_itself_by_the_certificate_its_proxy_hands_over():
    place, own = Place(proxies=FROM_HERE), certificate("journal")
    body = tls(place, own.header).json()
    assert claims(body["access_token"])["cnf"] == {"x5t#S256": read(own.header).thumbprint}


def test_the_token_is_bound_to_that_certificate():
    place, own, other = Place(proxies=FROM_HERE), certificate("journal"), certificate("journal")
    token = tls(place, own.header).json()["access_token"]
    assert place.overview(token, NANCY, {"Client-Cert": own.header}).json()["code"] == "identity.insufficient-scope"
    for header in ({}, {"Client-Cert": other.header}, {"Client-Cert": "x"}):
        refused = place.overview(token, NANCY, header)
        assert (refused.status_code, refused.json()["code"]) == (401, "identity.wrong-certificate")


@pytest.mark.parametrize("name", [("another",), ("journal,O=Evil",), ("journal", "En anden afdeling")])
def test_the_certificate_of_another_proves_nothing(name):
    assert tls(Place(proxies=FROM_HERE), certificate(*name).header).json()["error"] == "invalid_client"


def test_a_certificate_that_has_run_out_proves_nothing():
    place = Place(proxies=FROM_HERE)
    place.later(40 * 365 * 86_400)
    assert tls(place, certificate("journal").header).json()["error"] == "invalid_client"


def test_nobody_but_a_configured_proxy_hands_over_certificates():
    for proxies in (Proxies(), Proxies(("10.0.0.0/8",))):
        assert tls(Place(proxies=proxies), certificate("journal").header).json()["error"] == "invalid_client"


def test_a_certificate_may_come_as_an_escaped_pem():
    own = certificate("journal")
    assert read(own.escaped) == read(own.header) == read(own.made.public_bytes(Encoding.PEM).decode())


@pytest.mark.parametrize("garbage", ["", ":", "::", ":x:", "-----BEGIN CERTIFICATE-----", "x" * 20_000, "æ"])
def test_garbage_is_no_certificate(garbage):
    assert read(garbage) is None


def test_whom_a_proxy_speaks_for_does_not_hide_who_hands_over_the_certificate():
    """Server and proxy headers as in service: X-Forwarded-For changes the caller, not the peer."""
    place, own = Place(proxies=FROM_HERE), certificate("journal")
    sent = {"grant_type": "client_credentials", "client_id": "tls", "scope": "system/DocumentReference.c"}
    for peer, status in (("127.0.0.1", 200), ("203.0.113.9", 401)):
        transport = httpx.ASGITransport(behind_proxies(place.application), client=(peer, 1))

        async def call(transport=transport) -> httpx.Response:
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
                headers = {"Client-Cert": own.header, "X-Forwarded-For": "127.0.0.1, 198.51.100.7"}
                return await client.post("/oauth/token", data=sent, headers=headers)

        assert asyncio.run(call()).status_code == status


def test_a_proxys_own_certificate_is_not_its_callers():
    own = certificate("journal").made.public_bytes(Encoding.PEM).decode()
    tls_layer = {"tls": {"client_cert_chain": [own]}}
    assert presented({"client": ("127.0.0.1", 1), "extensions": tls_layer}, {}, FROM_HERE) is None
    assert presented({"client": ("198.51.100.7", 1), "extensions": tls_layer}, {}, FROM_HERE) == read(own)
    assert presented({"client": None, "extensions": {}}, {}, FROM_HERE) is None


def test_a_system_that_is_no_longer_registered_is_nobody(place):
    token = place.backend().json()["access_token"]
    del place.office.apps["journal"]
    refused = place.overview(token, NANCY)
    assert (refused.status_code, refused.json()["code"]) == (401, "identity.app-ended")
