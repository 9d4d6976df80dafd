"""A storage whose looks and events are put in the outbox too, in the same transaction, for every feed that wants them.

The acts know nothing of it, so none can forget it; where no feed is configured the storage stands alone and nothing is
added to a look.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any, TypeVar, cast

import msgspec

from patientoverblik.access import Look, SecurityEvent
from patientoverblik.service.outbox import Kind, Message
from patientoverblik.service.ports import Reader, Storage, Transaction

T = TypeVar("T")
_encode = msgspec.msgpack.Encoder().encode


class Posting:
    """A storage that also posts. ``feeds`` are names with the kinds each wants to hear of."""

    def __init__(self, storage: Storage, feeds: Iterable[tuple[str, frozenset[Kind]]]) -> None:
        """Post what is written through ``storage``."""
        self._storage = storage
        wanted = tuple(feeds)
        self._of_looks = tuple(name for name, kinds in wanted if "look" in kinds)
        self._of_events = tuple(name for name, kinds in wanted if "event" in kinds)

    def reader(self) -> Reader:
        """This thread's reader."""
        return self._storage.reader()

    def snapshot(self) -> AbstractContextManager[Reader]:
        """A reader of one state."""
        return self._storage.snapshot()

    def act(self, work: Callable[[Transaction], T]) -> "Future[T]":
        """Run an act whose looks and events are posted."""
        return self._storage.act(lambda transaction: work(self._posted(transaction)))

    def close(self) -> None:
        """Close the storage."""
        self._storage.close()

    def __getattr__(self, name: str) -> Any:
        """What else the storage counts or tells."""
        return getattr(self._storage, name)

    def _posted(self, transaction: Transaction) -> Transaction:
        return cast(Transaction, _Posted(transaction, self._of_looks, self._of_events))


class _Posted:
    """A transaction that posts what is written through it."""

    def __init__(self, transaction: Transaction, of_looks: tuple[str, ...], of_events: tuple[str, ...]) -> None:
        self._transaction = transaction
        self._of_looks = of_looks
        self._of_events = of_events

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transaction, name)

    def add_look(self, look: Look) -> None:
        """Write a look, and post it unless it was refused: MinLog holds none such (nsp.md §5)."""
        self._transaction.add_look(look)
        if look.act != "refused":
            self._post(self._of_looks, "look", look)

    def add_event(self, event: SecurityEvent) -> None:
        """Append an event, and post it."""
        self._transaction.add_event(event)
        self._post(self._of_events, "event", event)

    def _post(self, feeds: tuple[str, ...], kind: Kind, value: Look | SecurityEvent) -> None:
        if not feeds:
            return
        data = _encode(value)
        for feed in feeds:
            self._transaction.post(Message(value.patient, feed, value.id, kind, data, value.at))
