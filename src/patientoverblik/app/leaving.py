"""A server that leaves gracefully: told to end, it first says at ``/ready`` that it should be sent nothing more, goes
on answering for a while, then takes no new connection, finishes what it has begun, and ends.
"""

import logging
import time
from threading import Event
from types import FrameType

import uvicorn

LOG = logging.getLogger(__name__)


class LeavingServer(uvicorn.Server):
    """Ends ``seconds`` after it was told to; told twice, at once. ``leaving`` is set meanwhile."""

    def __init__(self, config: uvicorn.Config, leaving: Event, seconds: int) -> None:
        """Serve by a configuration."""
        super().__init__(config)
        self._leaving, self._seconds = leaving, seconds
        self._ends = 0.0

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
