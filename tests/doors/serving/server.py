"""The real server in a process of its own, on a free port of this machine."""

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer

from tests.doors.cli.program import settings
from tests.planted import untold

READY = "Stop with Ctrl-C.\n"
AT_MOST = 60


class Server:
    """A running server: where it answers, and what it has said."""

    def __init__(self, database: Path, *words: str, **more: str) -> None:
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.said = ""
        self._log = (database.parent / f"log-{self.port}.txt").open("w+b")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "patientoverblik", *words],
            stdout=subprocess.PIPE,
            stderr=self._log,
            env=settings(database, **{"PATIENTOVERBLIK_PORT": str(self.port), **more}),
            text=True,
        )

    def stop(self, sign: int = signal.SIGTERM) -> int:
        """Ask it to stop; its exit code."""
        self.process.send_signal(sign)
        rest, _ = self.process.communicate(timeout=AT_MOST)
        self.said += rest
        return self.process.returncode

    @property
    def log(self) -> str:
        self._log.seek(0)
        return self._log.read().decode()

    def wait_until_ready(self) -> None:
        """It says when it is; one that does not within the bound is killed, and its output ends."""
        bound = Timer(AT_MOST, self.process.kill)
        bound.start()
        for line in self.process.stdout:
            self.said += line
            if line == READY:
                break
        bound.cancel()
        assert self.said.endswith(READY), self.log

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.process.stdout.close()
        try:
            untold(self.log)
        finally:
            self._log.close()


@contextmanager
def serving(database: Path, *words: str, **more: str) -> Iterator[Server]:
    """A server that is gone afterwards, whatever happens."""
    server = Server(database, *words, **more)
    try:
        server.wait_until_ready()
        yield server
    finally:
        server.close()


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]
