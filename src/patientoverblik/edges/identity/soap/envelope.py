"""The parts of a SOAP envelope that say who is there.

The header is bounded. An id that stands twice makes a signature's reference ambiguous and is refused (OASIS WSS 1.1,
4.3; SAML 2.0 core, 5.4.2), and so is a comment or processing instruction in anything that is read for identity.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from patientoverblik.edges.identity.model import Unidentified
from patientoverblik.edges.identity.soap.names import HSUID, MEDCOM, SAML, SOAP_11, SOAP_12, WSA, WSSE, WSU
from patientoverblik.edges.identity.soap.reading import Element, elements, only, whole

MOST_HEADER = 200_000
"""A header larger than this, in bytes, is refused; a card with its certificates is a tenth of it."""

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


def envelope_of(root: Element, size: int) -> Envelope | Unidentified:
    """What says who sends the message, or why it cannot be said.

    ``root`` comes from the door's one parser (``edges.soap.envelope.parsed``): no doctype, bounded in bytes and depth,
    comments kept. ``size`` is how many bytes it was parsed from: a small message needs no measuring of its header.
    """
    soap = etree.QName(root).namespace
    header, body = only(root, f"{{{soap}}}Header"), only(root, f"{{{soap}}}Body")
    if root.tag not in (f"{{{SOAP_11}}}Envelope", f"{{{SOAP_12}}}Envelope") or body is None:
        return Unidentified("identity.soap-not-soap")
    if header is None:
        return Unidentified("identity.soap-no-security")
    if size > MOST_HEADER and len(etree.tostring(header)) > MOST_HEADER:
        return Unidentified("identity.soap-too-large")
    return _with_identity(root, header, body)


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
    if any(part is not None and _unread(part) for part in (security[0], medcom, hsuid)):
        return Unidentified("identity.soap-comment")
    message = whole(only(header, f"{{{WSA}}}MessageID"))
    return Envelope(root, header, body, security[0], token, ids, medcom, hsuid, message)


def _unread(part: Element) -> bool:
    return next(part.iter(etree.Comment, etree.PI), None) is not None


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
