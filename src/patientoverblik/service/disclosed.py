"""What is told of the documents that exist for a reader: the registry's objects, and what the documents say.

It is worked out after every block, delay and kind of data has been decided on, and follows from the documents that are
left and how far the reader sees alone. So it is kept: of the very same documents everyone who sees as far is told the
very same, and what a door makes of it need not be made again (docs/adr/0017).
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import msgspec

from patientoverblik.access import PROTECTED_ADDRESS, ActorKind, Part, Permit, reads
from patientoverblik.care import Contribution
from patientoverblik.overview.gather import Gathered, Held, gather
from patientoverblik.overview.recent import Recent, Same
from patientoverblik.overview.shield import shield
from patientoverblik.service.draw import screened, seeing_by
from patientoverblik.service.registry import discreetly
from patientoverblik.sharing.amend import latest
from patientoverblik.sharing.holding import Around, held_in
from patientoverblik.sharing.model import DocumentEntry, Folder
from patientoverblik.sharing.stored_query import Answer

KEPT = 4096
"""Documents of which what is told is kept."""
Entries = tuple[DocumentEntry, ...]


class Sight(NamedTuple):
    """How far a reader sees into documents that exist for them: all of a permit that what is told can depend on."""

    kind: ActorKind
    scope: frozenset[Part]
    may_read_withheld: bool
    hides_home: bool
    hides_relatives: bool
    dead: bool


class Disclosed(msgspec.Struct, frozen=True):
    """``registered`` are the registry's objects without words that could tell a withheld fact; ``gathered`` what the
    documents say, by whether it still holds."""

    registered: Answer
    gathered: Gathered


_DISCLOSED: Recent[tuple[Same, tuple[Folder, ...], Sight], Disclosed] = Recent(
    KEPT, lambda one: 1 + len(one.registered.entries)
)
_SHIELDED: Recent[tuple[DocumentEntry, bool, Same], Held] = Recent(KEPT)


def disclosed(permit: Permit, entries: Entries, around: Around, cares: Sequence[Contribution | None]) -> Disclosed:
    """What is told of the entries that exist for the permit's holder, among all that lies around them. ``cares`` are
    what the documents contribute, one for each entry, or none at all where only the registry is told of."""
    key = (Same((*entries, *around.links, *around.sets, *cares)), around.folders, sight_of(permit))
    kept = _DISCLOSED.get(key)
    if kept is None:
        held = held_in(entries, around)
        told = Answer(held.entries, held.sets, held.folders, held.associations)
        said = zip(entries, cares, strict=True) if cares else ()
        kept = _DISCLOSED[key] = Disclosed(discreetly(permit, held, told), gather(_read(permit, said)))
    return kept


def sight_of(permit: Permit) -> Sight:
    """How far the permit's holder sees."""
    hides = (permit.hides_home, permit.hides_relatives, permit.dead)
    return Sight(permit.actor.kind, permit.scope, permit.may_read_withheld, *hides)


def _read(permit: Permit, documents: Iterable[Held]) -> Iterator[Held]:
    """What each document says in its latest version, without what this reader must not see of it."""
    held = {entry.uuid: (entry, care) for entry, care in documents}
    newest = (held[entry.uuid] for entry in latest(entry for entry, _ in held.values()))
    whole = reads(permit.actor.kind, PROTECTED_ADDRESS)
    for entry, care in screened(seeing_by(permit, "", permit.at, notice=False), newest):
        yield (entry, None) if care is None else _shielded(entry, care, whole)


def _shielded(entry: DocumentEntry, care: Contribution, whole: bool) -> Held:
    """The document as :func:`shield` leaves it; of the very same contribution the very same one, so that what is made
    of it need not be made again."""
    key = (entry, whole, Same((care,)))
    found = _SHIELDED.get(key)
    if found is None:
        found = _SHIELDED[key] = shield(entry, care, whole)
    return found
