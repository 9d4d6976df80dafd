"""The one writer: acts wait in a queue, and those that wait together share one commit and one flush to disk.

Each of several acts runs under its own savepoint, so one that fails takes nothing with it. An act that met one of
another worker about the same thing is done anew, alone, after the commit. Futures are resolved after the commit.
"""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, NamedTuple

from patientoverblik.storage.fault import Raced, StorageFault
from patientoverblik.storage.sql.connection import Changing
from patientoverblik.storage.sql.views import SqlTransaction

MOST_TOGETHER = 256
MOST_ATTEMPTS = 5


class Waiting(NamedTuple):
    """An act in the queue."""

    work: Callable[[SqlTransaction], Any]
    done: "Future[Any]"


class Outcome(NamedTuple):
    """What an act came to, told once its commit is durable."""

    waiting: Waiting
    result: Any
    fault: Exception | None


class Writer:
    """A thread that alone changes the database; ``acts`` and ``commits`` count what became durable."""

    def __init__(self, connection: Changing) -> None:
        """Start the thread."""
        self._connection = connection
        self._queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self._thread = Thread(target=self._run, name="storage-writer", daemon=True)
        self.acts = 0
        self.commits = 0
        self._thread.start()

    def put(self, work: Callable[[SqlTransaction], Any]) -> "Future[Any]":
        """Put an act in the queue."""
        waiting = Waiting(work, Future())
        self._queue.put(waiting)
        return waiting.done

    def stop(self) -> None:
        """Finish what waits, then end the thread."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        # A function of its own for each turn: while the thread waits, nothing holds the last act and its documents.
        while self._turn(self._queue.get()):
            continue

    def _turn(self, first: Waiting | None) -> bool:
        """Do what waits; whether there may be more."""
        if first is None:
            return False
        batch, last = self._batch(first)
        for outcome in self._committed([one for one in batch if one.done.set_running_or_notify_cancel()]):
            _tell(self._anew(outcome))
        return not last

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

    def _anew(self, outcome: Outcome) -> Outcome:
        """The outcome of an act, done again alone where it met one of another worker."""
        for _ in range(MOST_ATTEMPTS):
            if not isinstance(outcome.fault, Raced):
                return outcome
            (outcome,) = self._committed([outcome.waiting])
        return outcome._replace(fault=StorageFault(outcome.fault.code)) if isinstance(outcome.fault, Raced) else outcome

    def _committed(self, batch: list[Waiting]) -> list[Outcome]:
        try:
            return self._together(batch)
        except StorageFault as fault:
            with suppress(StorageFault):
                if self._connection.in_transaction:
                    self._connection.rollback()
            return [Outcome(waiting, None, fault) for waiting in batch]

    def _together(self, batch: list[Waiting]) -> list[Outcome]:
        self._connection.begin(patiently=len(batch) == 1)
        outcomes = [self._alone(batch[0])] if len(batch) == 1 else [self._one(waiting) for waiting in batch]
        if self._connection.in_transaction:
            self._connection.commit()
            self.commits += 1
        elif any(outcome.fault is None for outcome in outcomes):
            raise StorageFault("storage.away")
        self.acts += sum(outcome.fault is None for outcome in outcomes)
        return outcomes

    def _alone(self, waiting: Waiting) -> Outcome:
        """An act with the transaction to itself needs no savepoint: if it fails, all of it is undone."""
        try:
            return Outcome(waiting, waiting.work(SqlTransaction(self._connection)), None)
        except Exception as fault:
            if not self._connection.in_transaction:
                raise _of_the_database(fault) from None
            self._connection.rollback()
            return Outcome(waiting, None, fault)

    def _one(self, waiting: Waiting) -> Outcome:
        self._connection.mark()
        try:
            result = waiting.work(SqlTransaction(self._connection))
            self._connection.keep()
        except Exception as fault:
            if not self._connection.in_transaction:
                raise _of_the_database(fault) from None
            self._connection.undo()
            return Outcome(waiting, None, fault)
        return Outcome(waiting, result, None)


def _of_the_database(fault: Exception) -> StorageFault:
    """Why the transaction ended by itself: what the database said, where that is what the act met."""
    return fault if isinstance(fault, StorageFault) else StorageFault("storage.disk")


def _tell(outcome: Outcome) -> None:
    if outcome.fault is None:
        outcome.waiting.done.set_result(outcome.result)
    else:
        outcome.waiting.done.set_exception(outcome.fault)
