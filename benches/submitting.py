"""Durable submissions per second, sixteen at once, against writing the same bytes with one flush each."""

import sqlite3
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benches.table import Figure
from benches.world import World
from patientoverblik.demo.generator import for_bench

FLOOR_PATIENTS = 10


def measure_submitting(world: World) -> Iterator[Figure]:
    """The rate at which the database was filled: parsed, checked, read and durable."""
    rate = world.documents / world.seconds
    yield Figure("submit, checked, read and durable, 16 at once", rate, "docs/s", _floor(), "≥ 150/s")


def _floor() -> float:
    return floor_of([data for patient in range(FLOOR_PATIENTS) for _, data in for_bench(patient)])


def floor_of(handed: list[bytes]) -> float:
    """How many of these are written per second, with one flush each."""
    with tempfile.TemporaryDirectory() as folder:
        database = sqlite3.connect(Path(folder) / "floor.sqlite3", isolation_level=None)
        database.execute("pragma journal_mode = wal")
        database.execute("pragma synchronous = full")
        database.execute("create table document (id integer primary key, body blob)")
        began = time.perf_counter()
        for data in handed:
            database.execute("insert into document (body) values (?)", (data,))
        took = time.perf_counter() - began
        database.close()
    return len(handed) / took
