"""The caller's client certificate (RFC 8705): from the TLS layer, or from the header of a configured proxy.

Whether its chain is trusted was decided where TLS ended; here it is recognised, and held against lists of revoked ones.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from ipaddress import ip_address, ip_network
from typing import Any
from urllib.parse import unquote

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from starlette.types import ASGIApp, Receive, Scope, Send

from patientoverblik.edges.identity.revoked import Revocations

LARGEST = 16_384
PEER = "patientoverblik.peer"


class Proxies(msgspec.Struct, frozen=True):
    """The reverse proxies in front, as networks (``10.0.0.0/8``), and the header they hand a certificate over in.

    The header holds RFC 9440's ``:base64 DER:`` or a PEM that is percent-encoded. None are trusted unless configured.
    ``revocations`` are the lists that any certificate is held against, however it came.
    """

    networks: tuple[str, ...] = ()
    header: str = "client-cert"
    revocations: Revocations | None = None

    def holds(self, address: str) -> bool:
        """Whether a caller's address is that of a configured proxy."""
        try:
            found = ip_address(address)
        except ValueError:
            return False
        return any(found in ip_network(network) for network in self.networks)


class Certificate(msgspec.Struct, frozen=True):
    """A client certificate: SHA-256 of its DER as base64url (``x5t#S256``), its subject (RFC 4514), when it is valid
    (milliseconds UTC), and its issuer's name and serial number."""

    thumbprint: str
    subject: str
    valid_from: int
    valid_until: int
    issuer: str = ""
    serial: int = 0

    def valid(self, at: int) -> bool:
        """Whether it is valid at a time."""
        return self.valid_from <= at <= self.valid_until


def presented(scope: Mapping[str, Any], headers: Mapping[str, str], proxies: Proxies) -> Certificate | None:
    """The certificate of a request by its ASGI ``scope``; None where there is none that can be believed.

    A proxy hands over its caller's; its own, from the connection between us, says nothing of them. The header of anyone
    but a configured proxy is not looked at. One that has been revoked is none.
    """
    found, lists = _handed(scope, headers, proxies), proxies.revocations
    return None if found and lists and lists.refuses(found.issuer, found.serial) else found


def _handed(scope: Mapping[str, Any], headers: Mapping[str, str], proxies: Proxies) -> Certificate | None:
    caller = scope.get(PEER, scope.get("client"))
    if caller and proxies.holds(caller[0]):
        return read(headers.get(proxies.header, ""))
    chain = scope.get("extensions", {}).get("tls", {}).get("client_cert_chain", ())
    return read(str(next(iter(chain)))) if chain else None


def with_peer(application: ASGIApp) -> ASGIApp:
    """An application that knows whom it is connected to, also where the server then puts whom a proxy speaks for in the
    caller's place."""

    async def kept(scope: Scope, receive: Receive, send: Send) -> None:
        await application({**scope, PEER: scope.get("client")}, receive, send)

    return kept


def read(text: str) -> Certificate | None:
    """A certificate as PEM, percent-encoded PEM or RFC 9440 bytes; None where it is none of them."""
    if not text or len(text) > LARGEST:
        return None
    try:
        found = _load(text)
    except (ValueError, binascii.Error):
        return None
    digest = hashlib.sha256(found.public_bytes(Encoding.DER)).digest()
    return Certificate(
        thumbprint=base64.urlsafe_b64encode(digest).decode().rstrip("="),
        subject=found.subject.rfc4514_string(),
        valid_from=int(found.not_valid_before_utc.timestamp() * 1000),
        valid_until=int(found.not_valid_after_utc.timestamp() * 1000),
        issuer=found.issuer.rfc4514_string(),
        serial=found.serial_number,
    )


def confirms(certificate: Certificate | None, thumbprint: str) -> bool:
    """Whether a certificate is the one a token is bound to, in a time that tells nothing."""
    return certificate is not None and hmac.compare_digest(certificate.thumbprint.encode(), thumbprint.encode())


def _load(text: str) -> x509.Certificate:
    if text.startswith(":") and text.endswith(":") and len(text) > 1:
        return x509.load_der_x509_certificate(base64.b64decode(text[1:-1], validate=True))
    return x509.load_pem_x509_certificate(unquote(text).encode("ascii"))
