"""The worklist of an organisation with 5 000 patients, each with something on it, beside its bare rows."""

import asyncio
import sqlite3
import time
from collections.abc import Iterator

from benches.table import Figure
from patientoverblik.access import Actor, Block, OrganisationRef, PersonFacts, Relation
from patientoverblik.app.serving import settle
from patientoverblik.app.settings import Settings
from patientoverblik.app.workshop import opened
from patientoverblik.service.house import House
from patientoverblik.service.ports import Transaction
from patientoverblik.service.work import Basis, Work, key_of
from patientoverblik.service.worklist import Wanted, WorkList, work_list

PATIENTS, RUNS = 5_000, 9
DAY = 24 * 60 * 60 * 1000
CLINIC, HOSPITAL = (OrganisationRef("1.2.208.176.1.1", value) for value in ("100", "200"))
DOCTOR, COLLEAGUE = (Actor("professional", name, organisation=CLINIC) for name in ("doctor", "colleague"))


def measure_worklist(database: str) -> Iterator[Figure]:
    """In an empty database: the middle of a reader's pages, the first page of a colleague, and the very first of a
    process; beside them the middle of reading the rows alone, where the database is a file."""
    with opened(Settings(database=database)) as house:
        now = house.clock()
        house.storage.act(lambda transaction: _fill(transaction, now)).result()
        settle()
        first, *took = [_timed(lambda: asyncio.run(_listed(house, DOCTOR))) for _ in range(1 + RUNS)]
        colleague = _timed(lambda: asyncio.run(_listed(house, COLLEAGUE)))
    path = database.removeprefix("sqlite:///")
    rows = 0.0 if path == database else sorted(_timed(lambda: _rows(path)) for _ in range(RUNS))[RUNS // 2]
    yield Figure(f"worklist of {PATIENTS} patients", sorted(took)[RUNS // 2], "ms CPU", rows, "≤ 50 ms")
    yield Figure("  a reader's first", colleague, "ms CPU", rows, "≤ 50 ms")
    yield Figure("  the first of a process", first, "ms CPU", rows, "≤ 100 ms")


async def _listed(house: House, reader: Actor) -> None:
    found = await work_list(house, reader, Wanted())
    assert isinstance(found, WorkList)


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


def _rows(path: str) -> list[tuple[bytes]]:
    database = sqlite3.connect(path)
    found = database.execute("select data from work where organisation = ?", (key_of(CLINIC),)).fetchall()
    database.close()
    return found


def _timed(work: object) -> float:
    began = time.process_time()
    work()  # type: ignore[operator]
    return (time.process_time() - began) * 1000
