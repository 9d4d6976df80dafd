"""What a signature must be: there, of allowed algorithms, by a pinned key, over the whole token (XML Signature 1.1)."""

import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from lxml import etree

from patientoverblik.edges.identity import Unidentified
from patientoverblik.edges.identity.soap.issued import assertion, id_card, key_info, sign, signature, signed
from patientoverblik.edges.identity.soap.issuer import Signer, make_signer
from patientoverblik.edges.identity.soap.keys import PublicKey, of_certificate
from patientoverblik.edges.identity.soap.messages import message
from patientoverblik.edges.identity.soap.names import DS, ENVELOPED, EXC_C14N, ds, saml
from patientoverblik.edges.identity.soap.trust import Issuer, System
from tests.doors.identity.soap.calls import (
    DOCTOR,
    HOUR,
    NOW,
    answer,
    bearer,
    call,
    card,
    issuer,
    refused,
    trust,
    wanted,
)

SHA1 = f"{DS}rsa-sha1"


def token_of(sent: etree._Element) -> etree._Element:
    return next(sent.iter(saml("Assertion")))


def signed_with(**changes: str) -> etree._Element:
    """A message whose signature uses other algorithms by element name, truly signed so where xmlsec can."""
    token = assertion(DOCTOR, wanted())
    made = signature(((f"#{token.get('ID')}", (ENVELOPED, EXC_C14N)),))
    for name, algorithm in changes.items():
        next(made.iter(ds(name))).set("Algorithm", algorithm)
    token.insert(1, made)
    key_info(made, issuer().service)
    sign(made, issuer().service, ((token, "ID"),))
    return message(token, call())


@pytest.mark.parametrize("sent", [bearer, card], ids=["saml", "card"])
def test_a_token_without_signature_is_refused(sent) -> None:
    made = sent()
    token = token_of(made)
    token.remove(token.find(ds("Signature")))
    assert refused(made) == "identity.soap-not-signed"


def test_an_empty_signature_is_refused() -> None:
    made = bearer()
    token_of(made).find(ds("Signature")).clear()
    assert refused(made) == "identity.soap-wrapped"


@pytest.mark.parametrize(
    "changes",
    [
        {"SignatureMethod": SHA1},
        {"DigestMethod": f"{DS}sha1"},
        {"SignatureMethod": SHA1, "DigestMethod": f"{DS}sha1"},
        {"CanonicalizationMethod": "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"},
        {"CanonicalizationMethod": "http://www.w3.org/2001/10/xml-exc-c14n#WithComments"},
    ],
    ids=["sha1-signature", "sha1-digest", "sha1", "inclusive", "with-comments"],
)
def test_other_algorithms_are_refused_though_they_hold(changes) -> None:
    assert refused(signed_with(**changes)) == "identity.soap-algorithm"


@pytest.mark.parametrize(
    "algorithm",
    [
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha384",
        "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512",
        "http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1",
    ],
)
def test_stronger_algorithms_are_taken(algorithm) -> None:
    assert not isinstance(answer(signed_with(SignatureMethod=algorithm)), Unidentified)


def test_the_pinned_public_key_is_no_secret_to_sign_with() -> None:
    """HMAC under the public key, which everybody has, is no signature."""
    made = bearer()
    method = next(token_of(made).iter(ds("SignatureMethod")))
    method.set("Algorithm", f"{DS}hmac-sha256")
    assert refused(made) == "identity.soap-algorithm"


@pytest.mark.parametrize(
    "transforms",
    [
        (EXC_C14N,),
        (ENVELOPED,),
        (EXC_C14N, ENVELOPED),
        (ENVELOPED, ENVELOPED, EXC_C14N),
        (ENVELOPED, "http://www.w3.org/TR/1999/REC-xpath-19991116", EXC_C14N),
        (ENVELOPED, "http://www.w3.org/TR/1999/REC-xslt-19991116"),
        (),
    ],
    ids=["no-enveloped", "no-c14n", "other-order", "twice", "xpath", "xslt", "none"],
)
def test_other_transforms_are_refused(transforms) -> None:
    made = bearer()
    listed = next(token_of(made).iter(ds("Transforms")))
    listed[:] = [etree.Element(ds("Transform"), Algorithm=one) for one in transforms]
    assert refused(made) in ("identity.soap-algorithm", "identity.soap-wrapped")


