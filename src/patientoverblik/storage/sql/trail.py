"""Looks and security events; events are chained per patient, or per organisation where there is none."""

from patientoverblik.access import Look, SecurityEvent
from patientoverblik.service.seals import NOTHING_BEFORE, Chain, Head, SealedAnchor, SealedCheckpoint, TailEnd, chained
from patientoverblik.storage.chain import chain_of, event_bytes
from patientoverblik.storage.sql.packing import decode_event, decode_look, encode, pack, unpack
from patientoverblik.storage.sql.place import EVENT, LOOK, adding, following, part_span
from patientoverblik.storage.sql.putting import put
from patientoverblik.storage.sql.tail import TailWrites
from patientoverblik.storage.sql.trailreads import SealReads, first_place


class TrailReads(SealReads):
    """Reading the citizen's log, and the trail for verification."""

    def look(self, patient: int, look: str) -> Look | None:
        """One look by its id."""
        row = self._connection.one(
            "select data from trail where place between ? and ? and patient = ? and name = ?",
            (*part_span(patient, LOOK), patient, self._connection.name_of(look)),
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


class TrailWrites(TrailReads, TailWrites):
    """Writing looks and events inside an act, and sealing them."""

    def add_look(self, look: Look) -> None:
        """Write a look into the patient's log."""
        name = self._connection.name_of(look.id)
        self._connection.later(
            adding(self._connection.own_places, "trail", "part", "name", "data"),
            (*part_span(look.patient, LOOK), look.patient, LOOK, name, pack(encode(look))),
        )

    def forget_look(self, look: Look) -> None:
        """Take a look out of the patient's log."""
        self._connection.later(
            "delete from trail where place between ? and ? and patient = ? and name = ?",
            (*part_span(look.patient, LOOK), look.patient, self._connection.name_of(look.id)),
        )

    def add_event(self, event: SecurityEvent) -> None:
        """Append an event to the patient's chain, or to its organisation's where it has no patient."""
        self._expect_slip()
        chain, data = chain_of(event), event_bytes(event)
        head = self._next_of_patient(chain.patient, data) if chain.patient else self._next(chain.organisation, data)
        self._add_slip(head)
        self._append(head, data)

    def add_checkpoint(self, sealed: SealedCheckpoint, tails: tuple[TailEnd, ...]) -> None:
        """Keep a checkpoint; what it covers of the tail is forgotten, but for the ends."""
        self._connection.later(
            "insert into trail_checkpoint (number, data, signature, heads) values (?, ?, ?, ?)",
            (sealed.number, sealed.data, sealed.signature, sealed.heads),
        )
        for tail in tails:
            self._cover(tail)

    def cut(self, anchor: SealedAnchor, number: int) -> int:
        """Remove a chain's oldest entries and keep the anchor in their place."""
        chain = anchor.chain
        self._connection.later(
            put("trail_anchor", "patient, organisation", "data", "signature"),
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

    def _next_of_patient(self, patient: int, data: bytes) -> Head:
        """The head of a patient's chain, once an event is appended."""
        place, before = self._connection.one(*self._end_of(patient))
        digest = chained(NOTHING_BEFORE if before is None else before, data)
        return Head(patient, "", place - first_place(patient) + 1, digest)

    def _expect_event(self, patient: int) -> None:
        self._expect_slip()
        self._connection.ahead(*self._end_of(patient))

    def _end_of(self, patient: int) -> tuple[str, tuple[int, int, int]]:
        return following(self._connection.own_places, "trail", "name"), (*part_span(patient, EVENT), patient)

    def _next(self, organisation: str, data: bytes) -> Head:
        """The head of an organisation's chain, once an event is appended."""
        last = self._connection.one(
            "select position, digest from organisation_event where organisation = ? order by position desc limit 1",
            (organisation,),
        )
        position, before = last or (0, NOTHING_BEFORE)
        return Head(0, organisation, position + 1, chained(before, data))

    def _append(self, head: Head, data: bytes) -> None:
        if head.patient:
            place = first_place(head.patient) + head.number - 1
            self._connection.later(
                "insert into trail (patient, place, part, name, data) values (?, ?, ?, ?, ?)",
                (head.patient, place, EVENT, head.digest, data),
            )
        else:
            self._connection.later(
                "insert into organisation_event (organisation, position, data, digest) values (?, ?, ?, ?)",
                (head.organisation, head.number, data, head.digest),
            )
