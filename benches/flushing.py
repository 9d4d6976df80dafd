"""Flushes a second beside answers a second: no answer leaves before its look is durable, and one flush serves many.

Answers are of ``/api/overblik``. Flushes are on SQLite the commits of the worker (``/metrics``), each one flush of its
log, and on PostgreSQL what the server itself counts (``pg_stat_wal.wal_sync``).
"""

import re
from collections.abc import Iterator

import httpx
import psycopg

from benches.load import Load, Request, run
from benches.servers import free_port, serving
from benches.serving import environment_of, overviews
from benches.table import Figure
from benches.world import World

SECONDS = 5.0
COMMITS = re.compile(r'^patientoverblik_commits_total\{worker="\d+"\} (\d+)$', re.MULTILINE)
SLOW = ("-m", "benches.slowed", "serve")
PLAIN = ("-m", "patientoverblik", "serve")


def measure_flushing(world: World) -> Iterator[Figure]:
    """At one, sixteen and sixty-four at once, on the disk as it is and with 4 ms more for each flush."""
    for told, command in (("", PLAIN), (", 4 ms a flush", SLOW)):
        port = free_port()
        more = {"PATIENTOVERBLIK_LIMIT_AT_ONCE": "0"}
        with serving([*command], port, environment_of(world, port) | more):
            asked = overviews(world)
            run(port, asked, 16, 2.0)
            for at_once in (1, 16, 64):
                load, flushes = _flushed(world, port, asked, at_once)
                name = f"answers a flush, {at_once} at once{told}"
                yield Figure(f"overview JSON, {at_once} at once{told}", load.per_second, "answers/s")
                yield Figure(f"  flushes{told}, {at_once} at once", flushes / SECONDS, "flushes/s")
                yield Figure(f"  {name}", load.answers / max(flushes, 1), "answers")


def _flushed(world: World, port: int, asked: list[Request], at_once: int) -> tuple[Load, int]:
    before = _flushes(world, port)
    load = run(port, asked, at_once, SECONDS)
    return load, _flushes(world, port) - before


def _flushes(world: World, port: int) -> int:
    if world.settings.database.startswith("postgresql:"):
        with psycopg.connect(world.settings.database) as connection:
            row = connection.execute("select wal_sync from pg_stat_wal").fetchone()
            return int(row[0]) if row else 0
    return sum(map(int, COMMITS.findall(httpx.get(f"http://127.0.0.1:{port}/metrics").text)))
