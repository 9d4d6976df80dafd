"""A message whose signature covers its token by way of a SecurityTokenReference (STR-Transform, OIO IDWS)."""

import pytest
from lxml import etree

from patientoverblik.edges.identity import Identified
from patientoverblik.edges.identity.soap.names import SAML_ID, STR_TRANSFORM, WSA, ds, saml, wsse, wsu
from tests.doors.identity.soap.calls import answer, refused
from tests.doors.identity.soap.protected import protected
from tests.doors.identity.soap.wrapping import security


@pytest.mark.parametrize("by", ["KeyIdentifier", "Reference"])
@pytest.mark.parametrize("empty_namespace", [True, False])
def test_the_token_may_be_signed_by_way_of_a_reference(empty_namespace, by) -> None:
    assert isinstance(answer(protected(empty_namespace, by=by)), Identified)


def test_inclusive_prefixes_are_followed() -> None:
    assert isinstance(answer(protected(prefixes="soap wsu")), Identified)


def test_the_reference_names_the_token_and_nothing_else() -> None:
    assert refused(protected(names="_another")) == "identity.soap-wrapped"
    sent = protected()
    next(sent.iter(wsse("KeyIdentifier"))).set("ValueType", "urn:another")
    assert refused(sent) == "identity.soap-wrapped"
    sent = protected()
    etree.SubElement(next(sent.iter(wsse("SecurityTokenReference"))), wsse("Embedded"))
    assert refused(sent) == "identity.soap-wrapped"
    assert SAML_ID.endswith("#SAMLID")


def test_the_transform_is_for_the_token_alone() -> None:
    """A body that is covered by way of the token's reference is not covered."""
    sent = protected()
    body = next(one for one in sent.iter(ds("Reference")) if one.get("URI") == "#body")
    body[0][0].set("Algorithm", STR_TRANSFORM)
    assert refused(sent) == "identity.soap-wrapped"


@pytest.mark.parametrize("part", ["body", "to", "time", "digest", "value", "method", "token-digest"])
def test_whatever_is_changed_is_refused(part) -> None:
    sent = protected()
    signature = security(sent).find(ds("Signature"))
    if part == "body":
        etree.SubElement(sent[1], "{urn:evil}Query")
    elif part == "to":
        sent[0].find(f"{{{WSA}}}To").text = "urn:attacker"
    elif part == "time":
        next(sent.iter(wsu("Created"))).text = "2026-11-18T00:00:00Z"
    elif part == "digest":
        next(signature.iter(ds("DigestValue"))).text = "AAAA"
    elif part == "value":
        signature[1].text = "AAAA"
    elif part == "method":
        signature[0][1].set("Algorithm", "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512")
    else:
        list(signature.iter(ds("DigestValue")))[-1].text = "AAAA"
    assert refused(sent) == "identity.soap-holder"


def test_a_comment_in_the_body_is_no_part_of_what_is_signed() -> None:
    sent = protected()
    sent[1].append(etree.Comment("x"))
    assert isinstance(answer(sent), Identified)


def test_every_part_that_matters_is_signed_here_too() -> None:
    sent = protected()
    etree.SubElement(sent[0], f"{{{WSA}}}ReplyTo").text = "urn:attacker"
    assert refused(sent) == "identity.soap-unsigned-part"


def test_the_token_itself_is_still_verified() -> None:
    sent = protected()
    next(sent.iter(saml("NameID"))).text = "another"
    assert refused(sent) == "identity.soap-bad-signature"
