"""What decisions rest on, kept in SQLite: relations, blocks, powers of attorney and person facts of one patient."""

from hashlib import sha256
from itertools import chain

from patientoverblik.access import Block, PersonFacts, PowerOfAttorney, Relation
from patientoverblik.storage.sqlite.locators import LocatorReads, LocatorWrites
from patientoverblik.storage.sqlite.packing import decode_block, decode_person, decode_power, decode_relation, encode
from patientoverblik.storage.sqlite.place import EVIDENCE, adding, part_span
from patientoverblik.storage.union import one_person, united


class EvidenceReads(LocatorReads):
    """Reading evidence; linked keys are united."""

    def relations(self, patient: int) -> tuple[Relation, ...]:
        """Every known relation of the patient, linked keys included."""
        return united(map(decode_relation, rows) for rows in self._rows(patient, "relation"))

    def blocks(self, patient: int) -> tuple[Block, ...]:
        """Every block the patient has made, linked keys included."""
        return united(map(decode_block, rows) for rows in self._rows(patient, "block"))

    def powers(self, patient: int) -> tuple[PowerOfAttorney, ...]:
        """Every power of attorney the patient has given, linked keys included."""
        return united(map(decode_power, rows) for rows in self._rows(patient, "power"))

    def person(self, patient: int) -> PersonFacts:
        """What the register says of the patient, linked keys included."""
        return one_person(map(decode_person, chain.from_iterable(self._rows(patient, "person"))))

    def _rows(self, patient: int, kind: str) -> list[list[bytes]]:
        return [self._rows_of(key, kind) for key in self.linked_keys(patient)]

    def _rows_of(self, patient: int, kind: str) -> list[bytes]:
        rows = self._connection.all(
            "select data from shelf where place between ? and ? and patient = ? and about = ? order by place",
            (*part_span(patient, EVIDENCE), patient, kind),
        )
        return [row[0] for row in rows]


class EvidenceWrites(EvidenceReads, LocatorWrites):
    """Changing evidence inside an act; each row has one id and is replaced by it, keeping its place."""

    def put_relation(self, patient: int, relation: Relation) -> None:
        """Add a relation; one already there is kept once."""
        data = encode(relation)
        self._put(patient, "relation", sha256(data).digest(), data)

    def put_block(self, patient: int, block: Block) -> None:
        """Add a block, or replace the one with its id."""
        self._put(patient, "block", block.id.encode(), encode(block))

    def put_power(self, patient: int, power: PowerOfAttorney) -> None:
        """Add a power of attorney, or replace the one with its id."""
        self._put(patient, "power", power.id.encode(), encode(power))

    def put_person(self, patient: int, facts: PersonFacts) -> None:
        """Set what the register says of the patient."""
        self._put(patient, "person", b"", encode(facts))

    def _put(self, patient: int, kind: str, row: bytes, data: bytes) -> None:
        where = (*part_span(patient, EVIDENCE), patient, kind, row)
        changed = self._connection.run(
            "update shelf set data = ? where place between ? and ? and patient = ? and about = ? and name = ?",
            (data, *where),
        )
        if not changed:
            self._connection.run(
                adding("shelf", "about", "name", "part", "data"),
                (*where, EVIDENCE, data),
            )
