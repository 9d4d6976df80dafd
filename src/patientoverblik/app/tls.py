"""TLS of the server: what uvicorn is given, and the certificate a caller showed handed on to the doors.

TLS 1.2 and 1.3 with the ciphers of the machine's OpenSSL. A changed certificate is taken at the next start.
"""

import asyncio
import ssl
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from patientoverblik.app.settings import Settings
from patientoverblik.app.tls_faults import CLIENTS

# The certificate (PEM) of each open connection whose caller showed one, by the caller's address and port.
SHOWN: dict[tuple[str, int], str] = {}


class Connection(HttpToolsProtocol):
    """A connection that keeps the certificate its caller showed, for as long as it is open."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Keep it; the chain was verified when the connection was made."""
        super().connection_made(transport)
        tunnel = transport.get_extra_info("ssl_object")
        shown = tunnel.getpeercert(binary_form=True) if tunnel else None
        if shown and self.client:
            SHOWN[self.client] = ssl.DER_cert_to_PEM_cert(shown)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        if self.client:
            SHOWN.pop(self.client, None)
        super().connection_lost(exc)


def tls_options(settings: Settings) -> dict[str, Any]:
    """What the server is given for TLS; nothing where it serves without."""
    if not settings.tls_certificate:
        return {}
    options: dict[str, Any] = {
        "ssl_certfile": settings.tls_certificate,
        "ssl_keyfile": settings.tls_key,
        "ssl_cert_reqs": CLIENTS[settings.tls_clients],
        "http": Connection,
    }
    return options | ({"ssl_ca_certs": settings.tls_client_ca} if settings.tls_client_ca else {})


def with_certificate(application: ASGIApp) -> ASGIApp:
    """An application that is told the certificate of its caller, as ASGI's TLS extension does."""

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        shown = SHOWN.get(scope.get("client") or ("", 0))
        if shown:
            extensions = {**scope.get("extensions", {}), "tls": {"client_cert_chain": (shown,)}}
            scope = {**scope, "extensions": extensions}
        await application(scope, receive, send)

    return told
