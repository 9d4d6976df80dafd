"""Questions as they go to the server: several in one go, each prepared once, numbers and bytes in binary.

libpq's pipeline mode (PostgreSQL 15, chapter 34.5): what is sent together is done in order, up to the first that fails,
and the answers come back together. A connection is in that mode from its beginning to its end.
"""

from collections.abc import Mapping, Sequence
from itertools import compress, count
from select import POLLIN, POLLOUT, poll
from typing import Any, NamedTuple

import psycopg
from psycopg.adapt import Transformer
from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus
from psycopg.pq.abc import PGresult

from patientoverblik.storage.postgres.statement import STATEMENTS, read

LOST = "08006"
UNSENT = 1  # PQflush
Raw = psycopg.Connection[tuple[Any, ...]]
_TEXT, _BINARY = 0, 1
_UNKNOWN, _BYTEA, _INT8 = 0, 17, 20
# By type of value: what the server is told it is, and how it is sent. All numbers are of one type, so that a statement
# has one plan.
_KINDS: Mapping[type, tuple[int, int]] = {
    int: (_INT8, _BINARY),
    bytes: (_BYTEA, _BINARY),
    str: (_UNKNOWN, _TEXT),
    type(None): (_UNKNOWN, _TEXT),
}
_FAILED = frozenset({ExecStatus.FATAL_ERROR, ExecStatus.BAD_RESPONSE, ExecStatus.PIPELINE_ABORTED})


class Failed(Exception):  # noqa: N818 - what is told is a state, as the server names it
    """What was asked failed; ``state`` is the server's SQLSTATE, or that the connection was lost."""

    def __init__(self, state: str) -> None:
        """Hold the state, and none of the server's words."""
        super().__init__(state)
        self.state = state


class Question(NamedTuple):
    """A statement whose values are marked with ``?`` or ``?1``, ``?2`` …; values are numbers, texts, bytes or None."""

    statement: str
    values: tuple[Any, ...] = ()


class Answer(NamedTuple):
    """The rows, how many rows were touched, and what the server says it did (``COMMIT``)."""

    rows: list[tuple[Any, ...]]
    touched: int
    did: bytes


class Wire:
    """The server's end of one connection, whose settings are made."""

    def __init__(self, raw: Raw) -> None:
        """Take the connection over."""
        self._server = raw.pgconn
        self._loader = Transformer(raw)
        self._names: dict[tuple[str, tuple[int, ...]], bytes] = {}
        self._numbers = count(1)
        self._owed: list[bool] = []
        self._arrival = poll()
        self._arrival.register(self._server.socket, POLLIN)
        self._server.enter_pipeline_mode()

    def ask(self, questions: Sequence[Question]) -> list[Answer]:
        """Send questions in one go; their answers. The first that fails is told as :class:`Failed`."""
        return [self._answer(result) for result in self._heard(self._say(questions))]

    def tell(self, question: Question) -> None:
        """Send a question whose answer nobody waits for; it is read, and forgotten, before the next."""
        self._owed = self._say([question])

    def _say(self, questions: Sequence[Question]) -> list[bool]:
        """What will be heard: of each result whether it answers a question, or tells that one was prepared."""
        if self._owed:
            owed, self._owed = self._owed, []
            self._heard(owed)
        try:
            said = [answers for question in questions for answers in self._send(question)]
            self._server.pipeline_sync()
        except psycopg.OperationalError:
            raise Failed(LOST) from None
        return said

    def _send(self, question: Question) -> list[bool]:
        kinds = [_KINDS[type(value)] for value in question.values]
        types = tuple([kind for kind, _ in kinds])
        name = self._names.get((question.statement, types))
        said = [True] if name is not None else [False, True]
        if name is None:
            name = self._new_name(question.statement, types)
            self._server.send_prepare(name, read(question.statement).text.encode(), types)
        values = [_dumped(value) for value in question.values]
        self._server.send_query_prepared(name, values, [form for _, form in kinds], _BINARY)
        return said

    def _new_name(self, statement: str, types: tuple[int, ...]) -> bytes:
        """A name to prepare a statement under; past a limit they share one, and are prepared each time."""
        if len(self._names) >= STATEMENTS:
            return b""
        name = self._names[statement, types] = b"s%d" % next(self._numbers)
        return name

    def _heard(self, expected: list[bool]) -> list[PGresult]:
        """The results that answer a question."""
        results = self._results()
        failed = next((result for result in results if result.status in _FAILED), None)
        if failed is None and len(results) == len(expected):
            return list(compress(results, expected))
        if not all(expected):
            self._names.clear()  # what stood behind the fault was not prepared
        raise Failed(_state(failed))

    def _results(self) -> list[PGresult]:
        """What the server says, up to the end of what was sent in one go, or of the connection."""
        found: list[PGresult] = []
        while self._server.status != ConnStatus.BAD:
            try:
                result = self._next()
            except psycopg.OperationalError:
                break
            if result is not None and result.status == ExecStatus.PIPELINE_SYNC:
                break
            found += [result] if result is not None else []
        return found

    def _next(self) -> PGresult | None:
        """The next result, None behind each; other threads run until it is here."""
        while self._server.is_busy():
            self._wait()
            self._server.consume_input()
        return self._server.get_result()

    def _wait(self) -> None:
        """Until more has come, or the server can take more of what is not sent yet: a large document goes in pieces."""
        unsent = self._server.flush() == UNSENT
        self._arrival.modify(self._server.socket, POLLIN | POLLOUT if unsent else POLLIN)
        self._arrival.poll()

    def _answer(self, result: PGresult) -> Answer:
        rows: list[tuple[Any, ...]] = []
        if result.ntuples:
            self._loader.set_pgresult(result)
            rows = self._loader.load_rows(0, result.ntuples, tuple)
        return Answer(rows, result.command_tuples or 0, result.command_status or b"")


def _dumped(value: Any) -> bytes | None:
    """A value as it is sent."""
    if isinstance(value, int):
        return value.to_bytes(8, "big", signed=True)
    return value.encode() if isinstance(value, str) else value


def _state(failed: PGresult | None) -> str:
    state = failed.error_field(DiagnosticField.SQLSTATE) if failed else None
    return state.decode() if state else LOST
