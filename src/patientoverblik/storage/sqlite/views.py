"""The whole reader and the whole transaction of the SQLite storage, put together from their parts."""

from patientoverblik.storage.sqlite.grants import GrantReads, GrantWrites
from patientoverblik.storage.sqlite.outbox import OutboxReads, OutboxWrites
from patientoverblik.storage.sqlite.registry import RegistryReads, RegistryWrites
from patientoverblik.storage.sqlite.sessions import SessionReads, SessionWrites
from patientoverblik.storage.sqlite.telling import TellingReads, TellingWrites
from patientoverblik.storage.sqlite.trail import TrailReads, TrailWrites


class SqliteReader(RegistryReads, TellingReads, TrailReads, OutboxReads, SessionReads, GrantReads):
    """Everything that can be read through one connection."""


class SqliteTransaction(RegistryWrites, TellingWrites, TrailWrites, OutboxWrites, SessionWrites, GrantWrites):
    """Everything one act may read and change through the writer's connection."""
