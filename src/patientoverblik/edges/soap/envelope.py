"""A SOAP message, parsed once and safely, and the answer to it (SOAP 1.2 part 1, SOAP 1.1, WS-Addressing 1.0).

Peers break lines inside header values, so white space around them means nothing. What cannot be answered as the norm
says is answered with a fault, never with a bare HTTP error.
"""

import re
from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

import msgspec
from lxml import etree

from patientoverblik.edges.soap.mtom import Package
from patientoverblik.edges.soap.names import MEDIA_TYPES, SOAP_11, SOAP_12, WSA
from patientoverblik.problems import CATALOGUE, Finding

MOST_BYTES = 16_000_000
"""A root part larger than this is refused unparsed; large documents come as parts of their own."""

MOST_DEPTH = 100
NOT_UNDERSTOOD = "soap.not-understood"
_DEEP = etree.XPath("boolean(" + "/".join(["/*"] + ["*"] * MOST_DEPTH) + ")")
_DOCTYPE = re.compile(rb"(?:\xef\xbb\xbf)?(?>\s+|<\?.*?\?>|<!--.*?-->)*+<!", re.DOTALL)


class Message(msgspec.Struct, frozen=True):
    """A message as it came: the SOAP version's namespace, its root element, the request in its body, and its parts."""

    soap: str
    root: etree._Element
    request: etree._Element
    action: str
    id: str
    package: Package


def read_message(package: Package) -> Message | Finding:
    """The message of a package, or what is wrong with it. Comments are kept: identity is not read around them."""
    root = parsed(package.root)
    if isinstance(root, Finding):
        return root
    name = etree.QName(root)
    soap = name.namespace or ""
    body = root.find(f"{{{soap}}}Body")
    request = None if body is None else next((one for one in body if isinstance(one.tag, str)), None)
    if name.localname != "Envelope" or soap not in MEDIA_TYPES or request is None:
        return Finding("soap.not-soap")
    header = root.find(f"{{{soap}}}Header")
    return Message(soap, root, request, _said(header, "Action"), _said(header, "MessageID"), package)


def answer(message: Message, action: str, body: str, message_id: str, header: str = "") -> bytes:
    """The envelope around an answer's body, which is XML already, as is a further ``header``."""
    relates = f"<wsa:RelatesTo>{escape(message.id)}</wsa:RelatesTo>" if message.id else ""
    return (
        f'<s:Envelope xmlns:s="{message.soap}" xmlns:wsa="{WSA}"><s:Header>'
        f'<wsa:Action s:mustUnderstand="{_true(message.soap)}">{escape(action)}</wsa:Action>'
        f"<wsa:MessageID>{message_id}</wsa:MessageID>{relates}{header}</s:Header>"
        f"<s:Body>{body}</s:Body></s:Envelope>"
    ).encode()


def fault(soap: str, code: str, *, sender: bool = True, subcode: tuple[str, str] | None = None) -> bytes:
    """A SOAP fault that tells a problem's code and text, and nothing of the message that caused it.

    ``subcode`` is (namespace, local name) of a norm's own fault code, such as WS-Addressing's or WS-Security's.
    """
    text = escape(f"{code}: {CATALOGUE[code].en}")
    make = _fault_11 if soap == SOAP_11 else _fault_12
    return make(text, sender, subcode).encode()


def must_understand(soap: str, blocks: Iterable[str]) -> bytes:
    """The fault of a message with header blocks that must be understood and are not (Clark names; SOAP 1.2, 5.4.8)."""
    text = escape(f"{NOT_UNDERSTOOD}: {CATALOGUE[NOT_UNDERSTOOD].en}")
    named = "".join(map(_not_understood, blocks)) if soap == SOAP_12 else ""
    header = f"<s:Header>{named}</s:Header>" if named else ""
    reason = f'<s:Reason><s:Text xml:lang="en">{text}</s:Text></s:Reason>'
    body = (
        f"<s:Code><s:Value>s:MustUnderstand</s:Value></s:Code>{reason}"
        if soap == SOAP_12
        else f"<faultcode>s:MustUnderstand</faultcode><faultstring>{text}</faultstring>"
    )
    return f'<s:Envelope xmlns:s="{soap}">{header}<s:Body><s:Fault>{body}</s:Fault></s:Body></s:Envelope>'.encode()


def _not_understood(block: str) -> str:
    name = etree.QName(block)
    space = f" xmlns:b={quoteattr(name.namespace)}" if name.namespace else ""
    return f'<s:NotUnderstood{space} qname="{"b:" if space else ""}{escape(name.localname)}"/>'


def _fault_12(text: str, sender: bool, subcode: tuple[str, str] | None) -> str:
    more = ""
    if subcode:
        more = f"<s:Subcode><s:Value xmlns:f={quoteattr(subcode[0])}>f:{escape(subcode[1])}</s:Value></s:Subcode>"
    return (
        f'<s:Envelope xmlns:s="{SOAP_12}"><s:Body><s:Fault><s:Code><s:Value>s:{"Sender" if sender else "Receiver"}'
        f'</s:Value>{more}</s:Code><s:Reason><s:Text xml:lang="en">{text}</s:Text></s:Reason></s:Fault></s:Body>'
        "</s:Envelope>"
    )


def _fault_11(text: str, sender: bool, subcode: tuple[str, str] | None) -> str:
    code = f"f:{escape(subcode[1])}" if subcode else f"s:{'Client' if sender else 'Server'}"
    space = f" xmlns:f={quoteattr(subcode[0])}" if subcode else ""
    return (
        f'<s:Envelope xmlns:s="{SOAP_11}"{space}><s:Body><s:Fault><faultcode>{code}</faultcode>'
        f"<faultstring>{text}</faultstring></s:Fault></s:Body></s:Envelope>"
    )


def parsed(data: bytes) -> etree._Element | Finding:
    """The root element of a message, or why it is not parsed: no doctype, no entity, bounded in bytes and depth."""
    if not data.strip():
        return Finding("soap.empty")
    if len(data) > MOST_BYTES:
        return Finding("soap.too-large")
    if b"\x00" in data[:4] or _DOCTYPE.match(data):
        return Finding("soap.doctype" if b"\x00" not in data[:4] else "soap.encoding")
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return Finding("soap.not-xml")
    if root.getroottree().docinfo.internalDTD is not None:
        return Finding("soap.doctype")
    return Finding("soap.too-deep") if _DEEP(root) else root


def _parser() -> etree.XMLParser:
    # huge_tree stays off: it would lift the limits on depth and text that keep a hostile message small.
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        collect_ids=False,
        remove_comments=False,
    )


def _said(header: etree._Element | None, name: str) -> str:
    found = None if header is None else header.find(f"{{{WSA}}}{name}")
    return "" if found is None else " ".join("".join(str(text) for text in found.itertext()).split())


def _true(soap: str) -> str:
    return "1" if soap == SOAP_11 else "true"
