"""A message that signs its token too, by way of a SecurityTokenReference, as OIO IDWS clients do."""

import base64
import hashlib

import xmlsec
from lxml import etree

from patientoverblik.edges.identity.soap.issued import (
    DIGEST,
    SIGNED_BY,
    add,
    assertion,
    signature,
    signed,
)
from patientoverblik.edges.identity.soap.messages import message
from patientoverblik.edges.identity.soap.names import (
    EXC_C14N,
    HSUID,
    SAML_ID,
    STR_TRANSFORM,
    WSA,
    WSSE,
    ds,
    wsse,
    wsu,
)
from patientoverblik.edges.identity.soap.reading import Element
from tests.doors.identity.soap.calls import DOCTOR, call, issuer, wanted


def protected(empty_namespace: bool = True, names: str = "", prefixes: str = "", by: str = "KeyIdentifier") -> Element:
    """A valid message; ``names`` is the token the reference names instead, ``prefixes`` a list of inclusive ones."""
    token = signed(assertion(DOCTOR, wanted(holder=issuer().holder)), "ID", issuer().service)
    envelope = message(token, call())
    security = envelope[0].find(f"{{{WSSE}}}Security")
    hsuid = envelope[0].find(f"{{{HSUID}}}HsuidHeader")
    named = names or token.get("ID")
    parts = [envelope[1], security[0], *envelope[0].iterchildren(f"{{{WSA}}}*"), hsuid[0]]
    made = signature(
        [(f"#{part.get(wsu('Id')) or part.get('id')}", (EXC_C14N,)) for part in parts] + [("#str", (STR_TRANSFORM,))]
    )
    security.append(made)
    reference = add(add(made, ds("KeyInfo")), wsse("SecurityTokenReference"))
    reference.set(wsu("Id"), "str")
    if by == "KeyIdentifier":
        add(reference, wsse("KeyIdentifier"), named, ValueType=SAML_ID)
    else:
        add(reference, wsse("Reference"), URI=f"#{named}")
    transform = made[0][-1][0][0]
    parameters = add(transform, wsse("TransformationParameters"))
    add(parameters, ds("CanonicalizationMethod"), Algorithm=EXC_C14N)
    if prefixes:
        etree.SubElement(made[0][2][0][0], f"{{{EXC_C14N}}}InclusiveNamespaces", PrefixList=prefixes)
    fill(made, [*parts, token], empty_namespace, prefixes)
    return envelope


def fill(made: Element, parts: list[Element], empty_namespace: bool, prefixes: str) -> None:
    """The digests, and the value over them."""
    references = made[0].findall(ds("Reference"))
    for place, (reference, part) in enumerate(zip(references, parts, strict=True)):
        data = canonical(part, prefixes.split() if place == 0 else [])
        if part is parts[-1] and empty_namespace:
            data = data.replace(b" ", b' xmlns="" ', 1)
        reference.find(ds("DigestValue")).text = base64.b64encode(hashlib.sha256(data).digest()).decode()
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(issuer().holder.key, xmlsec.constants.KeyDataFormatPem, None)
    assert made[0][1].get("Algorithm") == SIGNED_BY == xmlsec.constants.TransformRsaSha256.href
    assert references[0].find(ds("DigestMethod")).get("Algorithm") == DIGEST
    value = context.sign_binary(canonical(made[0], []), xmlsec.constants.TransformRsaSha256)
    made[1].text = base64.b64encode(value).decode()


def canonical(part: Element, prefixes: list[str]) -> bytes:
    return etree.tostring(part, method="c14n", exclusive=True, inclusive_ns_prefixes=prefixes or None)
