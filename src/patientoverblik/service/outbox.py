"""What waits to be told to others: messages written in the transaction of the act they tell of, delivered later.

A message is claimed by moving its ``due`` ahead; a worker that dies while it holds one gives it back by the passing of
time, so each is delivered at least once, and by one worker at a time.
"""

from typing import Literal, Protocol

import msgspec

from patientoverblik.sharing.model import PatientId

PULLED = "pulled:"
"""How the name of a feed begins whose messages wait to be fetched by somebody: no queue of ours, so nowhere told."""

Kind = Literal["look", "event", "notification"]


class Message(msgspec.Struct, frozen=True, gc=False):
    """One thing to tell one feed. ``id`` is that of the look or event; ``data`` is it, encoded. A notification has an
    id of its own, and says what it is about by ids alone.

    ``due`` is when it may be tried next (ms UTC), ``attempts`` how often it was tried; ``fault`` is the code of what
    went wrong last. A failed message waits for somebody to look at it.
    """

    patient: int
    feed: str
    id: str
    kind: Kind
    data: bytes
    due: int
    attempts: int = 0
    fault: str = ""


class Queue(msgspec.Struct, frozen=True):
    """How one feed stands: how many wait, how many failed, and when the oldest waiting one is due (ms UTC)."""

    feed: str
    waiting: int
    failed: int
    oldest: int = 0


class OutboxReader(Protocol):
    """What waits and what failed."""

    def queues(self) -> tuple[Queue, ...]:
        """Every feed that has messages for us to deliver, by name."""

    def failed(self, feed: str, most: int) -> tuple[Message, ...]:
        """At most so many messages of a feed that were given up, oldest first."""

    def patient_ids(self, patient: int) -> tuple[PatientId, ...]:
        """Every number of a patient key, in order; for telling other services of the patient, never for pages."""


class OutboxKeeper(OutboxReader, Protocol):
    """The outbox inside a transaction."""

    def post(self, message: Message) -> None:
        """Put a message in the outbox; one with the same patient, feed and id is there once."""

    def claim(self, feed: str, at: int, until: int, most: int) -> tuple[Message, ...]:
        """Take at most so many messages of a feed that are due at ``at``, oldest first; nobody else has them before
        ``until``, which is their ``due`` now."""

    def sent(self, message: Message) -> None:
        """A message was delivered and is forgotten."""

    def postpone(self, message: Message, due: int, given_up: bool = False) -> None:
        """A claimed message could not be delivered: keep it with the attempts and fault it carries now, and try again
        at ``due``, or give it up. Nothing where somebody else has claimed it since."""

    def revive(self, feed: str, at: int) -> int:
        """Let every message of a feed that was given up wait again from ``at``; how many."""
