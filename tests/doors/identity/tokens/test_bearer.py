"""Access tokens of other issuers: every claim, every key and every algorithm is what was configured, or nobody is let in."""

import asyncio
import base64
import hashlib
import hmac
import json
import re

import msgspec
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from patientoverblik.access import Relation
from patientoverblik.edges.identity.bearer import Issuer, identify
from patientoverblik.edges.identity.certificate import read
from patientoverblik.edges.identity.issuers import Assurance, meaning
from patientoverblik.edges.identity.keys import TrustedKeys
from patientoverblik.edges.identity.web import ClaimsMap, load_claims
from tests.doors.identity.tokens.certificates import certificate
from tests.doors.identity.tokens.place import BASE, EC, NANCY, OTHER, OTHER_EC, RSA, Place, jwks
from tests.unit.portal import house as made
from tests.unit.portal import sample

ISSUER = "https://login.example"
NOW = sample.NOW // 1000
CITIZEN = load_claims('[kind]\nalways = "citizen"\n[person]\ncpr = "cpr"\n')
PROFESSIONAL = load_claims(
    '[kind]\nalways = "professional"\n[professional]\nrole = "role"\n[[organisation]]\nclaim = "yder"\nsystem = "yder"\n'
)


def issuer(**changes) -> Issuer:
    assert isinstance(CITIZEN, ClaimsMap)
    given = {
        "issuer": ISSUER,
        "keys": TrustedKeys(lambda: jwks(EC, RSA)),
        "audiences": (BASE,),
        "meaning": meaning(CITIZEN),
    }
    return Issuer(**given | changes)


def claims(**changes) -> dict:
    given = {
        "iss": ISSUER, "aud": BASE, "sub": "nancy", "name": "Nancy", "cpr": NANCY, "client_id": "app", "jti": "t-1",
        "iat": NOW, "exp": NOW + 600, "scope": "user/*.rs",
    }  # fmt: skip
    return {name: value for name, value in (given | changes).items() if value is not None}


def token(key=EC, header=None, **changes) -> str:
    head = {"alg": "ES256", "kid": key.kid, "typ": "at+jwt"} | (header or {})
    return jwt.encode(head, claims(**changes), key, algorithms=[head["alg"]], default_type=None)


def raw(header: dict, signature: bytes = b"", **changes) -> str:
    """A token put together by hand, as the library refuses to."""
    parts = [json.dumps(each).encode() for each in (header, claims(**changes))]
    return ".".join(base64.urlsafe_b64encode(each).decode().rstrip("=") for each in (*parts, signature))


def code(text: str, *issuers: Issuer, at: int = sample.NOW, cert=None) -> str:
    found = asyncio.run(identify(text, issuers or (issuer(),), at, cert))
    return getattr(found, "code", "")


def test_a_token_in_order_is_somebody_with_scopes_until_it_runs_out():
    found = asyncio.run(identify(token(), (issuer(),), sample.NOW))
    assert (found.actor.kind, found.actor.id, found.actor.client) == ("citizen", f"{ISSUER}#nancy", "app")
    assert found.own.value == NANCY
    assert found.scopes == {"user/*.rs"}
    assert found.until == (NOW + 600) * 1000
    assert (found.issuer, found.token) == (ISSUER, "t-1")


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"iss": "https://evil.example"}, "issuer"), ({"iss": None}, "issuer"), ({"iss": ISSUER + "/"}, "issuer"),
        ({"iss": [ISSUER]}, "issuer"), ({"aud": "https://another.example"}, "audience"), ({"aud": []}, "audience"),
        ({"aud": None}, "incomplete"), ({"aud": {"a": BASE}}, "audience"), ({"aud": BASE + "/"}, "audience"),
        ({"exp": NOW - 30}, "expired"), ({"exp": None}, "incomplete"), ({"exp": "2099"}, "incomplete"),
        ({"exp": True}, "incomplete"), ({"exp": float("nan")}, "incomplete"), ({"exp": float("inf")}, "incomplete"),
        ({"nbf": NOW + 31}, "early"), ({"iat": NOW + 31}, "incomplete"), ({"iat": None}, "incomplete"),
        ({"jti": None}, "incomplete"), ({"jti": 7}, "incomplete"), ({"sub": None}, "incomplete"), ({"sub": 7}, "incomplete"),
        ({"client_id": None}, "incomplete"),
    ],
)  # fmt: skip
def test_a_wrong_or_missing_claim_lets_nobody_in(wrong, told):
    assert code(token(**wrong)) == f"identity.token-{told}"


