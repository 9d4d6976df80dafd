"""Several workers on one database: what one has seen used, the others know."""

import asyncio

import pytest

from patientoverblik.app.settings import Settings
from patientoverblik.app.soap import demo_trust, once_of
from patientoverblik.app.wiring import open_house, open_storage
from patientoverblik.edges.identity import Identified, Unidentified
from patientoverblik.edges.identity.soap import Demands, identify
from patientoverblik.edges.identity.soap.issuer import CVR
from tests.doors.identity.soap.calls import CLINIC, NOW, envelope_from, etree, holder_of_key, trust


@pytest.fixture(params=["memory:", "sqlite:///"])
def houses(request, tmp_path):
    """Two workers; those of a memory storage are one and the same."""
    path = f"{request.param}{tmp_path / 'x.sqlite3'}" if request.param.startswith("sqlite") else request.param
    settings = Settings(path, demo=True)
    first = open_storage(settings)
    second = open_storage(settings) if request.param.startswith("sqlite") else first
    yield tuple(open_house(settings, storage) for storage in (first, second))
    first.close()
    second.close()


def test_a_message_that_one_worker_has_seen_is_refused_by_the_other(houses) -> None:
    data = etree.tostring(holder_of_key())

    async def both() -> list[Identified | Unidentified]:
        return [
            await identify(envelope_from(data), NOW, trust(), once_of(house), Demands())
            for house in (*houses, houses[0])
        ]

    first, second, third = asyncio.run(both())
    assert isinstance(first, Identified)
    assert second == third == Unidentified("identity.soap-replay")


def test_the_demo_s_company_acts_for_every_organisation_of_the_demo(tmp_path) -> None:
    found = demo_trust(Settings(f"sqlite:///{tmp_path / 'demo.sqlite3'}", demo=True))
    assert any(row.same(CLINIC) for row in found.organisations[CVR])
