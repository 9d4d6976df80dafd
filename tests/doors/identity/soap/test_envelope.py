"""The envelope: what is unsafe, too big or ambiguous is refused before anything is believed."""

from copy import copy

import pytest
from lxml import etree

from patientoverblik.edges.identity import Unidentified
from patientoverblik.edges.identity.soap import envelope_of
from patientoverblik.edges.identity.soap.names import MEDCOM, SOAP_12, ds, saml, wsu
from tests.doors.identity.soap.calls import CITIZEN, NANCY, answer, bearer, card, envelope_from, holder_of_key, refused
from tests.doors.identity.soap.wrapping import hsuid_of, security, token


def test_a_header_of_five_megabytes_is_refused() -> None:
    sent = bearer()
    etree.SubElement(sent[0], "{urn:x}Long").text = "x" * 5_000_000
    assert refused(sent) == "identity.soap-too-large"


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<Header/>", "identity.soap-not-soap"),
        ("<Header/><Body/><Body/>", "identity.soap-not-soap"),
        ("<Body/>", "identity.soap-no-security"),
        ("<Header/><Body/>", "identity.soap-no-security"),
    ],
)
def test_what_is_no_envelope_is_refused(inside, code) -> None:
    root = etree.fromstring(f'<Envelope xmlns="{SOAP_12}">{inside}</Envelope>')
    assert envelope_of(root, 1) == Unidentified(code)


def test_a_security_header_without_a_token_is_refused() -> None:
    sent = bearer()
    security(sent).remove(token(sent))
    assert refused(sent) == "identity.soap-no-token"


def test_an_encrypted_token_is_no_token() -> None:
    sent = bearer()
    token(sent).tag = saml("EncryptedAssertion")
    assert refused(sent) == "identity.soap-no-token"


@pytest.mark.parametrize("place", ["header", "body", "security", "body-id"])
def test_an_id_that_stands_twice_is_refused_wherever_it_stands(place) -> None:
    sent = bearer()
    identifier = token(sent).get("ID")
    where = {"header": sent[0], "body": sent[1], "security": security(sent), "body-id": sent[1]}[place]
    name = "id" if place == "body-id" else wsu("Id")
    etree.SubElement(where, "{urn:x}Other", {name: identifier})
    assert refused(sent) == "identity.soap-duplicate-id"


def test_ids_of_every_kind_are_one_namespace() -> None:
    for name in ("ID", "Id", "AssertionID", wsu("Id"), "{http://www.w3.org/XML/1998/namespace}id"):
        sent = card()
        etree.SubElement(sent[1], "{urn:x}Other", {name: "IDCard"})
        assert refused(sent) == "identity.soap-duplicate-id"


def test_a_document_and_its_entry_share_an_id_as_the_registry_s_schema_has_it() -> None:
    sent = bearer()
    for name in ("ExtrinsicObject", "Document"):
        etree.SubElement(sent[1], f"{{urn:x}}{name}", id="Document01")
    assert not isinstance(answer(sent), Unidentified)


@pytest.mark.parametrize("identifier", ["a b", "_1') or id('x", "1a", "a:b", ""])
def test_an_id_that_is_no_name_is_refused(identifier) -> None:
    sent = bearer()
    token(sent).set("ID", identifier)
    assert refused(sent) == "identity.soap-bad-id"


NAMES = ("NameID", "AttributeValue", "Issuer", "Audience", "DigestValue", "SignatureValue")


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("node", [etree.Comment("x"), etree.ProcessingInstruction("x", "y")], ids=["comment", "pi"])
def test_a_comment_or_instruction_in_what_is_read_is_refused(name, node) -> None:
    """Canonical XML drops comments: the signature holds, and a careless reader reads half a name."""
    sent = bearer()
    target = next(token(sent).iter(f"{{*}}{name}"))
    text = target.text
    target.text = text[: len(text) // 2]
    made = copy(node)
    made.tail = text[len(text) // 2 :]
    target.insert(0, made)
    assert refused(sent) == "identity.soap-comment"


def test_a_comment_in_the_other_headers_that_are_read_is_refused() -> None:
    sent = card()
    next(hsuid_of(sent).iter("{*}AttributeValue")).append(etree.Comment("x"))
    assert refused(sent) == "identity.soap-comment"
    sent = card()
    sent[0].find(f"{{{MEDCOM}}}Header").append(etree.Comment("x"))
    assert refused(sent) == "identity.soap-comment"


def test_a_comment_elsewhere_hurts_nobody() -> None:
    sent = bearer()
    sent[0].append(etree.Comment("made by a client"))
    sent[1].append(etree.Comment("made by a client"))
    assert not isinstance(answer(sent), Unidentified)


def test_a_text_in_cdata_is_the_same_text() -> None:
    """CDATA is no markup that canonical XML keeps: both read, and sign, the whole."""
    data = etree.tostring(bearer(CITIZEN)).replace(NANCY.encode(), f"{NANCY[:5]}<![CDATA[{NANCY[5:]}]]>".encode())
    found = answer(data)
    assert not isinstance(found, Unidentified)
    assert found.own is not None
    assert found.own.value == NANCY


def test_white_space_between_headers_is_no_matter() -> None:
    sent = card()
    sent[0].text = "\n  "
    for child in sent[0]:
        child.tail = "\n  "
    assert not isinstance(answer(sent), Unidentified)


@pytest.mark.parametrize("make", [bearer, card, holder_of_key])
def test_a_refusal_tells_nothing_of_the_token(make) -> None:
    sent = make()
    next(token(sent).iter(ds("DigestValue"))).text = "AAAA"
    found = answer(sent)
    assert found == Unidentified("identity.soap-bad-signature")


def test_the_message_id_is_read() -> None:
    found = envelope_from(etree.tostring(bearer()))
    assert not isinstance(found, Unidentified)
    assert found.message.startswith("urn:uuid:")
    assert found.soap == SOAP_12
