"""Use events written down by a thread of their own, a line of JSON each, behind everything that anybody waits for."""

import contextlib
import os
import secrets
from pathlib import Path
from queue import SimpleQueue
from threading import Thread

import msgspec

from patientoverblik.insight.event import UseEvent, day_of, event_of
from patientoverblik.service.use import Used

SALT_BYTES = 32
MOST_TOGETHER = 1000


class Recorder:
    """Takes use events and writes them to a file. An event that cannot be written is lost: nobody waits for it."""

    def __init__(self, path: Path) -> None:
        """Write to ``path``, which only its owner can read."""
        self._path = path
        self._queue: SimpleQueue[Used | None] = SimpleQueue()
        self._day = ""
        self._salt = b""
        self._thread = Thread(target=self._run, name="use", daemon=True)
        self._thread.start()

    def __call__(self, used: Used) -> None:
        """Take one event; back at once."""
        self._queue.put(used)

    def close(self) -> None:
        """Write what waits, and stop."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        goes_on = True
        while goes_on:
            batch = [self._queue.get()]
            while len(batch) < MOST_TOGETHER and not self._queue.empty():
                batch.append(self._queue.get())
            goes_on = None not in batch
            self._write([self._event(used) for used in batch if used is not None])

    def _event(self, used: Used) -> UseEvent:
        day = day_of(used.at)
        if day != self._day:
            self._day, self._salt = day, secrets.token_bytes(SALT_BYTES)
        return event_of(used, self._salt)

    def _write(self, events: list[UseEvent]) -> None:
        lines = b"".join(msgspec.json.encode(event) + b"\n" for event in events)
        with contextlib.suppress(OSError):
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(handle, "ab", buffering=0) as file:
                file.write(lines)
