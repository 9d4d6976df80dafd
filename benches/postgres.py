"""The same figures on PostgreSQL: a private server that flushes every commit, stopped and removed afterwards."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from tests.postgres import Server, private_server, programs

from benches.table import Figure
from benches.world import World
from patientoverblik.app.copying import copy_database
from patientoverblik.storage.postgres import migrate

SETTINGS = "-c shared_buffers=256MB -c max_connections=100 -c fsync=on -c synchronous_commit=on"


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


def measure_copying(world: World, running: Server) -> Figure:
    """A whole file copied to the server: documents a second, without the comparison afterwards."""
    target = made(running, "copied")
    began = time.perf_counter()
    report = copy_database(world.settings.database, target, lambda *_: None)
    rate = report.documents / (report.copy_seconds or time.perf_counter() - began)
    return Figure("copy from SQLite to PostgreSQL", rate, "docs/s", 0, "≥ 2000/s")
