"""Relations that were not confirmed are tested again while the service runs."""

import asyncio

import msgspec
import pytest

from patientoverblik.access import Evidence, Relation
from patientoverblik.app.following import following
from patientoverblik.service import look
from tests.unit.service.conftest import synthetic  # noqa: F401
from tests.unit.service.make import CLINIC, CPR, DAY, DOCTOR, KEY, NOW, a_house, learn, run


@pytest.mark.usefixtures("synthetic")
def test_a_relation_that_a_register_has_by_now_is_confirmed_while_the_service_runs():
    house = a_house()
    learn(house, Evidence(relations=(Relation("referral", CLINIC, level="incomplete"),)))
    run(look(house, msgspec.structs.replace(DOCTOR, authorisation="AUT01"), CPR, "treatment", "professional"))
    learn(house, Evidence(relations=(Relation("contact", CLINIC, NOW - DAY),)))

    async def served():
        async with following(house, seconds=0):
            while house.storage.reader().follow_ups(KEY)[0].state == "pending":
                await asyncio.sleep(0)

    asyncio.run(asyncio.wait_for(served(), 30))
    assert [one.state for one in house.storage.reader().follow_ups(KEY)] == ["confirmed"]
