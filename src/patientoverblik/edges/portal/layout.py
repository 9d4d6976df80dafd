"""How the sections of a view stand on a page, as data (DESIGN 22): the view says what is shown, this says where."""

import tomllib
from functools import lru_cache
from importlib.resources import files

import msgspec

from patientoverblik.edges.portal.page import Audience
from patientoverblik.edges.portal.vocabulary import Texts, Vocabulary, vocabulary
from patientoverblik.overview import View, load_view


class Joined(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Sections shown together as one part: a table by problem, where the first of them stands."""

    id: str
    title: str
    of: tuple[str, ...]


class Layout(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A page: which sections stand to the right, which are joined into a table, which stand folded below another.

    ``texts`` names the table of words where it is not the audience's own; ``first`` are the sections of the main column
    that come before those to the right where there is room for one column only.
    ``at_once`` is how many lines of a section are shown before the rest of them is folded; all where it says nothing.
    ``whole`` is how many of them stand whole on a narrow screen before the rest stand by their names, warnings beside
    them; all where it says nothing.
    """

    audience: Audience
    view: str
    texts: Texts = ""
    first: tuple[str, ...] = ()
    aside: tuple[str, ...] = ()
    table: Joined | None = None
    below: dict[str, str] = {}
    at_once: dict[str, int] = {}
    whole: dict[str, int] = {}

    @property
    def words(self) -> Vocabulary:
        """The words this page says."""
        return vocabulary(self.texts or self.audience)

    @property
    def profile(self) -> View:
        """The view profile: the sections in order with their titles and sentences."""
        return load_view(self.view)


@lru_cache(maxsize=8)
def layout(name: str) -> Layout:
    """The layout for a kind of reader: professional, citizen or relative."""
    text = files(__package__).joinpath("layouts", f"{name}.toml").read_text(encoding="utf-8")
    return msgspec.convert(tomllib.loads(text), Layout)
