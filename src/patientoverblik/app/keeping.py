"""While the service runs, what is past its period is forgotten once a day: looks, evidence, what was followed up, use
events, and entries of the security trail behind their signed anchor."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

from patientoverblik.access import Actor
from patientoverblik.app.jobs import Job, outlived, running
from patientoverblik.app.settings import Settings
from patientoverblik.app.trail import DAY, remove_old_entries, signing_key
from patientoverblik.insight.event import day_of
from patientoverblik.insight.keeping import forget_use
from patientoverblik.service.house import House
from patientoverblik.service.retention import Periods, forget_old

EVERY_SECONDS = 24 * 60 * 60
FORGETS = Actor(kind="job", id="retention", role="operator")


@contextlib.asynccontextmanager
async def keeping(settings: Settings, house: House) -> AsyncIterator[None]:
    """Forget what is past at once and every day."""
    async with running(Job("forget", partial(forget, settings, house), EVERY_SECONDS)):
        yield


async def forget(settings: Settings, house: House) -> None:
    """One round; what the storage could not do, or a trail that is not whole, waits for the next, each for itself."""
    with outlived("forget-old"):
        await forget_old(house, FORGETS, periods(settings))
    with outlived("forget-use"):
        await asyncio.to_thread(_forget_use, settings, house.clock())
    with outlived("remove-old-entries"):
        if settings.trail_keep_days and signing_key(settings):
            await remove_old_entries(settings, house)


def periods(settings: Settings) -> Periods:
    """How long each kind is kept by the settings."""
    return Periods(
        looks=settings.looks_keep_days * DAY,
        evidence=settings.evidence_keep_days * DAY,
        followed=settings.follow_ups_keep_days * DAY,
    )


def _forget_use(settings: Settings, now: int) -> None:
    if settings.use_file and settings.use_keep_days:
        forget_use(Path(settings.use_file), day_of(now - settings.use_keep_days * DAY))
