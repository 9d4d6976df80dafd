"""Headers that must be understood (SOAP 1.1 and 1.2): known ones are, others are faults that name them."""

from __future__ import annotations

import pytest
from lxml import etree

from patientoverblik.edges.soap.names import SOAP_11, SOAP_12
from patientoverblik.edges.soap.understood import not_understood
from tests.doors.soap.test_transactions import ALL, FIND
from tests.doors.soap.world import Door, envelope, slot

QUERY = "urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"
RIM = "urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"
ACTION = "urn:ihe:iti:2007:RegistryStoredQuery"
NEXT = f"{SOAP_12}/role/next"


@pytest.fixture
def door() -> Door:
    return Door()


def sent(door: Door, block: str):
    """A good query with one header block more."""
    asked = "".join(slot(*one) for one in ALL)
    body = (
        f'<q:AdhocQueryRequest xmlns:q="{QUERY}" xmlns:rim="{RIM}"><q:ResponseOption returnType="LeafClass"/>'
        f'<rim:AdhocQuery id="{FIND}">{asked}</rim:AdhocQuery></q:AdhocQueryRequest>'
    )
    root = etree.fromstring(envelope(ACTION, body, "general-practice"))
    root[0].append(etree.fromstring(f'<h xmlns:s="{SOAP_12}">{block}</h>')[0])
    return door.post("/ddsregistry", etree.tostring(root), "application/soap+xml")


@pytest.mark.parametrize("must", ["1", "true"])
@pytest.mark.parametrize("role", ["", NEXT, f"{SOAP_12}/role/ultimateReceiver"])
def test_a_strange_header_that_must_be_understood_is_a_fault_that_names_it(door: Door, must: str, role: str) -> None:
    said = f' s:role="{role}"' if role else ""
    answer = sent(door, f'<x:Magic xmlns:x="urn:x" s:mustUnderstand="{must}"{said}/>')
    root = etree.fromstring(answer.content)
    (code,) = root.iter(f"{{{SOAP_12}}}Value")
    (named,) = root.iter(f"{{{SOAP_12}}}NotUnderstood")
    prefix, _, local = named.get("qname", "").partition(":")
    assert (answer.status_code, code.text) == (500, "s:MustUnderstand")
    assert (named.nsmap[prefix], local) == ("urn:x", "Magic")
    assert root[0].tag == f"{{{SOAP_12}}}Header"


@pytest.mark.parametrize(
    "block",
    [
        '<x:Magic xmlns:x="urn:x"/>',
        '<x:Magic xmlns:x="urn:x" s:mustUnderstand="0"/>',
        '<x:Magic xmlns:x="urn:x" s:mustUnderstand="false"/>',
        '<x:Magic xmlns:x="urn:x" s:mustUnderstand="1" s:role="urn:somebody-else"/>',
        f'<x:Magic xmlns:x="urn:x" s:mustUnderstand="1" s:role="{SOAP_12}/role/none"/>',
        f'<x:Magic xmlns:x="urn:x" s:role="{NEXT}" s:relay="true"/>',
        '<f:Framework xmlns:f="urn:liberty:sb" version="2.0" s:mustUnderstand="1"/>',
        '<a:ReplyTo xmlns:a="http://www.w3.org/2005/08/addressing" s:mustUnderstand="1"><a:Address>'
        "http://www.w3.org/2005/08/addressing/anonymous</a:Address></a:ReplyTo>",
    ],
)
def test_other_headers_are_none_of_ours(door: Door, block: str) -> None:
    answer = sent(door, block)
    assert (answer.status_code, "AdhocQueryResponse" in answer.text) == (200, True), answer.text


def test_every_strange_header_is_named_and_soap_11_is_judged_by_its_own_words() -> None:
    block = '<x:{0} xmlns:x="urn:x" xmlns:o="{1}" s:mustUnderstand="1" {2}/>'
    blocks = (
        block.format("One", SOAP_12, ""),
        block.format("Two", SOAP_12, 's:actor="urn:other"'),
        block.format("Three", SOAP_12, 's:actor="http://schemas.xmlsoap.org/soap/actor/next"'),
        block.format("Four", SOAP_12, 'o:role="urn:other"'),
        '<x:Five xmlns:x="urn:x" s:mustUnderstand="0"/><Six s:mustUnderstand="1"/>',
    )
    root = etree.fromstring(f'<s:Envelope xmlns:s="{SOAP_11}"><s:Header>{"".join(blocks)}</s:Header></s:Envelope>')
    assert not_understood(root, SOAP_11) == ("{urn:x}One", "{urn:x}Three", "{urn:x}Four", "Six")