def test_two_references_are_refused() -> None:
    made = bearer()
    reference = next(token_of(made).iter(ds("Reference")))
    other = etree.fromstring(etree.tostring(reference))
    other.set("URI", "#body")
    reference.addnext(other)
    assert refused(made) == "identity.soap-wrapped"


@pytest.mark.parametrize("uri", ["", "#body", "#_nobody", "https://example.org/token", "#xpointer(/)"])
def test_a_reference_to_anything_but_the_token_is_refused(uri) -> None:
    made = bearer()
    next(token_of(made).iter(ds("Reference"))).set("URI", uri)
    assert refused(made) == "identity.soap-wrapped"


def test_a_wrong_digest_is_refused() -> None:
    made = bearer()
    digest = next(token_of(made).iter(ds("DigestValue")))
    digest.text = ("B" if digest.text[0] == "A" else "A") + digest.text[1:]
    assert refused(made) == "identity.soap-bad-signature"


def test_the_attacker_s_key_is_refused_though_the_message_carries_its_certificate() -> None:
    attacker = make_signer("attacker", NOW)
    token = signed(assertion(DOCTOR, wanted()), "ID", attacker)
    assert refused(message(token, call())) == "identity.soap-bad-signature"


def test_a_card_of_the_attacker_s_key_is_refused() -> None:
    attacker = make_signer("attacker", NOW)
    for subject, level in ((DOCTOR, "4"), (None, "3")):
        token = signed(id_card(subject, NOW, NOW + HOUR), "id", attacker, before=None)
        assert refused(message(token, call(), level)) == "identity.soap-bad-signature"


def test_a_system_s_key_signs_no_person_s_card_and_no_assertion() -> None:
    own = issuer().system
    token = signed(id_card(DOCTOR, NOW, NOW + HOUR), "id", own, before=None)
    assert refused(message(token, call(), "4")) == "identity.soap-bad-signature"
    assert refused(message(signed(assertion(DOCTOR, wanted()), "ID", own), call())) == "identity.soap-bad-signature"


def test_a_system_s_card_names_its_own_company() -> None:
    """Another company's system cannot come in the name of this one: its key is pinned to its own number."""
    other = trust(systems=(System("88888888", (issuer().system.public,)),), issuers=())
    assert refused(card(None), believed=other) == "identity.soap-issuer-not-trusted"


def test_elliptic_curves_sign_too() -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    made = make_signer("ec", NOW)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = PublicKey("ec", key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
    token = assertion(DOCTOR, wanted())
    empty = signature(((f"#{token.get('ID')}", (ENVELOPED, EXC_C14N)),))
    next(empty.iter(ds("SignatureMethod"))).set("Algorithm", "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256")
    token.insert(1, empty)
    sign(empty, Signer(pem, made.certificate), ((token, "ID"),))
    name = token[0].text
    believed = trust(issuers=(Issuer(name, frozenset({"saml"}), (public,)),))
    assert not isinstance(answer(message(token, call()), believed=believed), Unidentified)


@pytest.mark.parametrize("bits", [1024, 2048])
def test_a_weak_key_is_never_trusted(bits) -> None:
    key = rsa.generate_private_key(65537, bits)
    name = x509.Name([])
    start = datetime.datetime(2026, 1, 1)
    made = x509.CertificateBuilder(name, name, key.public_key(), 1).not_valid_before(start)
    pem = made.not_valid_after(start.replace(year=2027)).sign(key, SHA256()).public_bytes(Encoding.PEM)
    assert (of_certificate(pem) is None) == (bits < 2048)


def test_what_is_no_certificate_is_no_key() -> None:
    assert of_certificate(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----") is None
    assert of_certificate(b"nonsense") is None
