"""Callers shared out among workers: all listen on one port, and one with more connections than another leaves a new
caller to that one for a moment.

Record systems keep a few connections open for long, so whoever has most of them answers most requests. Left to the
kernel, sixteen connections come to two workers as eleven and five about as often as eight and eight.
"""

import asyncio
import errno
import socket
from collections.abc import Callable, Coroutine
from typing import Any

LEFT_SECONDS = 0.02
"""So long a caller is left to others; who is not taken by then is taken by whoever is free."""

FULL_SECONDS = 1.0
FULL = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM})
Take = Callable[[socket.socket], Coroutine[Any, Any, None]]


class Taking:
    """Takes callers from a port, one at a time; closed as a server of the event loop is.

    ``take`` makes a connection of a caller's socket. ``has_more`` is told how many callers are on their way to be a
    connection, and says whether this worker has more than another.
    """

    def __init__(self, port: socket.socket, take: Take, has_more: Callable[[int], bool]) -> None:
        """Begin to take callers."""
        self._port, self._take, self._has_more = port, take, has_more
        self._loop = asyncio.get_running_loop()
        self._coming: set[asyncio.Task[None]] = set()
        self._is_left, self._is_open = False, True
        port.setblocking(False)
        self._listen()

    def close(self) -> None:
        """Take no more callers."""
        self._is_open = False
        self._loop.remove_reader(self._port)

    async def wait_closed(self) -> None:
        """Let go of those who are still not connected, such as who opens a connection and never begins with TLS."""
        coming = tuple(self._coming)
        for made in coming:
            made.cancel()
        await asyncio.gather(*coming, return_exceptions=True)

    def _come(self) -> None:
        """Somebody has come."""
        if self._has_more(len(self._coming)) and not self._is_left:
            self._pause(LEFT_SECONDS)
            self._is_left = True
            return
        self._is_left = False
        try:
            caller, _ = self._port.accept()
        except OSError as fault:  # most often another worker was quicker
            if fault.errno in FULL:
                self._pause(FULL_SECONDS)
            return
        made = self._loop.create_task(self._take(caller))
        self._coming.add(made)
        made.add_done_callback(self._came)

    def _came(self, made: "asyncio.Task[None]") -> None:
        """A caller is connected, or has gone meanwhile: nobody is there to be told."""
        self._coming.discard(made)
        if not made.cancelled():
            made.exception()

    def _pause(self, seconds: float) -> None:
        self._loop.remove_reader(self._port)
        self._loop.call_later(seconds, self._listen)

    def _listen(self) -> None:
        if self._is_open:
            self._loop.add_reader(self._port, self._come)
