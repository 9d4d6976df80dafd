"""The one kind of reference xmlsec cannot follow: a token signed by way of a ``wsse:SecurityTokenReference``.

Liberty's binding (OIO IDWS) and WS-Security policies that protect tokens sign the token through the STR-Transform
(OASIS WSS SOAP Message Security 1.1.1, 8.3). The signature's value is still verified by xmlsec; the digests are
compared here. Nothing is believed because of such a reference: the token is verified by itself, and its own key signs
the message.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

import xmlsec
from lxml import etree

from patientoverblik.edges.identity.soap.keys import PublicKey
from patientoverblik.edges.identity.soap.names import EXC_C14N, SAML_ID, ds, wsse
from patientoverblik.edges.identity.soap.reading import Element, elements, only, whole

_VALUES: Mapping[str, Any] = {
    getattr(xmlsec.constants, name).href: getattr(xmlsec.constants, name)
    for hashed in ("Sha256", "Sha384", "Sha512")
    for name in (f"TransformRsa{hashed}", f"TransformEcdsa{hashed}")
}
_DIGESTS = {
    "http://www.w3.org/2001/04/xmlenc#sha256": hashlib.sha256,
    "http://www.w3.org/2001/04/xmldsig-more#sha384": hashlib.sha384,
    "http://www.w3.org/2001/04/xmlenc#sha512": hashlib.sha512,
}


def names_token(reference: Element, token: Element) -> bool:
    """Whether a ``wsse:SecurityTokenReference`` names this token, by key identifier or by reference."""
    if reference.tag != wsse("SecurityTokenReference") or len(reference) != 1:
        return False
    named, identifier = reference[0], token.get("ID", "")
    if named.tag == wsse("KeyIdentifier"):
        return named.get("ValueType") == SAML_ID and whole(named) == identifier
    return named.tag == wsse("Reference") and named.get("URI") == f"#{identifier}"


def holds(signature: Element, targets: Mapping[str, Element], token: Element, key: PublicKey) -> bool:
    """Whether the key made the signature and every digest fits: ``targets`` are the elements by reference, among them
    the ``wsse:SecurityTokenReference`` that stands for the token."""
    info = only(signature, ds("SignedInfo"))
    return info is not None and _value_holds(signature, info, key) and _digests_hold(info, targets, token)


def _value_holds(signature: Element, info: Element, key: PublicKey) -> bool:
    transform = _VALUES.get(str(info[1].get("Algorithm")))
    context = xmlsec.SignatureContext()
    context.key = key.loaded()
    try:
        value = base64.b64decode("".join(whole(only(signature, ds("SignatureValue"))).split()), validate=True)
        if transform is None:
            return False
        context.verify_binary(_canonical(info, info[0]), transform, value)
    except (xmlsec.Error, binascii.Error):
        return False
    return True


def _digests_hold(info: Element, targets: Mapping[str, Element], token: Element) -> bool:
    for reference in elements(info, ds("Reference")):
        transform = reference[0][0]
        stands_for = targets[reference.get("URI", "")]
        if transform.get("Algorithm") == EXC_C14N:
            forms: Sequence[bytes] = (_canonical(stands_for, transform),)
        else:
            forms = _token_forms(token)
        if not any(_fits(reference, form) for form in forms):
            return False
    return True


def _fits(reference: Element, canonical: bytes) -> bool:
    digest = _DIGESTS[str(reference[1].get("Algorithm"))](canonical).digest()
    return hmac.compare_digest(base64.b64encode(digest).decode(), "".join(whole(reference[2]).split()))


def _token_forms(token: Element) -> tuple[bytes, bytes]:
    """The token canonical, with and without the empty default namespace that the transform adds: clients differ."""
    plain = _canonical(token, None)
    name, blank, rest = plain.partition(b" ")
    return plain, name + b' xmlns=""' + blank + rest


def _canonical(element: Element, method: Element | None) -> bytes:
    """Exclusive canonical XML, with the prefixes a method lists (Exclusive XML Canonicalization 1.0, 3)."""
    listed = method.find(f"{{{EXC_C14N}}}InclusiveNamespaces") if method is not None else None
    prefixes = listed.get("PrefixList", "").split() if listed is not None else []
    return etree.tostring(
        element, method="c14n", exclusive=True, with_comments=False, inclusive_ns_prefixes=prefixes or None
    )
