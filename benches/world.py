"""A filled database to measure on: patients of twenty documents each, and one professional who treats them all."""

import asyncio
import hashlib
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from patientoverblik.access import Actor, OrganisationRef, Relation, Session
from patientoverblik.app.settings import Settings
from patientoverblik.app.workshop import opened
from patientoverblik.care.systems import CPR
from patientoverblik.demo.generator import documents, for_bench
from patientoverblik.demo.organisations import organisations
from patientoverblik.demo.wiring import system_of
from patientoverblik.service.deliver import deliver
from patientoverblik.service.delivery import Delivery, Handed
from patientoverblik.service.heartbeat import heartbeat
from patientoverblik.service.house import House
from patientoverblik.service.model import Refused
from patientoverblik.service.ports import Transaction
from patientoverblik.sharing.model import PatientId

DAY = 24 * 3600 * 1000


@dataclass(frozen=True)
class World:
    """What was filled: the database, the patients' numbers, and a bearer token of the one who treats them."""

    settings: Settings
    numbers: tuple[str, ...]
    token: str
    documents: int
    seconds: float


def number_of(patient: int) -> str:
    """The personal number of a bench patient."""
    first = next(iter(documents(patient, "bench", full=True)))
    return next(one.value for one in first.care.patient.ids if one.system == CPR)


def fill(path: Path | str, patients: int) -> World:
    """Deliver every patient's documents through the same line as anybody's, and open a session; into a file, or the
    database at an address."""
    settings = Settings(database=path if isinstance(path, str) else f"sqlite:///{path}", demo=True)
    handed = [tuple(for_bench(patient)) for patient in range(patients)]
    numbers = tuple(number_of(patient) for patient in range(patients))
    with opened(settings) as house:
        began = time.perf_counter()
        count = asyncio.run(_deliver(house, handed))
        took = time.perf_counter() - began
        token = asyncio.run(open_session(house, numbers))
    return World(settings, numbers, token, count, took)


async def _deliver(house: House, handed: list[tuple[tuple[str, bytes], ...]], at_once: int = 16) -> int:
    turn: Iterator[tuple[str, bytes]] = (one for patient in handed for one in patient)
    count = 0

    async def one_after_another() -> None:
        nonlocal count
        for by, data in turn:
            answer = await deliver(house, system_of(by), Delivery(documents=(Handed(data),)))
            if isinstance(answer, Refused):
                raise RuntimeError(f"a bench document was refused: {answer.code}")
            count += 1

    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    return count


async def open_session(house: House, numbers: tuple[str, ...]) -> str:
    """A professional's session, a treatment relation to every patient, and every source alive."""
    practice = organisations()["general-practice"].reference
    secret = secrets.token_urlsafe(32)
    await house.wait(house.storage.act(lambda transaction: _relate(house, transaction, numbers, practice, secret)))
    for source in house.sources:
        if source.kind == "push":
            job = Actor(kind="job", id="bench")
            await heartbeat(house, job, source.id)
    return secret


def _relate(
    house: House, transaction: Transaction, numbers: tuple[str, ...], practice: OrganisationRef, secret: str
) -> None:
    now = house.clock()
    for number in numbers:
        key = transaction.claim_patient(PatientId(CPR, number), house.ids.patient_key())
        transaction.put_relation(key, Relation("own-gp", practice))
    actor = Actor(kind="professional", id="bench", name="Bench", role="Læge", organisation=practice)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    transaction.put_session(Session(digest, actor, now, now + DAY, "bench"))
