"""The storage as the service sees it: a reader for looks, and acts that commit whole or not at all."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol, TypeVar

from patientoverblik.access.ports import (
    EvidenceKeeper,
    EvidenceSource,
    LookReader,
    SessionKeeper,
    SessionReader,
    TrailWriter,
)
from patientoverblik.sharing.ports import OpenShelf, Shelf

T = TypeVar("T")


class Reader(Shelf, EvidenceSource, LookReader, SessionReader, Protocol):
    """Everything that can be read, as it stands after the last commit."""


class Transaction(OpenShelf, EvidenceKeeper, LookReader, SessionKeeper, TrailWriter, Protocol):
    """Everything an act may read and change; nothing is seen by others before it is durable."""


class Storage(Protocol):
    """One database."""

    def reader(self) -> Reader:
        """A reader for this thread; cheap to ask for."""

    def act(self, work: Callable[[Transaction], T]) -> Future[T]:
        """Run ``work`` in a transaction. The future holds its result once the commit is durable; if ``work`` raises,
        nothing it did is kept. Many acts may share one disk flush."""

    def close(self) -> None:
        """Finish what is under way and let go of the database."""


class Clock(Protocol):
    """The time now."""

    def __call__(self) -> int:
        """Milliseconds since 1970 UTC."""


class Ids(Protocol):
    """New identifiers."""

    def uuid(self) -> str:
        """A new random UUID as ``urn:uuid:…``."""

    def patient_key(self) -> int:
        """A new random positive 63-bit integer."""
