"""SOAP messages: read once and safely, answered in their own version, refused with a code and never with their own words."""

import pytest
from lxml import etree

from patientoverblik.edges.soap.envelope import Message, answer, fault, read_message
from patientoverblik.edges.soap.mtom import Package
from patientoverblik.edges.soap.names import SOAP_11, SOAP_12, WSA
from patientoverblik.problems import CATALOGUE, Finding


def envelope(soap: str = SOAP_12, header: str = "", body: str = "<r xmlns='urn:x'/>") -> bytes:
    return (
        f'<s:Envelope xmlns:s="{soap}" xmlns:a="{WSA}"><s:Header>{header}</s:Header><s:Body>{body}</s:Body></s:Envelope>'
    ).encode()


def read(data: bytes) -> Message | Finding:
    return read_message(Package(data))


@pytest.mark.parametrize("soap", [SOAP_11, SOAP_12])
def test_a_message_is_read_in_either_version(soap: str) -> None:
    header = "<a:Action>\n urn:x:do\n</a:Action><a:MessageID> urn:uuid:1 </a:MessageID>"
    found = read(envelope(soap, header))
    assert isinstance(found, Message)
    assert (found.soap, found.action, found.id, found.request.tag) == (soap, "urn:x:do", "urn:uuid:1", "{urn:x}r")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b" ", "soap.empty"),
        (b"<a", "soap.not-xml"),
        (b"<a/>", "soap.not-soap"),
        (envelope(body=""), "soap.not-soap"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]>" + envelope(), "soap.doctype"),
        (b"<?xml version='1.0'?><!-- a --><!DOCTYPE a>" + envelope(), "soap.doctype"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/passwd">' + envelope(), "soap.doctype"),
        (b"<?pi?>\n<!DOCTYPE a>" + envelope(), "soap.doctype"),
        (b"<a>\xff</a>", "soap.not-xml"),
        (b"<?xml encoding='x'?><a/>", "soap.not-xml"),
        (envelope().decode().encode("utf-16"), "soap.encoding"),
        (envelope(body="<a>" * 120 + "</a>" * 120), "soap.too-deep"),
        (b" " * 16_000_001 + b"<a/>", "soap.too-large"),
    ],
)
def test_what_cannot_be_read_has_a_code(data: bytes, code: str) -> None:
    found = read(data)
    assert isinstance(found, Finding)
    assert found.code == code
    assert code in CATALOGUE


@pytest.mark.parametrize("soap", [SOAP_11, SOAP_12])
def test_an_answer_relates_to_its_message(soap: str) -> None:
    found = read(envelope(soap, "<a:MessageID>urn:uuid:a&lt;b</a:MessageID>"))
    assert isinstance(found, Message)
    said = etree.fromstring(answer(found, "urn:x:done", "<r/>", "urn:uuid:2"))
    assert said.tag == f"{{{soap}}}Envelope"
    assert said.findtext(f".//{{{WSA}}}RelatesTo") == "urn:uuid:a<b"
    assert said.findtext(f".//{{{WSA}}}Action") == "urn:x:done"


@pytest.mark.parametrize("soap", [SOAP_11, SOAP_12])
@pytest.mark.parametrize("sub", [None, ("urn:norm", "Code")])
def test_a_fault_tells_its_code(soap: str, sub: tuple[str, str] | None) -> None:
    told = etree.fromstring(fault(soap, "soap.not-soap", sender=False, subcode=sub))
    text = "".join(told.itertext())
    assert "soap.not-soap" in text
    assert ("Code" in text) == (sub is not None)
