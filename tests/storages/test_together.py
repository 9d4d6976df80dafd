"""Acts that share a transaction and a flush: what they cost, that none is told before it is on disk, and that one which
goes wrong takes nothing with it."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from patientoverblik.app.database import at_end_of_turn
from patientoverblik.sharing.submission import Submission, Submitted
from patientoverblik.sharing.submit import submit
from patientoverblik.storage.fault import Raced, StorageFault
from patientoverblik.storage.postgres import PostgresStorage
from patientoverblik.storage.postgres.connection import PostgresConnection, WritingConnection
from patientoverblik.storage.postgres.statement import read
from patientoverblik.storage.postgres.wire import Wire
from patientoverblik.storage.sql.storage import SqlStorage
from patientoverblik.storage.sql.writer import ENOUGH
from patientoverblik.storage.sqlite import SqliteStorage
from tests.storages.samples import NANCY, Ids, entry, event, look, reading
from tests.storages.test_contract import did
from tests.storages.test_postgres import CUT, hold
from tests.unit.sharing.helpers import document

Act = Callable[[Any], Any]


@pytest.fixture
def storage(postgres: str) -> Iterator[PostgresStorage]:
    opened = PostgresStorage(postgres, turn=at_end_of_turn)
    yield opened
    opened.close()


@pytest.fixture(params=["postgres", "sqlite"])
def either(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlStorage]:
    """A storage of each kind whose acts of one turn wait for each other."""
    if request.param == "sqlite":
        opened: SqlStorage = SqliteStorage(tmp_path / "store.db", turn=at_end_of_turn)
    else:
        opened = PostgresStorage(request.getfixturevalue("postgres"), turn=at_end_of_turn)
    yield opened
    opened.close()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many questions went in each go that was waited for."""
    seen: list[int] = []
    ask = Wire.ask
    monkeypatch.setattr(Wire, "ask", lambda self, questions: seen.append(len(questions)) or ask(self, questions))
    return seen


def behind_another(storage: PostgresStorage, acts: list[Act]) -> list[Any]:
    """What acts met that waited together for the writer."""
    free, held = hold(storage)
    waiting = [storage.act(act) for act in acts]
    free.set()
    held.result(timeout=10)
    return [each.exception(timeout=30) for each in waiting]


def test_what_one_turn_of_the_event_loop_writes_shares_one_flush(either: SqlStorage) -> None:
    async def look_on(number: int) -> None:
        assert either.reader().events(number) == ()  # while it is waited for, the writer could begin
        await asyncio.wrap_future(either.act(lambda tx: tx.add_event(event(number, patient=number))))

    async def turn() -> None:
        await asyncio.gather(*(look_on(number) for number in range(1, ENOUGH)))

    before = either.commits
    asyncio.run(turn())
    assert either.commits - before == 1
    assert [len(either.reader().events(n)) for n in range(1, ENOUGH)] == [1] * (ENOUGH - 1)


def test_the_writer_begins_when_the_turn_ends(either: SqlStorage) -> None:
    begun = threading.Event()

    async def turn() -> bool:
        done = either.act(lambda _: begun.set())
        waits = not begun.wait(timeout=0.2)
        await asyncio.wrap_future(done)
        return waits

    assert asyncio.run(turn())
    assert begun.is_set()


def test_many_acts_of_one_turn_do_not_wait_for_its_end(either: SqlStorage) -> None:
    async def turn() -> int:
        acts = [either.act(lambda tx, n=n: tx.add_event(event(n))) for n in range(ENOUGH)]
        return len([each for each in acts if super(type(each), each).result(timeout=10) is None])

    assert asyncio.run(turn()) == ENOUGH


def test_who_waits_inside_the_turn_is_not_waited_for(either: SqlStorage) -> None:
    async def turn() -> list[Any]:
        done = either.act(lambda tx: tx.add_event(event(1))).result(timeout=10)
        return [done, either.act(lambda tx: tx.add_event(event(2))).exception(timeout=10)]

    assert asyncio.run(turn()) == [None, None]
    assert len(either.reader().events(1)) == 2


