"""The one writer: acts wait in a queue, and those that wait together share one commit and one flush to disk.

Several acts are done one after another without a mark between them. Where one of them fails, all are undone and done
again, each under its own savepoint, so one that fails takes nothing with it. An act that met one of another worker
about the same thing is done anew, alone, after the commit. Futures are resolved after the commit.
"""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any, NamedTuple

from patientoverblik.storage.fault import Raced, StorageFault
from patientoverblik.storage.sql.connection import Changing
from patientoverblik.storage.sql.views import SqlTransaction

MOST_TOGETHER = 256
MOST_ATTEMPTS = 5
ENOUGH = 8  # acts that wait for others no longer: the writer begins while their askers make more
Turn = Callable[[Callable[[], None]], bool]


def at_once(_: Callable[[], None]) -> bool:
    """No act waits for others to come."""
    return False


class Waiting(NamedTuple):
    """An act in the queue."""

    work: Callable[[SqlTransaction], Any]
    done: "Future[Any]"


class Due(Future[Any]):
    """A future of an act; who asks for its result while others are still waited for lets the writer begin."""

    def __init__(self, wake: Callable[[], None]) -> None:
        """Let ``wake`` be what makes the writer begin."""
        super().__init__()
        self._wake = wake

    def result(self, timeout: float | None = None) -> Any:
        """What the act gave, once it is on disk."""
        if not self.done():
            self._wake()
        return super().result(timeout)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        """What the act met, None where it is on disk."""
        if not self.done():
            self._wake()
        return super().exception(timeout)


class Outcome(NamedTuple):
    """What an act came to, told once its commit is durable."""

    waiting: Waiting
    result: Any
    fault: Exception | None


class Writer:
    """A thread that alone changes the database; ``acts`` and ``commits`` count what became durable."""

    def __init__(self, connection: Changing, turn: Turn = at_once) -> None:
        """Start the thread. ``turn`` is given what makes the writer begin, to be called when the caller has put in all
        the acts it will for now; where it says no, the writer begins at once."""
        self._connection = connection
        self._turn_of_caller = turn
        self._queue: SimpleQueue[Waiting | None] = SimpleQueue()
        self._awake = Event()
        self._thread = Thread(target=self._run, name="storage-writer", daemon=True)
        self.acts = 0
        self.commits = 0
        self._thread.start()

    def put(self, work: Callable[[SqlTransaction], Any]) -> "Future[Any]":
        """Put an act in the queue."""
        waiting = Waiting(work, Due(self._awake.set))
        self._queue.put(waiting)
        if self._queue.qsize() >= ENOUGH or not self._turn_of_caller(self._awake.set):
            self._awake.set()
        return waiting.done

    def stop(self) -> None:
        """Finish what waits, then end the thread."""
        self._queue.put(None)
        self._awake.set()
        self._thread.join()

    def _run(self) -> None:
        # A function of its own for each turn: while the thread waits, nothing holds the last act and its documents.
        while self._turn():
            continue

    def _turn(self) -> bool:
        """Do what waits; whether there may be more."""
        self._awake.wait()
        self._awake.clear()
        batch, last = self._batch()
        for outcome in self._committed([one for one in batch if one.done.set_running_or_notify_cancel()]):
            _tell(self._anew(outcome))
        return not last

    def _batch(self) -> tuple[list[Waiting], bool]:
        """Every act that waits now, up to a limit, and whether the end stood among them."""
        batch: list[Waiting] = []
        try:
            while len(batch) < MOST_TOGETHER:
                waiting = self._queue.get_nowait()
                if waiting is None:
                    return batch, True
                batch.append(waiting)
        except Empty:
            return batch, False
        self._awake.set()
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
            return self._together(batch) if batch else []
        except StorageFault as fault:
            with suppress(StorageFault):
                if self._connection.in_transaction:
                    self._connection.rollback()
            return [Outcome(waiting, None, fault) for waiting in batch]

    def _together(self, batch: list[Waiting]) -> list[Outcome]:
        outcomes = self._alone(batch[0]) if len(batch) == 1 else self._in_a_row(batch) or self._apart(batch)
        if self._connection.in_transaction:
            self._connection.commit()
            self.commits += 1
        elif any(outcome.fault is None for outcome in outcomes):
            raise StorageFault("storage.away")
        self.acts += sum(outcome.fault is None for outcome in outcomes)
        return outcomes

    def _alone(self, waiting: Waiting) -> list[Outcome]:
        """An act with the transaction to itself needs no savepoint: if it fails, all of it is undone."""
        self._connection.begin(patiently=True)
        try:
            return [Outcome(waiting, waiting.work(SqlTransaction(self._connection)), None)]
        except Exception as fault:
            if not self._connection.in_transaction:
                raise _of_the_database(fault) from None
            self._connection.rollback()
            return [Outcome(waiting, None, fault)]

    def _in_a_row(self, batch: list[Waiting]) -> list[Outcome]:
        """Acts that all go well need no savepoint, and what one leaves to be written goes with what the next asks. None
        of them, and nothing done, where one does not go well."""
        self._connection.begin(patiently=False)
        try:
            done = [Outcome(each, each.work(SqlTransaction(self._connection)), None) for each in batch]
            self._connection.settle()
        except Exception:
            with suppress(StorageFault):
                if self._connection.in_transaction:
                    self._connection.rollback()
            return []
        return done

    def _apart(self, batch: list[Waiting]) -> list[Outcome]:
        self._connection.begin(patiently=False)
        return [self._one(waiting) for waiting in batch]

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
