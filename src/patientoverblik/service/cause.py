"""What an act came of: the request it answers, written down in every look and event of it.

The acts know nothing of it, so none can forget it. A body is told by a keyed hash alone: a plain one of a body that
holds a person number could be led back to it by trying the numbers there are.
"""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Any, TypeVar, cast

import msgspec

from patientoverblik.access import Look, SecurityEvent
from patientoverblik.service.ports import Reader, Storage, Transaction

T = TypeVar("T")


class Cause(msgspec.Struct, frozen=True):
    """The request that is being answered: its id (X-Request-Id), and the HMAC-SHA-256 (base64) of its body under a
    secret of the installation; each empty where there is none. ``transaction`` is what its norm calls it
    (``ITI-18``)."""

    request: str = ""
    query: str = ""
    transaction: str = ""


class Causing:
    """A storage whose looks and events tell what they came of. ``cause`` is asked when an act is begun, by the one who
    begins it, because the act itself may run in another thread."""

    def __init__(self, storage: Storage, cause: Callable[[], Cause]) -> None:
        """Tell of everything that is written through ``storage``."""
        self._storage = storage
        self._cause = cause

    def reader(self) -> Reader:
        """This thread's reader."""
        return self._storage.reader()

    def snapshot(self) -> AbstractContextManager[Reader]:
        """A reader of one state."""
        return self._storage.snapshot()

    def act(self, work: Callable[[Transaction], T]) -> "Future[T]":
        """Run an act whose looks and events tell what it came of."""
        cause = self._cause()
        return self._storage.act(lambda transaction: work(cast(Transaction, _Caused(transaction, cause))))

    def close(self) -> None:
        """Close the storage."""
        self._storage.close()

    def __getattr__(self, name: str) -> Any:
        """What else the storage counts or tells."""
        return getattr(self._storage, name)


class _Caused:
    """A transaction whose looks and events have a cause."""

    def __init__(self, transaction: Transaction, cause: Cause) -> None:
        self._transaction = transaction
        self._cause = cause

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transaction, name)

    def add_look(self, look: Look) -> None:
        """Write a look."""
        self._transaction.add_look(msgspec.structs.replace(look, request=self._cause.request, query=self._cause.query))

    def add_event(self, event: SecurityEvent) -> None:
        """Append an event."""
        cause = self._cause
        told = msgspec.structs.replace(
            event, request=cause.request, query=cause.query, transaction=cause.transaction or event.transaction
        )
        self._transaction.add_event(told)
