"""The outbox. Messages lie with their patient; those that are due are found by feed and time."""

from msgspec.structs import replace

from patientoverblik.service.outbox import PULLED, Message, Queue
from patientoverblik.sharing.model import PatientId
from patientoverblik.storage.sql.connection import Connection
from patientoverblik.storage.sql.packing import pack, unpack

_SELECT = "select patient, feed, id, kind, data, due, attempts, fault from outbox"
_OLDEST_FIRST = "order by due, patient, id limit ?"
# ruff: noqa: S608 - the parts put together are constants of this module
_MINE = "where patient = ? and feed = ? and id = ?"


class OutboxReads:
    """What waits and what failed."""

    def __init__(self, connection: Connection) -> None:
        """Read through ``connection``."""
        self._connection = connection

    def queues(self) -> tuple[Queue, ...]:
        """Every feed that has messages for us to deliver, by name."""
        rows = self._connection.all(
            "select feed, count(*) filter (where state = 'waiting'),"
            " count(*) filter (where state = 'failed'),"
            " min(case state when 'waiting' then due end)"
            " from outbox group by feed order by feed"
        )
        ours = (row for row in rows if not row[0].startswith(PULLED))
        return tuple(Queue(feed, waiting, failed, oldest or 0) for feed, waiting, failed, oldest in ours)

    def failed(self, feed: str, most: int) -> tuple[Message, ...]:
        """Messages that were given up, oldest first."""
        rows = self._connection.all(f"{_SELECT} where feed = ? and state = 'failed' {_OLDEST_FIRST}", (feed, most))
        return tuple(_message(row) for row in rows)

    def patient_ids(self, patient: int) -> tuple[PatientId, ...]:
        """Every number of a patient key, in order."""
        rows = self._connection.all(
            "select system, value from patient_number where patient = ? order by system, value", (patient,)
        )
        return tuple(PatientId(*row) for row in rows)


class OutboxWrites(OutboxReads):
    """The outbox inside an act."""

    def post(self, message: Message) -> None:
        """Put a message in the outbox once."""
        self._connection.later(
            "insert into outbox (patient, feed, id, kind, state, due, attempts, fault, data)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?) on conflict do nothing",
            (
                message.patient,
                message.feed,
                message.id,
                message.kind,
                "waiting",
                message.due,
                message.attempts,
                message.fault,
                pack(message.data),
            ),
        )

    def claim(self, feed: str, at: int, until: int, most: int) -> tuple[Message, ...]:
        """Take messages that are due; nobody else has them before ``until``."""
        due = self._connection.all(
            f"{_SELECT} where feed = ? and state = 'waiting' and due <= ? {_OLDEST_FIRST}", (feed, at, most)
        )
        return tuple(replace(message, due=until) for message in map(_message, due) if self._took(message, until))

    def _took(self, message: Message, until: int) -> bool:
        """Whether a message was still as it was seen, and is now claimed."""
        held = (until, *_key(message), message.due)
        return self._connection.run(f"update outbox set due = ? {_MINE} and due = ?", held) == 1

    def sent(self, message: Message) -> None:
        """A message was delivered and is forgotten."""
        self._connection.later(f"delete from outbox {_MINE}", _key(message))

    def postpone(self, message: Message, due: int, given_up: bool = False) -> None:
        """Try again later, or give up; nothing where somebody else has claimed it since."""
        state = "failed" if given_up else "waiting"
        self._connection.later(
            f"update outbox set due = ?, fault = ?, state = ?, attempts = ? {_MINE} and due = ? and state = 'waiting'",
            (due, message.fault, state, message.attempts, *_key(message), message.due),
        )

    def revive(self, feed: str, at: int) -> int:
        """Let every message that was given up wait again."""
        return self._connection.run(
            "update outbox set state = 'waiting', due = ?, attempts = 0 where feed = ? and state = 'failed'", (at, feed)
        )


def _key(message: Message) -> tuple[int, str, str]:
    return message.patient, message.feed, message.id


def _message(row: tuple[int, str, str, str, bytes, int, int, str]) -> Message:
    patient, feed, id_, kind, data, due, attempts, fault = row
    return Message(patient, feed, id_, kind, unpack(data), due, attempts, fault)  # type: ignore[arg-type]
