"""The flag of a list: whether there are plans, for many patients at once, beside reading their entries."""

import asyncio
import time
from collections.abc import Callable, Iterator

from benches.table import Figure
from benches.world import World
from patientoverblik.access import Actor, Refusal
from patientoverblik.app.workshop import opened
from patientoverblik.care.systems import CPR
from patientoverblik.demo.organisations import organisations
from patientoverblik.service.house import House
from patientoverblik.service.plan_flag import MOST, flag_plans
from patientoverblik.sharing.model import PatientId

RUNS = 9


def measure_flags(world: World) -> Iterator[Figure]:
    """The middle of some answers, each with its looks on disk, and the middle of reading the same patients' entries."""
    actor = Actor("professional", "bench", organisation=organisations()["general-practice"].reference)
    asked = tuple(PatientId(CPR, number) for number in world.numbers[:MOST])
    with opened(world.settings) as house:
        took = sorted(_timed(lambda: asyncio.run(_flagged(house, actor, asked))) for _ in range(RUNS))
        floor = sorted(_timed(lambda: _entries(house, asked)) for _ in range(RUNS))
    yield Figure(f"plan flags of {len(asked)} patients", took[RUNS // 2], "ms CPU", floor[RUNS // 2], "≤ 100 ms")


async def _flagged(house: House, actor: Actor, asked: tuple[PatientId, ...]) -> None:
    found = await flag_plans(house, actor, asked)
    if isinstance(found, Refusal) or any(one.plans != "yes" for one in found):
        raise RuntimeError("the bench patients have plans")


def _entries(house: House, asked: tuple[PatientId, ...]) -> int:
    with house.storage.snapshot() as reader:
        return sum(len(reader.entries(reader.patient_key(one) or 0)) for one in asked)


def _timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000
