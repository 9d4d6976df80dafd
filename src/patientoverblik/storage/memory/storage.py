"""The memory storage: one state at a time, acts one after another, and a failed act leaves no trace."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Lock
from typing import TypeVar

from patientoverblik.service.seals import UNKEYED, TailKey
from patientoverblik.storage.chain import broken_chains
from patientoverblik.storage.memory.reader import MemoryReader
from patientoverblik.storage.memory.state import State
from patientoverblik.storage.memory.transaction import MemoryTransaction

T = TypeVar("T")


class MemoryStorage:
    """A storage whose database is one frozen state; ``acts`` and ``commits`` count what was done."""

    def __init__(self, trail_key: TailKey = UNKEYED) -> None:
        """Begin empty; what is written to the trail is keyed with ``trail_key``."""
        self._trail_key = trail_key
        self._state = State()
        self._turn = Lock()
        self.acts = 0
        self.commits = 0

    def reader(self) -> MemoryReader:
        """A reader that sees the newest committed state at each call."""
        return MemoryReader(lambda: self._state)

    @contextmanager
    def snapshot(self) -> Iterator[MemoryReader]:
        """A reader that sees the state as it is now, whatever is committed meanwhile."""
        frozen = self._state
        yield MemoryReader(lambda: frozen)

    def act(self, work: Callable[[MemoryTransaction], T]) -> Future[T]:
        """Run ``work`` on a draft, and keep the draft if it does not raise."""
        done: Future[T] = Future()
        with self._turn:
            draft = self._state.draft()
            try:
                result = work(MemoryTransaction(draft, self._trail_key))
            except Exception as fault:
                done.set_exception(fault)
                return done
            self._state = draft
            self.acts += 1
            self.commits += 1
        done.set_result(result)
        return done

    def broken_chains(self) -> int:
        """How many chains of the trail do not add up; 0 is as it should be."""
        return broken_chains(self.reader())

    def scrub(self) -> bool:
        """Nothing is left anywhere."""
        return True

    def close(self) -> None:
        """Nothing to let go of."""
