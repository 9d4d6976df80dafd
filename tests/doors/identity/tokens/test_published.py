"""What the server says of itself: everything it says works, and what it does not say is not there."""

import asyncio
import base64
import hashlib
import json
import re
from urllib.parse import urlencode, urlsplit

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from patientoverblik.app.issuing import make_token
from patientoverblik.app.login import with_test_login
from patientoverblik.app.settings import Settings, SettingsFault, read_settings
from patientoverblik.app.tokens import tokens_of
from patientoverblik.app.wiring import open_house
from patientoverblik.demo.people import PERSONAS
from patientoverblik.edges.cli.ports import WantedToken
from patientoverblik.edges.identity.authorisation import (
    App,
    AppsFault,
    SigningFault,
    SigningKeys,
    generated_key,
    own_issuer,
    read_signing_keys,
    signing_keys,
)
from patientoverblik.edges.identity.authorisation.apps import checked
from patientoverblik.edges.identity.bearer import identify
from patientoverblik.edges.identity.certificate import Proxies
from patientoverblik.edges.identity.issuers import IssuersFault, read_issuers
from patientoverblik.edges.identity.keys import read_keys
from patientoverblik.storage.memory import MemoryStorage
from tests.conftest import PROJECT
from tests.doors.identity.tokens.certificates import certificate
from tests.doors.identity.tokens.place import BACK, BASE, SECRET, VERIFIER, Place, address, apps, challenge, query
from tests.doors.portal.browser import Browser
from tests.unit.portal import house as made

KNOWN = "/.well-known/"
DOCUMENTS = ("smart-configuration", "oauth-authorization-server", "openid-configuration")


def published(place: Place, name: str) -> dict:
    answer = place.world.get(KNOWN + name)
    assert answer.status_code == 200
    assert answer.headers["access-control-allow-origin"] == "*"
    return answer.json()


def path(told: str) -> str:
    assert told.startswith(BASE + "/")
    return urlsplit(told).path


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_address_is_there_and_answers_to_its_purpose(name):
    place = Place()
    said = published(place, name)
    nancy = place.person()
    assert said["issuer"] == BASE
    assert place.world.get(path(said["jwks_uri"])).json()["keys"]
    assert place.world.post(path(said["token_endpoint"]), data={}).json()["error"] == "unsupported_grant_type"
    assert (
        place.world.post(path(said["revocation_endpoint"]), data={"token": "x", "client_id": "dagbog"}).status_code
        == 200
    )
    assert "Tillad" in nancy.get(address().replace("/oauth/authorize", path(said["authorization_endpoint"]))).text
    assert "Apps med adgang" in nancy.get(path(said["management_endpoint"])).text
    told = [value for key, value in said.items() if key.endswith(("_endpoint", "_uri"))]
    assert len(told) == 5


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_grant_type_scope_and_way_of_proof_it_names_gives_a_token(name):
    place = Place(proxies=Proxies(("127.0.0.1/32",)))
    said = published(place, name)
    given = place.tokens()
    grants = {
        "authorization_code": lambda: "access_token" in given,
        "refresh_token": lambda: place.refresh(given["refresh_token"]).status_code == 200,
        "client_credentials": lambda: place.backend().status_code == 200,
    }
    assert sorted(said["grant_types_supported"]) == sorted(grants)
    assert all(works() for works in grants.values())
    basic = {"Authorization": "Basic " + base64.b64encode(f"fortrolig:{SECRET}".encode()).decode()}
    tls = {"grant_type": "client_credentials", "client_id": "tls", "scope": "system/DocumentReference.c"}
    proofs = {
        "none": lambda: place.token(place.code()),
        "client_secret_basic": lambda: place.token(place.code(client_id="fortrolig"), basic, client_id=None),
        "private_key_jwt": place.backend,
        "tls_client_auth": lambda: place.world.post(
            "/oauth/token", data=tls, headers={"Client-Cert": certificate("journal").header}
        ),
    }
    assert sorted(said["token_endpoint_auth_methods_supported"]) == sorted(proofs)
    assert [prove().status_code for prove in proofs.values()] == [200] * 4
    for scope in said["scopes_supported"]:
        if scope.startswith("system/"):
            got = place.backend(scope=scope).json() if scope == "system/*.cruds" else {"scope": scope}
        else:
            got = place.tokens(scope=f"{scope} patient/*.rs")
        assert scope in got["scope"].split()


