"""The storage as the service sees it: a reader for looks, and acts that commit whole or not at all."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Future
from contextlib import AbstractContextManager
from typing import Protocol, TypeVar

from patientoverblik.access.ports import (
    EvidenceKeeper,
    EvidenceSource,
    FollowedKeeper,
    FollowedReader,
    LookReader,
    SessionKeeper,
    SessionReader,
    TrailWriter,
)
from patientoverblik.care import Contribution
from patientoverblik.service.outbox import OutboxKeeper, OutboxReader
from patientoverblik.service.remark import RemarkKeeper, RemarkReader
from patientoverblik.service.seals import TrailReader, TrailSealer
from patientoverblik.service.subscription import SubscriptionKeeper, SubscriptionReader
from patientoverblik.service.telling import TellingKeeper, TellingReader
from patientoverblik.service.visit import VisitKeeper, VisitReader
from patientoverblik.service.work import WorkKeeper, WorkReader
from patientoverblik.sharing.model import DocumentEntry, PatientId
from patientoverblik.sharing.ports import OpenShelf, Shelf

T = TypeVar("T")


class SourceReader(Protocol):
    """When each configured source was last heard from, for the whole system and no patient."""

    def source_times(self) -> Mapping[str, int]:
        """Source id -> milliseconds UTC of its last delivery or heartbeat; a source never heard from is absent."""


class SourceKeeper(SourceReader, Protocol):
    """Source times inside a transaction."""

    def touch_source(self, source: str, at: int) -> None:
        """A source was heard from at ``at`` (milliseconds UTC); an earlier time than the one kept changes nothing."""


class Reader(
    Shelf,
    EvidenceSource,
    FollowedReader,
    LookReader,
    OutboxReader,
    RemarkReader,
    SessionReader,
    SourceReader,
    SubscriptionReader,
    TellingReader,
    TrailReader,
    VisitReader,
    WorkReader,
    Protocol,
):
    """Everything that can be read, as it stands after the last commit."""

    def expect_look(self, patient: int) -> None:
        """Say that a look at a patient key begins: a storage whose database is far away may fetch what it
        will read in one go. The answers are the same."""

    def expect_keys(self, patients: Sequence[PatientId]) -> None:
        """Say that the keys of many patients will be asked for; see ``expect_look``."""

    def expect_documents(self, patients: Sequence[int]) -> None:
        """Say that the entries of many patient keys, and their links, will be asked for; see ``expect_look``."""


class Transaction(
    OpenShelf,
    EvidenceKeeper,
    FollowedKeeper,
    LookReader,
    OutboxKeeper,
    RemarkKeeper,
    SessionKeeper,
    SourceKeeper,
    SubscriptionKeeper,
    TellingKeeper,
    TrailSealer,
    TrailWriter,
    VisitKeeper,
    WorkKeeper,
    Protocol,
):
    """Everything an act may read and change; nothing is seen by others before it is durable."""

    def expect_visit(self, patient: int, reader: str) -> None:
        """Say that a reader's look at a patient key is about to be written down; see ``Reader.expect_look``."""


class Storage(Protocol):
    """One database."""

    def reader(self) -> Reader:
        """A reader for this thread; cheap to ask for."""

    def snapshot(self) -> AbstractContextManager[Reader]:
        """A reader for this thread whose reads all see one and the same committed state, until the block ends.

        Consent and documents are read together through it: a block committed before a document was is never missed.
        """

    def act(self, work: Callable[[Transaction], T]) -> Future[T]:
        """Run ``work`` in a transaction. The future holds its result once the commit is durable; if ``work`` raises,
        nothing it did is kept. Many acts may share one disk flush. Where another worker was first to change what it
        asked about, ``work`` is run anew: it changes nothing but the transaction."""

    def scrub(self) -> bool:
        """Write what is kept anew, so that nothing of what was taken away is left where it stood; takes time by the
        size of all that is kept. False where somebody still reads what was there before: it must be asked again."""

    def close(self) -> None:
        """Finish what is under way and let go of the database."""


class Clock(Protocol):
    """The time now."""

    def __call__(self) -> int:
        """Milliseconds since 1970 UTC."""


class Kept(Protocol):
    """Decoded contributions by (content hash, stamp); it may forget any of them at any time."""

    def get(self, key: tuple[str, str], /) -> Contribution | None:
        """The contribution, None if it is not kept."""

    def __setitem__(self, key: tuple[str, str], value: Contribution, /) -> None:
        """Keep a contribution."""


class Wait(Protocol):
    """How the house waits for a commit; the app gives its event loop's way."""

    def __call__(self, future: Future[T]) -> Awaitable[T]:
        """Something to ``await`` that ends with the future's result or exception."""


class OnDemandMaker(Protocol):
    """What makes a document that is registered as made on demand. It is given no reader: what it makes is kept, and may
    be seen by everybody who may see the entry."""

    def __call__(self, entry: DocumentEntry, /) -> Awaitable[bytes | None]:
        """The document as it is now, with an id of its own; None where it cannot be made."""


class Ids(Protocol):
    """New identifiers."""

    def uuid(self) -> str:
        """A new random UUID as ``urn:uuid:…``."""

    def patient_key(self) -> int:
        """A new random positive 63-bit integer."""
