"""What the documents contribute, decoded: from what is kept, else from the store, else read again from the bytes.

A reading whose stamp is not that of today's mapping is stale: it is read again in memory, and written back after the
answer (DESIGN 9). What is kept is keyed by immutable content, so it is right for whoever asks.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from patientoverblik.care import Contribution
from patientoverblik.service.ports import Kept, Transaction
from patientoverblik.service.reading import current_stamp, current_stamps, read_again
from patientoverblik.sharing.model import DocumentEntry, StoredReading
from patientoverblik.sharing.ports import Shelf
from patientoverblik.sharing.readings import stored_reading

_DECODE = msgspec.msgpack.Decoder(Contribution).decode


class Contributed(msgspec.Struct, frozen=True):
    """One document's contribution (None if it cannot be read), the stamp it was read with, and what to write back."""

    care: Contribution | None
    stamp: str
    fresh: StoredReading | None = None


def contributions(reader: Shelf, kept: Kept, entries: Sequence[DocumentEntry]) -> dict[str, Contributed]:
    """What each entry contributes, by content hash."""
    found: dict[str, Contributed] = {}
    wanted = [entry for entry in entries if not _from_kept(kept, entry, found)]
    for entry, held in _from_store(reader, wanted):
        found[entry.content] = _contributed(reader, entry, held)
        _keep(kept, entry.content, found[entry.content])
    return found


def _from_kept(kept: Kept, entry: DocumentEntry, found: dict[str, Contributed]) -> bool:
    stamp = current_stamp(entry.profile)
    care = kept.get((entry.content, stamp))
    if care is not None:
        found[entry.content] = Contributed(care, stamp)
    return care is not None


def _from_store(
    reader: Shelf, entries: Sequence[DocumentEntry]
) -> Iterator[tuple[DocumentEntry, tuple[str, bytes] | None]]:
    for patient in dict.fromkeys(entry.patient for entry in entries):
        mine = [entry for entry in entries if entry.patient == patient]
        held = reader.cares(patient, [entry.content for entry in mine])
        for entry in mine:
            yield entry, held.get(entry.content)


def _contributed(reader: Shelf, entry: DocumentEntry, held: tuple[str, bytes] | None) -> Contributed:
    if held is None:
        return Contributed(None, "")
    stamp, care = held
    if stamp in current_stamps():
        return Contributed(_DECODE(care), stamp)
    return _again(reader, entry)


def _again(reader: Shelf, entry: DocumentEntry) -> Contributed:
    data = reader.content(entry.patient, entry.content)
    reading = None if data is None else read_again(data)
    if reading is None:
        return Contributed(None, "")
    return Contributed(reading.care, reading.stamp, stored_reading(entry.content, reading))


def _keep(kept: Kept, content: str, one: Contributed) -> None:
    if one.care is not None:
        kept[content, one.stamp] = one.care


def write_back(stale: Iterable[tuple[int, StoredReading]], transaction: Transaction) -> None:
    """Keep the readings that were made again."""
    for patient, reading in stale:
        transaction.put_reading(patient, reading)
