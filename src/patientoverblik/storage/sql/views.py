"""The whole reader and the whole transaction over SQL, put together from their parts."""

from patientoverblik.storage.sql.forgetting import ForgettingWrites
from patientoverblik.storage.sql.grants import GrantReads, GrantWrites
from patientoverblik.storage.sql.outbox import OutboxReads, OutboxWrites
from patientoverblik.storage.sql.registry import RegistryReads, RegistryWrites
from patientoverblik.storage.sql.sessions import SessionReads, SessionWrites
from patientoverblik.storage.sql.subscriptions import SubscriptionReads, SubscriptionWrites
from patientoverblik.storage.sql.telling import TellingReads, TellingWrites
from patientoverblik.storage.sql.trail import TrailReads, TrailWrites
from patientoverblik.storage.sql.work import WorkReads, WorkWrites


class SqlReader(
    RegistryReads, TellingReads, SubscriptionReads, TrailReads, OutboxReads, SessionReads, GrantReads, WorkReads
):
    """Everything that can be read through one connection."""


class SqlTransaction(
    RegistryWrites,
    ForgettingWrites,
    TellingWrites,
    SubscriptionWrites,
    TrailWrites,
    OutboxWrites,
    SessionWrites,
    GrantWrites,
    WorkWrites,
):
    """Everything one act may read and change through the writer's connection."""
