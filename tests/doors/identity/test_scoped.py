"""Two issuers' equal subjects are never one actor: nothing that is kept by an actor's id can pass from one to the other."""

import hypothesis.strategies as st
import msgspec
from hypothesis import example, given, settings

from patientoverblik.edges.identity.issuers import meaning
from patientoverblik.edges.identity.model import scoped
from patientoverblik.edges.identity.soap.actors import identified as of_token
from patientoverblik.edges.identity.soap.token import Token
from patientoverblik.edges.identity.web import ClaimsMap, load_claims
from patientoverblik.edges.identity.web.actors import identified as of_claims
from tests.doors.identity.soap.calls import trust

RULES = load_claims(
    '[kind]\nalways = "professional"\n[professional]\nrole = "role"\n[[organisation]]\nclaim = "yder"\nsystem = "yder"\n'
    '[on_behalf_of]\nid = "chief"\n'
)
assert isinstance(RULES, ClaimsMap)
TRUST = trust()
READ = meaning(RULES)
ISSUERS = st.sampled_from(["https://a.example", "https://b.example", "https://a.example#", "%23", "#", "cvr:1:x"])
SUBJECTS = st.sampled_from(["a", "b", "ZZ999", "#a", "a#a", "https://a.example#a", "2512489996", "%23#a"]) | st.text(
    "ab#%", min_size=1, max_size=6
)
PAIRS = st.tuples(ISSUERS, SUBJECTS)


def by_login(issuer, subject):
    claims = {"sub": subject, "name": "N", "role": "r", "yder": "1", "chief": subject}
    return of_claims(RULES, claims, issuer, 1).actor


def by_token(issuer, subject):
    claims = {"iss": issuer, "exp": 1, "sub": subject, "name": "N", "role": "r", "yder": "1", "chief": subject}
    return READ(claims, 0).actor


def by_message(issuer, subject):
    token = Token(kind="saml", id="t", issuer=issuer, until=1, user="professional", name_id=subject, cvr="12345678")
    return of_token(token, None, (), TRUST).actor


@settings(max_examples=200)
@given(PAIRS, PAIRS)
@example(("https://a.example", "a"), ("https://b.example", "a"))
@example(("https://a.example", "2512489996"), ("https://b.example", "2512489996"))
def test_ids_are_equal_only_of_the_same_subject_of_the_same_issuer(one, other):
    for door in (by_login, by_token, by_message):
        first, second = door(*one), door(*other)
        assert (first.id == second.id) == (one == other)
        if first.principal and second.principal:
            assert (first.principal.id == second.principal.id) == (one == other)


@settings(max_examples=200)
@given(PAIRS, SUBJECTS)
def test_nobodys_subject_looks_like_an_id_of_the_house(pair, own):
    assert scoped(*pair) != scoped("", own)


@given(PAIRS)
def test_a_login_and_a_token_of_one_issuer_are_one_actor(pair):
    assert by_login(*pair).id == by_token(*pair).id


@given(SUBJECTS, PAIRS)
def test_an_authorisation_that_is_none_is_no_id_by_itself(said, pair):
    token = Token(kind="saml", id="t", issuer=pair[0], until=1, user="professional", authorisation=said, cvr="12345678")
    assert of_token(token, None, (), TRUST).actor.id != by_login(*pair).id
    elsewhere = msgspec.structs.replace(token, issuer="https://elsewhere.example")
    national = said.isalnum()
    assert (of_token(elsewhere, None, (), TRUST).actor.id == of_token(token, None, (), TRUST).actor.id) == national
