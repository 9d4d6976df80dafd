"""A SOAP envelope, parsed safely and once, with the parts of its header that say who is there.

Nothing outside the bytes is fetched and no entity is expanded; bytes, depth and header are bounded. An id that stands
twice makes a signature's reference ambiguous and is refused (OASIS WSS 1.1, 4.3; SAML 2.0 core, 5.4.2), and so is a
comment or processing instruction in anything that is read for identity. The parser's own words never leave.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from patientoverblik.edges.identity.model import Unidentified
from patientoverblik.edges.identity.soap.names import HSUID, MEDCOM, SAML, SOAP_11, SOAP_12, WSA, WSSE, WSU
from patientoverblik.edges.identity.soap.reading import Element, elements, only, whole

MOST_BYTES = 16_000_000
"""An envelope larger than this is refused unparsed; large documents come as MTOM parts beside it."""

MOST_HEADER = 200_000
"""A header larger than this, in bytes, is refused; a card with its certificates is a tenth of it."""

MOST_DEPTH = 100

_DOCTYPE = re.compile(rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?(?>\s+|<\?.*?\?>|<!--.*?-->)*+<!", re.DOTALL)
_WIDE = (b"\xff\xfe", b"\xfe\xff")
_DEEP = etree.XPath("boolean(" + "/".join(["/*"] + ["*"] * MOST_DEPTH) + ")")
_UNREAD = etree.XPath("boolean(descendant-or-self::node()[self::comment() or self::processing-instruction()])")
_TOKENS: Any = etree.XPath("//s:Assertion | //s:EncryptedAssertion", namespaces={"s": SAML})
_STRONG: Any = etree.XPath("//@u:Id | //@xml:id | //@ID | //@Id | //@AssertionID | $header//@id", namespaces={"u": WSU})
_WEAK: Any = etree.XPath(".//@id", smart_strings=False)
_ID = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")
_RECEIVERS = frozenset({"", f"{SOAP_12}/role/ultimateReceiver"})


@dataclass(frozen=True)
class Envelope:
    """One SOAP message as parsed; its elements are only read.

    ``ids`` names the element each id of the header stands on. ``security`` is the one ``wsse:Security`` meant for the
    last receiver; ``medcom`` and ``hsuid`` are None where the message has no such header. ``message`` is the
    WS-Addressing message id, empty where there is none.
    """

    root: Element
    header: Element
    body: Element
    security: Element
    token: Element
    ids: Mapping[str, Element]
    medcom: Element | None
    hsuid: Element | None
    message: str

    @property
    def soap(self) -> str:
        """The namespace of the message: SOAP 1.1 or 1.2."""
        return str(etree.QName(self.root).namespace)


def read_envelope(data: bytes) -> Envelope | Unidentified:
    """Parse a message and find what says who sends it, or say why not."""
    if len(data) > MOST_BYTES:
        return Unidentified("identity.soap-too-large")
    wide = data[:2] in _WIDE or b"\x00" in data[:4]
    if _DOCTYPE.match(data.replace(b"\x00", b"") if wide else data):
        return Unidentified("identity.soap-doctype")
    try:
        root = etree.fromstring(data, _parser())
    except (etree.XMLSyntaxError, ValueError, LookupError):
        return Unidentified("identity.soap-not-xml")
    return envelope_of(root)


def envelope_of(root: Element) -> Envelope | Unidentified:
    """The same of a message that is parsed already, by a parser without entities that keeps comments."""
    if root.getroottree().docinfo.internalDTD is not None:
        return Unidentified("identity.soap-doctype")
    if _DEEP(root):
        return Unidentified("identity.soap-too-deep")
    soap = etree.QName(root).namespace
    header, body = only(root, f"{{{soap}}}Header"), only(root, f"{{{soap}}}Body")
    if root.tag not in (f"{{{SOAP_11}}}Envelope", f"{{{SOAP_12}}}Envelope") or body is None:
        return Unidentified("identity.soap-not-soap")
    if header is None:
        return Unidentified("identity.soap-no-security")
    if len(etree.tostring(header)) > MOST_HEADER:
        return Unidentified("identity.soap-too-large")
    return _with_identity(root, header, body)


def _parser() -> etree.XMLParser:
    return etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        collect_ids=False,
        remove_comments=False,
    )


def _with_identity(root: Element, header: Element, body: Element) -> Envelope | Unidentified:
    security = [one for one in elements(header, f"{{{WSSE}}}Security") if _for_us(one)]
    if len(security) != 1:
        return Unidentified("identity.soap-several-security" if security else "identity.soap-no-security")
    token = _token(root, security[0])
    if isinstance(token, Unidentified):
        return token
    ids = _ids(root, header, body)
    if isinstance(ids, Unidentified):
        return ids
    extra = {name: list(elements(header, name)) for name in (f"{{{MEDCOM}}}Header", f"{{{HSUID}}}HsuidHeader")}
    if any(len(found) > 1 for found in extra.values()):
        return Unidentified("identity.soap-header-twice")
    medcom, hsuid = (found[0] if found else None for found in extra.values())
    if any(part is not None and _UNREAD(part) for part in (security[0], medcom, hsuid)):
        return Unidentified("identity.soap-comment")
    message = whole(only(header, f"{{{WSA}}}MessageID"))
    return Envelope(root, header, body, security[0], token, ids, medcom, hsuid, message)


def _for_us(security: Element) -> bool:
    """A header that names another receiver is not ours to judge (SOAP 1.1 4.2.2, SOAP 1.2 part 1, 2.2)."""
    actor = security.get(f"{{{SOAP_11}}}actor", "")
    return actor in _RECEIVERS and security.get(f"{{{SOAP_12}}}role", "") in _RECEIVERS


def _token(root: Element, security: Element) -> Element | Unidentified:
    """The one assertion of the whole message, which must stand directly in the header that is ours."""
    found = _TOKENS(root)
    if len(found) != 1:
        return Unidentified("identity.soap-several-tokens" if found else "identity.soap-no-token")
    token: Element = found[0]
    if token.tag != f"{{{SAML}}}Assertion":
        return Unidentified("identity.soap-no-token")
    return token if token.getparent() is security else Unidentified("identity.soap-wrapped")


def _ids(root: Element, header: Element, body: Element) -> Mapping[str, Element] | Unidentified:
    """Every id a signature could mean. What a registry object of the body calls ``id`` is its own and may repeat (a
    document and its entry share one), but never the id of something in the header."""
    found: dict[str, Element] = {}
    for value in _STRONG(root, header=header):
        if value in found:
            return Unidentified("identity.soap-duplicate-id")
        if not _ID.fullmatch(value):
            return Unidentified("identity.soap-bad-id")
        found[str(value)] = value.getparent()
    if not found.keys().isdisjoint(_WEAK(body)):
        return Unidentified("identity.soap-duplicate-id")
    return found
