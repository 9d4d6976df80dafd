"""Of several workers one does what is done in the background, and another where that one is gone."""

import asyncio
from contextlib import asynccontextmanager

import msgspec
import pytest

from patientoverblik.app.leading import JOBS, LEASE, leading
from patientoverblik.storage.fault import StorageFault
from tests.unit.service.make import a_house


class Clock:
    now = 1_000_000

    def __call__(self) -> int:
        return self.now


async def turns() -> None:
    """Let every task go on as far as it can."""
    for _ in range(20):
        await asyncio.sleep(0)


def worker(house, at_work: list, name: str):
    @asynccontextmanager
    async def jobs():
        at_work.append(name)
        try:
            yield
        finally:
            at_work.remove(name)

    return leading(house, jobs, seconds=0)


@pytest.fixture
def house():
    return msgspec.structs.replace(a_house(), clock=Clock())


def test_one_leads_and_where_it_ends_the_other_does_at_once(house):
    at_work = []

    async def served():
        async with worker(house, at_work, "two"):
            async with worker(house, at_work, "one"):
                await turns()
                assert len(at_work) == 1
                first = at_work[0]
            await turns()
            assert at_work == ["two"], first

    asyncio.run(asyncio.wait_for(served(), 30))
    assert at_work == []


def test_the_turn_of_one_that_was_killed_is_taken_when_its_lease_is_over(house):
    at_work = []
    house.storage.act(lambda held: held.take_turn(JOBS, house.clock(), house.clock() + LEASE)).result()

    async def served():
        async with worker(house, at_work, "two"):
            await turns()
            assert at_work == []
            house.clock.now += LEASE
            await turns()
            assert at_work == ["two"]

    asyncio.run(asyncio.wait_for(served(), 30))


def test_one_that_was_held_up_for_longer_than_its_lease_finds_that_it_lost_it(house):
    at_work = []

    async def served():
        async with worker(house, at_work, "one"):
            await turns()
            assert at_work == ["one"]
            house.clock.now += 2 * LEASE
            later = house.clock()
            assert house.storage.act(lambda held: held.take_turn(JOBS, later, later + LEASE)).result()
            await turns()
            assert at_work == []

    asyncio.run(asyncio.wait_for(served(), 30))


class Away:
    def __init__(self, storage):
        self.storage, self.is_away = storage, True

    def act(self, work):
        if self.is_away:
            raise StorageFault("storage.away")
        return self.storage.act(work)


def test_a_database_that_was_gone_and_came_back_is_worked_on_without_a_hand(house):
    at_work = []
    away = Away(house.storage)
    gone = msgspec.structs.replace(house, storage=away)

    async def served():
        async with worker(gone, at_work, "one"):
            await turns()
            assert at_work == []
            away.is_away = False
            await turns()
            assert at_work == ["one"]
            away.is_away = True
            await turns()
            assert at_work == []

    asyncio.run(asyncio.wait_for(served(), 30))
