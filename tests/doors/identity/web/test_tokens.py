"""What the provider signs: each claim that is wrong, each forged signature, and keys that come and go."""

import base64
import hmac
import json

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from patientoverblik.problems import CATALOGUE
from tests.doors.identity.web.provider import CLAIMS, CLIENT, ISSUER, SECRET, new_key
from tests.doors.identity.web.world import World, altered, let_in, refused

SECOND = 1000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE


@pytest.fixture
def world() -> World:
    return World()


# The token


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"nonce": "en-anden"}, "identity.bad-token"),
        ({"nonce": None}, "identity.bad-token"),
        ({"aud": "en-anden"}, "identity.bad-token"),
        ({"aud": None}, "identity.bad-token"),
        ({"aud": [CLIENT, "en-anden"]}, "identity.bad-token"),
        ({"aud": CLIENT, "azp": "en-anden"}, "identity.bad-token"),
        ({"iss": "https://andet.example"}, "identity.bad-token"),
        ({"iss": ISSUER + "/"}, "identity.bad-token"),
        ({"iss": None}, "identity.bad-token"),
        ({"sub": None}, "identity.bad-token"),
        ({"sub": 7}, "identity.bad-token"),
        ({"exp": None}, "identity.bad-token"),
        ({"exp": "snart"}, "identity.bad-token"),
        ({"exp": float("inf")}, "identity.bad-token"),
        ({"iat": None}, "identity.bad-token"),
        ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "identity.bad-token"),
        ({"at_hash": 7}, "identity.bad-token"),
        ({"auth_time": "nu"}, "identity.bad-token"),
        ({"auth_time": True}, "identity.bad-token"),
    ],
)
def test_a_token_that_is_not_for_this_login_lets_nobody_in(world, changes, code):
    altered(world, **changes)
    refused(world, code)


def test_a_token_for_several_names_us_as_the_party(world):
    altered(world, aud=[CLIENT, "en-anden"], azp=CLIENT)
    world.log_in()


@pytest.mark.parametrize(
    ("claim", "seconds", "let"),
    [
        ("exp", -61, False),
        ("exp", -60, False),
        ("exp", -59, True),
        ("iat", 61, False),
        ("iat", 60, True),
        ("nbf", 61, False),
        ("nbf", 60, True),
        ("auth_time", 61, False),
        ("auth_time", 60, True),
    ],
)
def test_the_clocks_may_differ_by_a_minute_and_no_more(world, claim, seconds, let):
    altered(world, **{claim: world.clock[0] // SECOND + seconds})
    browser = world.browser()
    answer = world.come_back(browser, world.begin(browser))
    assert let_in(answer) == let
    code = "identity.bad-token" if claim == "auth_time" else "identity.token-not-in-force"
    assert let or CATALOGUE[code].da in answer.text


def test_who_proved_who_they_are_too_long_ago_must_do_it_again():
    world = World("[request]\nmax_age = 600\n" + CLAIMS)
    world.log_in()
    altered(world, auth_time=world.clock[0] // SECOND - 661)
    refused(world, "identity.token-not-in-force")
    altered(world, auth_time=None)
    refused(world, "identity.bad-token")


def encoded(part) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def unsigned(claims) -> str:
    return f"{encoded({'alg': 'none', 'kid': 'one'})}.{encoded(claims)}."


def by_public_key(world: World):
    """HS256 with the public key as the secret: what a library that trusts the header would accept."""

    def sign(claims) -> str:
        public = world.provider.key.as_pem(private=False)
        body = ".".join(map(encoded, ({"alg": "HS256", "typ": "JWT", "kid": "one"}, claims)))
        mark = hmac.digest(public, body.encode(), "sha256")
        return f"{body}.{base64.urlsafe_b64encode(mark).rstrip(b'=').decode()}"

    return sign


def by_other_key(world: World):
    def sign(claims) -> str:
        other = ECKey.generate_key("P-256", {"kid": "one"}, private=True)
        return jwt.encode({"alg": "ES256", "kid": "one"}, claims, other, algorithms=["ES256"])

    return sign


def by_client_secret(_world: World):
    def sign(claims) -> str:
        return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET * 2), algorithms=["HS256"])

    return sign


def by_embedded_key(world: World):
    """A key of the attacker's own in the token's header."""

    def sign(claims) -> str:
        own = ECKey.generate_key("P-256", {"kid": "one"}, private=True)
        header = {"alg": "ES256", "kid": "one", "jwk": own.as_dict(private=False)}
        return jwt.encode(header, claims, own, algorithms=["ES256"])

    return sign


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
@pytest.mark.parametrize("forge", [by_public_key, by_other_key, by_client_secret, by_embedded_key])
def test_a_forged_signature_lets_nobody_in(world, forge):
    world.provider.sign = forge(world)
    refused(world, "identity.bad-token")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "....", "é.é.é", "a" * 70_000])
def test_what_is_no_token_lets_nobody_in(world, token):
    world.provider.sign = lambda _claims: token
    refused(world, "identity.bad-token")


