"""Tokens verified before: the same bytes need no second verification while they are in force.

A token is known by the SHA-256 of itself as it stands in its message, signature and namespaces and all, so that one
changed character makes another. What is remembered is what the token says, never that somebody may use it: holder,
header, replay and lists are judged each time.
"""

import hashlib
from collections.abc import MutableMapping

from lxml import etree

from patientoverblik.edges.identity.model import Unidentified
from patientoverblik.edges.identity.soap.dgws import is_card, read_card
from patientoverblik.edges.identity.soap.reading import Element
from patientoverblik.edges.identity.soap.saml import read_saml
from patientoverblik.edges.identity.soap.token import Token
from patientoverblik.edges.identity.soap.trust import MINUTE, Trust

Known = MutableMapping[bytes, tuple[Token, int]]
MOST_KNOWN = 10_000
"""Tokens remembered at once; when there are more, all are forgotten."""


def read_token(token: Element, now: int, trust: Trust) -> Token | Unidentified:
    """What a token says, verified now."""
    return (read_card if is_card(token) else read_saml)(token, now, trust)


def remembered(token: Element, now: int, trust: Trust, known: Known) -> Token | Unidentified:
    """What a token says, verified now or before; ``known`` is of one trust and is changed."""
    digest = hashlib.sha256(etree.tostring(token, with_tail=False)).digest()
    found = known.get(digest)
    if found is not None and now < found[1]:
        return found[0]
    made = read_token(token, now, trust)
    if isinstance(made, Token):
        if len(known) >= MOST_KNOWN:
            known.clear()
        known[digest] = made, min((made.until, *_certificate_ends(trust, now)))
    return made


def _certificate_ends(trust: Trust, now: int) -> list[int]:
    """When each pinned certificate that has not run out does, and each minute where they may be revoked; a token is
    verified anew when any does."""
    if trust.revocations is not None:
        return [now + MINUTE]
    pinned = [one.keys for one in trust.issuers] + [one.keys for one in trust.systems]
    return [key.valid_until for keys in pinned for key in keys if key.valid_until > now]
