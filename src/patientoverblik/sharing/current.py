"""Which version of a document is current (DESIGN 11).

The law is read from all of a patient's entries, before any of them is hidden: what was replaced, withdrawn or overtaken
by a higher version never becomes current again because the newer one is unreadable, blocked or gone.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from typing import Literal

from patientoverblik.problems import Finding
from patientoverblik.sharing.amend import latest
from patientoverblik.sharing.model import DocumentEntry
from patientoverblik.sharing.series import same_series

Standing = Literal["current", "overtaken", "replaced", "withdrawn", "repeated"]


def standings(entries: Sequence[DocumentEntry]) -> dict[str, Standing]:
    """How each of a patient's entries stands, by uuid.

    ``current``; ``overtaken`` by a higher version of its series; ``replaced`` by another entry; ``withdrawn`` without
    replacement; ``repeated``: the same document registered again, shown by its first entry, or an earlier version of
    what is said of it.
    """
    last = latest(entries)
    found: dict[str, Standing] = dict.fromkeys((entry.uuid for entry in entries), "repeated")
    found |= {entry.uuid: _standing(entry, last) for entry in last}
    shown: set[str] = set()
    for entry in last:
        if found[entry.uuid] == "current" and entry.unique_id in shown:
            found[entry.uuid] = "repeated"
        elif found[entry.uuid] == "current":
            shown.add(entry.unique_id)
    return found


def current(entries: Sequence[DocumentEntry]) -> tuple[DocumentEntry, ...]:
    """The current entries, in order."""
    standing = standings(entries)
    return tuple(entry for entry in entries if standing[entry.uuid] == "current")


def version_faults(entries: Iterable[DocumentEntry]) -> tuple[tuple[str, str, Finding], ...]:
    """Pairs of approved entries of one series, (newer uuid, older uuid, finding), of what the reader may see."""
    approved = [entry for entry in entries if entry.status == "approved"]
    return tuple(_pairs(approved))


def _pairs(approved: list[DocumentEntry]) -> Iterator[tuple[str, str, Finding]]:
    for one, other in combinations(approved, 2):
        if same_series(one, other) and one.unique_id != other.unique_id:
            newer, older = (one, other) if _rank(one) > _rank(other) else (other, one)
            yield newer.uuid, older.uuid, Finding("sharing.two-current-versions")


def _standing(entry: DocumentEntry, entries: Iterable[DocumentEntry]) -> Standing:
    ended = entry if entry.status == "deprecated" else _ended_twin(entry, entries)
    if ended is not None:
        return "replaced" if ended.replaced_by else "withdrawn"
    return "overtaken" if _is_overtaken(entry, entries) else "current"


def _ended_twin(entry: DocumentEntry, entries: Iterable[DocumentEntry]) -> DocumentEntry | None:
    """Another registration of the same document ended after this one was made: the document itself was ended."""
    twins = (one for one in entries if one.unique_id == entry.unique_id and one.status == "deprecated")
    return next((one for one in twins if one.deprecated_at >= entry.registered), None)


def _is_overtaken(entry: DocumentEntry, entries: Iterable[DocumentEntry]) -> bool:
    return any(
        same_series(entry, other) and entry.unique_id != other.unique_id and _rank(other) > _rank(entry)
        for other in entries
    )


def _rank(entry: DocumentEntry) -> tuple[int, int, int, str]:
    """Higher is newer: the version number, then when it was made; a future time counts as when it came (DESIGN 15)."""
    return entry.series_version, min(entry.created or entry.registered, entry.registered), entry.registered, entry.uuid
