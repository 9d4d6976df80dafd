"""Several workers on one port: this process holds its socket and watches, and every worker takes callers from it.

A worker that ends is followed by another; who waits meanwhile is answered by those that are there
(:mod:`patientoverblik.app.taking` tells how callers are shared out). A worker whose watcher is gone ends gracefully: it
sees the end of a pipe that nobody writes to.
"""

import logging
import os
import signal
import socket
import time
from typing import NamedTuple

from patientoverblik.app.metrics import Board
from patientoverblik.app.settings import Settings

LOG = logging.getLogger(__name__)
GRACE_SECONDS = 15
SHORT_SECONDS = 5.0
FIRST_WAIT = 0.1
LONGEST_WAIT = 16.0
ALONE_WAIT = 1.0
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


def listen(settings: Settings) -> socket.socket | None:
    """The pages' port, taken before anything is loaded so that nobody else can; None where somebody has it."""
    asked = socket.socket()
    asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        asked.bind((settings.host, settings.port))
    except OSError:
        asked.close()
        return None
    return asked


def port_is_free(settings: Settings) -> bool:
    """Whether the pages' port can be listened on."""
    asked = listen(settings)
    if asked is not None:
        asked.close()
    return asked is not None


def man(settings: Settings, port: socket.socket) -> Post | Ended:
    """Begin to work: in each worker its post, and in the process that watched them, later, how they ended."""
    board = Board(settings.workers)
    if settings.workers == 1:
        return Post(0, port, board)
    return _Watcher(board, port, settings.drain_seconds).watch()


class _Watcher:
    """The process that watches: which worker has which number, when those that have ended are followed by others
    (``due``, seconds of the monotonic clock), and whether they have been told to end."""

    def __init__(self, board: Board, port: socket.socket, drain: int) -> None:
        self._board, self._port, self._drain = board, port, drain
        self._crew: dict[int, int] = {}
        self._due = dict.fromkeys(range(board.workers), 0.0)
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
        while self._crew or not self._ending:
            post = self._start_due()
            if post:
                return post
            self._wait()
        signal.alarm(0)
        return Ended(self._code)

    def _start_due(self) -> Post | None:
        """Start the workers whose time it is: the post in a worker, None here."""
        for number, due in tuple(self._due.items()):
            if due <= time.monotonic() and not self._ending:
                del self._due[number]
                post = self._start(number, speaks=number == 0 and not self._began)
                if post:
                    return post
        return None

    def _wait(self) -> None:
        """Until a worker has ended, no longer than a step while one is due: nobody waits behind another's wait."""
        pid, status = os.waitpid(-1, os.WNOHANG if self._due else 0) if self._crew else (0, 0)
        if pid:
            self._after(self._crew.pop(pid), os.waitstatus_to_exitcode(status))
        else:
            time.sleep(STEP)

    def _after(self, number: int, code: int) -> None:
        """After a worker has ended: when it is followed by the next. Where none has ever served, nothing will help: all
        end."""
        self._board.ended(number)
        if not self._ending and code > 0 and not self._board.has_served():
            self._code = code
            self._end(signal.SIGTERM, None)
        if not self._ending:
            LOG.warning("worker %s ended with %s", number, code)
            self._due[number] = time.monotonic() + self._pause(number)

    def _pause(self, number: int) -> float:
        """Seconds before a worker that ended soon is followed by another: twice as long each time, and short where
        nobody else is there."""
        ended_soon = time.monotonic() - self._began[number] < SHORT_SECONDS
        wait = min(LONGEST_WAIT, max(FIRST_WAIT, 2 * self._waits.get(number, 0.0))) if ended_soon else 0.0
        self._waits[number] = wait
        return wait if self._crew else min(wait, ALONE_WAIT)

    def _start(self, number: int, speaks: bool) -> Post | None:
        """Fork a worker: its post in the worker, None here. No signal comes between the two."""
        signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
        pid = os.fork()
        if pid:
            self._crew[pid], self._began[number] = number, time.monotonic()
        else:
            self._become_worker()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)
        return None if pid else Post(number, self._port, self._board, self._heard, speaks)

    def _become_worker(self) -> None:
        """Forget what was the watcher's. In a group of its own a worker is not told to end twice, by a terminal too."""
        os.setpgid(0, 0)
        os.close(self._held)
        for each in SIGNALS:
            signal.signal(each, signal.SIG_DFL)

    def _end(self, _sign: int, _frame: object) -> None:
        """Tell every worker to end, and turn new callers away; those that do not end in time are killed."""
        self._ending = True
        self._port.close()
        self._tell(signal.SIGTERM)
        signal.alarm(self._drain + GRACE_SECONDS)

    def _kill(self, _sign: int, _frame: object) -> None:
        self._tell(signal.SIGKILL)

    def _tell(self, sign: signal.Signals) -> None:
        for pid in tuple(self._crew):
            os.kill(pid, sign)
