"""Which of a patient's documents exist for a reader, seen together (DESIGN 11, 13).

A version that is hidden hides the older versions it replaced: were they shown, they would either pass for current or
tell that something newer exists. So does a withdrawn one of the set go with one in force that is hidden: what it said
is told as no longer in force only where the other does not say it still. A message goes with the document it is about.
A document registered more than once is one document: a block that hits one entry hits all. What is left never refers
to what is hidden.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Protocol, TypeVar, cast

import msgspec

from patientoverblik.access.model import Shareable
from patientoverblik.access.permit import Permit
from patientoverblik.access.visible import in_scope, is_delayed, kept_from, visible


class Versioned(Shareable, Protocol):
    """What :func:`sift` needs to know of a document entry besides what decides whether it is visible."""

    @property
    def uuid(self) -> str:
        """The entry's id."""

    @property
    def status(self) -> str:
        """Whether it is in force: "approved" or "deprecated"."""

    @property
    def replaced_by(self) -> str:
        """The entry that replaced this one, empty if none did."""

    @property
    def replaces(self) -> tuple[str, ...]:
        """The entries this one replaced."""

    @property
    def series_version(self) -> int:
        """The document's own version number, 0 if it has none."""

    @property
    def created(self) -> int:
        """When the document was made (milliseconds UTC), 0 where unknown."""

    @property
    def registered(self) -> int:
        """When the entry was registered (milliseconds UTC)."""


Entry = TypeVar("Entry", bound=Versioned)


def sift(permit: Permit, entries: Sequence[Entry]) -> tuple[tuple[Entry, ...], bool]:
    """The entries that exist for the reader, in order, and whether a block took any away (never how many)."""
    hidden = [entry for entry in entries if not visible(permit, entry)]
    if not hidden:
        return tuple(entries), False
    gone = _with_others(hidden, entries)
    left = tuple(_unlinked(entry, gone) for entry in entries if entry.uuid not in gone)
    # What is hidden from holders of custody is hidden without a word: the notice would tell a parent that it is there.
    return left, any(in_scope(permit.scope, entry.parts) and not kept_from(permit, entry) for entry in hidden)


def shown_by_now(permit: Permit, entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The entries without those that the patient, or who acts for them, sees later, and what goes with them: for what
    shows them something that was decided for somebody else."""
    later = [entry for entry in entries if is_delayed(permit, entry)]
    gone = _with_others(later, entries)
    return tuple(_unlinked(entry, gone) for entry in entries if entry.uuid not in gone)


def _with_others(hidden: Iterable[Entry], entries: Sequence[Entry]) -> frozenset[str]:
    gone = {entry.uuid: entry for entry in hidden}
    waiting = list(gone.values())
    while waiting:
        newer = waiting.pop()
        for entry in entries:
            if entry.uuid not in gone and _goes_with(entry, newer):
                gone[entry.uuid] = entry
                waiting.append(entry)
    return frozenset(gone)


def _goes_with(entry: Entry, newer: Entry) -> bool:
    if entry.message is not None and entry.message.about == newer.uuid:
        return True
    if entry.unique_id == newer.unique_id or entry.replaced_by == newer.uuid or entry.uuid in newer.replaces:
        return True
    if entry.series == "" or entry.series != newer.series or set(entry.origins).isdisjoint(newer.origins):
        return False
    return not _is_later(entry, newer) or (_is_withdrawn(entry) and newer.status == "approved")


def _is_withdrawn(entry: Versioned) -> bool:
    return entry.status == "deprecated" and not entry.replaced_by


def _is_later(entry: Entry, other: Entry) -> bool:
    """Whether the entry is later by every order it could be held to: its number, else when it was made and came."""
    if entry.series_version != other.series_version:
        return entry.series_version > other.series_version
    return entry.created >= other.created and entry.registered > other.registered


def _unlinked(entry: Entry, gone: frozenset[str]) -> Entry:
    if gone.isdisjoint(entry.replaces):
        return entry
    left = tuple(uuid for uuid in entry.replaces if uuid not in gone)
    # A Protocol cannot say that entries are frozen structs, which they are in every storage.
    return cast(Entry, msgspec.structs.replace(cast(Any, entry), replaces=left))
