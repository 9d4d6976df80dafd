"""How long one act takes on databases of several sizes, for patients nobody has just looked at.

The file's pages are in memory, nothing of the patient is decoded yet.
"""

import asyncio
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

import msgspec

from patientoverblik.app.settings import Settings
from patientoverblik.app.workshop import opened
from patientoverblik.service.house import House

WARM_LOOKS = 100
WARM_ROUNDS = 3
Act = Callable[[House, str, str], Awaitable[int]]


@dataclass(frozen=True)
class Grown:
    """A database of so many documents, a session in it, and numbers of patients to look at."""

    settings: Settings
    documents: int
    session: str
    numbers: tuple[str, ...]


def timed_by_turns(bases: Sequence[Grown], act: Act) -> list[float]:
    """Milliseconds of an act on each database: the median of the patients, for each the best of several rounds.

    The sizes take turns look by look, so that what else the machine does falls on all of them alike.
    """
    with ExitStack() as stack:
        houses = [(stack.enter_context(opened(base.settings)), base) for base in bases]
        asyncio.run(_round(houses, act))
        rounds = [asyncio.run(_round(houses, act)) for _ in range(WARM_ROUNDS)]
    return [statistics.median(min(times) for times in zip(*each, strict=True)) for each in zip(*rounds, strict=True)]


async def _round(houses: Sequence[tuple[House, Grown]], act: Act) -> list[list[float]]:
    spent: list[list[float]] = [[] for _ in houses]
    for turn in range(WARM_LOOKS):
        for (house, base), times in zip(houses, spent, strict=True):
            forgetful = msgspec.structs.replace(house, kept={})
            times.append(await _timed(partial(act, forgetful, base.session, base.numbers[turn])))
    return spent


async def _timed(act: Callable[[], Awaitable[object]]) -> float:
    began = time.perf_counter()
    await act()
    return 1000 * (time.perf_counter() - began)
