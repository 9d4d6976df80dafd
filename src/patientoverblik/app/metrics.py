"""``/metrics``: what the workers have answered and how long it took, as Prometheus reads it (text format 0.0.4).

Every worker counts on its own line of a board of numbers that all of them share in memory, so whichever is asked tells
of all. Nothing is counted by patient, person or address. Who may ask is a setting; to everybody else there is no such
address.
"""

import mmap
import os
import time
from collections.abc import Callable, Iterator
from ipaddress import ip_address, ip_network
from pathlib import Path

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from patientoverblik.app.settings import Settings
from patientoverblik.app.tls_faults import NOBODY, words_of
from patientoverblik.problems import Fault
from patientoverblik.service.house import House

PATH = "/metrics"
FORM = "text/plain; version=0.0.4; charset=utf-8"
STATUSES = ("1xx", "2xx", "3xx", "4xx", "429", "5xx", "503")
BOUNDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
PID, BEGAN, LEADS, UNDER_WAY, SPENT, ACTS, COMMITS, OPEN = range(8)
FIRST_STATUS = 8
FIRST_BOUND = FIRST_STATUS + len(STATUSES)
WIDTH = FIRST_BOUND + len(BOUNDS) + 1
BYTES = 8


class Board:
    """A line of numbers for each worker, shared by all processes that were forked after it was made."""

    def __init__(self, workers: int) -> None:
        """All zero."""
        self.workers = workers
        self._numbers = memoryview(mmap.mmap(-1, workers * WIDTH * BYTES)).cast("Q")

    def line(self, worker: int) -> memoryview:
        """A worker's line."""
        return self._numbers[worker * WIDTH : (worker + 1) * WIDTH]

    def opened(self, worker: int, count: int) -> bool:
        """A worker has so many connections open: whether another that serves has fewer."""
        self.line(worker)[OPEN] = count
        lines = map(self.line, range(self.workers))
        return any(line[PID] and line[OPEN] < count for line in lines)

    def ended(self, worker: int) -> None:
        """A worker serves no more."""
        self.line(worker)[PID] = 0

    def has_served(self) -> bool:
        """Whether any worker ever came so far as to serve."""
        return any(self.line(worker)[BEGAN] for worker in range(self.workers))


def begin(line: memoryview) -> None:
    """A worker serves from now on; what the one before it on this line counted goes on."""
    line[PID], line[BEGAN] = os.getpid(), time.time_ns() // 1_000_000_000
    line[UNDER_WAY] = line[LEADS] = line[OPEN] = 0


def metered(application: ASGIApp, line: memoryview, house: House) -> ASGIApp:
    """The application with its answers counted: by status, and by how long they took to their last byte."""

    async def counted(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await application(scope, receive, send)
            return
        statuses = [500]

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])
            await send(message)

        line[UNDER_WAY] += 1
        began = time.perf_counter_ns()
        try:
            await application(scope, receive, sending)
        finally:
            _count(line, statuses[-1], time.perf_counter_ns() - began)
            line[ACTS], line[COMMITS] = _work(house)

    return counted


def with_metrics(
    application: ASGIApp, settings: Settings, house: House, board: Board, look: Callable[[], dict[str, bool]]
) -> ASGIApp:
    """The application with ``/metrics`` before it, for those who may ask."""
    networks = tuple(ip_network(each) for each in words_of(settings.metrics_from) if each != NOBODY)

    def may_ask(scope: Scope) -> bool:
        try:
            asking = ip_address((scope.get("client") or ("",))[0])
        except ValueError:
            return False
        return any(asking in network for network in networks)

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        is_asked = scope["type"] == "http" and scope["path"] == PATH and scope["method"] in ("GET", "HEAD")
        if not is_asked or not may_ask(scope):
            await application(scope, receive, send)
            return
        told = "".join(f"{row}\n" for row in exposition(board, house, look()))
        await Response(told, media_type=FORM)(scope, receive, send)

    return served