def test_every_capability_it_names_is_shown_here():
    """A capability without a line here would be a promise without a test."""
    place = Place()
    said = set(published(place, "smart-configuration")["capabilities"])
    given = place.tokens()
    shown = {
        "launch-standalone": "access_token" in given,
        "context-standalone-patient": bool(given["patient"]),
        "permission-patient": place.overview(given["access_token"]).status_code == 200,
        "permission-v2": "patient/*.rs" in given["scope"],
        "permission-offline": "refresh_token" in given,
        "sso-openid-connect": "id_token" in given,
        "client-public": True,
        "client-confidential-symmetric": True,
        "client-confidential-asymmetric": place.backend().status_code == 200,
    }
    assert said == set(shown)
    assert all(shown.values())


def test_what_it_says_of_pkce_answers_and_subjects_is_so():
    said = published(Place(), "oauth-authorization-server")
    assert said["code_challenge_methods_supported"] == ["S256"]
    assert said["response_types_supported"] == ["code"]
    assert said["authorization_response_iss_parameter_supported"] is True
    assert said["subject_types_supported"] == ["pairwise"]
    assert said["id_token_signing_alg_values_supported"] == ["RS256"]


def test_with_systems_alone_nothing_of_citizens_is_said():
    backend = checked((apps()["journal"],))
    place = Place(registered=backend)
    said = published(place, "smart-configuration")
    assert place.world.get(KNOWN + "openid-configuration").status_code == 404
    assert "authorization_endpoint" not in said
    assert said["grant_types_supported"] == ["client_credentials"]
    assert said["capabilities"] == ["permission-v2", "client-confidential-asymmetric"]


def test_where_no_app_is_registered_nothing_is_there():
    world = Browser(with_test_login(made.house(), made.settings(), demo=True))
    for address_ in (*(KNOWN + name for name in DOCUMENTS), "/oauth/jwks", "/oauth/authorize", "/apps"):
        assert world.get(address_).status_code == 404
    assert world.post("/oauth/token", data={}).status_code == 404


def test_tokens_are_signed_by_published_keys_and_by_no_secret_part_of_them():
    place = Place()
    listed = place.world.get("/oauth/jwks").json()
    assert all("d" not in key and key["use"] == "sig" and key["alg"] == "RS256" for key in listed["keys"])
    given = place.tokens()
    keys = KeySet.import_key_set(listed)
    assert jwt.decode(given["access_token"], keys, algorithms=["RS256"]).header["typ"] == "at+jwt"
    said = jwt.decode(given["id_token"], keys, algorithms=["RS256"]).claims
    half = hashlib.sha256(given["access_token"].encode()).digest()[:16]
    assert said["at_hash"] == base64.urlsafe_b64encode(half).decode().rstrip("=")


def test_one_signing_key_follows_another_while_both_are_believed():
    old, new = generated_key(), generated_key()
    place = Place()
    place.office = msgspec.structs.replace(place.office, signing=signing_keys((old,)))
    before = own_issuer(place.office)
    both: SigningKeys = signing_keys((new, old))
    names = [key["kid"] for key in json.loads(both.published)["keys"]]
    assert len(set(names)) == 2
    signed_by_old = place.office.signing.sign({"sub": "x"}, "at+jwt")
    signed_by_new = both.sign({"sub": "x"}, "at+jwt")
    keys = KeySet.import_key_set(json.loads(both.published))
    for token in (signed_by_old, signed_by_new):
        assert jwt.decode(token, keys, algorithms=["RS256"]).claims == {"sub": "x"}
    assert before.keys.find(names[0], 0) is None


