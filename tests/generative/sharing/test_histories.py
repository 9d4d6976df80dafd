"""Any history gives the same answers on every storage, whoever acts at the same time (DESIGN 20)."""

import threading
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patientoverblik.sharing import current, standings
from patientoverblik.sharing.ownership import owners
from patientoverblik.storage.memory import MemoryStorage
from patientoverblik.storage.postgres import PostgresStorage
from patientoverblik.storage.sqlite import SqliteStorage
from tests.generative.sharing.histories import ACTS, HISTORIES, KEYS, Act, entries_of, everything, play
from tests.postgres import empty

SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]


@pytest.fixture
def paths(tmp_path: Path) -> Iterator[Path]:
    """A new file for each example."""
    return (tmp_path / f"store-{number}.db" for number in range(1_000_000))


def outcome(storage: Any, act: Act, number: int) -> Any:
    """What an act answered, or that it failed."""
    done = storage.act(lambda tx: play(tx, act, number))
    fault = done.exception(timeout=60)
    return done.result() if fault is None else type(fault).__name__


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(history=HISTORIES)
def test_one_history_gives_one_set_of_answers(paths: Iterator[Path], history: list[Act]) -> None:
    give_equal_answers(SqliteStorage(next(paths)), history)


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(history=HISTORIES)
def test_one_history_gives_one_set_of_answers_on_a_server(postgres: str, history: list[Act]) -> None:
    empty(postgres)
    give_equal_answers(PostgresStorage(postgres), history)


def give_equal_answers(storage: Any, history: list[Act]) -> None:
    """The memory storage and another one answer every act of a history alike, and hold the same in the end."""
    memory = MemoryStorage()
    try:
        for number, act in enumerate(history, 1):
            assert outcome(memory, act, number) == outcome(storage, act, number)
        assert everything(memory.reader()) == everything(storage.reader())
        assert (memory.broken_chains(), storage.broken_chains()) == (0, 0)
    finally:
        storage.close()


@settings(max_examples=25, deadline=None, suppress_health_check=SLOW)
@given(histories=st.lists(st.lists(ACTS, min_size=1, max_size=12), min_size=2, max_size=4))
def test_threads_that_act_at_once_are_answered_as_if_one_by_one(
    paths: Iterator[Path], histories: list[list[Act]]
) -> None:
    sqlite = SqliteStorage(next(paths))
    order: dict[tuple[int, int], int] = {}
    numbers = count(1)
    answers: dict[tuple[int, int], Any] = {}
    start = threading.Barrier(len(histories))

    def run(thread: int) -> None:
        start.wait(60)
        waiting = [
            (step, sqlite.act(lambda tx, step=step: noted(tx, thread, step))) for step in range(len(histories[thread]))
        ]
        for step, done in waiting:
            fault = done.exception(timeout=60)
            answers[thread, step] = done.result() if fault is None else type(fault).__name__
            sqlite.reader().entries(KEYS[0])

    def noted(tx: Any, thread: int, step: int) -> Any:
        # An act may be done more than once; what counts is the last time.
        order.pop((thread, step), None)
        number = order[thread, step] = next(numbers)
        return play(tx, histories[thread][step], number)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(histories))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    memory = MemoryStorage()
    try:
        for (thread, step), number in order.items():
            assert outcome(memory, histories[thread][step], number) == answers[thread, step]
        assert everything(memory.reader()) == everything(sqlite.reader())
        assert sqlite.broken_chains() == 0
    finally:
        sqlite.close()


@settings(max_examples=60, deadline=None, suppress_health_check=SLOW)
@given(history=HISTORIES, one=st.integers(0, 2), other=st.integers(0, 2))
def test_unlinking_restores_exactly_what_linking_united(history: list[Act], one: int, other: int) -> None:
    storage = MemoryStorage()
    for number, act in enumerate(history, 1):
        if act.kind != "link":
            outcome(storage, act, number)
    before = everything(storage.reader())
    storage.act(lambda tx: tx.link(KEYS[one], KEYS[other])).result()
    united = [storage.reader().blocks(KEYS[one]), storage.reader().blocks(KEYS[other])]
    assert set(united[0]) == set(united[1])
    assert set(united[0]) == {block for key in {KEYS[one], KEYS[other]} for block in before[str(key)][8][0]}
    storage.act(lambda tx: tx.unlink(KEYS[one], KEYS[other])).result()
    assert everything(storage.reader()) == before


@settings(max_examples=80, deadline=None, suppress_health_check=SLOW)
@given(history=HISTORIES)
def test_no_history_revives_what_was_ended_or_overtaken(history: list[Act]) -> None:
    storage = MemoryStorage()
    ended: set[str] = set()
    for number, act in enumerate(history, 1):
        outcome(storage, act, number)
        for key in KEYS:
            entries = entries_of(storage.reader(), key)
            shown = current(entries)
            assert ended.isdisjoint(entry.uuid for entry in shown)
            assert all(entry.status == "approved" for entry in shown)
            series = [(entry.series, owner) for entry in shown if entry.series for owner in owners(entry)]
            assert len(series) == len(set(series))
            assert len({entry.unique_id for entry in shown}) == len(shown)
            ended |= {uuid for uuid, standing in standings(entries).items() if standing in ("replaced", "withdrawn")}


@settings(max_examples=80, deadline=None, suppress_health_check=SLOW)
@given(history=HISTORIES, gone=st.sets(st.integers(0, 20)))
def test_what_is_current_is_no_more_when_newer_versions_cannot_be_read(history: list[Act], gone: set[int]) -> None:
    storage = MemoryStorage()
    for number, act in enumerate(history, 1):
        outcome(storage, act, number)
    for key in KEYS:
        entries = entries_of(storage.reader(), key)
        unreadable = [
            msgspec.structs.replace(entry, state="unreadable") if place in gone else entry
            for place, entry in enumerate(entries)
        ]
        assert standings(unreadable) == standings(entries)
