"""Connections to the database: their settings, what an act holds, and faults told by code only.

A server is some way off, so a connection asks several things in one go where it can: what begins a transaction, what an
act takes hold of, and changes whose count nobody asks for go with the next question. A connection that was lost is
opened anew by the next call on it, so a database that was gone and came back is used again without a hand.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8BinaryDumper

from patientoverblik.service.seals import UNKEYED, TailKey
from patientoverblik.storage.fault import Raced, StorageFault
from patientoverblik.storage.postgres.faults import READ_ONLY, fault_of, fault_of_state
from patientoverblik.storage.postgres.statement import Regard, plain, read
from patientoverblik.storage.postgres.wire import Answer, Failed, Question, Raw, Wire
from patientoverblik.storage.sql.packing import PLAIN, unpack
from patientoverblik.storage.sql.putting import once

CONNECT_SECONDS = 5
WAITS = "5s"
Watch = Callable[[str], None]
LANES = 1024
_LANE_LOCKS = 7001  # locks of two numbers are told apart from the locks of patients, which are one number
_LANE = "select pg_try_advisory_lock($1::int, $2::int)"
_WAIT = "pg_advisory_xact_lock(?)"
_TRY = "pg_try_advisory_xact_lock(?)"
# Fails where another worker has one of them, so that nothing that was sent behind it is done; in the server's own log
# it stands in these words.
_ALL_OR_FAIL = "select (case when {} then '1' else 'held by another worker' end)::integer"
_MOST_HELD = 64
_BEGIN = Question("begin")
_BEGIN_READING = Question("begin isolation level repeatable read read only")
_COMMIT = Question("commit")
_ROLLBACK = Question("rollback")
_MARK = Question("savepoint act")
_UNDO = Question("rollback to act")
_RELEASE = Question("release act")
_FIRST = (_BEGIN, _MARK)
_OPEN = frozenset({TransactionStatus.ACTIVE, TransactionStatus.INTRANS, TransactionStatus.INERROR})
# Every statement finds its rows by key, so that one plan is right for all values. A commit is on disk when it returns,
# whatever the server's own setting says (DESIGN 19); a stricter setting is left as it is.
_SETTINGS = (
    "select set_config('plan_cache_mode', 'force_generic_plan', false), set_config('lock_timeout', $1, false),"
    " set_config('application_name', 'patientoverblik', false), set_config('synchronous_commit',"
    " case current_setting('synchronous_commit') when 'off' then 'on' else current_setting('synchronous_commit') end,"
    " false)"
)


class Foreseen(NamedTuple):
    """A question that was said ahead: what it regards, and its answer once it is known."""

    regard: Regard
    answer: Answer | None


class PostgresConnection:
    """One connection; each call is one question, and what goes wrong is a :class:`StorageFault`."""

    own_places = True
    lane = 0

    def __init__(self, address: str, watch: Watch | None = None) -> None:
        """Connect; ``watch`` is told every statement."""
        self._address = address
        self._watch = watch
        self._inside = False
        self._later: list[Question] = []
        self._ahead: dict[Question, Foreseen] = {}
        self._ahead_of: dict[str, set[Question]] = {}
        self._raw, self._wire = self._opened()
        self.trail_key: TailKey = UNKEYED

    def one(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """The first row, None if there is none."""
        found = self.all(statement, values)
        return found[0] if found else None

    def all(self, statement: str, values: Sequence[Any] = ()) -> list[Any]:
        """Every row; none where a value is one that no text in the database can hold."""
        question = _question(statement, values)
        if question is None:
            return []
        if question not in self._ahead:
            return self._asked(question).rows
        if self._ahead[question].answer is None:
            self._send()
        known = self._ahead[question].answer
        return known.rows if known else []

    def run(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Run a change; how many rows it touched."""
        question = _change(statement, values)
        self._forget(question)
        return self._asked(question).touched

    def later(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Run a change; it goes with the next question of the transaction, which tells what went wrong with it."""
        if self._inside:
            question = _change(statement, values)
            self._forget(question)
            self._queue(question)
        else:
            self.run(statement, values)

    def ahead(self, statement: str, values: Sequence[Any] = ()) -> None:
        """Ask, with the next question of the transaction, what will be asked before it is changed."""
        question = _question(statement, values)
        if question and self._inside and question not in self._ahead:
            self._queue(question)
            self._foresee(question, None)

    def known(self, statement: str, values: Sequence[Any], rows: list[Any]) -> None:
        """Say what a question is answered from now on, because of what this transaction has changed."""
        question = _question(statement, values)
        if question and self._inside:
            self._foresee(question, Answer(rows, len(rows), b""))

    def add_large(self, place: int, patient: int, data: bytes) -> None:
        """Add a large document's bytes at a place that has none."""
        self.later(once("content", "place", "patient", "data"), (place, patient, PLAIN + data))

    def large(self, place: int, patient: int) -> bytes:
        """A large document's bytes, as they were submitted."""
        row = self.one("select data from content where place = ? and patient = ?", (place, patient))
        return unpack(row[0])

    def name_of(self, text: str) -> bytes:
        """A text as it stands in a column of names: as its bytes."""
        return text.encode()

    def begin_reading(self) -> None:
        """Begin a transaction in which every statement sees one and the same commit, that of its first question."""
        self._begin(_BEGIN_READING)

    def end_reading(self) -> None:
        """End a transaction that changed nothing; nobody waits for the end of it, nor need know that it was lost."""
        self._end()
        if self._is_open:
            self._told(_COMMIT)
            self._wire.tell(_COMMIT)

    def commit(self) -> None:
        """End the transaction; what it changed is on disk. One that an error has spoiled is undone, and told of.

        A connection that is lost here is a fault: on a new one a commit would succeed, and have committed nothing.
        """
        try:
            answer = self._asked(_COMMIT)
        finally:
            self._end()
        if answer.did != b"COMMIT":
            raise StorageFault("storage.conflict")

    def rollback(self) -> None:
        """End the transaction; nothing it changed is kept."""
        self._end()
        if self._is_open:
            self._asked(_ROLLBACK)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open; it ends with its connection."""
        return not self._raw.closed and (self._inside or self._is_open)

    def close(self) -> None:
        """Let go of the connection."""
        self._raw.close()

    @property
    def _is_open(self) -> bool:
        """Whether the server has a transaction open."""
        return self._raw.info.transaction_status in _OPEN

    def _begin(self, question: Question) -> None:
        self._end()  # one that was lost with its connection has ended
        if self._raw.closed:
            self._raw, self._wire = self._opened()
        self._inside = True
        self._queue(question)

    def _end(self) -> None:
        self._inside = False
        self._later.clear()
        self._forget_all()

    def _queue(self, question: Question) -> None:
        self._told(question)
        self._later.append(question)

    def _told(self, question: Question) -> None:
        if self._watch:
            self._watch(plain(question.statement))

    def _asked(self, question: Question) -> Answer:
        """The answer to a question, which is asked now with all that waits."""
        self._queue(question)
        return self._send()[-1]

    def _send(self) -> list[Answer]:
        """Send what waits; the answers."""
        questions, self._later = self._later, []
        answers = self._answers(questions)
        for question, answer in zip(questions, answers, strict=True) if self._ahead else ():
            if question in self._ahead and self._ahead[question].answer is None:
                self._ahead[question] = self._ahead[question]._replace(answer=answer)
        return answers

    def _forget(self, change: Question) -> None:
        """What was asked ahead and may be answered otherwise after a change is asked anew."""
        tables = [table for table in read(change.statement).tables if table in self._ahead_of]
        changed = _regard(change) if tables else None
        for question in [one for table in tables for one in self._ahead_of[table] if one in self._ahead]:
            if changed and changed.meets(self._ahead[question].regard):
                del self._ahead[question]

    def _forget_all(self) -> None:
        self._ahead.clear()
        self._ahead_of.clear()

    def _foresee(self, question: Question, answer: Answer | None) -> None:
        regard = _regard(question)
        self._ahead[question] = Foreseen(regard, answer)
        for table in regard.tables:
            self._ahead_of.setdefault(table, set()).add(question)

    def _answers(self, questions: list[Question]) -> list[Answer]:
        try:
            return self._wire.ask(questions)
        except Failed as failed:
            if failed.state == READ_ONLY:
                self._raw.close()  # a session that began read-only stays so, whatever the database does later
            elif self._raw.closed and self._may_repeat(questions):
                return self._answers_anew(questions)
            raise fault_of_state(failed.state) from None

    def _may_repeat(self, questions: list[Question]) -> bool:
        """Whether what met a lost connection has neither had an answer nor changed anything: outside a transaction, and
        where one was only about to begin."""
        return not self._inside or (questions[0] in (_BEGIN, _BEGIN_READING) and questions[-1] != _COMMIT)

    def _answers_anew(self, questions: list[Question]) -> list[Answer]:
        """Ask on a new connection."""
        self._raw, self._wire = self._opened()
        try:
            return self._wire.ask(questions)
        except Failed as failed:
            raise fault_of_state(failed.state) from None

    def _opened(self) -> tuple[Raw, Wire]:
        raw = connect(self._address)
        return raw, Wire(raw)


class WritingConnection(PostgresConnection):
    """The connection that changes the database. An act holds each patient and each id it asks about, from its first
    question to the end of its transaction, so that acts of all workers are as if done one after another."""

    def __init__(self, address: str, watch: Watch | None = None) -> None:
        """Connect, and take a lane of the trail's tail that no other worker has."""
        self._held: frozenset[int] = frozenset()
        self._held_before = self._held
        self._hold_words = _WAIT
        super().__init__(address, watch)

    def begin(self, patiently: bool) -> None:
        """Begin a transaction that may change the database. One begun ``patiently`` waits for what an act of another
        worker holds; else such an act is told at once that it was :class:`Raced`."""
        self._hold_words = _WAIT if patiently else _TRY
        self._held = frozenset()
        self._begin(_BEGIN)

    def settle(self) -> None:
        """Send what waits; what went wrong with any of the changes is told now."""
        if self._later:
            self._send()

    def mark(self) -> None:
        """Begin an act among others of the transaction."""
        self._held_before = self._held
        self._queue(_MARK)

    def keep(self) -> None:
        """End an act; what went wrong with any of its changes is told now."""
        self._asked(_RELEASE)

    def undo(self) -> None:
        """End an act and undo what was done since the mark; what was taken since then is let go."""
        self._forget_all()
        self._held = self._held_before
        if _MARK in self._later:
            del self._later[self._later.index(_MARK) :]
        else:
            self._later = [_UNDO, _RELEASE]
            self._send()

    def _send(self) -> list[Answer]:
        """What is sent goes behind what makes its patients and ids ours: where they are not to be had, none of it is
        done."""
        about = {thing for one in self._later for thing in read(one.statement).about(one.values)} - self._held
        first = next((place for place, one in enumerate(self._later) if one not in _FIRST), 0)
        self._later[first:first] = _holding(self._hold_words, sorted(about))
        answers = super()._send()
        self._held |= about
        return answers

    def _answers_anew(self, questions: list[Question]) -> list[Answer]:
        """An act begins anew on a new connection: the lane is another one, perhaps."""
        if self._inside:
            raise Raced("storage.away")
        return super()._answers_anew(questions)

    def _opened(self) -> tuple[Raw, Wire]:
        raw = connect(self._address)
        self.lane = _free_lane(raw)
        return raw, Wire(raw)


def _holding(words: str, things: list[int]) -> list[Question]:
    """The questions that make things ours; few statements, for some things are said twice."""
    parts = [things[begin : begin + _MOST_HELD] for begin in range(0, len(things), _MOST_HELD)]
    return [Question(_hold(words, _doubled(len(part))), _filled(part)) for part in parts]


@cache
def _hold(words: str, count: int) -> str:
    if words == _TRY:
        return _ALL_OR_FAIL.format(" and ".join([words] * count))
    return f"select {', '.join([words] * count)}"


def _filled(things: list[int]) -> tuple[int, ...]:
    return tuple(things + [things[-1]] * (_doubled(len(things)) - len(things)))


def _doubled(count: int) -> int:
    """The next power of two."""
    return 1 << (count - 1).bit_length()


def connect(address: str) -> Raw:
    """A new connection with this program's settings; each statement is a transaction of its own until one is begun."""
    try:
        raw = psycopg.connect(_with_time_limit(address), autocommit=True)
        raw.adapters.register_dumper(int, Int8BinaryDumper)
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


def _question(statement: str, values: Sequence[Any]) -> Question | None:
    """The question; None where a value holds what no text in the database can: nothing is found."""
    for value in values:
        if isinstance(value, str) and "\0" in value:
            return None
    return Question(statement, tuple(values))


def _regard(question: Question) -> Regard:
    return read(question.statement).regard(question.values)


def _change(statement: str, values: Sequence[Any]) -> Question:
    question = _question(statement, values)
    if question is None:
        raise StorageFault("storage.conflict")
    return question
