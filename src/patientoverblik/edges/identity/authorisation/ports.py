"""Where grants and spent secrets are kept: a storage gives and takes them as bytes it does not read.

A grant lies with its patient; by its id, by who gave it, and by the hash of a secret it is found through locators.
"""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Protocol, TypeVar

from patientoverblik.access import SecurityEvent

T = TypeVar("T")


class GrantReader(Protocol):
    """Grants and secrets as they stand after the last commit."""

    def linked_keys(self, patient: int) -> tuple[int, ...]:
        """The patient key and every key linked with it."""

    def grant(self, grant: str) -> bytes | None:
        """A grant by its id."""

    def grants_of(self, patient: int) -> tuple[bytes, ...]:
        """Every grant about a patient key, in no order."""

    def grants_by(self, giver: int) -> tuple[bytes, ...]:
        """Every grant given by a person, by their patient key, in no order."""

    def spendable(self, digest: str) -> bytes | None:
        """A secret by the SHA-256 of it in hex."""


class GrantKeeper(GrantReader, Protocol):
    """Grants and secrets inside an act."""

    def put_grant(self, grant: str, patient: int, giver: int, data: bytes) -> None:
        """Keep or replace a grant; the patient and the giver never change."""

    def put_spendable(self, digest: str, grant: str, patient: int, data: bytes) -> None:
        """Keep or replace a secret."""

    def use_once(self, key: str, until: int, at: int) -> bool:
        """Whether a key is used for the first time; it is remembered until ``until``, and what ended before ``at`` is
        forgotten (milliseconds UTC)."""

    def add_event(self, event: SecurityEvent) -> None:
        """Append an event to the patient's chain."""


class GrantStorage(Protocol):
    """A storage that keeps grants."""

    def reader(self) -> GrantReader:
        """A reader for this thread."""

    def act(self, work: Callable[[GrantKeeper], T]) -> Future[T]:
        """Run ``work`` whole or not at all; the future holds its result once it is durable."""
