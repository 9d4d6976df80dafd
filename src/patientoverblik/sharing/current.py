"""Which version of a document is current (DESIGN 11).

The law is read from all of a patient's entries, before any of them is hidden: what was replaced, withdrawn or overtaken
by a higher version never becomes current again because the newer one is unreadable, blocked or gone.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

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
    copies, versions = _by(last, "unique_id"), _by(last, "series")
    found |= {entry.uuid: _standing(entry, copies[entry.unique_id], versions[entry.series]) for entry in last}
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


def _by(entries: Iterable[DocumentEntry], name: str) -> Mapping[str, list[DocumentEntry]]:
    """Entries by one of their fields."""
    found: defaultdict[str, list[DocumentEntry]] = defaultdict(list)
    for entry in entries:
        found[getattr(entry, name)].append(entry)
    return found


def _standing(entry: DocumentEntry, copies: Iterable[DocumentEntry], versions: Iterable[DocumentEntry]) -> Standing:
    """``copies`` are the registrations of the same document, ``versions`` what has its set id, itself included."""
    ended = entry if entry.status == "deprecated" else _ended_twin(entry, copies)
    if ended is not None:
        return "replaced" if ended.replaced_by else "withdrawn"
    return "overtaken" if _is_overtaken(entry, versions) else "current"


def _ended_twin(entry: DocumentEntry, copies: Iterable[DocumentEntry]) -> DocumentEntry | None:
    """Another registration of the same document ended after this one was made: the document itself was ended."""
    twins = (one for one in copies if one.status == "deprecated")
    return next((one for one in twins if one.deprecated_at >= entry.registered), None)


def _is_overtaken(entry: DocumentEntry, versions: Iterable[DocumentEntry]) -> bool:
    return any(
        entry.unique_id != other.unique_id and same_series(entry, other) and _rank(other) > _rank(entry)
        for other in versions
    )


def _rank(entry: DocumentEntry) -> tuple[int, int, int, str]:
    """Higher is newer: the version number, then when it was made; a future time counts as when it came (DESIGN 15)."""
    return entry.series_version, min(entry.created or entry.registered, entry.registered), entry.registered, entry.uuid
