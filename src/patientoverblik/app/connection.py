"""A connection to the server: how long and how large the head of a request may be, and whose certificate was shown.

The server reads a request's head before any door or gate sees it. One that grows beyond 64 kB and the piece that came
last is answered 400; one that has not ended within twenty seconds is not waited for.
"""

import asyncio
import re
import ssl
from collections.abc import Callable
from typing import Any

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

LARGEST_HEAD = 65_536
HEAD_SECONDS = 20.0
OFFER = re.compile(rb"\r\nupgrade:[^\r\n]*(?=\r\n|$)", re.IGNORECASE)
# The certificate (PEM) of each open connection whose caller showed one, by the caller's address and port.
SHOWN: dict[tuple[str, int], str] = {}


class Connection(HttpToolsProtocol):
    """A connection that waits for no head without end, and keeps the certificate its caller showed while it is open.

    ``changed`` is called when it is open, and when it is closed.
    """

    def __init__(self, *given: Any, changed: Callable[[], object] = lambda: None, **named: Any) -> None:
        """Wait for the first head."""
        super().__init__(*given, **named)
        self._changed = changed
        self._is_head, self._has_ended, self._head = True, False, 0
        self._line = b""
        self._patience: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait, and keep the certificate; its chain was verified when the connection was made."""
        super().connection_made(transport)
        self._wait()
        tunnel = transport.get_extra_info("ssl_object")
        shown = tunnel.getpeercert(binary_form=True) if tunnel else None
        if shown and self.client:
            SHOWN[self.client] = ssl.DER_cert_to_PEM_cert(shown)
        self._changed()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer and forget the certificate."""
        self._wait_no_longer()
        if self.client:
            SHOWN.pop(self.client, None)
        super().connection_lost(exc)
        self._changed()

    def data_received(self, data: bytes) -> None:
        """Read on, unless the head has grown too large already."""
        if self._is_head and self._head > LARGEST_HEAD:
            self.send_400_response("The head of the request is too large.")
            return
        if self._is_head and not self._head:
            self._wait()
        self._has_ended = False
        super().data_received(self._without_offers(data) if self._is_head else data)
        self._head = self._head + len(data) if self._is_head and not self._has_ended else 0

    def on_message_begin(self) -> None:
        """A head begins."""
        super().on_message_begin()
        self._wait()

    def on_headers_complete(self) -> None:
        """The head has ended; what follows is the door's."""
        self._is_head = False
        self._wait_no_longer()
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        """The next head may come."""
        super().on_message_complete()
        self._is_head = self._has_ended = True

    def _without_offers(self, data: bytes) -> bytes:
        """What has come of a head, without offers to go on in another protocol; a line that has not ended is kept back.

        Java's own client offers HTTP/2 at every address without TLS. The server's parser takes any offer for the end of
        the request and loses the body; an offer may be ignored (RFC 9110, 7.8).
        """
        head, end, rest = (self._line + data).partition(b"\r\n\r\n")
        whole = len(head) if end else _lines_end(head)
        self._line = head[whole:]
        return OFFER.sub(b"", head[:whole]) + end + rest

    def _wait(self) -> None:
        self._wait_no_longer()
        self._patience = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _wait_no_longer(self) -> None:
        if self._patience:
            self._patience.cancel()


def _lines_end(head: bytes) -> int:
    """Where the line begins, by the end of the one before it, that more of may come."""
    found = head.rfind(b"\r\n")
    return found if found >= 0 else len(head) - head.endswith(b"\r")


def with_certificate(application: ASGIApp) -> ASGIApp:
    """An application that is told the certificate of its caller, as ASGI's TLS extension does."""

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        shown = SHOWN.get(scope.get("client") or ("", 0))
        if shown:
            extensions = {**scope.get("extensions", {}), "tls": {"client_cert_chain": (shown,)}}
            scope = {**scope, "extensions": extensions}
        await application(scope, receive, send)

    return told
