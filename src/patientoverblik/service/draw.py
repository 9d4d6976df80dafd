"""The overview drawn for one reader: the one place that calls the overview, for looks and for replays alike."""

from collections.abc import Iterable
from functools import lru_cache

import msgspec

from patientoverblik import overview
from patientoverblik.access import PROTECTED_ADDRESS, Look, Part, Permit, Refusal, reaches_relatives, reads
from patientoverblik.overview.model import Overview, SourceState
from patientoverblik.overview.prepare import KEPT
from patientoverblik.overview.protect import homes_of, nameless, without_home, without_near
from patientoverblik.overview.recent import Recent, Same
from patientoverblik.overview.shield import without_relatives

AHEAD = "next-appointments"
Hides = tuple[bool, bool, bool]
_SCREENED: Recent[tuple[Same, Hides], tuple[overview.Held, ...]] = Recent(KEPT // 4, len)
NO_VIEW = Refusal("no-such-view", "service.unknown-view")


class Seeing(msgspec.Struct, frozen=True):
    """In which view, when (ms UTC), and how far somebody sees: what the drawing depends on beside the documents.

    ``whole`` is whether they may see the addresses that a document itself protects.
    """

    view: str
    at: int
    scope: frozenset[Part]
    filtered: bool
    whole: bool = False
    hides_home: bool = False
    hides_relatives: bool = False
    dead: bool = False


def draw(seeing: Seeing, documents: Iterable[overview.Held], sources: tuple[SourceState, ...]) -> Overview:
    """The overview of documents that exist for the reader; ``LookupError`` if there is no such view."""
    return overview.build(
        screened(seeing, documents),
        sources,
        permitted(seeing.view, seeing.scope, seeing.dead),
        seeing.at,
        whole=seeing.whole,
        filtered=seeing.filtered,
    )


def versions(seeing: Seeing, documents: Iterable[overview.Held], line: overview.Line) -> tuple[overview.Wording, ...]:
    """Every wording of a line in every version of its documents that exist for this reader, newest first."""
    return overview.versions_of(screened(seeing, documents), line.members or (line.id,), whole=seeing.whole)


def screened(seeing: Seeing, documents: Iterable[overview.Held]) -> tuple[overview.Held, ...]:
    """The documents without the people this reader must not see: relatives out of reach, whoever is protected. The
    very same documents give the very same answer, so that what is drawn of it need not be drawn again."""
    held = tuple(documents)
    hides = (seeing.hides_home, seeing.hides_relatives, not reaches_relatives(seeing.scope))
    if not any(hides):
        return held
    key = (Same(tuple([value for pair in held for value in pair])), hides)
    found = _SCREENED.get(key)
    if found is None:
        found = _SCREENED[key] = _screened(seeing, held)
    return found


def _screened(seeing: Seeing, held: tuple[overview.Held, ...]) -> tuple[overview.Held, ...]:
    if seeing.hides_home or seeing.hides_relatives:
        held = _protected(seeing, held)
    if seeing.hides_relatives or not reaches_relatives(seeing.scope):
        held = tuple((entry, care and without_relatives(care)) for entry, care in held)
    return held


def _protected(seeing: Seeing, held: tuple[overview.Held, ...]) -> tuple[overview.Held, ...]:
    if seeing.hides_home:
        homes = homes_of(care for _, care in held if care is not None)
        held = tuple((nameless(entry), care and without_home(care, homes)) for entry, care in held)
    if seeing.hides_relatives:
        held = tuple((entry, care and without_near(care)) for entry, care in held)
    return held


@lru_cache(maxsize=256)
def has_view(view: str) -> bool:
    """Whether there is a view of this name."""
    return view in overview.view_names()


@lru_cache(maxsize=256)
def permitted(view: str, scope: frozenset[Part], dead: bool = False) -> overview.View:
    """The view without the sections whose main part is not permitted: they would say that nothing is recorded. Of one
    who is dead nothing lies ahead."""
    profile = overview.load_view(view)
    reached = (one for one in profile.sections if not one.parts or one.parts[0] in scope)
    sections = tuple(one for one in reached if not (dead and one.id == AHEAD))
    return msgspec.structs.replace(profile, sections=sections)


def seeing_by(permit: Permit, view: str, at: int, notice: bool) -> Seeing:
    """How far one sees by a permit, and what is hidden from them."""
    hidden = (permit.hides_home, permit.hides_relatives, permit.dead)
    return Seeing(view, at, permit.scope, notice, reads(permit.actor.kind, PROTECTED_ADDRESS), *hidden)


def seen_then(look: Look) -> Seeing:
    """How far the one who looked saw."""
    hidden = (look.protected, look.unnamed, look.dead)
    whole = reads(look.actor.kind, PROTECTED_ADDRESS)
    return Seeing(view_name(look.view), look.at, frozenset(look.scope), look.filtered, whole, *hidden)


def seen_again(then: Seeing, permit: Permit) -> Seeing:
    """How far of that one who sees it again may see: who is protected now, or from them, is hidden now."""
    return msgspec.structs.replace(
        then,
        whole=then.whole and reads(permit.actor.kind, PROTECTED_ADDRESS),
        hides_home=then.hides_home or permit.hides_home,
        hides_relatives=then.hides_relatives or permit.hides_relatives,
    )


def view_stamp(look: Look) -> str:
    """The stamp that the view of a look has today."""
    return overview.load_view(view_name(look.view)).stamp


def view_name(stamp: str) -> str:
    """The name in a view's stamp ``name/version``."""
    return stamp.rpartition("/")[0]
