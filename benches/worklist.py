"""The worklist of an organisation with 5 000 patients, each with something on it, beside its bare rows."""

import asyncio
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benches.table import Figure
from patientoverblik.access import Actor, Block, OrganisationRef, PersonFacts, Relation
from patientoverblik.app.settings import Settings
from patientoverblik.app.wiring import open_house
from patientoverblik.service.ports import Transaction
from patientoverblik.service.work import Basis, Work, key_of
from patientoverblik.service.worklist import Wanted, WorkList, work_list
from patientoverblik.storage.sqlite import SqliteStorage

PATIENTS, RUNS = 5_000, 9
DAY = 24 * 60 * 60 * 1000
CLINIC, HOSPITAL = (OrganisationRef("1.2.208.176.1.1", value) for value in ("100", "200"))
DOCTOR = Actor("professional", "doctor", organisation=CLINIC)


def measure_worklist() -> Iterator[Figure]:
    """A reader's first page of what stands, the middle of those after it, and the middle of reading the rows alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "worklist.sqlite3"
        storage = SqliteStorage(path)
        house = open_house(Settings(database="memory:"), storage)
        now = house.clock()
        storage.act(lambda transaction: _fill(transaction, now)).result()
        first, *took = [_timed(lambda: asyncio.run(_listed(house))) for _ in range(1 + RUNS)]
        floor = [_timed(lambda: _rows(path)) for _ in range(RUNS)]
        storage.close()
    rows = sorted(floor)[RUNS // 2]
    yield Figure(f"worklist of {PATIENTS} patients", sorted(took)[RUNS // 2], "ms CPU", rows, "≤ 50 ms")
    yield Figure("the same, a reader's first", first, "ms CPU", rows)


async def _listed(house: object) -> WorkList:
    found = await work_list(house, DOCTOR, Wanted())  # type: ignore[arg-type]
    assert isinstance(found, WorkList)
    return found


def _fill(transaction: Transaction, now: int) -> None:
    for patient in range(1, PATIENTS + 1):
        transaction.put_person(patient, PersonFacts(born=now - 20 * 365 * DAY - patient * DAY))
        transaction.put_relation(patient, Relation("own-gp", CLINIC, now - patient * DAY))
        if patient % 20 == 0:
            transaction.put_block(patient, Block("block", origin=HOSPITAL))
        transaction.put_work(_fact(patient, "deadline", now + 3 * DAY, now))
        if patient % 10 == 0:
            transaction.put_work(_fact(patient, "plan", 0, now))


def _fact(patient: int, kind: str, due: int, now: int) -> Work:
    at = now - DAY
    basis = Basis(
        f"urn:uuid:{patient}", f"1.2^{patient}", f"1.2^{patient}", (HOSPITAL,), (at,), ((at, at),), ("plans",)
    )
    return Work(key_of(CLINIC), patient, f"{kind}|{patient}", kind, f"1.2^{patient}", at, "Kontrol", basis, due)  # type: ignore[arg-type]


def _rows(path: Path) -> list[tuple[bytes]]:
    database = sqlite3.connect(path)
    found = database.execute("select data from work where organisation = ?", (key_of(CLINIC),)).fetchall()
    database.close()
    return found


def _timed(work: object) -> float:
    began = time.process_time()
    work()  # type: ignore[operator]
    return (time.process_time() - began) * 1000
