"""The one writer: acts wait in a queue, and those that wait together share one commit and one flush to disk.

Each of several acts runs under its own savepoint, so one that fails takes nothing with it. Futures are resolved after
the commit.
"""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, NamedTuple

from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.sqlite.connection import Connection
from patientoverblik.storage.sqlite.views import SqliteTransaction

MOST_TOGETHER = 256


class Waiting(NamedTuple):
    """An act in the queue."""

    work: Callable[[SqliteTransaction], Any]
    done: "Future[Any]"


class Outcome(NamedTuple):
    """What an act came to, told once its commit is durable."""

    done: "Future[Any]"
    result: Any
    fault: Exception | None


class Writer:
    """A thread that alone changes the database; ``acts`` and ``commits`` count what became durable."""

    def __init__(self, connection: Connection) -> None:
        """Start the thread."""
        self._connection = connection
        self._queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="storage-writer", daemon=True)
        self.acts = 0
        self.commits = 0
        self._thread.start()

    def put(self, work: Callable[[SqliteTransaction], Any]) -> "Future[Any]":
        """Put an act in the queue."""
        waiting = Waiting(work, Future())
        self._queue.put(waiting)
        return waiting.done

    def stop(self) -> None:
        """Finish what waits, then end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (first := self._queue.get()) is not None:
            batch, last = self._batch(first)
            self._commit(batch)
            if last:
                return

    def _batch(self, first: Waiting) -> tuple[list[Waiting], bool]:
        """Every act that waits now, up to a limit, and whether the end stood among them."""
        batch = [first]
        try:
            while len(batch) < MOST_TOGETHER:
                waiting = self._queue.get_nowait()
                if waiting is None:
                    return batch, True
                batch.append(waiting)
        except Empty:
            pass
        return batch, False

    def _commit(self, batch: list[Waiting]) -> None:
        running = [waiting for waiting in batch if waiting.done.set_running_or_notify_cancel()]
        try:
            outcomes = self._together(running)
        except StorageFault as fault:
            outcomes = self._undone(running, fault)
        for outcome in outcomes:
            _tell(outcome)

    def _together(self, batch: list[Waiting]) -> list[Outcome]:
        self._connection.run("begin immediate")
        outcomes = [self._alone(batch[0])] if len(batch) == 1 else [self._one(waiting) for waiting in batch]
        if self._connection.in_transaction:
            self._connection.run("commit")
            self.commits += 1
        self.acts += sum(outcome.fault is None for outcome in outcomes)
        return outcomes

    def _alone(self, waiting: Waiting) -> Outcome:
        """An act with the transaction to itself needs no savepoint: if it fails, all of it is undone."""
        try:
            return Outcome(waiting.done, waiting.work(SqliteTransaction(self._connection)), None)
        except Exception as fault:
            if not self._connection.in_transaction:
                raise StorageFault("storage.disk") from None
            self._connection.run("rollback")
            return Outcome(waiting.done, None, fault)

    def _one(self, waiting: Waiting) -> Outcome:
        self._connection.run("savepoint act")
        try:
            outcome = Outcome(waiting.done, waiting.work(SqliteTransaction(self._connection)), None)
        except Exception as fault:
            if not self._connection.in_transaction:
                raise StorageFault("storage.disk") from None
            self._connection.run("rollback to act")
            outcome = Outcome(waiting.done, None, fault)
        self._connection.run("release act")
        return outcome

    def _undone(self, batch: list[Waiting], fault: StorageFault) -> list[Outcome]:
        with suppress(StorageFault):
            if self._connection.in_transaction:
                self._connection.run("rollback")
        return [Outcome(waiting.done, None, fault) for waiting in batch]


def _tell(outcome: Outcome) -> None:
    if outcome.fault is None:
        outcome.done.set_result(outcome.result)
    else:
        outcome.done.set_exception(outcome.fault)
