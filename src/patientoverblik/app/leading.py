"""What is done in the background is done once, however many workers there are: by the one whose turn it is.

The turn is a lease in the database, kept by renewing it. A worker that was killed keeps it until it runs out; one
that was held up for longer than that finds that it lost it, and stops. Each job is made of acts that ask whether there
is still something to do, so that two workers who both believe they lead do nothing twice that matters.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from functools import partial

from patientoverblik.app.jobs import Job, outlived, running
from patientoverblik.problems import Fault
from patientoverblik.service.house import House

JOBS = "background"
LEADS = "lead"
LEASE = 30_000
RENEW_SECONDS = 10.0
Jobs = Callable[[], AbstractAsyncContextManager[None]]
Led = Callable[[bool], None]


def untold(_: bool) -> None:
    """Nobody asks who leads."""


@contextlib.asynccontextmanager
async def leading(house: House, jobs: Jobs, tell: Led = untold, seconds: float = RENEW_SECONDS) -> AsyncIterator[None]:
    """While the service runs, run the jobs whenever the turn is ours; ``tell`` is told when that changes."""
    async with running(Job(LEADS, partial(_lead, house, jobs, tell, seconds), seconds)):
        yield


async def _lead(house: House, jobs: Jobs, tell: Led, seconds: float) -> None:
    """Take the turn where nobody has it, and lead for as long as it is ours."""
    held = await _taken(house)
    if held:
        await _led(house, jobs, tell, held, seconds)


async def _led(house: House, jobs: Jobs, tell: Led, held: int, seconds: float) -> None:
    """Run the jobs until the turn is lost or the service ends; what is left of the turn is then given back."""
    tell(True)
    try:
        async with jobs():
            while renewed := await _renewed(house, held, seconds):
                held = renewed
    finally:
        tell(False)
        with outlived(LEADS):
            await _kept(house, held, house.clock())


async def _renewed(house: House, held: int, seconds: float) -> int:
    """After a while, until when the turn is ours; 0 where it is lost, or the database does not say."""
    await asyncio.sleep(seconds)
    until = house.clock() + LEASE
    try:
        return until if await _kept(house, held, until) else 0
    except Fault:
        return 0


async def _taken(house: House) -> int:
    """Until when the turn is ours, 0 where another worker has it."""
    at = house.clock()
    act = house.storage.act(lambda transaction: transaction.take_turn(JOBS, at, at + LEASE))
    return at + LEASE if await house.wait(act) else 0


async def _kept(house: House, held: int, until: int) -> bool:
    return await house.wait(house.storage.act(lambda transaction: transaction.keep_turn(JOBS, held, until)))
