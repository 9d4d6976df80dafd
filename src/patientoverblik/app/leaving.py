"""A server that leaves gracefully: told to end, it first says at ``/ready`` that it should be sent nothing more, goes
on answering for a while, then takes no new connection, finishes what it has begun, and ends.
"""

import asyncio
import logging
import socket
import time
from collections.abc import Callable
from threading import Event
from types import FrameType
from typing import Any, cast

import uvicorn

from patientoverblik.app.connection import Connection
from patientoverblik.app.taking import Taking

LOG = logging.getLogger(__name__)


class LeavingServer(uvicorn.Server):
    """Ends ``seconds`` after it was told to; told twice, at once. ``leaving`` is set meanwhile.

    ``opened`` is told how many connections are open, and says whether that is more than another worker of the port has.
    """

    def __init__(
        self, config: uvicorn.Config, leaving: Event, seconds: int, opened: Callable[[int], bool] = lambda _: False
    ) -> None:
        """Serve by a configuration."""
        super().__init__(config)
        self._leaving, self._seconds, self._opened = leaving, seconds, opened
        self._ends = 0.0

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve; callers are taken from the ports as other workers leave them."""
        await super().startup([])
        self.servers += [cast(Any, Taking(port, self._connect, self._has_more)) for port in sockets or ()]

    async def _connect(self, caller: socket.socket) -> None:
        def made() -> Connection:
            state = self.lifespan.state
            return Connection(self.config, self.server_state, state, changed=self._has_more)

        await asyncio.get_running_loop().connect_accepted_socket(made, caller, ssl=self.config.ssl)

    def _has_more(self, coming: int = 0) -> bool:
        return self._opened(len(self.server_state.connections) + coming)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to leave."""
        if self._seconds and not self._leaving.is_set():
            self._captured_signals.append(sig)
            self.leave()
        else:
            self._leaving.set()
            super().handle_exit(sig, frame)

    def leave(self) -> None:
        """Begin to leave, without a signal."""
        self._leaving.set()
        LOG.info("a worker leaves")
        self._ends = time.monotonic() + self._seconds

    async def on_tick(self, counter: int) -> bool:
        """Ten times a second: whether to end."""
        if self._ends and time.monotonic() >= self._ends:
            self.should_exit = True
        return await super().on_tick(counter)
