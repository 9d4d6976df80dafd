"""Whatever is sent: no fault of ours, nobody sent to an address that is not registered, and no token for nothing."""

import asyncio
from urllib.parse import parse_qsl

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patientoverblik.edges.identity.authorisation import Wish
from patientoverblik.edges.identity.authorisation.wire import Answer, Sent
from patientoverblik.edges.identity.bearer import identify
from patientoverblik.edges.identity.certificate import read
from patientoverblik.edges.identity.model import Unidentified
from tests.doors.identity.tokens.place import (
    ASSERTION_TYPE,
    BACK,
    BASE,
    EVERYTHING,
    VERIFIER,
    Place,
    address,
    apps,
    challenge,
)
from tests.doors.identity.tokens.test_bearer import ISSUER, issuer, raw
from tests.unit.portal import sample

PLACE = Place()
GOOD = dict(parse_qsl(address().partition("?")[2]))
NAMES = (
    *GOOD, "grant_type", "code", "code_verifier", "refresh_token", "client_secret", "client_assertion", "prompt", "request",
    "client_assertion_type", "token", "token_type_hint", "resource", "response_mode", "max_age", "",
)  # fmt: skip
VALUES = st.one_of(
    st.sampled_from((
        *GOOD.values(), "authorization_code", "refresh_token", "client_credentials", ASSERTION_TYPE, VERIFIER, challenge(), BACK,
        BASE, "journal", "fortrolig", "tls", "none", "a.b", "a.b.c", "e30.e30.", "system/*.cruds", EVERYTHING, "https://evil.example",
    )),
    st.text(max_size=20),
)  # fmt: skip
PARAMETERS = st.lists(st.tuples(st.sampled_from(NAMES), VALUES), max_size=10).map(tuple)
HEADERS = st.dictionaries(st.just("authorization"), st.text(max_size=30).map(lambda text: f"Basic {text}"), max_size=1)
REGISTERED = tuple(redirect for app in apps().values() for redirect in app.redirects)
LAWFUL = settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])


def is_ours(answer: Answer) -> bool:
    return not answer.location or answer.location.startswith(tuple(f"{each}?" for each in REGISTERED))


@LAWFUL
@given(PARAMETERS)
def test_a_request_for_permission_is_a_wish_or_an_answer_to_the_app_itself(parameters):
    found = PLACE.server.wish(Sent("GET", parameters))
    assert isinstance(found, Wish) or (
        is_ours(found) and "code" not in dict(parse_qsl(found.location.partition("?")[2]))
    )


@LAWFUL
@given(st.dictionaries(st.sampled_from(list(GOOD)), st.one_of(st.none(), VALUES), max_size=2))
def test_a_good_request_with_something_changed_is_never_sent_elsewhere(changes):
    asked = {name: value for name, value in (GOOD | changes).items() if value is not None}
    found = PLACE.server.wish(Sent("GET", tuple(asked.items())))
    if isinstance(found, Wish):
        assert found.redirect in REGISTERED
        assert asked["code_challenge_method"] == "S256"
        assert asked["aud"].rstrip("/") == BASE
        assert set(found.scopes) <= set(asked["scope"].split())
    else:
        assert is_ours(found)


@LAWFUL
@given(PARAMETERS, HEADERS)
def test_nothing_that_was_not_given_gives_a_token(parameters, headers):
    for answer in (
        PLACE.server.token(Sent("POST", parameters, headers)),
        PLACE.server.revoke(Sent("POST", parameters, headers)),
    ):
        assert answer.status in (200, 400, 401)
        assert "access_token" not in answer.body
        assert not answer.location


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=12)
    | st.sampled_from((ISSUER, BASE, "at+jwt", "ES256")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
HEADER = st.dictionaries(
    st.sampled_from(("alg", "typ", "kid", "crit", "b64", "jwk", "jku", "x5c", "zip", "enc", "")), JSON, max_size=5
)
CLAIMS = st.dictionaries(
    st.sampled_from(("iss", "aud", "exp", "nbf", "iat", "sub", "jti", "scope", "cnf", "client_id")), JSON, max_size=5
)


@LAWFUL
@given(HEADER, CLAIMS, st.binary(max_size=70))
def test_any_token_that_nobody_signed_is_nobody(header, claims, signature):
    token = raw(header, signature, **claims)
    assert isinstance(asyncio.run(identify(token, (issuer(),), sample.NOW)), Unidentified)


@LAWFUL
@given(st.text(max_size=200))
def test_any_text_is_no_token_and_no_certificate(text):
    assert isinstance(asyncio.run(identify(text, (issuer(),), sample.NOW)), Unidentified)
    assert read(text) is None