def exposition(board: Board, house: House, checks: dict[str, bool]) -> Iterator[str]:
    """Every figure, a row each."""
    lines = [(worker, board.line(worker)) for worker in range(board.workers)]
    for name, kind, told, value in _FIGURES:
        yield from _headed(name, kind, told)
        yield from (f'patientoverblik_{name}{{worker="{worker}"}} {value(line)}' for worker, line in lines)
    yield from _headed("requests_total", "counter", "answers, by status")
    for worker, line in lines:
        for place, status in enumerate(STATUSES, FIRST_STATUS):
            yield f'patientoverblik_requests_total{{worker="{worker}",status="{status}"}} {line[place]}'
    yield from _headed("request_seconds", "histogram", "how long answers took")
    for worker, line in lines:
        yield from _histogram(worker, line)
    yield from _headed("ready", "gauge", "what /ready tells, 1 where it is as it should be")
    yield from (f'patientoverblik_ready{{check="{name}"}} {int(fine)}' for name, fine in checks.items())
    yield from _outbox(house)


def _count(line: memoryview, status: int, spent: int) -> None:
    name = str(status) if str(status) in STATUSES else f"{status // 100}xx"
    line[FIRST_STATUS + STATUSES.index(name)] += 1
    line[FIRST_BOUND + sum(spent > bound * 1_000_000_000 for bound in BOUNDS)] += 1
    line[SPENT] += spent
    line[UNDER_WAY] -= 1


def _work(house: House) -> tuple[int, int]:
    """Acts made durable, and the commits they took; a storage that counts neither did none."""
    return getattr(house.storage, "acts", 0), getattr(house.storage, "commits", 0)


def _histogram(worker: int, line: memoryview) -> Iterator[str]:
    name, total = "patientoverblik_request_seconds", 0
    for place, bound in enumerate((*(f"{each:g}" for each in BOUNDS), "+Inf"), FIRST_BOUND):
        total += line[place]
        yield f'{name}_bucket{{worker="{worker}",le="{bound}"}} {total}'
    yield f'{name}_sum{{worker="{worker}"}} {line[SPENT] / 1_000_000_000:.6f}'
    yield f'{name}_count{{worker="{worker}"}} {total}'


def _outbox(house: House) -> Iterator[str]:
    """How each feed stands; nothing where the database does not say."""
    try:
        queues = house.storage.reader().queues()
    except Fault:
        return
    yield from _headed("outbox_messages", "gauge", "messages to other services, waiting and given up")
    for queue in queues:
        yield f'patientoverblik_outbox_messages{{feed="{queue.feed}",state="waiting"}} {queue.waiting}'
        yield f'patientoverblik_outbox_messages{{feed="{queue.feed}",state="failed"}} {queue.failed}'


def _headed(name: str, kind: str, told: str) -> Iterator[str]:
    yield f"# HELP patientoverblik_{name} {told}"
    yield f"# TYPE patientoverblik_{name} {kind}"


def _resident(line: memoryview) -> int:
    """Memory of a worker in bytes, 0 where it is gone or the machine does not tell."""
    try:
        pages = int(Path(f"/proc/{line[PID]}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, ValueError):
        return 0
    return pages * mmap.PAGESIZE


_FIGURES: tuple[tuple[str, str, str, Callable[[memoryview], int]], ...] = (
    ("requests_under_way", "gauge", "requests that are being answered", lambda line: line[UNDER_WAY]),
    ("connections", "gauge", "connections that are open", lambda line: line[OPEN]),
    ("acts_total", "counter", "acts made durable", lambda line: line[ACTS]),
    ("commits_total", "counter", "commits they took, a flush each", lambda line: line[COMMITS]),
    ("leads", "gauge", "1 where the worker does what is done in the background", lambda line: line[LEADS]),
    ("began_seconds", "gauge", "when the worker began to serve, seconds since 1970", lambda line: line[BEGAN]),
    ("resident_bytes", "gauge", "memory of the worker", _resident),
)