def test_keys_of_files_are_read_as_pem_or_jwk_and_others_told_by_file_name_only(tmp_path):
    pem, jwk, wrong = tmp_path / "ny.pem", tmp_path / "gammel.json", tmp_path / "forkert.pem"
    pem.write_bytes(generated_key())
    jwk.write_text(json.dumps(RSAKey.generate_key(2048).as_dict(private=True)))
    assert len(json.loads(read_signing_keys((pem, jwk)).published)["keys"]) == 2
    for data in (b"", b"hemmelig", ECKey.generate_key("P-256").as_pem(private=True), RSAKey.generate_key(2048).as_pem(private=False),
                 rsa.generate_private_key(65537, 1024).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())):  # fmt: skip
        wrong.write_bytes(data)
        with pytest.raises(SigningFault, match=r"^forkert\.pem is no private key for RS256$"):
            read_signing_keys((wrong,))


GOOD = {"id": "a", "name": "A", "owner": "B", "scopes": ("patient/*.rs",), "redirects": (BACK,)}


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"redirects": ("http://app.example/back",)}, "redirects"), ({"redirects": ()}, "redirects"),
        ({"redirects": ("javascript:alert(1)",)}, "redirects"), ({"redirects": ("myapp:/back",)}, "redirects"),
        ({"redirects": ("https://a@b.example/",)}, "redirects"), ({"redirects": ("https://b.example/#x",)}, "redirects"),
        ({"redirects": ("data:text/html,x",)}, "redirects"), ({"scopes": ()}, "scopes"), ({"scopes": ("openid",)}, "scopes"),
        ({"scopes": ("patient/*.rs", "user/*.rs")}, "patient scopes"), ({"scopes": ("patient/*.rs", "x")}, "not understood"),
        ({"days": 0}, "days"), ({"days": 366}, "days"), ({"authentication": "client_secret_basic"}, "missing"),
        ({"authentication": "private_key_jwt"}, "missing"), ({"authentication": "tls_client_auth"}, "missing"),
        ({"authentication": "private_key_jwt", "jwks_address": "http://x.example/jwks"}, "https"),
        ({"kind": "backend"}, "organisation"),
    ],
)  # fmt: skip
def test_an_app_that_is_registered_wrongly_stops_the_program_and_says_why(wrong, told):
    with pytest.raises(AppsFault, match=told):
        checked((App(**GOOD | wrong),))


@pytest.mark.parametrize(
    "right", [BACK, "http://127.0.0.1:7/x", "http://localhost/x", "http://[::1]:9/x", "dk.example.app:/back"]
)
def test_redirects_that_are_safe(right):
    assert checked((App(**GOOD | {"redirects": (right,)}),))


def test_an_app_by_a_private_scheme_gets_its_answer():
    place = Place(registered=checked((App(**GOOD | {"redirects": ("dk.example.app:/back",), "id": "dagbog"}),)))
    nancy = place.person()
    page = nancy.get(address(redirect_uri="dk.example.app:/back", scope="patient/*.rs"))
    assert "form-action 'self' dk.example.app:;" in page.headers["content-security-policy"]
    csrf = re.search(r'name="csrf" value="([^"]+)"', page.text)[1]
    asked = {"response_type": "code", "client_id": "dagbog", "redirect_uri": "dk.example.app:/back", "scope": "patient/*.rs",
             "aud": BASE, "code_challenge": challenge(VERIFIER), "code_challenge_method": "S256"}  # fmt: skip
    sent = {"csrf": csrf, "request": urlencode(asked), "whose": "0", "decision": "allow"}
    answer = nancy.post("/oauth/authorize", data=sent, follow_redirects=False)
    assert answer.headers["location"].startswith("dk.example.app:/back?code=")
    assert place.token(query(answer)["code"], redirect_uri="dk.example.app:/back").status_code == 200