def test_an_algorithm_that_the_provider_or_its_key_does_not_name_lets_nobody_in(world):
    world.provider.metadata = {"id_token_signing_alg_values_supported": ["RS256"]}
    refused(world, "identity.bad-token")
    other = World()
    other.provider.published = [ECKey.import_key({**other.provider.key.as_dict(private=False), "alg": "ES384"})]
    refused(other, "identity.bad-token")


def test_a_token_without_signature_lets_nobody_in(world):
    world.provider.sign = unsigned
    refused(world, "identity.bad-token")


def test_a_token_of_another_kind_lets_nobody_in(world):
    world.provider.sign = lambda claims: world.provider.signed(claims, "logout+jwt")
    refused(world, "identity.bad-token")


@pytest.mark.parametrize("tokens", [{"id_token": None}, {"id_token": 7}, {"access_token": 7}, {"id_token": ["x"]}])
def test_an_answer_without_an_id_token_lets_nobody_in(world, tokens):
    world.provider.tokens = tokens
    refused(world, "identity.login-failed")


def test_a_code_that_the_provider_refuses_lets_nobody_in(world):
    world.provider.answers["/token"] = (400, b'{"error": "invalid_grant"}', {})
    refused(world, "identity.login-failed")


# Keys


def test_a_new_key_is_fetched_when_a_token_names_it(world):
    world.log_in()
    world.clock[0] += 2 * MINUTE
    world.provider.key = new_key("two")
    world.provider.published = [world.provider.key]
    world.log_in()
    assert world.provider.asked["/jwks"] == 2


def test_a_key_that_the_provider_withdrew_counts_no_more_after_an_hour(world):
    world.log_in()
    world.provider.published = [new_key("two")]
    world.clock[0] += HOUR
    refused(world, "identity.bad-token")


def test_a_known_key_counts_while_the_provider_tells_its_keys_to_nobody(world):
    world.log_in()
    world.provider.answers["/.well-known/openid-configuration"] = world.provider.answers["/jwks"] = (503, b"", {})
    world.clock[0] += HOUR
    world.log_in()


def test_tokens_that_name_unknown_keys_ask_the_provider_every_half_minute_at_most(world):
    world.log_in()
    world.clock[0] += 2 * MINUTE
    for number in range(20):
        world.provider.header = {"kid": f"ukendt-{number}"}
        assert world.tell_logged_out(world.provider.logout_token()).status_code == 400
        world.clock[0] += SECOND
    assert world.provider.asked["/jwks"] == 2
    world.clock[0] += MINUTE
    world.tell_logged_out(world.provider.logout_token())
    assert world.provider.asked["/jwks"] == 3


def test_unknown_keys_do_not_wait_for_a_provider_that_is_down_one_after_another(world):
    world.log_in()
    world.clock[0] += 2 * MINUTE
    world.provider.answers["/jwks"] = (503, b"", {})
    world.provider.header = {"kid": "ukendt"}
    told = [world.tell_logged_out(world.provider.logout_token()).status_code for _ in range(5)]
    assert told == [503, 400, 400, 400, 400]
    assert world.provider.asked["/jwks"] == 2


def test_keys_that_may_not_sign_are_left_out(world):
    """A shared secret, a key for encryption, one too small and one not understood stand among the provider's."""
    published = [
        OctKey.import_key(SECRET * 2, {"kid": "one"}).as_dict(private=True),
        {**new_key("one").as_dict(private=False), "use": "enc"},
        {"kty": "AKP", "kid": "one"},
        {"kty": "EC", "kid": "one"},
        world.provider.key.as_dict(private=False),
    ]
    world.provider.answers["/jwks"] = (200, str(published).replace("'", '"').join(('{"keys": ', "}")).encode(), {})
    world.log_in()


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_key_too_small_signs_for_nobody(world):
    small = RSAKey.generate_key(1024, {"kid": "one"}, private=True)
    world.provider.metadata = {"id_token_signing_alg_values_supported": ["RS256"]}
    world.provider.published = [small]
    world.provider.sign = lambda claims: jwt.encode({"alg": "RS256", "kid": "one"}, claims, small, algorithms=["RS256"])
    refused(world, "identity.bad-token")


def test_the_provider_is_asked_about_itself_once_an_hour(world):
    world.log_in()
    world.log_in()
    assert world.provider.asked["/.well-known/openid-configuration"] == 1
    world.clock[0] += HOUR
    world.log_in()
    assert world.provider.asked["/.well-known/openid-configuration"] == 2


def test_what_is_known_of_a_provider_holds_while_it_cannot_be_asked_but_for_a_day_only(world):
    world.log_in()
    address = "/.well-known/openid-configuration"
    world.provider.answers[address] = (500, b"", {})
    world.clock[0] += HOUR
    world.log_in()
    world.log_in()
    assert world.provider.asked[address] == 2
    world.clock[0] += 23 * HOUR
    assert [world.browser().get("/log-ind").status_code for _ in range(3)] == [503, 503, 503]
    assert world.provider.asked[address] == 3
    del world.provider.answers[address]
    world.clock[0] += MINUTE
    world.log_in()
