"""Holder of key: the token counts only from whoever has the key it names, proven by TLS or by signing the message.

A message signature must cover what the message means: its body, a timestamp that is now, every WS-Addressing header,
and the HSUID header. Documents that come as MTOM parts beside it are not covered by it, so such a message needs TLS.
OASIS WSS SAML Token Profile 1.1.1, 3.5.1; Liberty Basic SOAP Binding (OIO IDWS), which signs the same.
"""

from collections.abc import Iterator
from typing import Final

import msgspec

from patientoverblik.edges.identity.certificate import Certificate, confirms
from patientoverblik.edges.identity.model import Unidentified
from patientoverblik.edges.identity.soap.envelope import Envelope
from patientoverblik.edges.identity.soap.keys import PublicKey
from patientoverblik.edges.identity.soap.names import HSUID, WSA, XOP, ds, wsu
from patientoverblik.edges.identity.soap.reading import Element, elements, milliseconds, only, whole
from patientoverblik.edges.identity.soap.signature import covered
from patientoverblik.edges.identity.soap.trust import Trust

LONGEST_MESSAGE_ID: Final = 200


class Proof(msgspec.Struct, frozen=True):
    """The holder is proven. ``message`` is the id of the signed message and ``until`` when it is too old (milliseconds
    UTC); empty and 0 where TLS proved it."""

    message: str = ""
    until: int = 0


def prove(
    envelope: Envelope, holders: tuple[PublicKey, ...], now: int, trust: Trust, caller: Certificate | None
) -> Proof | Unidentified:
    """Whether whoever sent the message has one of the keys; ``caller`` is the TLS client certificate."""
    if any(key.thumbprint and confirms(caller, key.thumbprint) for key in holders):
        return Proof()
    signature = only(envelope.security, ds("Signature"))
    if signature is None:
        return Unidentified("identity.soap-holder")
    signed = covered(signature, envelope.ids, envelope.token, holders)
    if isinstance(signed, Unidentified):
        known = signed.code == "identity.soap-bad-signature"
        return Unidentified("identity.soap-holder") if known else signed
    if not all(any(part is one for part in signed) or _inside(one, signed) for one in _meant(envelope)):
        return Unidentified("identity.soap-unsigned-part")
    if next(envelope.body.iter(f"{{{XOP}}}Include"), None) is not None:
        return Unidentified("identity.soap-unsigned-part")
    until = _fresh_until(envelope, now, trust)
    if isinstance(until, Unidentified):
        return until
    fit = 0 < len(envelope.message) <= LONGEST_MESSAGE_ID
    return Proof(envelope.message, until) if fit else Unidentified("identity.soap-no-message-id")


def _meant(envelope: Envelope) -> Iterator[Element]:
    """The parts that decide what the message does. Of the HSUID header its only child may be signed instead."""
    yield envelope.body
    yield from elements(envelope.security, wsu("Timestamp"))
    for header in elements(envelope.header):
        if header.tag.startswith((f"{{{WSA}}}", f"{{{HSUID}}}")):
            yield header


def _inside(header: Element, signed: list[Element]) -> bool:
    """Whether the one thing an HSUID header holds is signed: its assertion has an id, the header itself has none."""
    return header.tag == f"{{{HSUID}}}HsuidHeader" and len(header) == 1 and any(header[0] is one for one in signed)


def _fresh_until(envelope: Envelope, now: int, trust: Trust) -> int | Unidentified:
    """When the message is too old, by its timestamp and our own limit."""
    timestamp = only(envelope.security, wsu("Timestamp"))
    created = milliseconds(whole(only(timestamp, wsu("Created"))))
    if timestamp is None or not created:
        return Unidentified("identity.soap-message-time")
    stated = only(timestamp, wsu("Expires"))
    expires = milliseconds(whole(stated)) if stated is not None else created + trust.longest_message
    end = min(expires, created + trust.longest_message) + trust.leeway
    if created - trust.leeway > now or now >= end:
        return Unidentified("identity.soap-message-time")
    return end
