"""A worker of its own process: it does the acts it is given on a database it shares, and tells when each began and ended."""

import pickle
import sys
import threading
import time
from pathlib import Path
from typing import Any, NamedTuple

from patientoverblik.storage.postgres import PostgresStorage
from patientoverblik.storage.sqlite import SqliteStorage
from tests.generative.sharing.histories import Act, play


class Done(NamedTuple):
    """An act that was done: its number, when it was asked for and answered (nanoseconds, one clock), the answer."""

    number: int
    act: Act
    began: int
    ended: int
    answer: Any


def opened(address: str) -> Any:
    return PostgresStorage(address) if address.startswith("postgresql:") else SqliteStorage(Path(address))


def do(storage: Any, act: Act, number: int) -> Done:
    began = time.monotonic_ns()
    done = storage.act(lambda tx: play(tx, act, number))
    fault = done.exception(timeout=60)
    return Done(number, act, began, time.monotonic_ns(), done.result() if fault is None else type(fault).__name__)


def do_all(storage: Any, threads: list[list[tuple[int, Act]]]) -> list[Done]:
    """Do each list of acts by a thread of its own."""
    found: list[Done] = []
    running = [
        threading.Thread(target=lambda acts=acts: found.extend([do(storage, act, number) for number, act in acts]))
        for acts in threads
    ]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return found


def main() -> None:
    """Answer each task on standard input: open the database, say so, and begin when told."""
    tasks, answers = sys.stdin.buffer, sys.stdout.buffer
    while True:
        try:
            address, threads = pickle.load(tasks)
        except EOFError:
            return
        storage = opened(address)
        tell(answers, "ready")
        pickle.load(tasks)
        tell(answers, do_all(storage, threads))
        storage.close()


def tell(stream: Any, value: Any) -> None:
    pickle.dump(value, stream)
    stream.flush()
