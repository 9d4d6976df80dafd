"""Several workers on one port: this process holds the sockets and watches, each worker serves from one of them.

A worker that ends is followed by another on the same socket, so that who waits there is answered by the next one. The
kernel shares callers out among the sockets (``SO_REUSEPORT``). A worker whose watcher is gone ends gracefully: it sees
the end of a pipe that nobody writes to.
"""

import logging
import os
import signal
import socket
import time
from collections.abc import Sequence
from typing import NamedTuple

from patientoverblik.app.metrics import Board
from patientoverblik.app.settings import Settings

LOG = logging.getLogger(__name__)
GRACE_SECONDS = 15
SHORT_SECONDS = 5.0
LONGEST_WAIT = 16.0
STEP = 0.1
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGALRM)


class Post(NamedTuple):
    """A worker's place: its number, the port it serves, its page of the board, and the end of a pipe that ends when
    its watcher does (None where nobody watches). The first worker of number 0 says what to open."""

    number: int
    port: socket.socket
    board: Board
    watcher: int | None = None
    speaks: bool = True


class Ended(NamedTuple):
    """Every worker has ended: the exit code."""

    code: int


def listen(settings: Settings) -> tuple[socket.socket, ...]:
    """The pages' port, taken before anything is loaded so that nobody else can: a socket for each worker; none where
    somebody has it."""
    alone = _bound(settings, shared=False)
    if alone is None or settings.workers == 1:
        return (alone,) if alone else ()
    alone.close()
    ports = tuple(_bound(settings, shared=True) for _ in range(settings.workers))
    return tuple(port for port in ports if port) if all(ports) else ()


def port_is_free(settings: Settings) -> bool:
    """Whether the pages' port can be listened on."""
    asked = _bound(settings, shared=False)
    if asked is not None:
        asked.close()
    return asked is not None


def man(settings: Settings, ports: Sequence[socket.socket]) -> Post | Ended:
    """Begin to work: in each worker its post, and in the process that watched them, later, how they ended."""
    board = Board(len(ports))
    if len(ports) == 1:
        return Post(0, ports[0], board)
    return _Watcher(board, ports, settings.drain_seconds).watch()


def _bound(settings: Settings, shared: bool) -> socket.socket | None:
    asked = socket.socket()
    asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        asked.bind((settings.host, settings.port))
    except OSError:
        asked.close()
        return None
    return asked


class _Watcher:
    """The process that watches: which worker has which number, and whether they have been told to end."""

    def __init__(self, board: Board, ports: Sequence[socket.socket], drain: int) -> None:
        self._board, self._ports, self._drain = board, ports, drain
        self._crew: dict[int, int] = {}
        self._began: dict[int, float] = {}
        self._waits: dict[int, float] = {}
        self._ending = False
        self._code = 0
        self._heard, self._held = os.pipe()

    def watch(self) -> Post | Ended:
        """Start every worker, and another for each that ends, until told to end."""
        for sign in (signal.SIGTERM, signal.SIGINT):
            signal.signal(sign, self._end)
        signal.signal(signal.SIGALRM, self._kill)
        for number in range(len(self._ports)):
            post = self._start(number, speaks=number == 0)
            if post:
                return post
        while self._crew:
            pid, status = os.wait()
            post = self._after(self._crew.pop(pid), os.waitstatus_to_exitcode(status))
            if post:
                return post
        signal.alarm(0)
        return Ended(self._code)

    def _after(self, number: int, code: int) -> Post | None:
        """After a worker has ended: the next on its port. Where none has ever served, nothing will help: all end."""
        if not self._ending and code > 0 and not self._board.has_served():
            self._code = code
            self._end(signal.SIGTERM, None)
        if not self._ending:
            LOG.warning("worker %s ended with %s", number, code)
        self._pause(number)
        return None if self._ending else self._start(number, speaks=False)

    def _pause(self, number: int) -> None:
        """Wait before a worker that ended soon is followed by another, twice as long each time."""
        ended_soon = time.monotonic() - self._began[number] < SHORT_SECONDS
        wait = min(LONGEST_WAIT, max(STEP, 2 * self._waits.get(number, 0.0))) if ended_soon else 0.0
        self._waits[number] = wait
        until = time.monotonic() + wait
        while not self._ending and time.monotonic() < until:
            time.sleep(STEP)

    def _start(self, number: int, speaks: bool) -> Post | None:
        """Fork a worker: its post in the worker, None here. No signal comes between the two."""
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        pid = os.fork()
        if pid:
            self._crew[pid], self._began[number] = number, time.monotonic()
        else:
            self._become_worker(number)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        return None if pid else Post(number, self._ports[number], self._board, self._heard, speaks)

    def _become_worker(self, number: int) -> None:
        """Forget what was the watcher's. In a group of its own a worker is not told to end twice, by a terminal too."""
        os.setpgid(0, 0)
        os.close(self._held)
        for each in SIGNALS:
            signal.signal(each, signal.SIG_DFL)
        for other, port in enumerate(self._ports):
            if other != number:
                port.close()

    def _end(self, _sign: int, _frame: object) -> None:
        """Tell every worker to end, and turn new callers away; those that do not end in time are killed."""
        self._ending = True
        for port in self._ports:
            port.close()
        self._tell(signal.SIGTERM)
        signal.alarm(self._drain + GRACE_SECONDS)

    def _kill(self, _sign: int, _frame: object) -> None:
        self._tell(signal.SIGKILL)

    def _tell(self, sign: signal.Signals) -> None:
        for pid in tuple(self._crew):
            os.kill(pid, sign)
