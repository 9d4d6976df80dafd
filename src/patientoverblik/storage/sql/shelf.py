"""A patient's documents: entries, associations, bytes and readings."""

from collections.abc import Sequence

from patientoverblik.sharing.model import Association, DocumentEntry, StoredReading
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.sql.locators import LocatorReads, LocatorWrites
from patientoverblik.storage.sql.packing import LARGE, association_of, encode, entry_of, is_large, pack, unpack
from patientoverblik.storage.sql.place import (
    CARE,
    ENTRY,
    OF_PART,
    WITHIN,
    adding,
    part_of,
    part_span,
    placing,
    span,
    within,
)
from patientoverblik.storage.sql.putting import once


class ShelfReads(LocatorReads):
    """Reading one patient's documents."""

    def entries(self, patient: int) -> tuple[DocumentEntry, ...]:
        """Every entry under one key, in the order they were registered."""
        return tuple([entry_of(data) for _, data in self._connection.all(OF_PART, within(patient, ENTRY))])

    def entry(self, patient: int, uuid: str) -> DocumentEntry | None:
        """One entry."""
        row = self._connection.one(
            f"select data from shelf where {WITHIN} and name = ?",  # noqa: S608
            (*within(patient, ENTRY), self._connection.name_of(uuid)),
        )
        return entry_of(row[0]) if row else None

    def associations(self, patient: int) -> tuple[Association, ...]:
        """Every association under one key, in the order they were registered."""
        rows = self._connection.all(
            "select data from association where place between ? and ? and patient = ? order by place",
            (*span(patient), patient),
        )
        return tuple(association_of(row[0]) for row in rows)

    def content(self, patient: int, content: str) -> bytes | None:
        """A document's bytes, exactly as submitted."""
        row = self._connection.one(
            "select place, case when length(data) <= ? then data end"
            " from content_place join content using (patient, place)"
            " where content_place.patient = ? and content_place.content = ?",
            (LARGE, patient, bytes.fromhex(content)),
        )
        if row is None:
            return None
        return self._connection.large(row[0], patient) if row[1] is None else unpack(row[1])

    def cares(self, patient: int, contents: Sequence[str]) -> dict[str, tuple[str, bytes]]:
        """(stamp, care contribution) for each content that has a reading."""
        if not contents:
            return {}
        asked = [bytes.fromhex(content) for content in contents]
        marks, values = _list_of(asked)
        rows = self._connection.all(
            "select name, about, data from shelf"  # noqa: S608
            f" where {WITHIN} and name in ({marks}) order by place",
            (*within(patient, CARE), *values),
        )
        found = {content: (stamp, unpack(data)) for content, stamp, data in rows}
        return {name: found[key] for name, key in zip(contents, asked, strict=True) if key in found}

    def reading(self, patient: int, content: str) -> StoredReading | None:
        """A document's whole reading."""
        row = self._connection.one(
            "select about, shelf.data, record.data, losses from content_place join record using (patient, place)"
            " join shelf on shelf.patient = content_place.patient"
            " and shelf.place = content_place.place + ? and shelf.part = ?"
            " where content_place.patient = ? and content_place.content = ?",
            (part_of(CARE), CARE, patient, bytes.fromhex(content)),
        )
        if row is None:
            return None
        stamp, care, record, losses = row
        return StoredReading(
            content=content, stamp=stamp, care=unpack(care), record=unpack(record), losses=unpack(losses)
        )


class ShelfWrites(ShelfReads, LocatorWrites):
    """Changing one patient's documents inside an act."""

    def add_entry(self, entry: DocumentEntry) -> None:
        """Add an entry; its uuid must be new."""
        patient, name = entry.patient, self._connection.name_of(entry.uuid)
        self._connection.later("insert into entry_locator (uuid, patient) values (?, ?)", (entry.uuid, patient))
        self._connection.later(
            adding(self._connection.own_places, "shelf", "part", "name", "about", "data"),
            (*part_span(patient, ENTRY), patient, ENTRY, name, entry.unique_id, pack(encode(entry))),
        )

    def put_entry(self, entry: DocumentEntry) -> None:
        """Replace the entry with the same uuid; it keeps its place in the order."""
        name = self._connection.name_of(entry.uuid)
        changed = self._connection.run(
            f"update shelf set data = ?, about = ? where {WITHIN} and name = ?",  # noqa: S608
            (pack(encode(entry)), entry.unique_id, *within(entry.patient, ENTRY), name),
        )
        if changed != 1:
            raise StorageFault("storage.conflict")

    def add_association(self, association: Association) -> None:
        """Add an association."""
        self._connection.later(
            adding(self._connection.own_places, "association", "data"),
            (*span(association.patient), association.patient, encode(association)),
        )

    def add_content(self, patient: int, content: str, data: bytes) -> None:
        """Keep a document's bytes under its hash."""
        place, reading = self._place_of(patient, content)
        if is_large(data):
            self._connection.add_large(place, patient, data)
        else:
            self._connection.later(once("content", "place", "patient", "data"), (place, patient, pack(data)))
        self._connection.known(*self._placing(patient, content), [(place, reading, place)])

    def put_reading(self, patient: int, reading: StoredReading) -> None:
        """Keep or replace a document's reading."""
        place, known = self._place_of(patient, reading.content)
        care = (bytes.fromhex(reading.content), reading.stamp, pack(reading.care))
        kept = (pack(reading.record), pack(reading.losses))
        if known is not None:
            self._connection.later(
                "update shelf set name = ?, about = ?, data = ? where place = ? and patient = ? and part = ?",
                (*care, place + part_of(CARE), patient, CARE),
            )
            self._connection.later(
                "update record set data = ?, losses = ? where place = ? and patient = ?", (*kept, place, patient)
            )
        else:
            self._connection.later(
                "insert into shelf (place, patient, part, name, about, data) values (?, ?, ?, ?, ?, ?)",
                (place + part_of(CARE), patient, CARE, *care),
            )
            self._connection.later(
                "insert into record (place, patient, data, losses) values (?, ?, ?, ?)", (place, patient, *kept)
            )

    def _expect_content(self, patient: int, content: str) -> None:
        self._connection.ahead(*self._placing(patient, content))

    def _placing(self, patient: int, content: str) -> tuple[str, tuple[int, int, int, bytes]]:
        return placing(self._connection.own_places), (*span(patient), patient, bytes.fromhex(content))

    def _place_of(self, patient: int, content: str) -> tuple[int, int | None]:
        """The place a content has, or is given now, in each of the tables that hold something of it; and once more
        where it has a reading."""
        held, reading, free = self._connection.one(*self._placing(patient, content))
        if held is not None:
            return held, reading
        self._connection.later(
            "insert into content_place (place, patient, content) values (?, ?, ?)",
            (free, patient, bytes.fromhex(content)),
        )
        return free, None


def _list_of(values: list[bytes]) -> tuple[str, list[bytes]]:
    """Marks and values for an ``in`` list, filled up to a power of two so that few statements are ever prepared."""
    size = 1 << (len(values) - 1).bit_length()
    return ", ".join("?" * size), values + [values[-1]] * (size - len(values))
