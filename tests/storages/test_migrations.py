"""Each step of PostgreSQL's schema from a filled database of the version before: nothing of what was there changes."""

from collections.abc import Iterator

import psycopg
import pytest

from patientoverblik.storage.postgres import PostgresStorage, migrate, pending
from patientoverblik.storage.postgres.schema import Step, steps
from tests.generative.sharing.histories import KEYS, everything
from tests.postgres import Server
from tests.storages.samples import event
from tests.storages.test_contract import did
from tests.storages.test_copying import filled

TABLES = "select relname from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"
LATER = steps()[1:]


@pytest.fixture
def empty(postgres_server: Server) -> Iterator[str]:
    """A database without a schema."""
    address = postgres_server.new_database("template1")
    yield address
    postgres_server.drop(address)


@pytest.mark.skipif(not LATER, reason="the schema has one step only")
@pytest.mark.parametrize("step", LATER, ids=lambda step: f"{step.number}-{step.name}")
def test_a_step_taken_while_a_worker_serves_keeps_all_there_was(postgres: str, empty: str, step: Step) -> None:
    serving = PostgresStorage(postgres)
    filled(serving)
    did(serving, lambda tx: tx.link(*KEYS[:2]))
    held = everything(serving.reader())
    back_before(step, postgres, empty)
    assert step in pending(postgres)
    did(serving, lambda tx: tx.touch_source("before", 1))
    assert step in migrate(postgres)
    assert pending(postgres) == ()
    did(serving, lambda tx: tx.touch_source("after", 2))
    newer = PostgresStorage(postgres)
    for each in (serving, newer):
        assert {**everything(each.reader()), "sources": {}} == {**held, "sources": {}}
        assert {"before": 1, "after": 2}.items() <= each.reader().source_times().items()
        did(each, lambda tx: tx.add_event(event(99, patient=7)))
        assert each.broken_chains() == 0
        each.close()


def back_before(step: Step, address: str, empty: str) -> None:
    """A database as the version before left it: without the tables that this and later steps make."""
    with psycopg.connect(empty, autocommit=True) as older, psycopg.connect(address, autocommit=True) as filled_one:
        for earlier in steps():
            if earlier.number < step.number:
                older.execute(earlier.sql.encode())
        kept = {name for (name,) in older.execute(TABLES)} | {"schema_version"}
        for (name,) in filled_one.execute(TABLES).fetchall():
            if name not in kept:
                filled_one.execute(f"drop table {name}".encode())
        filled_one.execute("delete from schema_version where number >= %s", (step.number,))