@pytest.mark.parametrize("right", [{"exp": NOW - 29}, {"nbf": NOW + 30}, {"aud": ["https://another.example", BASE]}])
def test_clocks_may_differ_by_half_a_minute_and_audiences_may_be_many(right):
    assert code(token(**right)) == ""


def test_without_a_signature_a_token_is_nothing():
    for algorithm in ("none", "None", "NONE", ""):
        assert code(raw({"alg": algorithm, "typ": "at+jwt", "kid": EC.kid})) == "identity.token-algorithm"


def test_a_public_key_is_never_taken_for_a_shared_secret():
    """Algorithm confusion: HS256 with the published key as the secret."""
    for secret in (jwks(EC), RSA.as_pem(private=False), json.dumps(RSA.as_dict(private=False)).encode()):
        header = {"alg": "HS256", "typ": "at+jwt", "kid": RSA.kid}
        signed = raw(header).rpartition(".")[0]
        forged = f"{signed}.{base64.urlsafe_b64encode(hmac.digest(secret, signed.encode(), hashlib.sha256)).decode().rstrip('=')}"
        assert code(forged) == "identity.token-algorithm"
        assert code(forged, issuer(algorithms=("HS256", "RS256"))) == "identity.token-signature"


def test_a_shared_secret_among_the_keys_is_not_used():
    secret = OctKey.generate_key(256, auto_kid=True)
    listed = json.dumps({"keys": [secret.as_dict(private=True)]}).encode()
    found = issuer(keys=TrustedKeys(lambda: listed), algorithms=("HS256", "ES256"))
    assert code(token(key=secret, header={"alg": "HS256"}), found) == "identity.token-key"


def test_an_algorithm_that_was_not_configured_is_refused_though_the_signature_holds():
    signed = token(key=RSA, header={"alg": "RS512"})
    assert code(signed) == "identity.token-algorithm"
    assert code(signed, issuer(algorithms=("RS512",))) == ""


def test_the_key_of_one_kind_does_not_verify_the_algorithm_of_another():
    assert code(token(key=RSA, header={"alg": "PS256", "kid": EC.kid})) == "identity.token-signature"


@pytest.mark.parametrize(
    "kid", ["../../../dev/null", "' or 1=1 --", "x", "", pytest.param(OTHER_EC.kid, id="another key's")]
)
def test_a_key_by_another_name_is_no_key(kid):
    assert code(token(header={"kid": kid})) == "identity.token-key"


def test_without_a_name_only_the_only_key_is_meant():
    unnamed = jwt.encode({"alg": "ES256", "typ": "at+jwt"}, claims(), EC, algorithms=["ES256"], default_type=None)
    assert code(unnamed) == "identity.token-key"
    assert code(unnamed, issuer(keys=TrustedKeys(lambda: jwks(EC)))) == ""


@pytest.mark.parametrize("name", ["jwk", "jku", "x5u", "x5c"])
def test_a_key_in_the_token_or_an_address_of_one_is_never_looked_at(name, monkeypatch):
    monkeypatch.setattr("httpx.get", lambda *_, **__: pytest.fail("an address in a token was called"))
    carried = {
        "jwk": OTHER_EC.as_dict(private=False),
        "jku": "https://evil.example/jwks",
        "x5u": "https://evil.example/cert",
        "x5c": ["MIIB"],
    }
    forged = token(key=OTHER_EC, header={name: carried[name], "kid": EC.kid})
    assert code(forged) == "identity.token-signature"
    assert code(token(key=OTHER_EC, header={name: carried[name]})) == "identity.token-key"


def test_a_changed_token_is_no_token():
    head, body, signature = token().split(".")
    other = raw({}, sub="another").split(".")[1]
    assert code(f"{head}.{other}.{signature}") == "identity.token-signature"
    assert code(f"{head}.{body}.{signature[:-4]}AAAA") == "identity.token-signature"


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c", "..", "a.b.c.d", "æ.ø.å", "e30.e30.", "e30.W10.AA", "x" * 20_000])
def test_garbage_is_no_token(text):
    assert code(text) == "identity.token-malformed"


def test_an_issuer_vouches_by_its_own_keys_alone():
    """Mix-up: another trusted issuer's key does not sign in this one's name."""
    other = issuer(issuer="https://other.example", keys=TrustedKeys(lambda: jwks(OTHER_EC)))
    assert code(token(key=OTHER_EC), issuer(), other) == "identity.token-key"
    assert code(token(key=OTHER_EC, header={"kid": EC.kid}), issuer(), other) == "identity.token-signature"
    assert code(token(key=OTHER_EC, iss="https://other.example"), issuer(), other) == ""


