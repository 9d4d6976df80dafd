"""Holder of key: proven by the message's signature over everything that matters, or by TLS."""

import base64
import hashlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from lxml import etree

from patientoverblik.edges.identity import Unidentified
from patientoverblik.edges.identity.certificate import read as read_certificate
from patientoverblik.edges.identity.soap.issued import add, assertion, signed, stamp
from patientoverblik.edges.identity.soap.issuer import make_signer
from patientoverblik.edges.identity.soap.messages import message
from patientoverblik.edges.identity.soap.names import WSA, XOP, ds, saml, wsu
from tests.doors.identity.soap.calls import (
    DOCTOR,
    NOW,
    Once,
    answer,
    call,
    holder_of_key,
    issuer,
    refused,
    sign_message,
    wanted,
)
from tests.doors.identity.soap.wrapping import hsuid_of, security

MINUTE = 60_000


def unsigned() -> etree._Element:
    """A message whose token names a key, not signed by it."""
    token = signed(assertion(DOCTOR, wanted(holder=issuer().holder)), "ID", issuer().service)
    return message(token, call())


def test_the_token_alone_is_worth_nothing() -> None:
    assert refused(unsigned()) == "identity.soap-holder"


def test_another_s_key_proves_nothing() -> None:
    assert refused(sign_message(unsigned(), make_signer("thief", NOW))) == "identity.soap-holder"


def test_the_issuer_s_own_key_proves_nothing() -> None:
    assert refused(sign_message(unsigned(), issuer().service)) == "identity.soap-holder"


def test_tls_proves_the_key() -> None:
    own = read_certificate(issuer().holder.certificate.decode())
    other = read_certificate(make_signer("thief", NOW).certificate.decode())
    assert not isinstance(answer(unsigned(), caller=own), Unidentified)
    assert refused(unsigned(), caller=other) == "identity.soap-holder"
    der = x509.load_pem_x509_certificate(issuer().holder.certificate).public_bytes(Encoding.DER)
    digest = base64.urlsafe_b64encode(hashlib.sha256(der).digest()).decode().rstrip("=")
    assert issuer().holder.public.thumbprint == digest


@pytest.mark.parametrize("left", ["body", "timestamp", "wsa-Action", "wsa-MessageID", "wsa-To", "HSUID"])
def test_every_part_that_matters_is_signed(left) -> None:
    assert refused(sign_message(unsigned(), issuer().holder, leave=(left,))) == "identity.soap-unsigned-part"


def test_a_second_addressing_header_is_not_smuggled_in() -> None:
    sent = sign_message(unsigned(), issuer().holder)
    add(sent[0], f"{{{WSA}}}ReplyTo", "urn:attacker")
    assert refused(sent) == "identity.soap-unsigned-part"


@pytest.mark.parametrize("part", ["body", "to", "hsuid", "time"])
def test_a_part_changed_after_it_was_signed_is_refused(part) -> None:
    sent = sign_message(unsigned(), issuer().holder)
    if part == "body":
        etree.SubElement(sent[1], "{urn:evil}Query")
    elif part == "to":
        sent[0].find(f"{{{WSA}}}To").text = "urn:attacker"
    elif part == "hsuid":
        next(one for one in hsuid_of(sent).iter("{*}AttributeValue") if one.text == "false").text = "true"
    else:
        next(sent.iter(wsu("Created"))).text = stamp(NOW + 1000)
    assert refused(sent) == "identity.soap-holder"


def test_a_message_is_used_once() -> None:
    sent, once = holder_of_key(), Once()
    assert not isinstance(answer(sent, once=once), Unidentified)
    assert refused(sent, once=once) == "identity.soap-replay"


def test_the_next_message_with_the_same_token_is_another() -> None:
    token, once = signed(assertion(DOCTOR, wanted(holder=issuer().holder)), "ID", issuer().service), Once()
    for _ in range(2):
        copy = etree.fromstring(etree.tostring(token))
        assert not isinstance(answer(sign_message(message(copy, call()), issuer().holder), once=once), Unidentified)


