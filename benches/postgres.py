"""The same figures on PostgreSQL: a private server that flushes every commit, stopped and removed afterwards."""

import asyncio
import hashlib
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from tests.postgres import Server, private_server, programs

from benches.cold import look_at
from benches.table import Figure
from benches.world import World, fill
from patientoverblik.app.copying import copy_database
from patientoverblik.app.workshop import opened
from patientoverblik.storage.postgres import migrate

SETTINGS = "-c shared_buffers=256MB -c max_connections=100 -c fsync=on -c synchronous_commit=on"
LOOKS = 300
COPIED = 50  # patients
OURS = "select pid from pg_stat_activity where application_name = 'patientoverblik'"
TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def server() -> Iterator[Server | None]:
    """The server, None where its programs are not here."""
    if programs() is None:
        print("PostgreSQL's server programs are not here: its figures are left out", flush=True)
        yield None
        return
    with private_server(SETTINGS) as running:
        yield running


def made(running: Server, name: str) -> str:
    """The address of a new database with the schema."""
    running.do(f"create database {name}")
    migrate(running.address(name))
    return running.address(name)


def measure_looks(world: World) -> Iterator[Figure]:
    """Processor time of the program and of its connections in the server for a look with its log entry, without a door:
    it says more than a rate where the machine has other work."""
    session = hashlib.sha256(world.token.encode()).hexdigest()

    async def looks(count: int) -> None:
        for number in range(count):
            await look_at(house, session, world.numbers[number % len(world.numbers)], True)

    with opened(world.settings) as house, psycopg.connect(world.settings.database, autocommit=True) as asked:
        asyncio.run(looks(len(world.numbers)))
        backends = [row[0] for row in asked.execute(OURS).fetchall()]
        began, there = time.process_time(), _spent(backends)
        asyncio.run(looks(LOOKS))
        yield Figure("look and its log entry, the program's part", _each(time.process_time() - began), "ms")
        yield Figure("  PostgreSQL's part", _each(_spent(backends) - there), "ms")


def _each(seconds: float) -> float:
    return 1000 * seconds / LOOKS


def _spent(processes: list[int]) -> float:
    """Processor time that processes of the server have had until now, in seconds (proc(5): utime, stime)."""
    fields = [Path(f"/proc/{one}/stat").read_text(encoding="ascii").rpartition(")")[2].split() for one in processes]
    return sum(int(one[11]) + int(one[12]) for one in fields) / TICKS


def measure_copying(running: Server) -> Iterator[Figure]:
    """A whole file of documents, each looked at by nobody, copied to the server and found whole: documents a second,
    without the comparison afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        world = fill(Path(folder) / "copied.sqlite3", COPIED)
        report = copy_database(world.settings.database, made(running, "copied"), lambda *_: None)
    if not report.whole:
        raise RuntimeError("the copy is not what was copied")
    yield Figure("copy from SQLite to PostgreSQL", report.documents / report.copy_seconds, "docs/s", 0, "≥ 2000/s")
