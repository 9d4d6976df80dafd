"""What goes on beside the requests for as long as the service runs: jobs, each a round that is made again and again.

No fault of a round ends its job, and none is passed over in silence: it is told by the job's name and the fault's,
never in its words, which could hold a patient's values, and the next round comes in its time.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import NamedTuple

from patientoverblik.problems import Fault

LOG = logging.getLogger(__name__)


class Job(NamedTuple):
    """A round by its name, made every so many seconds; the first so many seconds after the beginning."""

    name: str
    round: Callable[[], Awaitable[object]]
    seconds: float
    first: float = 0


@contextlib.asynccontextmanager
async def running(*jobs: Job) -> AsyncIterator[None]:
    """Jobs in the background, begun here and ended with what they stand around."""
    tasks = [asyncio.create_task(_rounds(job)) for job in jobs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@contextlib.contextmanager
def outlived(name: str) -> Iterator[None]:
    """A round, or a part of one that the parts after it do not wait for: a fault of it is told, and ends nothing."""
    try:
        yield
    except Exception as fault:
        LOG.error("background job %s missed a round: %s", name, _named(fault))


async def _rounds(job: Job) -> None:
    await asyncio.sleep(job.first)
    while True:
        with outlived(job.name):
            await job.round()
        await asyncio.sleep(job.seconds)


def _named(fault: Exception) -> str:
    return fault.code if isinstance(fault, Fault) else type(fault).__name__
