"""Whether the machine's clock can be trusted, as far as that can be known without asking the network's time protocol.

Three comparisons. Against the machine's own count of seconds since the service began: a difference means that the
clock was set meanwhile. Against the newest time the database knows of its sources: what is stored cannot lie ahead of
now. And, where a time source is configured, against the ``Date`` header of its answer. None of them sees a clock that
was wrong before the service began, that agrees with the database, and that nobody was asked about.

Half a minute is too much: it is the leeway that tokens are given.
"""

import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterable
from email.utils import parsedate_to_datetime
from functools import partial

import httpx

from patientoverblik.app.jobs import Job, running
from patientoverblik.service.house import House

MOST = 30_000
HALF_A_SECOND = 500  # a Date header has no fractions
SECONDS = 10
QUARTER = 900
COUNTING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)  # also while the machine sleeps, where it can


def counted() -> int:
    """Milliseconds the machine has counted, whatever its clock is set to."""
    return time.clock_gettime_ns(COUNTING) // 1_000_000


class Watch:
    """The clock (ms) watched since the service began; ``offset`` is how far ahead of the time source it is, None until
    that has been asked."""

    def __init__(self, clock: Callable[[], int], count: Callable[[], int] = counted) -> None:
        """Begin to watch."""
        self._clock, self._count = clock, count
        self._apart = clock() - count()
        self.offset: int | None = None

    def jumped(self) -> int:
        """How far the clock was set (ms) since the watch began."""
        return self._clock() - self._count() - self._apart

    def is_right(self, stored: Iterable[int]) -> bool:
        """Whether nothing speaks against the clock; ``stored`` are times (ms) the database holds of what has been."""
        behind = max(stored, default=0) - self._clock()
        return abs(self.jumped()) <= MOST and behind <= MOST and abs(self.offset or 0) <= MOST


async def offset_from(
    source: str, clock: Callable[[], int], transport: httpx.AsyncBaseTransport | None = None
) -> int | None:
    """How far the clock is ahead of a time source (ms, to the second), None where it gives no time."""
    try:
        async with httpx.AsyncClient(
            transport=transport, timeout=SECONDS, follow_redirects=False, trust_env=False
        ) as client:
            before = clock()
            answer = await client.head(source)
            after = clock()
        told = parsedate_to_datetime(answer.headers["date"]).timestamp() * 1000
    except (httpx.HTTPError, KeyError, ValueError, OSError):
        return None
    return (before + after) // 2 - int(told) - HALF_A_SECOND


@contextlib.asynccontextmanager
async def watching(source: str, house: House, watch: Watch) -> AsyncIterator[None]:
    """While the service runs the time source is asked now and then, where there is one."""
    if not source:
        yield
        return
    async with running(Job("time-source", partial(_ask, source, house, watch), QUARTER)):
        yield


async def _ask(source: str, house: House, watch: Watch) -> None:
    watch.offset = await offset_from(source, house.clock)
