"""Connections to the database: their settings, what an act holds, and faults told by code only.

A connection that was lost is opened anew by the next call on it, so a database that was gone and came back is used
again without a hand.
"""

from collections.abc import Callable, Sequence
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8BinaryDumper

from patientoverblik.service.seals import UNKEYED, TailKey
from patientoverblik.storage.fault import Raced, StorageFault
from patientoverblik.storage.postgres.faults import READ_ONLY, fault_of
from patientoverblik.storage.postgres.statement import STATEMENTS, plain, read

CONNECT_SECONDS = 5
WAITS = "5s"
Watch = Callable[[str], None]
Raw = psycopg.Connection[tuple[Any, ...]]
Cursor = psycopg.RawCursor[tuple[Any, ...]]
LANES = 1024
_LANE_LOCKS = 7001  # locks of two numbers are told apart from the locks of patients, which are one number
_LANE = "select pg_try_advisory_lock($1::int, $2::int)"
_WAIT = "select pg_advisory_xact_lock(?)"
_TRY = "select pg_try_advisory_xact_lock(?)"
_OPEN = frozenset({TransactionStatus.ACTIVE, TransactionStatus.INTRANS, TransactionStatus.INERROR})
# Every statement finds its rows by key, so that one plan is right for all values. A commit is on disk when it returns,
# whatever the server's own setting says (DESIGN 19); a stricter setting is left as it is.
_SETTINGS = (
    "select set_config('plan_cache_mode', 'force_generic_plan', false), set_config('lock_timeout', $1, false),"
    " set_config('application_name', 'patientoverblik', false), set_config('synchronous_commit',"
    " case current_setting('synchronous_commit') when 'off' then 'on' else current_setting('synchronous_commit') end,"
    " false)"
)


class PostgresConnection:
    """One connection; each call is one statement, and what goes wrong is a :class:`StorageFault`."""

    own_places = True
    lane = 0

    def __init__(self, address: str, watch: Watch | None = None) -> None:
        """Connect; ``watch`` is told every statement."""
        self._address = address
        self._watch = watch
        self._inside = False
        self._raw = self._opened()
        self.trail_key: TailKey = UNKEYED

    def one(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """The first row, None if there is none."""
        found = self._ask(statement, values)
        return found.fetchone() if found else None

    def all(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Every row."""
        found = self._ask(statement, values)
        return found.fetchall() if found else []

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run a change; how many rows it touched."""
        found = self._ask(statement, values)
        if found is None:
            raise StorageFault("storage.conflict")
        return found.rowcount

    def name_of(self, text: str) -> bytes:
        """A text as it stands in a column of names: as its bytes."""
        return text.encode()

    def begin_reading(self) -> None:
        """Begin a transaction in which every statement sees one and the same commit."""
        self._begin("begin isolation level repeatable read read only")

    def commit(self) -> None:
        """End the transaction; what it changed is on disk. One that an error has spoiled is undone, and told of.

        A connection that is lost here is a fault: on a new one a commit would succeed, and have committed nothing.
        """
        spoiled = self._raw.info.transaction_status == TransactionStatus.INERROR
        try:
            self.run("rollback" if spoiled else "commit")
        finally:
            self._inside = False
        if spoiled:
            raise StorageFault("storage.conflict")

    def rollback(self) -> None:
        """End the transaction; nothing it changed is kept."""
        self._inside = False
        self.run("rollback")

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return not self._raw.closed and self._raw.info.transaction_status in _OPEN

    def close(self) -> None:
        """Let go of the connection."""
        self._raw.close()

    def _begin(self, words: str) -> None:
        self._inside = False  # one that was lost with its connection has ended
        self.run(words)
        self._inside = True

    def _ask(self, statement: str, values: Sequence[Any]) -> Cursor | None:
        """What the database answered; None where a value holds what no text in the database can: nothing is found."""
        if any(isinstance(value, str) and "\0" in value for value in values):
            return None
        if self._watch:
            self._watch(plain(statement))
        try:
            return self._send(statement, values)
        except psycopg.Error as error:
            if error.sqlstate == READ_ONLY:
                self._raw.close()  # a session that began read-only stays so, whatever the database does later
            if self._inside or not self._raw.closed:
                raise fault_of(error) from None
        return self._ask_anew(statement, values)

    def _ask_anew(self, statement: str, values: Sequence[Any]) -> Cursor:
        """Ask on a new connection what met a lost one: outside a transaction that is the same question."""
        self._raw = self._opened()
        try:
            return self._send(statement, values)
        except psycopg.Error as error:
            raise fault_of(error) from None

    def _send(self, statement: str, values: Sequence[Any]) -> Cursor:
        cursor = psycopg.RawCursor(self._raw)
        return cursor.execute(read(statement).text, values, prepare=bool(values) or None, binary=True)

    def _opened(self) -> Raw:
        return connect(self._address)


class WritingConnection(PostgresConnection):
    """The connection that changes the database. An act holds each patient and each id it asks about, from its first
    question to the end of its transaction, so that acts of all workers are as if done one after another."""

    def __init__(self, address: str, watch: Watch | None = None) -> None:
        """Connect, and take a lane of the trail's tail that no other worker has."""
        self._held: set[int] = set()
        self._held_before: set[int] = set()
        self._hold_words = _WAIT
        super().__init__(address, watch)

    def begin(self, patiently: bool) -> None:
        """Begin a transaction that may change the database. One begun ``patiently`` waits for what an act of another
        worker holds; else such an act is told at once that it was :class:`Raced`."""
        self._hold_words = _WAIT if patiently else _TRY
        self._held = set()
        self._begin("begin")

    def mark(self) -> None:
        """Begin an act among others of the transaction."""
        self._held_before = set(self._held)
        self.run("savepoint act")

    def undo(self) -> None:
        """Undo what was done since the mark; what was taken since then is let go."""
        self.run("rollback to act")
        self._held = self._held_before

    def _ask(self, statement: str, values: Sequence[Any]) -> Cursor | None:
        for thing in read(statement).about(values):
            if thing not in self._held:
                self._hold(thing)
        return super()._ask(statement, values)

    def _hold(self, thing: int) -> None:
        row = self.one(self._hold_words, (thing,))
        if row[0] is False:
            raise Raced("storage.busy")
        self._held.add(thing)

    def _opened(self) -> Raw:
        raw = super()._opened()
        self.lane = _free_lane(raw)
        return raw


def connect(address: str) -> Raw:
    """A new connection with this program's settings; each statement is a transaction of its own until one is begun."""
    try:
        raw = psycopg.connect(_with_time_limit(address), autocommit=True)
        raw.prepared_max = STATEMENTS
        raw.adapters.register_dumper(int, Int8BinaryDumper)  # one type for all numbers: one plan for each statement
        psycopg.RawCursor(raw).execute(_SETTINGS, (WAITS,))
    except psycopg.Error as error:
        raise fault_of(error) from None
    return raw


def _free_lane(raw: Raw) -> int:
    """The first lane that no other connection has; it is this one's until the connection ends."""
    try:
        for lane in range(LANES):
            row = psycopg.RawCursor(raw).execute(_LANE, (_LANE_LOCKS, lane)).fetchone()
            if row and row[0]:
                return lane
    except psycopg.Error as error:
        raise fault_of(error) from None
    raise StorageFault("storage.busy")


def _with_time_limit(address: str) -> str:
    """The address, with a limit on how long a connection may take to come about, unless it has one."""
    return make_conninfo(address, connect_timeout=conninfo_to_dict(address).get("connect_timeout", CONNECT_SECONDS))
