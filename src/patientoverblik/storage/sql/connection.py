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

    def name_of(self, text: str) -> str | bytes:
        """A text as it stands in a column of names, which holds texts and digests."""

    def begin_reading(self) -> None:
        """Begin a transaction in which every statement sees one and the same commit."""

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

    def mark(self) -> None:
        """Begin an act among others of the transaction."""

    def undo(self) -> None:
        """Undo what was done since the mark."""
