"""The overview drawn for one reader: the one place that calls the overview, for looks and for replays alike."""

from collections.abc import Iterable
from functools import lru_cache

import msgspec

from patientoverblik import overview
from patientoverblik.access import PROTECTED_ADDRESS, ActorKind, Look, Part, Permit, Refusal, reaches_relatives, reads
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
    """Who sees, in which view, when (ms UTC), and how far: what the drawing depends on beside the documents."""

    kind: ActorKind
    view: str
    at: int
    scope: frozenset[Part]
    filtered: bool
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
        whole=reads(seeing.kind, PROTECTED_ADDRESS),
        filtered=seeing.filtered,
    )


def versions(seeing: Seeing, documents: Iterable[overview.Held], line: overview.Line) -> tuple[overview.Wording, ...]:
    """Every wording of a line in every version of its documents that exist for this reader, newest first."""
    whole = reads(seeing.kind, PROTECTED_ADDRESS)
    return overview.versions_of(screened(seeing, documents), line.members or (line.id,), whole=whole)


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
    """Who sees by a permit, and what of it is hidden from them."""
    hidden = (permit.hides_home, permit.hides_relatives, permit.dead)
    return Seeing(permit.actor.kind, view, at, permit.scope, notice, *hidden)


def seen_then(look: Look, permit: Permit) -> Seeing:
    """Who saw what a look showed, as the one who sees it again may see it: who is protected now is hidden now."""
    hidden = (look.protected or permit.hides_home, look.unnamed or permit.hides_relatives, look.dead)
    return Seeing(look.actor.kind, view_name(look.view), look.at, frozenset(look.scope), look.filtered, *hidden)


def view_stamp(look: Look) -> str:
    """The stamp that the view of a look has today."""
    return overview.load_view(view_name(look.view)).stamp


def view_name(stamp: str) -> str:
    """The name in a view's stamp ``name/version``."""
    return stamp.rpartition("/")[0]
