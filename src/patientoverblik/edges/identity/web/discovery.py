"""What a provider says of itself (OpenID Connect Discovery 1.0 §4): fetched, checked, and kept for an hour."""

from typing import Any
from urllib.parse import urlsplit

import msgspec

from patientoverblik.edges.identity.web.model import Metadata
from patientoverblik.edges.identity.web.network import NOT_UNDERSTOOD, Network, ask_json
from patientoverblik.problems import Fault

WELL_KNOWN = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
OPTIONAL_ENDPOINTS = ("userinfo_endpoint", "end_session_endpoint")


async def discover(network: Network, issuer: str) -> Metadata:
    """What the provider says; :class:`Fault` where it cannot be reached, or says what nobody may build on."""
    return metadata_of(await ask_json(network, issuer.rstrip("/") + WELL_KNOWN), issuer)


def metadata_of(said: dict[str, Any], issuer: str) -> Metadata:
    """Its words checked: it must be the issuer that we asked (§4.3), every endpoint as safe as the issuer is, and PKCE
    with S256 must not be missing where the provider says which methods it knows."""
    try:
        found = msgspec.convert(said, Metadata)
    except msgspec.ValidationError:
        raise Fault(NOT_UNDERSTOOD) from None
    if found.issuer != issuer:
        raise Fault("identity.other-issuer")
    given = [address for name in OPTIONAL_ENDPOINTS if (address := getattr(found, name))]
    if not all(_is_safe(address, issuer) for address in (*(getattr(found, name) for name in ENDPOINTS), *given)):
        raise Fault(NOT_UNDERSTOOD)
    methods = found.code_challenge_methods_supported
    if methods and "S256" not in methods:
        raise Fault("identity.no-pkce")
    return found


def _is_safe(address: str, issuer: str) -> bool:
    """An absolute address over TLS; without TLS only where the issuer itself is, as settings allow on one machine."""
    if not (address.isascii() and address.isprintable()) or " " in address:
        return False
    try:
        parts, own = urlsplit(address), urlsplit(issuer)
    except ValueError:
        return False
    plain = parts.scheme == "http" == own.scheme and parts.netloc == own.netloc
    return bool(parts.netloc) and not parts.fragment and (parts.scheme == "https" or plain)
