"""Looks and security events in SQLite; events are chained per patient, or per organisation where there is none."""

from patientoverblik.access import Look, SecurityEvent
from patientoverblik.service.seals import NOTHING_BEFORE, Chain, SealedAnchor, SealedCheckpoint, chained
from patientoverblik.storage.chain import chain_of, event_bytes
from patientoverblik.storage.sqlite.packing import decode_event, decode_look, encode, pack, unpack
from patientoverblik.storage.sqlite.place import EVENT, LOOK, adding, part_span
from patientoverblik.storage.sqlite.trailreads import SealReads, first_place

_OPEN = "insert or ignore into trail_open (patient, organisation) values (?, ?)"


class TrailReads(SealReads):
    """Reading the citizen's log, and the trail for verification."""

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
        """The chain of security events under this key, oldest first; none under 0, which is no patient."""
        return tuple(decode_event(entry.data) for entry in self.chain_entries(Chain(patient))) if patient else ()


class TrailWrites(TrailReads):
    """Writing looks and events inside an act, and sealing them."""

    def add_look(self, look: Look) -> None:
        """Write a look into the patient's log."""
        self._connection.run(
            adding("trail", "part", "name", "data"),
            (*part_span(look.patient, LOOK), look.patient, LOOK, look.id, pack(encode(look))),
        )

    def add_event(self, event: SecurityEvent) -> None:
        """Append an event to the patient's chain, or to its organisation's where it has no patient."""
        chain = chain_of(event)
        if chain.patient:
            self._append_to_patient(event)
        else:
            self._append_to_organisation(chain.organisation, event)
        self._connection.run(_OPEN, (chain.patient, chain.organisation))

    def add_checkpoint(self, sealed: SealedCheckpoint, chains: tuple[Chain, ...]) -> None:
        """Keep a checkpoint; the chains it covers are no longer open."""
        self._connection.run(
            "insert into trail_checkpoint (number, data, signature, heads) values (?, ?, ?, ?)",
            (sealed.number, sealed.data, sealed.signature, sealed.heads),
        )
        for chain in chains:
            self._connection.run(
                "delete from trail_open where patient = ? and organisation = ?", (chain.patient, chain.organisation)
            )

    def cut(self, anchor: SealedAnchor, number: int) -> int:
        """Remove a chain's oldest entries and keep the anchor in their place."""
        chain = anchor.chain
        self._connection.run(
            "insert or replace into trail_anchor (patient, organisation, data, signature) values (?, ?, ?, ?)",
            (chain.patient, chain.organisation, anchor.data, anchor.signature),
        )
        if chain.patient:
            first = first_place(chain.patient)
            return self._connection.run(
                "delete from trail where place between ? and ? and patient = ?",
                (first, first + number - 1, chain.patient),
            )
        return self._connection.run(
            "delete from organisation_event where organisation = ? and position <= ?", (chain.organisation, number)
        )

    def _append_to_patient(self, event: SecurityEvent) -> None:
        where = (*part_span(event.patient, EVENT), event.patient)
        last = self._connection.one(
            "select name from trail where place between ? and ? and patient = ? order by place desc limit 1", where
        )
        data = event_bytes(event)
        self._connection.run(
            adding("trail", "part", "data", "name"),
            (*where, EVENT, data, chained(last[0] if last else NOTHING_BEFORE, data)),
        )

    def _append_to_organisation(self, organisation: str, event: SecurityEvent) -> None:
        last = self._connection.one(
            "select position, digest from organisation_event where organisation = ? order by position desc limit 1",
            (organisation,),
        )
        position, before = last or (0, NOTHING_BEFORE)
        data = event_bytes(event)
        self._connection.run(
            "insert into organisation_event (organisation, position, data, digest) values (?, ?, ?, ?)",
            (organisation, position + 1, data, chained(before, data)),
        )
