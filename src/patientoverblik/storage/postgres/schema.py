"""The schema's version: forward steps as numbered SQL files, each in one transaction, while workers go on serving.

A step adds what the version before can do without; it takes nothing away that the version before asks for.
"""

from importlib.resources import files
from typing import NamedTuple

import psycopg

from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.postgres.connection import PostgresConnection
from patientoverblik.storage.postgres.faults import fault_of

_ALONE = "select pg_advisory_xact_lock(7002, 0)"
_HAS_TABLE = "select to_regclass('schema_version') is not null"


class Step(NamedTuple):
    """One step: its number, what it is called, and its SQL."""

    number: int
    name: str
    sql: str


def steps() -> tuple[Step, ...]:
    """Every step, ascending without gaps."""
    folder = files("patientoverblik.storage.postgres").joinpath("migrations")
    found = sorted((path.name, path) for path in folder.iterdir() if path.name.endswith(".sql"))
    return tuple(Step(int(name[:4]), name[5:-4], path.read_text(encoding="utf-8")) for name, path in found)


def version(connection: PostgresConnection) -> int:
    """The schema version of the database; 0 is an empty one."""
    if not connection.one(_HAS_TABLE)[0]:
        return 0
    return int(connection.one("select max(number) from schema_version")[0])


def check(connection: PostgresConnection) -> int:
    """The schema version of the database; a fault where it is not the one this program is written for."""
    found, newest = version(connection), steps()[-1].number
    if found != newest:
        raise StorageFault("storage.newer-schema" if found > newest else "storage.older-schema")
    return found


def schema_versions(address: str) -> tuple[int, int]:
    """The schema version of a database, and the newest this program knows; nothing is changed."""
    connection = PostgresConnection(address)
    try:
        return version(connection), steps()[-1].number
    finally:
        connection.close()


def pending(address: str) -> tuple[Step, ...]:
    """The steps a database has yet to take; nothing is changed. A schema newer than this program is a fault."""
    found, newest = schema_versions(address)
    if found > newest:
        raise StorageFault("storage.newer-schema")
    return tuple(step for step in steps() if step.number > found)


def migrate(address: str) -> tuple[Step, ...]:
    """Bring a database forward; the steps that were taken. Of several programs at once, each step is taken by one."""
    try:
        with psycopg.connect(address, autocommit=True) as raw:
            return tuple(step for step in pending(address) if _taken(raw, step))
    except psycopg.Error as error:
        raise fault_of(error) from None


def _taken(raw: "psycopg.Connection[tuple[object, ...]]", step: Step) -> bool:
    """Whether it was this program that took the step."""
    with raw.transaction():
        raw.execute(_ALONE)
        raw.execute("create table if not exists schema_version (number integer primary key)")
        added = raw.execute(
            "insert into schema_version (number) values (%s) on conflict do nothing", (step.number,)
        ).rowcount
        if added:
            raw.execute(step.sql.encode())
    return bool(added)