@pytest.mark.parametrize("kind", ["JWT", "", "logout+jwt", "dpop+jwt", "secevent+jwt"])
def test_another_kind_of_token_is_no_access_token(kind):
    assert code(token(header={"typ": kind})) == "identity.token-type"


def test_a_smart_server_may_leave_out_what_the_profile_adds_but_not_what_protects():
    loose = issuer(profile="smart")
    assert code(token(header={"typ": "JWT"}, jti=None, client_id=None, iat=None), loose) == ""
    assert code(token(header={"typ": "logout+jwt"}), loose) == "identity.token-type"
    for name in ("exp", "aud", "sub"):
        assert code(token(**{name: None}), loose) == "identity.token-incomplete"


def test_scopes_are_read_however_they_are_written():
    for written in ({"scope": "a b"}, {"scope": None, "scp": ["a", "b"]}, {"scope": ["a", "b", 7]}):
        assert asyncio.run(identify(token(**written), (issuer(),), sample.NOW)).scopes == {"a", "b"}
    assert asyncio.run(identify(token(scope={"a": 1}), (issuer(),), sample.NOW)).scopes == frozenset()


def test_a_token_bound_to_a_certificate_is_used_by_its_holder_alone():
    own, other = read(certificate("a").header), read(certificate("b").header)
    bound = token(cnf={"x5t#S256": own.thumbprint})
    assert code(bound, cert=own) == ""
    assert code(bound, cert=other) == "identity.wrong-certificate"
    assert code(bound) == "identity.wrong-certificate"


@pytest.mark.parametrize("binding", [{"jkt": "x"}, {}, "x", {"x5t#S256": 7}, {"x5t#S256": "x", "jkt": "y"}, []])
def test_a_binding_that_cannot_be_verified_is_never_met(binding):
    assert code(token(cnf=binding), cert=read(certificate("a").header)) == "identity.token-unbound"


def test_an_issuer_may_be_believed_with_bound_tokens_alone():
    assert code(token(), issuer(bound=True)) == "identity.token-unbound"


def test_keys_rotate_and_the_issuer_is_asked_only_so_often():
    held, asked = [jwks(EC)], []

    def fetch() -> bytes:
        asked.append(1)
        return held[0]

    found, at = issuer(keys=TrustedKeys(fetch)), sample.NOW
    assert code(token(), found, at=at) == ""
    held[0] = jwks(EC, OTHER_EC)
    assert code(token(key=OTHER_EC), found, at=at) == "identity.token-key"
    for _ in range(5):
        code(token(header={"kid": "gættet"}), found, at=at + 1000)
    assert len(asked) == 1
    assert code(token(key=OTHER_EC), found, at=at + 30_000) == ""
    held[0] = jwks(OTHER_EC)
    later = at + 30_000 + 3_600_000
    assert code(token(exp=NOW + 86_400), found, at=later) == "identity.token-key"
    assert len(asked) == 3


def test_keys_that_cannot_be_fetched_are_believed_for_a_day():
    broken = []

    def fetch() -> bytes:
        if broken:
            raise OSError("no way there")
        return jwks(EC)

    found, day = issuer(keys=TrustedKeys(fetch)), 86_400_000
    assert code(token(), found) == ""
    broken.append(1)
    assert code(token(exp=NOW + 90_000), found, at=sample.NOW + day - 1000) == ""
    assert code(token(exp=NOW + 90_000), found, at=sample.NOW + day) == "identity.token-key"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"x",
        b"[]",
        b"{}",
        b'{"keys": {}}',
        b'{"keys": [1, {}, {"kty": "RSA"}, {"kty": "oct", "k": "AA"}]}',
        b" " * 300_000,
    ],
)
def test_what_is_no_key_set_gives_no_key(data):
    assert code(token(), issuer(keys=TrustedKeys(lambda: data))) == "identity.token-key"


def place() -> Place:
    professional = meaning(PROFESSIONAL, patient="patient")
    doctor = issuer(issuer="https://ehr.example", meaning=professional, keys=TrustedKeys(lambda: jwks(RSA)))
    return Place(others=(issuer(), doctor))


def doctor(**changes) -> str:
    given = {
        "iss": "https://ehr.example",
        "sub": "laege",
        "name": "Anna Læge",
        "role": "læge",
        "yder": "123456",
        "cpr": None,
    }
    return token(key=RSA, header={"alg": "RS256"}, **(given | changes))


def treats(at: Place) -> Place:
    relation = Relation("own-gp", made.GP)
    at.house.storage.act(lambda transaction: transaction.put_relation(made.KEY, relation)).result()
    return at


