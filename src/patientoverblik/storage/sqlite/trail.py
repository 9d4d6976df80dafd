"""Looks and security events in SQLite; events are chained per patient, or per organisation where there is none."""

from patientoverblik.access import Look, SecurityEvent
from patientoverblik.storage.chain import START, chain_key, chained, event_bytes, unbroken
from patientoverblik.storage.sqlite.connection import Connection
from patientoverblik.storage.sqlite.packing import decode_event, decode_look, encode, pack, unpack
from patientoverblik.storage.sqlite.place import EVENT, LOOK, adding, part_span


class TrailReads:
    """Reading the citizen's log, and the chain for verification."""

    def __init__(self, connection: Connection) -> None:
        """Read through ``connection``."""
        self._connection = connection

    def look(self, patient: int, look: str) -> Look | None:
        """One look by its id."""
        row = self._connection.one(
            "select data from trail where place between ? and ? and patient = ? and name = ?",
            (*part_span(patient, LOOK), patient, look),
        )
        return decode_look(unpack(row[0])) if row else None

    def looks(self, patient: int) -> tuple[Look, ...]:
        """Every look at the patient under this key, oldest first."""
        rows = self._connection.all(
            "select data from trail where place between ? and ? and patient = ? order by place",
            (*part_span(patient, LOOK), patient),
        )
        return tuple(decode_look(unpack(row[0])) for row in rows)

    def events(self, patient: int) -> tuple[SecurityEvent, ...]:
        """The chain of security events under this key, oldest first."""
        return tuple(decode_event(data) for data, _ in chain_of(self._connection, patient))


class TrailWrites(TrailReads):
    """Writing looks and events inside an act."""

    def add_look(self, look: Look) -> None:
        """Write a look into the patient's log."""
        self._connection.run(
            adding("trail", "part", "name", "data"),
            (*part_span(look.patient, LOOK), look.patient, LOOK, look.id, pack(encode(look))),
        )

    def add_event(self, event: SecurityEvent) -> None:
        """Append an event to the patient's chain, or to its organisation's where it has no patient."""
        if event.patient:
            self._append_to_patient(event)
        else:
            self._append_to_organisation(event)

    def _append_to_patient(self, event: SecurityEvent) -> None:
        where = (*part_span(event.patient, EVENT), event.patient)
        last = self._connection.one(
            "select name from trail where place between ? and ? and patient = ? order by place desc limit 1", where
        )
        data = event_bytes(event)
        self._connection.run(
            adding("trail", "part", "data", "name"),
            (*where, EVENT, data, chained(last[0] if last else START, data)),
        )

    def _append_to_organisation(self, event: SecurityEvent) -> None:
        key = chain_key(event)
        last = self._connection.one(
            "select position, digest from organisation_event where organisation = ? order by position desc limit 1",
            (key,),
        )
        self._connection.run(
            "insert into organisation_event (organisation, position, data, digest) values (?, ?, ?, ?)",
            (key, *_following(last, event)),
        )


def chain_of(connection: Connection, patient: int) -> list[tuple[bytes, bytes]]:
    """A patient's events with their digests, oldest first."""
    return connection.all(
        "select data, name from trail where place between ? and ? and patient = ? order by place",
        (*part_span(patient, EVENT), patient),
    )


def broken_chains(connection: Connection) -> int:
    """How many chains of the trail do not add up; reads the whole trail, one chain at a time."""
    patients = connection.all("select distinct patient from trail")
    organisations = connection.all("select distinct organisation from organisation_event")
    by_organisation = "select data, digest from organisation_event where organisation = ? order by position"
    return sum(not unbroken(chain_of(connection, patient)) for (patient,) in patients) + sum(
        not unbroken(connection.all(by_organisation, key)) for key in organisations
    )


def _following(last: tuple[int, bytes] | None, event: SecurityEvent) -> tuple[int, bytes, bytes]:
    position, digest = last or (0, START)
    data = event_bytes(event)
    return position + 1, data, chained(digest, data)