def test_what_nobody_waits_for_is_on_disk_when_the_storage_is_closed(postgres: str, storage: PostgresStorage) -> None:
    other = PostgresStorage(postgres, turn=lambda _: True)
    other.act(lambda tx: tx.add_event(event(1)))
    other.close()
    assert len(storage.reader().events(1)) == 1


def test_no_act_is_told_before_it_is_on_disk(storage: PostgresStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []
    commit = WritingConnection.commit
    monkeypatch.setattr(WritingConnection, "commit", lambda self: (commit(self), order.append("on disk"))[0])

    async def told(number: int) -> None:
        await asyncio.wrap_future(storage.act(lambda tx: tx.add_event(event(number, patient=number))))
        order.append("told")

    async def turn() -> None:
        await asyncio.gather(*(told(number) for number in range(1, 5)))

    asyncio.run(turn())
    assert order == ["on disk", *["told"] * 4]


def test_acts_in_a_row_take_one_go_each(storage: PostgresStorage, asked: list[int]) -> None:
    free, held = hold(storage)
    acts = [storage.act(lambda tx, n=n: (tx.add_event(event(n, n)), tx.add_look(look(n, n)))) for n in range(1, 11)]
    asked.clear()
    free.set()
    for each in (held, *acts):
        each.result(timeout=10)
    assert (
        len(asked) <= 1 + len(acts) + 2
    )  # the end of the act before them, theirs, what is left to be written, the commit


def test_a_submission_for_a_patient_known_here_takes_three_goes(storage: PostgresStorage, asked: list[int]) -> None:
    ids = Ids()

    def act(unique_id: str) -> Act:
        return lambda tx: submit(
            tx, Submission(documents=(document(unique_id),), patient=NANCY), ids, 1_700_000_000_000
        )

    assert isinstance(did(storage, act("a")), Submitted)
    asked.clear()
    assert isinstance(did(storage, act("b")), Submitted)
    assert len(asked) == 3
    assert len(storage.reader().entries(storage.reader().patient_key(NANCY) or 0)) == 2


def test_a_group_in_which_one_goes_wrong_is_done_again_and_only_that_one_is_undone(storage: PostgresStorage) -> None:
    did(storage, lambda tx: tx.add_entry(entry(1)))
    runs: list[int] = []

    def add(number: int) -> Act:
        return lambda tx: (runs.append(number), tx.add_entry(entry(number)), tx.add_event(event(number)))

    faults = behind_another(storage, [add(2), add(1), add(3)])
    assert [type(fault) for fault in faults] == [type(None), StorageFault, type(None)]
    assert runs[:2] == [2, 1]
    assert sorted(one.id for one in storage.reader().events(1)) == ["event-2", "event-3"]
    assert [one.title for one in storage.reader().entries(1)] == ["Plan 1", "Plan 2", "Plan 3"]
    assert storage.broken_chains() == 0


def test_a_group_whose_connection_was_cut_before_its_commit_is_done_once(
    postgres: str, storage: PostgresStorage
) -> None:
    cuts = iter([True])

    def cut(tx: Any) -> None:
        tx.add_event(event(2))
        if next(cuts, False):
            with psycopg.connect(postgres, autocommit=True) as raw:
                raw.execute(CUT.encode())

    acts: list[Act] = [lambda tx: tx.add_event(event(1)), cut, lambda tx: tx.add_event(event(3))]
    assert behind_another(storage, acts) == [None, None, None]
    assert [one.id for one in storage.reader().events(1)] == ["event-1", "event-2", "event-3"]
    assert storage.broken_chains() == 0


def test_nothing_that_was_sent_behind_what_another_worker_holds_is_done(
    postgres: str, storage: PostgresStorage
) -> None:
    free, held = hold(storage, lambda tx: (tx.add_event(event(1)), tx.events(1)))
    other = WritingConnection(postgres)
    other.begin(patiently=False)
    other.later("insert into source_time (source, at) values (?, ?)", ("behind", 1))
    other.later("insert into trail (patient, place, part, name, data) values (?, ?, ?, ?, ?)", (1, 1, 0, b"", b""))
    with pytest.raises(Raced):
        other.settle()
    other.rollback()
    other.close()
    free.set()
    held.result(timeout=10)
    assert storage.reader().source_times() == {}
    assert [one.id for one in storage.reader().events(1)] == ["event-1"]


def test_whatever_is_known_ahead_answers_are_those_of_now(
    storage: PostgresStorage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With every question said ahead, each is answered as if none had been."""
    ask = PostgresConnection.all
    changes: list[Act] = [
        lambda tx: tx.claim_patient(NANCY, 1),
        lambda tx: tx.claim_unique(entry(1).unique_id, 1, entry(1).content),
        lambda tx: tx.add_content(1, entry(1).content, b"document"),
        lambda tx: tx.add_entry(entry(1)),
        lambda tx: tx.put_reading(1, reading(entry(1).content)),
        lambda tx: tx.put_reading(1, reading(entry(1).content, "stamp-2")),
        lambda tx: tx.put_entry(entry(1, title="later")),
        lambda tx: tx.add_event(event(1)),
        lambda tx: tx.add_event(event(2)),
        lambda tx: tx.add_look(look(1)),
        lambda tx: tx.link(1, 2),
        lambda tx: tx.add_entry(entry(2, patient=2)),
        lambda tx: tx.unlink(1, 2),
        lambda tx: tx.remove_content(1, entry(1).content),
        lambda tx: tx.remove_entry(1, entry(1).uuid),
    ]
    reads: list[Act] = [
        lambda tx: tx.patient_key(NANCY),
        lambda tx: tx.locate_unique(entry(1).unique_id),
        lambda tx: [tx.entries(key) for key in (1, 2)],
        lambda tx: tx.linked_keys(1),
        lambda tx: tx.content(1, entry(1).content),
        lambda tx: tx.reading(1, entry(1).content),
        lambda tx: tx.cares(1, [entry(1).content]),
        lambda tx: tx.events(1),
        lambda tx: tx.looks(1),
        lambda tx: tx.tail_ends(),
        lambda tx: tx.locate_entry(entry(2).uuid),
    ]

    def history(tx: Any) -> list[Any]:
        return [(change(tx), [each(tx) for each in reads])[1] for change in changes]

    def undone(tx: Any) -> None:
        found.append(history(tx))
        raise ZeroDivisionError

    found: list[Any] = []
    assert isinstance(storage.act(undone).exception(timeout=30), ZeroDivisionError)
    monkeypatch.setattr(PostgresConnection, "all", lambda self, *words: (self.ahead(*words), ask(self, *words))[1])
    assert isinstance(storage.act(undone).exception(timeout=30), ZeroDivisionError)
    assert found[0] == found[1]
    assert len({repr(each) for each in found[0]}) > len(changes) - 3


def test_a_change_is_told_apart_by_table_patient_and_part() -> None:
    of_part = "select about, data from shelf where place between ? and ? and patient = ? and part = ? order by place"
    asked = read(of_part).regard((0, 9, 1, 2))
    added = "insert into shelf (place, patient, part, name, about, data) values (?, ?, ?, ?, ?, ?)"
    assert [
        read(added).regard((5, patient, part, b"", "", b"")).meets(asked) for patient, part in ((1, 2), (2, 2), (1, 0))
    ] == [True, False, False]
    assert not read("delete from trail where place = ? and patient = ?").regard((5, 1)).meets(asked)
    assert read("delete from shelf where place = ?").regard((5,)).meets(asked)
