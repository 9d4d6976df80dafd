"""A patient's documents in SQLite: entries, associations, bytes and readings."""

from collections.abc import Sequence

from patientoverblik.sharing.model import Association, DocumentEntry, StoredReading
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.sqlite.locators import LocatorReads, LocatorWrites
from patientoverblik.storage.sqlite.packing import decode_association, encode, entry_of, pack, unpack
from patientoverblik.storage.sqlite.place import CARE, ENTRY, adding, part_of, part_span, span

ALLOT = """
    insert into content_place (place, patient, content) values ((
        select coalesce(max(place) + 1, ?1) from (
            select max(place) as place from content where place between ?1 and ?2
            union all select max(place) from record where place between ?1 and ?2
        )
    ), ?3, ?4)
"""


class ShelfReads(LocatorReads):
    """Reading one patient's documents."""

    def entries(self, patient: int) -> tuple[DocumentEntry, ...]:
        """Every entry under one key, in the order they were registered."""
        rows = self._connection.all(
            "select data from shelf where place between ? and ? and patient = ? order by place",
            (*part_span(patient, ENTRY), patient),
        )
        return tuple([entry_of(row[0]) for row in rows])

    def entry(self, patient: int, uuid: str) -> DocumentEntry | None:
        """One entry."""
        row = self._connection.one(
            "select data from shelf where place between ? and ? and patient = ? and name = ?",
            (*part_span(patient, ENTRY), patient, uuid),
        )
        return entry_of(row[0]) if row else None

    def associations(self, patient: int) -> tuple[Association, ...]:
        """Every association under one key, in the order they were registered."""
        rows = self._connection.all(
            "select data from association where place between ? and ? and patient = ? order by place",
            (*span(patient), patient),
        )
        return tuple(decode_association(row[0]) for row in rows)

    def content(self, patient: int, content: str) -> bytes | None:
        """A document's bytes, exactly as submitted."""
        row = self._connection.one(
            "select data from content_place join content using (place)"
            " where content_place.patient = ? and content_place.content = ?",
            (patient, bytes.fromhex(content)),
        )
        return unpack(row[0]) if row else None

    def cares(self, patient: int, contents: Sequence[str]) -> dict[str, tuple[str, bytes]]:
        """(stamp, care contribution) for each content that has a reading."""
        if not contents:
            return {}
        asked = [bytes.fromhex(content) for content in contents]
        marks, values = _list_of(asked)
        rows = self._connection.all(
            "select name, about, data from shelf"  # noqa: S608
            f" where place between ? and ? and patient = ? and name in ({marks}) order by place",
            (*part_span(patient, CARE), patient, *values),
        )
        found = {content: (stamp, unpack(data)) for content, stamp, data in rows}
        return {name: found[key] for name, key in zip(contents, asked, strict=True) if key in found}

    def reading(self, patient: int, content: str) -> StoredReading | None:
        """A document's whole reading."""
        row = self._connection.one(
            "select about, shelf.data, record.data, losses from content_place join record using (place)"
            " join shelf on shelf.place = content_place.place + ?"
            " where content_place.patient = ? and content_place.content = ?",
            (part_of(CARE), patient, bytes.fromhex(content)),
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
        self._connection.run("insert into entry_locator (uuid, patient) values (?, ?)", (entry.uuid, entry.patient))
        self._connection.run(
            adding("shelf", "part", "name", "about", "data"),
            (*part_span(entry.patient, ENTRY), entry.patient, ENTRY, entry.uuid, entry.unique_id, pack(encode(entry))),
        )

    def put_entry(self, entry: DocumentEntry) -> None:
        """Replace the entry with the same uuid; it keeps its place in the order."""
        changed = self._connection.run(
            "update shelf set data = ?, about = ? where place between ? and ? and patient = ? and name = ?",
            (pack(encode(entry)), entry.unique_id, *part_span(entry.patient, ENTRY), entry.patient, entry.uuid),
        )
        if changed != 1:
            raise StorageFault("storage.conflict")

    def add_association(self, association: Association) -> None:
        """Add an association."""
        self._connection.run(
            adding("association", "data"),
            (*span(association.patient), association.patient, encode(association)),
        )

    def add_content(self, patient: int, content: str, data: bytes) -> None:
        """Keep a document's bytes under its hash."""
        self._connection.run(
            "insert or ignore into content (place, patient, data) values (?, ?, ?)",
            (self._place_of(patient, content), patient, pack(data)),
        )

    def put_reading(self, patient: int, reading: StoredReading) -> None:
        """Keep or replace a document's reading."""
        place = self._place_of(patient, reading.content)
        self._connection.run(
            "insert or replace into shelf (place, patient, part, name, about, data) values (?, ?, ?, ?, ?, ?)",
            (place + part_of(CARE), patient, CARE, bytes.fromhex(reading.content), reading.stamp, pack(reading.care)),
        )
        self._connection.run(
            "insert or replace into record (place, patient, data, losses) values (?, ?, ?, ?)",
            (place, patient, pack(reading.record), pack(reading.losses)),
        )

    def _place_of(self, patient: int, content: str) -> int:
        """The place a content has, or is given now, in each of the tables that hold something of it."""
        key = (patient, bytes.fromhex(content))
        held = self._connection.one("select place from content_place where patient = ? and content = ?", key)
        if held:
            return int(held[0])
        self._connection.run(ALLOT, (*span(patient), *key))
        return self._place_of(patient, content)


def _list_of(values: list[bytes]) -> tuple[str, list[bytes]]:
    """Marks and values for an ``in`` list, filled up to a power of two so that few statements are ever prepared."""
    size = 1 << (len(values) - 1).bit_length()
    return ", ".join("?" * size), values + [values[-1]] * (size - len(values))
