"""A connection to a database as the statements need it. Statements mark their values with ``?`` or ``?1``, ``?2`` …"""

from collections.abc import Sequence
from typing import Any, Protocol

from patientoverblik.service.seals import TailKey


class Connection(Protocol):
    """One connection; each call is one statement, and what goes wrong is a fault by code (``storage/fault.py``)."""

    own_places: bool
    """Whether a place belongs to one patient alone; else two patients may share a stretch of places (``place.py``)."""

    lane: int
    """The lane of the trail's tail that this connection writes; at most one writer at a time has it."""

    trail_key: TailKey
    """What the tail is keyed with."""

    def one(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """The first row, None if there is none."""

    def all(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Every row."""

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run a change; how many rows it touched."""

    def later(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Run a change whose count nobody asks for. Where the database is far away it goes with a later question, which
        then tells what went wrong with it; at the latest with what ends the act."""

    def ahead(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Say what will be asked. Where the database is far away, all that was said is asked in one go, and what is
        changed before it is asked for is asked anew."""

    def known(self, statement: str, values: Sequence[Any], rows: list[Any]) -> None:
        """Say what a question is answered after a change of this act, so that a database far away need not be asked."""

    def add_large(self, place: int, patient: int, data: bytes) -> None:
        """Add a large document's bytes at a place that has none, as they are behind the mark that says so."""

    def large(self, place: int, patient: int) -> bytes:
        """A large document's bytes, as they were submitted."""

    def name_of(self, text: str) -> str | bytes:
        """A text as it stands in a column of names, which holds texts and digests."""

    def begin_reading(self) -> None:
        """Begin a transaction in which every statement sees one and the same commit."""

    def end_reading(self) -> None:
        """End a transaction that changed nothing."""

    def commit(self) -> None:
        """End the transaction; what it changed is on disk."""

    def rollback(self) -> None:
        """End the transaction; nothing it changed is kept."""

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open; a database ends one by itself when its disk fails."""

    def close(self) -> None:
        """Let go of the database."""


class Changing(Connection, Protocol):
    """The connection that changes the database."""

    def begin(self, patiently: bool) -> None:
        """Begin a transaction that may change the database; one begun ``patiently`` waits for acts of other workers."""

    def settle(self) -> None:
        """What went wrong with any change since the beginning is told now."""

    def mark(self) -> None:
        """Begin an act among others of the transaction."""

    def keep(self) -> None:
        """End an act; what went wrong with any of its changes is told now."""

    def undo(self) -> None:
        """End an act and undo what was done since the mark."""
