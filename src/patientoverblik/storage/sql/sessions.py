"""Sessions, their opaque handles for patients, and when sources were heard from."""

from collections.abc import Mapping

from patientoverblik.access import Session
from patientoverblik.storage.sql.connection import Connection
from patientoverblik.storage.sql.packing import decode_session, encode
from patientoverblik.storage.sql.putting import once, put

DROPPED_AT_ONCE = 100
SOURCE_TIMES = "select source, at from source_time"


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

    def open_sessions(self, at: int, most: int) -> tuple[Session, ...]:
        """The sessions that have not run out, those begun last first."""
        rows = self._connection.all("select data from session where expires > ?", (at,))
        found = sorted((decode_session(row[0]) for row in rows), key=lambda each: (-each.started, each.id))
        return tuple(found[:most])

    def sessions_of(self, issuer: str, subject: str = "", sid: str = "") -> tuple[str, ...]:
        """Ids of the sessions an issuer vouched for, ascending."""
        if not (subject or sid):
            return ()
        given = [(name, value) for name, value in (("subject", subject), ("sid", sid)) if value]
        wanted = " and ".join(f"{name} = ?" for name, _ in given)
        asked = f"select id from session where issuer = ? and {wanted} order by id"  # noqa: S608 - names of our own
        return tuple(row[0] for row in self._connection.all(asked, (issuer, *(value for _, value in given))))

    def source_times(self) -> Mapping[str, int]:
        """When each source was last heard from (milliseconds UTC)."""
        return dict(self._connection.all(SOURCE_TIMES))


class SessionWrites(SessionReads):
    """Changing sessions, handles and source times inside an act."""

    def put_session(self, session: Session) -> None:
        """Keep a session."""
        self._connection.later(
            put("session", "id", "data", "expires", "issuer", "subject", "sid"),
            (session.id, encode(session), session.expires, session.issuer, session.subject, session.sid),
        )

    def end_session(self, session: str) -> None:
        """Forget a session and its handles."""
        self._connection.later("delete from session where id = ?", (session,))
        self._connection.later("delete from handle where session = ?", (session,))

    def put_handle(self, session: str, handle: str, patient: int) -> None:
        """Let a handle stand for a patient key in a session."""
        self._connection.later(put("handle", "session, handle", "patient"), (session, handle, patient))

    def drop_expired(self, at: int) -> None:
        """Forget some of the sessions that had run out by then."""
        for row in self._connection.all("select id from session where expires <= ? limit ?", (at, DROPPED_AT_ONCE)):
            self.end_session(row[0])

    def use_once(self, key: str, until: int, at: int) -> bool:
        """Whether ``key`` is used for the first time."""
        self._connection.later("delete from used where until <= ?", (at,))
        known = self._connection.one("select 1 from used where id = ?", (key,))
        if not known:
            self._connection.later("insert into used (id, until) values (?, ?)", (key, until))
        return not known

    def take_turn(self, job: str, at: int, until: int) -> bool:
        """Whether a job is ours now, because nobody had it."""
        key = f"turn:{job}"
        self._connection.later("delete from used where id = ? and (until <= ? or until > ?)", (key, at, until))
        taken = self._connection.run("insert into used (id, until) values (?, ?) on conflict do nothing", (key, until))
        return taken == 1

    def keep_turn(self, job: str, held: int, until: int) -> bool:
        """Whether a job was still ours, and is so for longer."""
        kept = "update used set until = ? where id = ? and until = ?"
        return self._connection.run(kept, (until, f"turn:{job}", held)) == 1

    def count(self, key: str, until: int, at: int) -> int:
        """How often ``key`` has been counted, this time with it."""
        self._connection.later("delete from counted where until <= ?", (at,))
        self._connection.later(
            "insert into counted (id, number, until) values (?, 1, ?)"
            " on conflict (id) do update set number = counted.number + 1",
            (key, until),
        )
        return int(self._connection.one("select number from counted where id = ?", (key,))[0])

    def keep_secret(self, name: str, fresh: bytes) -> bytes:
        """The secret kept under a name."""
        self._connection.later(once("secret", "name", "data"), (name, fresh))
        return bytes(self._connection.one("select data from secret where name = ?", (name,))[0])

    def touch_source(self, source: str, at: int) -> None:
        """A source was heard from; an earlier time than the one kept changes nothing."""
        self._connection.later(
            "insert into source_time (source, at) values (?, ?)"
            " on conflict (source) do update set at = excluded.at where source_time.at < excluded.at",
            (source, at),
        )
