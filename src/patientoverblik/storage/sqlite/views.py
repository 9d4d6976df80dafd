"""The whole reader and the whole transaction of the SQLite storage, put together from their parts."""

from patientoverblik.storage.sqlite.evidence import EvidenceReads, EvidenceWrites
from patientoverblik.storage.sqlite.sessions import SessionReads, SessionWrites
from patientoverblik.storage.sqlite.shelf import ShelfReads, ShelfWrites
from patientoverblik.storage.sqlite.trail import TrailReads, TrailWrites


class SqliteReader(ShelfReads, EvidenceReads, TrailReads, SessionReads):
    """Everything that can be read through one connection."""


class SqliteTransaction(ShelfWrites, EvidenceWrites, TrailWrites, SessionWrites):
    """Everything one act may read and change through the writer's connection."""
