"""View profiles: what a page or answer shows is data (DESIGN 22), one file in ``views/`` per kind of reader."""

import tomllib
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import msgspec

from patientoverblik.overview.model import LineKind

Shows = Literal["lines", "differences", "who", "timeline", "measurements", "sources", "unread"]
Order = Literal["newest", "phase", "ahead", "past", "title"]
Reader = Literal["professional", "citizen", "relative"]


class SectionProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part of the overview: what it shows, of which kinds, in which order and with which fields.

    ``parts`` are the document kinds of a source that could fill it, so that a silent source is named here. ``none``
    is the sentence for nothing recorded, with ``{n}`` for the number of sources that answered. ``folded`` parts open
    on request.
    """

    id: str
    title: str
    shows: Shows = "lines"
    kinds: tuple[LineKind, ...] = ()
    order: Order = "newest"
    fields: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    none: str = ""
    folded: bool = False


class Elsewhere(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that is not part of the overview, and where to look for it (DESIGN 5)."""

    id: str
    title: str
    where: str


class StateTexts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The sentences for how much is here and what is missing; ``{sources}`` is filled with the names of sources.

    ``complete`` says when (``{time}``) and from how many (``{n}`` of ``{m}``) sources the overview was fetched.
    """

    complete: str
    not_retrieved: str
    not_connected: str
    filtered: str
    unread: str
    withdrawn: str


class View(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A view profile."""

    name: str
    version: int
    reader: Reader
    title: str
    states: StateTexts
    sections: tuple[SectionProfile, ...]
    elsewhere: tuple[Elsewhere, ...]

    @property
    def stamp(self) -> str:
        """The name and version that a look is recorded with."""
        return f"{self.name}/{self.version}"

    def section(self, id: str) -> SectionProfile:
        """The profile of a section by its id; ``KeyError`` if there is none."""
        for profile in self.sections:
            if profile.id == id:
                return profile
        raise KeyError(id)


def load_view(name: str) -> View:
    """The view profile of a name, or of the stamp ``name/version`` that a look was recorded with.

    ``LookupError`` if there is none or it has another version now, ``ValueError`` naming the fault if it is faulty.
    """
    plain, _, version = name.partition("/")
    if plain not in view_names():
        raise LookupError("no such view")
    view = _load(plain)
    if version and view.stamp != name:
        raise LookupError("the view has another version now")
    return view


@lru_cache(maxsize=32)
def _load(name: str) -> View:
    return read_view(files(__package__).joinpath("views", f"{name}.toml").read_text(encoding="utf-8"), name)


@lru_cache(maxsize=1)
def view_names() -> tuple[str, ...]:
    """The names of all view profiles, in order."""
    folder = files(__package__).joinpath("views")
    return tuple(sorted(path.name.removesuffix(".toml") for path in folder.iterdir() if path.name.endswith(".toml")))


def read_view(text: str, name: str) -> View:
    """Read a view profile; ``ValueError`` says what is wrong with it."""
    try:
        view = msgspec.convert(tomllib.loads(text), View)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise ValueError(f"view {name}: {fault}") from fault
    ids = [profile.id for profile in view.sections]
    doubles = sorted({each for each in ids if ids.count(each) > 1})
    if doubles or view.name != name:
        raise ValueError(f"view {name}: named {view.name}, sections that stand twice: {', '.join(doubles) or 'none'}")
    return view
