"""Whatever is sent, a SOAP message comes back: a fault with a code, and nothing of what was sent."""

from __future__ import annotations

import gzip
import zlib

import pytest
from lxml import etree

from patientoverblik.edges.soap.names import SOAP_11, SOAP_12
from patientoverblik.problems import CATALOGUE
from tests.doors.soap.world import NANCY, Door, envelope

PLANTED = b"0707079PLANT"
SOAP = "application/soap+xml"


@pytest.fixture(scope="module")
def door() -> Door:
    return Door(most=100_000)


def fault(door: Door, body: bytes, content_type: str = SOAP, path: str = "/ddsregistry", **headers: str) -> str:
    answer = door.post(path, body, content_type, **headers)
    assert answer.status_code in (400, 500)
    root = etree.fromstring(answer.content)
    assert root.find("{*}Body/{*}Fault") is not None
    text = " ".join(str(part) for part in root.itertext())
    assert PLANTED.decode() not in answer.text
    assert NANCY not in answer.text
    assert "Traceback" not in answer.text
    told = [*text.replace(":", " ").split(), *(one.get("code", "") for one in root.iter("problem"))]
    (code,) = [word for word in told if word in CATALOGUE]
    return code


@pytest.mark.parametrize(
    ("body", "content_type", "code"),
    [
        (b"", SOAP, "soap.empty"),
        (PLANTED, SOAP, "soap.not-xml"),
        (b"<!DOCTYPE a [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><a>&e;</a>", SOAP, "soap.doctype"),
        (b"<a>" * 300 + b"</a>" * 300, SOAP, "soap.not-xml"),
        (b"<a/>" + b" " * 100_001, SOAP, "soap.too-large"),
        (b"--b\r\n\r\n", 'multipart/related; boundary="b"', "soap.truncated"),
        (PLANTED, 'multipart/related; boundary="b"', "soap.bad-parts"),
        (b"{}", "application/json", "soap.not-xml"),
    ],
)
def test_broken_bodies(door: Door, body: bytes, content_type: str, code: str) -> None:
    assert fault(door, body, content_type) == code


@pytest.mark.parametrize("soap", [SOAP_11, SOAP_12])
def test_a_message_without_identity(door: Door, soap: str) -> None:
    action = '<a:Action xmlns:a="http://www.w3.org/2005/08/addressing">urn:ihe:iti:2007:RegistryStoredQuery</a:Action>'
    body = f'<s:Envelope xmlns:s="{soap}"><s:Header>{action}</s:Header><s:Body><r/></s:Body></s:Envelope>'.encode()
    answer = door.post("/ddsregistry", body, "text/xml")
    assert etree.fromstring(answer.content).tag == f"{{{soap}}}Envelope"
    assert fault(door, body, "text/xml") == "identity.soap-no-security"


def test_another_action_than_the_address_takes(door: Door) -> None:
    sent = envelope("urn:ihe:iti:2007:RetrieveDocumentSet", "<r/>", "general-practice")
    assert fault(door, sent) == "soap.unknown-action"


def test_compressed_bodies(door: Door) -> None:
    sent = envelope("urn:ihe:iti:2007:RetrieveDocumentSet", "<r/>", "general-practice")
    assert fault(door, gzip.compress(sent), **{"content-encoding": "gzip"}) == "soap.unknown-action"
    assert fault(door, sent, **{"content-encoding": "gzip"}) == "soap.truncated"
    assert fault(door, sent, **{"content-encoding": "br"}) == "soap.content-encoding"


def test_a_bomb_is_refused_before_it_is_unpacked(door: Door) -> None:
    bomb = zlib.compressobj(wbits=16 + zlib.MAX_WBITS)
    small = b"".join((bomb.compress(b" " * 50_000_000), bomb.flush()))
    assert len(small) < 100_000
    assert fault(door, small, **{"content-encoding": "gzip"}) == "soap.too-large"
