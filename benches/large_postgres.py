"""The same growth on PostgreSQL: each grown file copied to a private server, and looked at there, warm and cold.

The server flushes every commit and keeps 256 MiB of its own. Cold is what the server counts as read
(``pg_statio_user_tables``, blocks of 8 kB; what the operating
system has in memory counts as well) after it was started anew and has served other patients.
"""

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import psycopg
from tests.postgres import Server

from benches.cold import look_at
from benches.postgres import OURS, SETTINGS, made
from benches.warm import Act, Grown, timed_by_turns
from patientoverblik.app.settings import Settings
from patientoverblik.app.workshop import opened
from patientoverblik.service.house import House
from patientoverblik.storage.copying import copy
from patientoverblik.storage.postgres import PostgresRows
from patientoverblik.storage.sqlite import SqliteRows

BLOCK = 8192
SERVED = 60
READ = """
select coalesce(sum(heap_blks_read + coalesce(idx_blks_read, 0) + coalesce(toast_blks_read, 0)
                    + coalesce(tidx_blks_read, 0)), 0)::bigint
from pg_statio_user_tables
"""


@dataclass(frozen=True)
class OnServer:
    """One size on the server: milliseconds of a warm picture and a warm look with its log entry, blocks that a cold
    look reads, of a server that serves and of one just started, and the bytes of its answer."""

    documents: int
    picture: float
    look: float
    blocks: float
    first: float
    answer: float


def copied(server: Server, path: Path, grown: Grown) -> Grown:
    """The file's rows in a new database of the server, not compared: a clone's content hash is a mere name."""
    address = made(server, f"d{grown.documents}")
    given, taken = SqliteRows(path, writing=False), PostgresRows(address, writing=True)
    try:
        copy(given, taken, lambda table, rows: print(f"\r  {table}: {rows}  ", end="", flush=True))
        taken.end()
    finally:
        given.close()
        taken.close()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("vacuum analyze")
        connection.execute("checkpoint")
    print(f"\r{grown.documents} documents on PostgreSQL", flush=True)
    return Grown(Settings(database=address, demo=True), grown.documents, grown.session, grown.numbers)


def measured(server: Server, bases: Sequence[Grown], cold: int) -> Iterator[OnServer]:
    """Every size; the last ``cold`` numbers of each are looked at cold, which must not have been looked at before."""
    acts: tuple[Act, ...] = (partial(look_at, written=False), partial(look_at, written=True))
    pictures, looks = (timed_by_turns(bases, act) for act in acts)
    for base, picture, look in zip(bases, pictures, looks, strict=True):
        server.stop()
        server.start(SETTINGS)
        _blocks(base, ())
        first, _ = _blocks(base, base.numbers[:1])
        _blocks(base, base.numbers[1:SERVED])
        blocks, answer = _blocks(base, base.numbers[-cold:])
        again, _ = _blocks(base, ())
        yield OnServer(base.documents, picture, look, (blocks - again) / cold, first - again, answer / cold)


def _blocks(base: Grown, numbers: Sequence[str]) -> tuple[int, int]:
    """Blocks the server read for a service that starts and looks at the patients, and the bytes of their answers.

    A connection tells what it read at the latest when it ends: counted when the service has let go of all of its own.
    """
    before = _read(base)
    with opened(base.settings) as house:
        answers = sum(asyncio.run(_looks(house, base.session, numbers)))
    return _read(base) - before, answers


async def _looks(house: House, session: str, numbers: Sequence[str]) -> list[int]:
    return [await look_at(house, session, number, True) for number in numbers]


def _read(base: Grown) -> int:
    """Blocks read until now, when no other connection of ours is left."""
    with psycopg.connect(base.settings.database, autocommit=True) as connection:
        while connection.execute(OURS).fetchone():
            time.sleep(0.01)
        row = connection.execute(READ).fetchone()
    return int(row[0]) if row else 0
