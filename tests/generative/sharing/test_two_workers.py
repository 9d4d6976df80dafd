"""Two processes at once on one database are answered as if every act happened at one moment between its question and its
answer (linearizability), on SQLite and on PostgreSQL: the memory storage is what happens at a moment."""

import pickle
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from patientoverblik.storage.memory import MemoryStorage
from tests.generative.sharing.histories import ACTS, Act, everything, play
from tests.generative.sharing.worker import Done, opened, tell
from tests.postgres import empty

PROJECT = Path(__file__).resolve().parents[3]
WORKERS, THREADS = 2, 2
SLOW = [HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
# What is found is not made smaller: the next try would meet another order.
ONCE = settings(max_examples=15, deadline=None, suppress_health_check=SLOW, phases=[Phase.generate])
TASKS = st.lists(st.lists(ACTS, min_size=1, max_size=4), min_size=WORKERS * THREADS, max_size=WORKERS * THREADS)


@pytest.fixture(scope="module")
def workers() -> Iterator[list["subprocess.Popen[bytes]"]]:
    command = [sys.executable, "-c", "from tests.generative.sharing.worker import main; main()"]
    made = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=PROJECT) for _ in range(WORKERS)
    ]
    yield made
    for worker in made:
        worker.communicate(timeout=30)


def done_at_once(workers: list["subprocess.Popen[bytes]"], address: str, tasks: list[list[Act]]) -> list[Done]:
    """What every act came to, done by two threads of each worker."""
    numbered = [[(100 * place + step, act) for step, act in enumerate(acts, 1)] for place, acts in enumerate(tasks, 1)]
    for place, worker in enumerate(workers):
        tell(worker.stdin, (address, numbered[place * THREADS : (place + 1) * THREADS]))
    assert [pickle.load(worker.stdout) for worker in workers] == ["ready"] * WORKERS  # type: ignore[arg-type]
    for worker in workers:
        tell(worker.stdin, "go")
    return [done for worker in workers for done in pickle.load(worker.stdout)]  # type: ignore[arg-type]


def is_linearizable(history: list[Done], ended: dict[str, Any]) -> bool:
    """Whether some order, in which no act that had ended comes after one that began later, explains every answer and what
    is held in the end."""
    memory = MemoryStorage()

    def explains(left: list[Done]) -> bool:
        if not left:
            return bool(everything(memory.reader()) == ended)
        first_end = min(one.ended for one in left)
        before = memory._state
        return any(follows(one, left, before) for one in left if one.began <= first_end)

    def follows(one: Done, left: list[Done], before: Any) -> bool:
        memory._state = before
        done = memory.act(lambda tx: play(tx, one.act, one.number))
        answer = done.result() if done.exception() is None else type(done.exception()).__name__
        return answer == one.answer and explains([other for other in left if other is not one])

    return explains(history)


def check(workers: Any, address: str, tasks: list[list[Act]]) -> None:
    history = done_at_once(workers, address, tasks)
    storage = opened(address)
    try:
        assert is_linearizable(history, everything(storage.reader()))
        assert storage.broken_chains() == 0
    finally:
        storage.close()


@ONCE
@given(tasks=TASKS)
def test_two_processes_on_one_file(
    tmp_path_factory: pytest.TempPathFactory, workers: Any, tasks: list[list[Act]]
) -> None:
    address = str(tmp_path_factory.mktemp("file") / "store.db")
    opened(address).close()
    check(workers, address, tasks)


@ONCE
@given(tasks=TASKS)
def test_two_processes_on_one_server(postgres: str, workers: Any, tasks: list[list[Act]]) -> None:
    empty(postgres)
    check(workers, postgres, tasks)


def test_an_answer_that_no_order_explains_is_seen() -> None:
    act = Act("submit", 0, 0, 1, 0, False)
    memory = MemoryStorage()
    answer = memory.act(lambda tx: play(tx, act, 101)).result()
    ended = everything(memory.reader())
    assert is_linearizable([Done(101, act, 1, 2, answer)], ended)
    assert not is_linearizable([Done(101, act, 1, 2, "StorageFault")], ended)
    assert not is_linearizable([Done(101, act, 1, 2, answer)], everything(MemoryStorage().reader()))
