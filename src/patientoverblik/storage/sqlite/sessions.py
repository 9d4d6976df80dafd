"""Sessions, their opaque handles for patients, and when sources were heard from, in SQLite."""

from collections.abc import Mapping

from patientoverblik.access import Session
from patientoverblik.storage.sqlite.connection import Connection
from patientoverblik.storage.sqlite.packing import decode_session, encode


class SessionReads:
    """Reading sessions, handles and source times."""

    def __init__(self, connection: Connection) -> None:
        """Read through ``connection``."""
        self._connection = connection

    def session(self, session: str) -> Session | None:
        """A session by its id."""
        row = self._connection.one("select data from session where id = ?", (session,))
        return decode_session(row[0]) if row else None

    def handle(self, session: str, handle: str) -> int | None:
        """The patient key a handle stands for in this session."""
        row = self._connection.one("select patient from handle where session = ? and handle = ?", (session, handle))
        return row[0] if row else None

    def source_times(self) -> Mapping[str, int]:
        """When each source was last heard from (milliseconds UTC)."""
        return dict(self._connection.all("select source, at from source_time"))


class SessionWrites(SessionReads):
    """Changing sessions, handles and source times inside an act."""

    def put_session(self, session: Session) -> None:
        """Keep a session."""
        self._connection.run("insert or replace into session (id, data) values (?, ?)", (session.id, encode(session)))

    def end_session(self, session: str) -> None:
        """Forget a session and its handles."""
        self._connection.run("delete from session where id = ?", (session,))
        self._connection.run("delete from handle where session = ?", (session,))

    def put_handle(self, session: str, handle: str, patient: int) -> None:
        """Let a handle stand for a patient key in a session."""
        self._connection.run(
            "insert or replace into handle (session, handle, patient) values (?, ?, ?)", (session, handle, patient)
        )

    def touch_source(self, source: str, at: int) -> None:
        """A source was heard from; an earlier time than the one kept changes nothing."""
        self._connection.run(
            "insert into source_time (source, at) values (?, ?)"
            " on conflict (source) do update set at = max(at, excluded.at)",
            (source, at),
        )
