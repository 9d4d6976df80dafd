"""Signature wrapping: what is read is what was signed, wherever else the message keeps a copy (XSW 1 to 8)."""

import pytest
from lxml import etree

from patientoverblik.edges.identity import Unidentified
from patientoverblik.edges.identity.soap.envelope import envelope_of
from patientoverblik.edges.identity.soap.holder import prove
from patientoverblik.edges.identity.soap.names import ds, saml
from patientoverblik.edges.identity.soap.saml import read_saml
from tests.doors.identity.soap.calls import DOCTOR, NOW, answer, bearer, holder_of_key, issuer, refused, trust
from tests.doors.identity.soap.wrapping import WAYS, security, xsw1, xsw2

TOKENS = WAYS[2:]
REFUSED = {
    ("xsw1", False): "identity.soap-wrapped",
    ("xsw1", True): "identity.soap-duplicate-id",
    ("xsw2", False): "identity.soap-unsigned-part",
    ("xsw2", True): "identity.soap-duplicate-id",
}


@pytest.mark.parametrize("same_id", [False, True], ids=["new-id", "same-id"])
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_each_published_wrapping_is_refused(way, same_id) -> None:
    expected = REFUSED.get((way.__name__, same_id), "identity.soap-several-tokens")
    assert refused(way(holder_of_key(), same_id)) == expected


@pytest.mark.parametrize("same_id", [False, True], ids=["new-id", "same-id"])
@pytest.mark.parametrize("way", TOKENS, ids=lambda way: way.__name__)
def test_whichever_token_of_a_wrapped_message_is_picked_it_never_says_anything_but_what_was_signed(
    way, same_id
) -> None:
    """The second line of defence, without the rule that a message holds one token."""
    wrapped = etree.fromstring(etree.tostring(way(bearer(), same_id)))
    picked = [read_saml(one, NOW, trust()) for one in wrapped.iter(saml("Assertion"))]
    assert len(picked) > 1
    assert all(isinstance(one, Unidentified) or one.person == DOCTOR.number for one in picked)


@pytest.mark.parametrize("way", [xsw1, xsw2], ids=lambda way: way.__name__)
def test_a_body_that_is_not_the_signed_one_is_no_proof(way) -> None:
    envelope = envelope_of(etree.fromstring(etree.tostring(way(holder_of_key(), False))), 1)
    assert not isinstance(envelope, Unidentified)
    assert isinstance(prove(envelope, (issuer().holder.public,), NOW, trust(), None), Unidentified)


def test_a_token_outside_the_security_header_is_refused() -> None:
    sent = bearer()
    token = next(sent.iter(saml("Assertion")))
    sent[1].append(token)
    assert refused(sent) == "identity.soap-wrapped"


def test_an_encrypted_token_beside_the_token_is_refused() -> None:
    sent = bearer()
    etree.SubElement(security(sent), saml("EncryptedAssertion"))
    assert refused(sent) == "identity.soap-several-tokens"


def test_a_second_signature_in_the_token_is_refused() -> None:
    sent = bearer()
    token = next(sent.iter(saml("Assertion")))
    etree.SubElement(token.find(saml("Subject")), ds("Signature"))
    assert refused(sent) == "identity.soap-wrapped"


def test_two_security_headers_for_us_are_refused() -> None:
    sent = bearer()
    etree.SubElement(sent[0], security(sent).tag)
    assert refused(sent) == "identity.soap-several-security"


def test_a_security_header_for_somebody_else_is_passed_over() -> None:
    sent = bearer()
    other = etree.SubElement(sent[0], security(sent).tag)
    other.set("{http://www.w3.org/2003/05/soap-envelope}role", "urn:somebody:else")
    assert not isinstance(answer(sent), Unidentified)