@pytest.mark.parametrize("at", [NOW - 2 * MINUTE, NOW + 6 * MINUTE + 1000])
def test_a_message_outside_its_time_is_refused(at) -> None:
    token = signed(assertion(DOCTOR, wanted(holder=issuer().holder, start=NOW - 30 * MINUTE)), "ID", issuer().service)
    sent = sign_message(message(token, call()), issuer().holder)
    assert refused(sent, at=at) == "identity.soap-message-time"


def test_a_message_s_own_limit_does_not_stretch_ours() -> None:
    made = unsigned()
    next(made.iter(wsu("Expires"))).text = stamp(NOW + 24 * 60 * MINUTE)
    assert refused(sign_message(made, issuer().holder), at=NOW + 7 * MINUTE) == "identity.soap-message-time"


def test_a_message_without_time_or_id_is_refused() -> None:
    made = unsigned()
    stamped = next(made.iter(wsu("Timestamp")))
    stamped.getparent().remove(stamped)
    assert refused(sign_message(made, issuer().holder)) == "identity.soap-message-time"
    made = unsigned()
    made[0].remove(made[0].find(f"{{{WSA}}}MessageID"))
    assert refused(sign_message(made, issuer().holder)) == "identity.soap-no-message-id"


def test_two_signatures_of_the_message_are_refused() -> None:
    sent = holder_of_key()
    security(sent).append(etree.fromstring(etree.tostring(security(sent).find(ds("Signature")))))
    assert refused(sent) == "identity.soap-holder"


def test_a_key_by_value_is_a_key() -> None:
    token = assertion(DOCTOR, wanted(holder=issuer().holder))
    info = next(token.iter(saml("SubjectConfirmationData")))[0]
    numbers = x509.load_pem_x509_certificate(issuer().holder.certificate).public_key().public_numbers()
    info[:] = []
    value = add(add(info, ds("KeyValue")), ds("RSAKeyValue"))
    for name, number in (("Modulus", numbers.n), ("Exponent", numbers.e)):
        data = number.to_bytes((number.bit_length() + 7) // 8)
        add(value, ds(name), base64.b64encode(data).decode())
    sent = message(signed(token, "ID", issuer().service), call())
    assert not isinstance(answer(sign_message(sent, issuer().holder)), Unidentified)


def test_a_bearer_confirmation_beside_the_holder_s_does_not_open_the_token() -> None:
    token = assertion(DOCTOR, wanted(holder=issuer().holder))
    first = next(token.iter(saml("SubjectConfirmation")))
    add(first.getparent(), saml("SubjectConfirmation"), Method="urn:oasis:names:tc:SAML:2.0:cm:bearer")
    assert refused(message(signed(token, "ID", issuer().service), call())) == "identity.soap-holder"


def test_a_signature_that_cannot_cover_the_documents_beside_the_message_is_not_enough() -> None:
    """An attacker could put another document in the place of the part that the signed body only points to."""
    made = unsigned()
    etree.SubElement(made[1], f"{{{XOP}}}Include", href="cid:document")
    assert refused(sign_message(made, issuer().holder)) == "identity.soap-unsigned-part"
    own = read_certificate(issuer().holder.certificate.decode())
    assert not isinstance(answer(made, caller=own), Unidentified)


@pytest.mark.parametrize("uri", ["#nobody", "", "#"])
def test_a_reference_to_nothing_is_refused(uri) -> None:
    sent = holder_of_key()
    next(security(sent).find(ds("Signature")).iter(ds("Reference"))).set("URI", uri)
    assert refused(sent) == "identity.soap-wrapped"


def test_no_transform_is_as_wrong_as_another() -> None:
    sent = holder_of_key()
    next(security(sent).find(ds("Signature")).iter(ds("Transforms")))[:] = []
    assert refused(sent) == "identity.soap-wrapped"