def test_the_file_of_issuers_on_the_page_is_one_that_is_taken(tmp_path):
    page = (PROJECT / "docs" / "identity.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```$", page, re.M | re.S)
    issuers = next(block for block in blocks if "[[issuer]]" in block)
    claims = next(block for block in blocks if "[kind]" in block)
    (tmp_path / "issuers.toml").write_text(issuers, encoding="utf-8")
    (tmp_path / "ehr-claims.toml").write_text(claims, encoding="utf-8")
    found = read_issuers(tmp_path / "issuers.toml")
    assert [(each.issuer, each.audiences, each.algorithms) for each in found] == [
        ("https://ehr.example", ("https://overblik.example",), ("ES256", "RS256"))
    ]


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"https://ehr.example/jwks"', '"http://ehr.example/jwks"', "https"),
        ('algorithms = ["ES256", "RS256"]', 'algorithms = ["HS256"]', "algorithms"),
        ('algorithms = ["ES256", "RS256"]', 'algorithms = ["none"]', "algorithms"),
        ('audiences = ["https://overblik.example"]', "audiences = []", "audiences"),
        ('"ehr-claims.toml"', '"er-her-ikke.toml"', "er-her-ikke"),
        ("[[issuer]]", "[[udsteder]]", "udsteder"),
        ('profile = "rfc9068"', 'profile = "løs"', "profile"),
    ],
)
def test_a_file_of_issuers_with_a_fault_stops_the_program(tmp_path, old, new, told):
    page = (PROJECT / "docs" / "identity.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```toml\n(.*?)^```$", page, re.M | re.S)
    text = next(block for block in blocks if "[[issuer]]" in block)
    assert old in text
    (tmp_path / "issuers.toml").write_text(text.replace(old, new), encoding="utf-8")
    (tmp_path / "ehr-claims.toml").write_text(next(block for block in blocks if "[kind]" in block), encoding="utf-8")
    with pytest.raises(IssuersFault, match=told):
        read_issuers(tmp_path / "issuers.toml")


def test_the_settings_of_tokens_are_all_read_at_once(tmp_path):
    wrong = {name: str(tmp_path / "er-her-ikke") for name in ("APPS", "SIGNING_KEYS", "TOKEN_ISSUERS")}
    given = {f"PATIENTOVERBLIK_{name}": value for name, value in (wrong | {"CERTIFICATE_PROXIES": "nabo"}).items()}
    with pytest.raises(SettingsFault) as told:
        read_settings(given | {"PATIENTOVERBLIK_DATABASE": "memory:"})
    for name in (*wrong, "CERTIFICATE_PROXIES", "BASE_URL"):
        assert f"PATIENTOVERBLIK_{name} " in str(told.value)


@pytest.mark.parametrize("database", ["sqlite:///demo.sqlite3", "postgresql:///demo"])
def test_the_demos_test_issuer_makes_tokens_that_the_demo_alone_believes(database, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where a database is no file, the issuer's keys lie in the working folder
    settings = Settings(database, demo=True)
    storage = MemoryStorage()
    house = open_house(settings, storage)
    trusted = tokens_of(settings, house)
    for persona in PERSONAS:
        made = make_token(settings, WantedToken("jwt", persona.id))
        found = asyncio.run(identify(made, trusted.issuers, house.clock()))
        assert (found.actor.kind, found.actor.name, found.scopes) == (persona.kind, persona.name, {"user/*.rs"})
        assert found.actor.organisation == persona.actor().organisation
    outside = tokens_of(msgspec.structs.replace(settings, demo=False), house)
    assert asyncio.run(identify(made, outside.issuers, house.clock())).code == "identity.token-issuer"
    storage.close()


def test_a_key_too_short_is_no_key():
    short = rsa.generate_private_key(public_exponent=65537, key_size=1024).public_key().public_numbers()
    number = base64.urlsafe_b64encode(short.n.to_bytes(128)).decode().rstrip("=")
    row = {"kty": "RSA", "kid": "kort", "n": number, "e": "AQAB"}
    assert read_keys(json.dumps({"keys": [row]}).encode()) == {}
