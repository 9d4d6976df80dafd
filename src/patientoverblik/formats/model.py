"""What reading a document gives, whatever its format."""

import msgspec

from patientoverblik.care import Contribution
from patientoverblik.problems import Finding


class Loss(msgspec.Struct, frozen=True):
    """One place of a document that its profile has no line for, and why; ``place`` is an absolute XPath."""

    place: str
    reason: str


class Books(msgspec.Struct, frozen=True):
    """The four fates of a document's places; their sum is the number of places."""

    read: int
    constant: int
    quiet: int
    lost: int


class Reading(msgspec.Struct, frozen=True):
    """A document as read: its record, what it contributes, and what was lost.

    ``stamp`` is a digest of profile, tables, kinds and care schema; a kept reading with another stamp is stale.
    """

    profile: str
    stamp: str
    record: msgspec.Struct
    care: Contribution
    losses: tuple[Loss, ...]
    findings: tuple[Finding, ...]
    books: Books


class Unread(msgspec.Struct, frozen=True):
    """A document that could not be read, and why."""

    findings: tuple[Finding, ...]
