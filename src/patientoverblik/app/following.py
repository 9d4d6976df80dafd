"""While the service runs, relations that were not confirmed are tested again: registers lag (nsp.md §6)."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from patientoverblik.access import Actor
from patientoverblik.problems import Fault
from patientoverblik.service import settle_follow_ups
from patientoverblik.service.house import House

EVERY_SECONDS = 60 * 60
FOLLOWS_UP = Actor(kind="job", id="follow-up", role="operator")


@contextlib.asynccontextmanager
async def following(house: House, seconds: float = EVERY_SECONDS) -> AsyncIterator[None]:
    """Test pending relations at once and every hour; what is to be accounted for by people waits for them."""
    job = asyncio.create_task(_now_and_then(house, seconds))
    try:
        yield
    finally:
        job.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await job


async def _now_and_then(house: House, seconds: float) -> None:
    """A round that the storage could not take is made the next time."""
    while True:
        with contextlib.suppress(Fault):
            await settle_follow_ups(house, FOLLOWS_UP)
        await asyncio.sleep(seconds)
