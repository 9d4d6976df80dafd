"""XML signatures: what one says it covers, and whether it holds under a key that we name (XML Signature 1.1).

The cryptography is xmlsec's. What stands here is narrower than the norm: only the algorithms of ``algorithms.csv``,
only references by id into the same message, no transforms but the enveloped signature and exclusive canonicalisation,
no objects, and never a key out of the message. Whoever asks gets the covered elements themselves and reads from them.
"""

import csv
from collections.abc import Mapping, Sequence
from importlib.resources import files

import msgspec
import xmlsec

from patientoverblik.edges.identity.model import Unidentified
from patientoverblik.edges.identity.soap.dereference import holds, names_token
from patientoverblik.edges.identity.soap.keys import PublicKey
from patientoverblik.edges.identity.soap.names import DS, ENVELOPED, EXC_C14N, STR_TRANSFORM, ds
from patientoverblik.edges.identity.soap.reading import Element, elements, only

MOST_REFERENCES = 20
_SIGNED_INFO = (ds("CanonicalizationMethod"), ds("SignatureMethod"))
_REFERENCE = [ds("Transforms"), ds("DigestMethod"), ds("DigestValue")]
_WHOLE = [ds("SignedInfo"), ds("SignatureValue"), ds("KeyInfo")]


class Algorithm(msgspec.Struct, frozen=True):
    """A row of the list of algorithms that are accepted; ``key`` is the kind of key a signature needs."""

    algorithm: str
    use: str
    key: str
    source: str


def _accepted() -> Mapping[tuple[str, str], Algorithm]:
    text = files(__package__).joinpath("algorithms.csv").read_text(encoding="utf-8")
    rows = (msgspec.convert(row, Algorithm) for row in csv.DictReader(text.splitlines()))
    return {(row.use, row.algorithm): row for row in rows}


ACCEPTED: Mapping[tuple[str, str], Algorithm] = _accepted()


def covers_itself(element: Element, id_name: str, keys: Sequence[PublicKey]) -> str:
    """Empty if ``element`` holds one signature over the whole of itself that one of the keys made; else the code.

    ``id_name`` is the attribute that holds its id. The signature must be a direct child, the only one anywhere in the
    element, with one reference: to this very element (SAML 2.0 core 5.4).
    """
    signatures = list(element.iter(ds("Signature")))
    if not signatures:
        return "identity.soap-not-signed"
    if len(signatures) > 1 or signatures[0].getparent() is not element:
        return "identity.soap-wrapped"
    references = _references(signatures[0], {ENVELOPED, EXC_C14N})
    if isinstance(references, Unidentified):
        return references.code
    identifier = element.get(id_name, "")
    if not identifier or references != {f"#{identifier}": [ENVELOPED, EXC_C14N]}:
        return "identity.soap-wrapped"
    return _verify(signatures[0], [(element, id_name)], keys)


def covered(
    signature: Element, ids: Mapping[str, Element], token: Element, keys: Sequence[PublicKey]
) -> list[Element] | Unidentified:
    """The elements a detached signature covers, if one of the keys made it over every one of them as it stands.

    A reference by way of a ``wsse:SecurityTokenReference`` may stand for the ``token`` and for nothing else.
    """
    references = _references(signature, {EXC_C14N, STR_TRANSFORM})
    if isinstance(references, Unidentified):
        return references
    targets = {uri: ids[uri[1:]] for uri in references if uri[1:] in ids}
    through = [uri for uri, transforms in references.items() if transforms == [STR_TRANSFORM]]
    direct = [uri for uri, transforms in references.items() if transforms == [EXC_C14N]]
    if len(targets) < len(references) or len(direct) + len(through) < len(references):
        return Unidentified("identity.soap-wrapped")
    if not all(names_token(targets[uri], token) for uri in through):
        return Unidentified("identity.soap-wrapped")
    if through:
        code = "" if _by_digest(signature, targets, token, keys) else "identity.soap-bad-signature"
    else:
        code = _verify(signature, [(targets[uri], _id_name(targets[uri], uri[1:])) for uri in direct], keys)
    return Unidentified(code) if code else [targets[uri] for uri in direct]


def _by_digest(signature: Element, targets: Mapping[str, Element], token: Element, keys: Sequence[PublicKey]) -> bool:
    wanted = _kind(signature)
    return any(holds(signature, targets, token, key) for key in keys if key.kind == wanted)


def _id_name(element: Element, identifier: str) -> str:
    return next(str(name) for name, value in element.attrib.items() if value == identifier)


def _references(signature: Element, transforms: set[str]) -> dict[str, list[str]] | Unidentified:
    """URI -> transforms of every reference of a signature that is built as we allow."""
    children = [child.tag for child in elements(signature)]
    info = only(signature, ds("SignedInfo"))
    if info is None or children not in (_WHOLE, _WHOLE[:2]):
        return Unidentified("identity.soap-wrapped")
    method, *references = _methods(info)
    if method is None or not 0 < len(references) <= MOST_REFERENCES:
        return Unidentified("identity.soap-algorithm")
    found: dict[str, list[str]] = {}
    for reference in references:
        uri, asked = reference.get("URI", "") if reference is not None else "", _transforms(reference, transforms)
        if asked is None:
            return Unidentified("identity.soap-algorithm")
        if not uri.startswith("#") or uri in found:
            return Unidentified("identity.soap-wrapped")
        found[uri] = asked
    return found


def _methods(info: Element) -> list[Element | None]:
    """The signature method and the references of a ``SignedInfo`` that holds nothing else; [None] if it is another."""
    first, *rest = list(elements(info)) or [info]
    names = (first.tag, *(one.tag for one in rest))
    if names[:2] != _SIGNED_INFO or set(names[2:]) != {ds("Reference")} or first.get("Algorithm") != EXC_C14N:
        return [None]
    accepted = ("signature", rest[0].get("Algorithm", "")) in ACCEPTED and len(rest[0]) == 0
    return list(rest) if accepted else [None]


def _transforms(reference: Element | None, allowed: set[str]) -> list[str] | None:
    """The transforms of a reference, None if one is not allowed or the digest is not."""
    if reference is None or [child.tag for child in elements(reference)] != _REFERENCE:
        return None
    digest = reference[1]
    asked = [str(one.get("Algorithm", "")) for one in elements(reference[0], ds("Transform"))]
    fine = ("digest", digest.get("Algorithm", "")) in ACCEPTED and len(digest) == 0 and len(asked) == len(reference[0])
    return asked if fine and allowed.issuperset(asked) else None


def _verify(signature: Element, targets: Sequence[tuple[Element, str]], keys: Sequence[PublicKey]) -> str:
    """Empty if one of the keys made the signature. An id means exactly the element that is registered for it here."""
    wanted = _kind(signature)
    for key in keys:
        if key.kind == wanted and _holds(signature, targets, key):
            return ""
    return "identity.soap-bad-signature"


def _kind(signature: Element) -> str:
    """The kind of key that the signature's method needs."""
    method = signature.find(f"{{{DS}}}SignedInfo/{{{DS}}}SignatureMethod")
    return ACCEPTED["signature", str(method.get("Algorithm"))].key if method is not None else ""


def _holds(signature: Element, targets: Sequence[tuple[Element, str]], key: PublicKey) -> bool:
    context = xmlsec.SignatureContext()
    context.key = key.loaded()
    try:
        for element, name in targets:
            space, _, local = name.rpartition("}")
            context.register_id(element, local, space.removeprefix("{") or None)
        context.verify(signature)
    except xmlsec.Error:
        return False
    return True
