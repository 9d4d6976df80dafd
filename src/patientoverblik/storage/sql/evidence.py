"""What decisions rest on, as rows: one patient's relations, blocks, powers, custody and person facts, side by side."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any

from patientoverblik.access import (
    Block,
    Custody,
    Evidence,
    Guardian,
    Opening,
    PersonFacts,
    PowerOfAttorney,
    Protection,
    Relation,
)
from patientoverblik.storage.sql.locators import LocatorReads, LocatorWrites
from patientoverblik.storage.sql.packing import (
    decode_block,
    decode_custody,
    decode_guardian,
    decode_opening,
    decode_person,
    decode_power,
    decode_protection,
    decode_relation,
    encode,
)
from patientoverblik.storage.sql.place import (
    EVIDENCE,
    OF_PART,
    ORDER_BITS,
    PART_BITS,
    PATIENT_BITS,
    WITHIN,
    adding,
    part_span,
    within,
)
from patientoverblik.storage.union import one_person

Row = tuple[int, str, bytes]
EVIDENCE_KEPT = 16384  # of about 500 bytes each
_FIRST = f"((mine.patient & {(1 << PATIENT_BITS) - 1}) << {ORDER_BITS})"
_LAST = f"{_FIRST} + {(1 << (ORDER_BITS - PART_BITS)) - 1}"
# The plus keeps the database from making an index of the whole table for this one question.
_EVIDENCE = (
    "with recursive mine (patient) as"  # noqa: S608 - constants of our own
    " (select ? union select link.other from mine join link on link.patient = mine.patient)"
    " select mine.patient, shelf.about, shelf.data from mine"
    f" left join shelf on shelf.place between {_FIRST} and {_LAST} and +shelf.patient = mine.patient"
    " order by mine.patient, shelf.place"
)
_CHANGE = f"update shelf set data = ? where {WITHIN} and about = ? and name = ?"  # noqa: S608
_DECODE: Mapping[str, Callable[[bytes], Any]] = {
    "relation": decode_relation,
    "power": decode_power,
    "block": decode_block,
    "person": decode_person,
    "custody": decode_custody,
    "guardian": decode_guardian,
    "protection": decode_protection,
    "opening": decode_opening,
}
_FIELD: Mapping[str, str] = {
    "relation": "relations",
    "power": "powers",
    "block": "blocks",
    "custody": "custodies",
    "guardian": "guardians",
    "protection": "protections",
    "opening": "openings",
}


@lru_cache(maxsize=EVIDENCE_KEPT)
def evidence_of(keys: tuple[int, ...], rows: tuple[Row, ...]) -> Evidence:
    """Evidence from its rows (key, kind, data), the very same value for the very same bytes: what follows from it need
    not be worked out again (docs/adr/0017)."""
    found: defaultdict[str, dict[Any, None]] = defaultdict(dict)
    for _, kind, data in rows:
        found[kind][_DECODE[kind](data)] = None
    person = one_person(found.pop("person", ()))
    return Evidence(person=person, keys=keys, **{_FIELD[kind]: tuple(held) for kind, held in found.items()})


@cache
def linked(own_places: bool) -> str:
    """The statement for which of many patients are linked with another."""
    return (
        f"{_many(own_places)} select distinct link.patient"  # noqa: S608 - constants of our own
        " from mine join link on link.patient = mine.patient"
    )


@cache
def several(own_places: bool) -> str:
    """The statement for the evidence of many patients, each patient's rows by place. Where rows are packed, the part
    keeps the others unread."""
    # A plus keeps the database from making an index of the whole table for this one question, and a cross join makes it
    # begin with the patients.
    own = f"shelf.patient = mine.patient and shelf.part = {EVIDENCE}" if own_places else "+shelf.patient = mine.patient"
    return (
        f"{_many(own_places)} select shelf.patient, shelf.about, shelf.data from mine"  # noqa: S608 - as above
        f" cross join shelf where {own} and shelf.place between {_FIRST} and {_LAST} order by mine.patient, shelf.place"
    )


def _many(own_places: bool) -> str:
    """Many patients, who are one value: their keys as a list in JSON, taken apart in each database's own way."""
    keys = "value::bigint from json_array_elements_text(?::json)" if own_places else "value from json_each(?)"
    return f"with mine (patient) as (select {keys})"


