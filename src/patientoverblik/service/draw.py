"""The overview drawn for one reader: the one place that calls the overview, for looks and for replays alike."""

from collections.abc import Iterable
from functools import lru_cache

import msgspec

from patientoverblik import overview
from patientoverblik.access import PROTECTED_ADDRESS, ActorKind, Look, Part, Refusal, reaches_relatives, reads
from patientoverblik.overview.model import Overview, SourceState
from patientoverblik.overview.shield import without_relatives

NO_VIEW = Refusal("no-such-view", "service.unknown-view")


class Seeing(msgspec.Struct, frozen=True):
    """Who sees, in which view, when (ms UTC), and how far: what the drawing depends on beside the documents."""

    kind: ActorKind
    view: str
    at: int
    scope: frozenset[Part]
    filtered: bool


def draw(seeing: Seeing, documents: Iterable[overview.Held], sources: tuple[SourceState, ...]) -> Overview:
    """The overview of documents that exist for the reader; ``LookupError`` if there is no such view."""
    if not reaches_relatives(seeing.scope):
        documents = tuple((entry, care and without_relatives(care)) for entry, care in documents)
    return overview.build(
        documents,
        sources,
        permitted(seeing.view, seeing.scope),
        seeing.at,
        whole=reads(seeing.kind, PROTECTED_ADDRESS),
        filtered=seeing.filtered,
    )


def versions(kind: ActorKind, documents: Iterable[overview.Held], line: overview.Line) -> tuple[overview.Wording, ...]:
    """Every wording of a line in every version of its documents that exist for this kind of reader, newest first."""
    return overview.versions_of(documents, line.members or (line.id,), whole=reads(kind, PROTECTED_ADDRESS))


@lru_cache(maxsize=256)
def has_view(view: str) -> bool:
    """Whether there is a view of this name."""
    return view in overview.view_names()


@lru_cache(maxsize=256)
def permitted(view: str, scope: frozenset[Part]) -> overview.View:
    """The view without the sections whose main part is not permitted: they would say that nothing is recorded."""
    profile = overview.load_view(view)
    sections = tuple(one for one in profile.sections if not one.parts or one.parts[0] in scope)
    return msgspec.structs.replace(profile, sections=sections)


def seen_then(look: Look) -> Seeing:
    """Who saw what a look showed."""
    return Seeing(look.actor.kind, view_name(look.view), look.at, frozenset(look.scope), look.filtered)


def view_stamp(look: Look) -> str:
    """The stamp that the view of a look has today."""
    return overview.load_view(view_name(look.view)).stamp


def view_name(stamp: str) -> str:
    """The name in a view's stamp ``name/version``."""
    return stamp.rpartition("/")[0]