def test_a_citizens_token_opens_their_own_overview_and_no_other():
    at = place()
    assert at.overview(token(), NANCY).status_code == 200
    refused = [at.overview(token(), number) for number in (OTHER, "0101010101")]
    assert [answer.status_code for answer in refused] == [403, 403]
    assert refused[0].json()["code"] == refused[1].json()["code"] == "access.not-own"


def test_a_professionals_token_is_judged_by_the_treatment_relation_too():
    assert treats(place()).overview(doctor(), NANCY).status_code == 200
    assert place().overview(doctor(), NANCY).json()["code"] == "portal.refused"


def test_a_token_bound_to_a_patient_opens_that_one_alone():
    at = treats(place())
    bound = doctor(patient=NANCY, scope="patient/*.rs")
    assert at.overview(bound).status_code == 200
    assert at.overview(bound, NANCY).status_code == 200
    assert at.overview(bound, OTHER).json()["code"] == "identity.other-patient"
    assert at.overview(doctor(patient="0101010101", scope="patient/*.rs")).status_code == 403


@pytest.mark.parametrize(
    "scope", ["", "patient/*.rs", "user/*.r", "user/*.s", "user/CarePlan.rs", "system/*.rs", "user/*.read", "openid"]
)
def test_without_the_scope_there_is_nothing(scope):
    refused = treats(place()).overview(doctor(scope=scope), NANCY)
    assert (refused.status_code, refused.json()["code"]) == (403, "identity.insufficient-scope")
    assert (
        refused.headers["www-authenticate"] == 'Bearer realm="overblik", error="insufficient_scope", scope="user/*.rs"'
    )


def test_a_token_that_is_not_believed_is_told_so_by_the_norm():
    refused = place().overview(token(exp=NOW - 60), NANCY)
    assert (refused.status_code, refused.json()["code"]) == (401, "identity.token-expired")
    assert refused.headers["www-authenticate"] == 'Bearer realm="overblik", error="invalid_token"'


def test_without_a_token_no_fault_is_named():
    answer = place().world.post("/api/overblik", json={"patient": NANCY})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == 'Bearer realm="overblik"'


def test_the_session_of_the_pages_still_opens_the_same_door():
    at = place()
    browser = at.person("nancy")
    csrf = re.search(r'name="csrf" value="([^"]+)"', browser.get("/apps").text)[1]
    assert browser.post("/api/overblik", json={"patient": NANCY}, headers={"X-CSRF-Token": csrf}).status_code == 200
    assert browser.post("/api/overblik", json={"patient": NANCY}).status_code == 403
    assert browser.post("/api/overblik", json={}, headers={"X-CSRF-Token": csrf}).status_code == 400


def test_the_body_names_a_patient_unless_the_token_does():
    assert place().overview(token()).json()["code"] == "portal.bad-body"


def test_nobody_is_made_an_officer_or_a_job_by_leaving_something_out():
    found = msgspec.convert(CITIZEN, ClaimsMap)
    assert found.kind.always == "citizen"
    assert code(token(cpr=None)) == "identity.claim-missing"
    assert code(token(name=None)) == "identity.claim-missing"


HIGH, LOW = "https://data.gov.dk/concept/core/nsis/loa/High", "https://data.gov.dk/concept/core/nsis/loa/Low"


@pytest.mark.parametrize(
    ("asked", "acr", "believed"),
    [
        (Assurance((HIGH,)), HIGH, True),
        (Assurance((HIGH,)), LOW, False),
        (Assurance((HIGH,)), None, False),
        (Assurance((HIGH,), kind="citizen"), LOW, False),
        (Assurance((HIGH,), kind="professional"), LOW, True),
        (Assurance((HIGH,), scope="user/"), LOW, False),
        (Assurance((HIGH,), scope="system/"), LOW, True),
        (Assurance((HIGH,), kind="citizen", scope="system/"), LOW, True),
        (Assurance((LOW, HIGH), kind="citizen", scope="user/"), LOW, True),
    ],
)
def test_a_token_of_a_login_that_was_not_sure_enough_is_nobodys(asked, acr, believed):
    found = code(token(acr=acr), issuer(meaning=meaning(CITIZEN, assurance=(asked,))))
    assert found == ("" if believed else "identity.low-assurance")


def test_who_must_log_in_more_surely_is_told_so_by_the_norm():
    weak = issuer(meaning=meaning(CITIZEN, assurance=(Assurance((HIGH,)),)))
    refused = Place(others=(weak,)).overview(token(acr=LOW), NANCY)
    assert (refused.status_code, refused.json()["code"]) == (403, "identity.low-assurance")
    assert refused.headers["www-authenticate"] == 'Bearer realm="overblik", error="insufficient_user_authentication"'