class EvidenceReads(LocatorReads):
    """Reading evidence; linked keys are united."""

    def evidence(self, patient: int) -> Evidence:
        """Everything a decision about the patient rests on, linked keys included, in one statement."""
        rows = self._evidence_rows(patient)
        keys = tuple(dict.fromkeys(key for key, _, _ in rows))
        return evidence_of(keys, tuple([row for row in rows if row[1] is not None]))

    def evidences(self, patients: Sequence[int]) -> dict[int, Evidence]:
        """What :meth:`evidence` gives for each of many patients; those without links are read together."""
        own_places, asked = self._connection.own_places, (str(list(patients)),)
        rows: dict[int, list[Row]] = {patient: [] for patient in patients}
        for row in self._connection.all(several(own_places), asked):
            rows[row[0]].append(row)
        others = {row[0] for row in self._connection.all(linked(own_places), asked)}
        return {
            key: self.evidence(key) if key in others else evidence_of((key,), tuple(held)) for key, held in rows.items()
        }

    def _evidence_rows(self, patient: int) -> list[tuple[int, str | None, bytes | None]]:
        """(key, kind, data) of every row, by key and place, in one statement that follows the links. Where places are a
        patient's own, linked keys may lie on different servers, and each is asked for by itself."""
        if not self._connection.own_places:
            return self._connection.all(_EVIDENCE, (patient,))
        keys = self.linked_keys(patient)
        return [(key, *row) for key in keys for row in self._evidence_of(key) or [(None, None)]]

    def _evidence_of(self, key: int) -> list[tuple[str | None, bytes | None]]:
        return self._connection.all(OF_PART, within(key, EVIDENCE))

    def relations(self, patient: int) -> tuple[Relation, ...]:
        """Every known relation of the patient, linked keys included."""
        return self.evidence(patient).relations

    def blocks(self, patient: int) -> tuple[Block, ...]:
        """Every block the patient has made, linked keys included."""
        return self.evidence(patient).blocks

    def powers(self, patient: int) -> tuple[PowerOfAttorney, ...]:
        """Every power of attorney the patient has given, linked keys included."""
        return self.evidence(patient).powers

    def person(self, patient: int) -> PersonFacts:
        """What the register says of the patient, linked keys included."""
        return self.evidence(patient).person


class EvidenceWrites(EvidenceReads, LocatorWrites):
    """Changing evidence inside an act; each row has one id and is replaced by it, keeping its place."""

    def put_relation(self, patient: int, relation: Relation) -> None:
        """Add a relation, or replace what was told of the same one."""
        self._put(patient, "relation", sha256(encode(relation.told_of)).digest(), encode(relation))

    def put_block(self, patient: int, block: Block) -> None:
        """Add a block, or replace the one with its id."""
        self._put(patient, "block", block.id.encode(), encode(block))

    def put_power(self, patient: int, power: PowerOfAttorney) -> None:
        """Add a power of attorney, or replace the one with its id."""
        self._put(patient, "power", power.id.encode(), encode(power))

    def put_person(self, patient: int, facts: PersonFacts) -> None:
        """Set what the register says of the patient."""
        self._put(patient, "person", b"", encode(facts))

    def put_custody(self, patient: int, custody: Custody) -> None:
        """Add a custody, or replace the one with its id."""
        self._put(patient, "custody", custody.id.encode(), encode(custody))

    def put_guardian(self, patient: int, guardian: Guardian) -> None:
        """Add a guardian, or replace the one with its id."""
        self._put(patient, "guardian", guardian.id.encode(), encode(guardian))

    def put_protection(self, patient: int, protection: Protection) -> None:
        """Add somebody protected, or replace what stands of that person."""
        self._put(patient, "protection", str(protection.person).encode(), encode(protection))

    def put_opening(self, patient: int, opening: Opening) -> None:
        """Add an opening, or replace the one with its id."""
        self._put(patient, "opening", opening.id.encode(), encode(opening))

    def _put(self, patient: int, kind: str, row: bytes, data: bytes, part: int = EVIDENCE) -> None:
        changed = self._connection.run(_CHANGE, (data, *within(patient, part), kind, row))
        if not changed:
            self._connection.later(
                adding(self._connection.own_places, "shelf", "part", "about", "name", "data"),
                (*part_span(patient, part), patient, part, kind, row, data),
            )
