"""No fault of a round ends a background job, and none is passed over: the log has the job's name and the fault's."""

import asyncio
import logging
from pathlib import Path

import pytest

from patientoverblik.app import trail
from patientoverblik.app.jobs import Job, running
from patientoverblik.app.keys import make_signing_key
from patientoverblik.app.logs import EVENTS
from patientoverblik.app.settings import Settings
from patientoverblik.problems import Fault
from tests.storages.samples import event
from tests.unit.service.make import a_house

HELD = "patient 2512489996 has HIV"
MISSED = next(text for text, told in EVENTS.items() if told.name == "round-missed")


def told(caplog: pytest.LogCaptureFixture) -> list[tuple[object, ...]]:
    """What the log tells of rounds."""
    return [tuple(record.args or ()) for record in caplog.records if record.msg == MISSED]


def rounds(*faults: Exception) -> None:
    """Run a job whose rounds meet these faults in turn, until a round meets none."""

    async def served() -> None:
        to_come, is_done = list(faults), asyncio.Event()

        async def act() -> None:
            if to_come:
                raise to_come.pop(0)
            is_done.set()

        async with running(Job("seal", act, 0)):
            await asyncio.wait_for(is_done.wait(), 30)

    asyncio.run(served())


@pytest.mark.parametrize(
    ("fault", "name"), [(OSError(HELD), "OSError"), (ValueError(HELD), "ValueError"), (Fault("x.away"), "x.away")]
)
def test_a_round_that_fails_is_told_by_name_and_the_next_one_comes(
    fault: Exception, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    rounds(fault, fault)
    assert told(caplog) == [("seal", name)] * 2
    assert HELD not in caplog.text


def test_who_is_ended_with_the_service_has_missed_nothing(caplog: pytest.LogCaptureFixture) -> None:
    async def served() -> None:
        begun = asyncio.Event()

        async def act() -> None:
            begun.set()
            await asyncio.Event().wait()

        async with running(Job("seal", act, 0)):
            await begun.wait()

    asyncio.run(served())
    assert told(caplog) == []


def test_a_witness_that_is_away_for_a_while_ends_no_sealing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(trail, "LOOK_SECONDS", 0)
    witness = tmp_path / "away" / "witness"
    make_signing_key(tmp_path / "key.pem")
    settings = Settings(trail_key=str(tmp_path / "key.pem"), trail_witness=str(witness), trail_minutes=0)
    house = a_house()

    async def served() -> None:
        async with trail.sealing(settings, house):
            house.storage.act(lambda tx: tx.add_event(event(1, 1))).result()
            while not told(caplog):
                await asyncio.sleep(0)
            witness.parent.mkdir()
            house.storage.act(lambda tx: tx.add_event(event(2, 1))).result()
            while not witness.exists():
                await asyncio.sleep(0)

    with caplog.at_level(logging.ERROR):
        asyncio.run(asyncio.wait_for(served(), 30))
    assert told(caplog)[0] == ("seal", "trail.bad-witness")
    last = house.storage.reader().last_checkpoint()
    assert last is not None
    assert {one.number for one in trail.remembered(witness)} == {*range(1, last.number + 1)}
