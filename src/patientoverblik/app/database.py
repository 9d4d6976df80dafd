"""The database of an installation, by its address: ``sqlite:///path``, ``postgresql://…`` or ``memory:``."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from patientoverblik.service.seals import UNKEYED, TailKey
from patientoverblik.storage import postgres, sqlite
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.memory import MemoryStorage
from patientoverblik.storage.sql.storage import SqlStorage

SQLITE = "sqlite:///"
POSTGRES = ("postgresql://", "postgres://")
MEMORY = "memory:"
SCHEMES = (SQLITE, *POSTGRES, MEMORY)


class Schema(NamedTuple):
    """The schema version a database has (0: none yet), and the newest this program knows."""

    found: int
    newest: int


def file_of(address: str) -> Path | None:
    """The SQLite file of an address, None where it is none."""
    return Path(address.removeprefix(SQLITE)) if address.startswith(SQLITE) else None


def is_there(address: str) -> bool:
    """Whether there is a database to look into, as far as can be told without opening it."""
    path = file_of(address)
    return path is None or path.exists()


def open_database(address: str, trail_key: TailKey = UNKEYED) -> MemoryStorage | SqlStorage:
    """The storage at an address; :class:`StorageFault` where it cannot be opened. An SQLite file is made where there is
    none and brought forward where it is older; a PostgreSQL database is brought forward by :func:`migrate` alone."""
    if address.startswith(POSTGRES):
        return postgres.PostgresStorage(address, trail_key=trail_key, turn=at_end_of_turn)
    path = file_of(address)
    if path is None:
        return MemoryStorage(trail_key)
    make_folder(address)
    return sqlite.SqliteStorage(path, trail_key=trail_key, turn=at_end_of_turn)


def at_end_of_turn(then: Callable[[], None]) -> bool:
    """Let something be done when this thread's event loop has done all that was ready; False where none runs."""
    try:
        asyncio.get_running_loop().call_soon(then)
    except RuntimeError:
        return False
    return True


def schema_of(address: str) -> Schema | None:
    """The schema of the database at an address, None in memory; nothing is changed."""
    if address.startswith(POSTGRES):
        return Schema(*postgres.schema_versions(address))
    path = file_of(address)
    if path is None:
        return None
    return Schema(*sqlite.schema_versions(path)) if path.exists() else Schema(0, sqlite.newest_version())


def migrate(address: str) -> None:
    """Bring the schema forward to the newest; a newer one is a fault."""
    if address.startswith(POSTGRES):
        postgres.migrate(address)
    else:
        open_database(address).close()


def make_folder(address: str) -> None:
    """Make the folder an SQLite file is to stand in; :class:`StorageFault` ``storage.disk`` where it cannot be."""
    path = file_of(address)
    try:
        if path:
            path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise StorageFault("storage.disk") from None
