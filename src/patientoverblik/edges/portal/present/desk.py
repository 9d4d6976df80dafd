"""What every presenter has at hand: the overview, the words of the page, and where links lead."""

from functools import partial

import msgspec

from patientoverblik.edges.portal.layout import Layout
from patientoverblik.edges.portal.page import Link, Row
from patientoverblik.edges.portal.present.told import Told, told
from patientoverblik.edges.portal.vocabulary import Vocabulary, vocabulary
from patientoverblik.overview import Line, Overview, View, text_of


class Desk(msgspec.Struct, frozen=True):
    """One page in the making. ``base`` is the patient's address on the pages, ``anchors`` the lines' short names in it.

    ``said`` is what each line says; ``rows`` keeps the rows already made, since a line can stand in several parts;
    ``lanes`` is the sector of each source.
    """

    overview: Overview
    layout: Layout
    view: View
    words: Vocabulary
    base: str
    anchors: dict[str, str]
    said: dict[str, Told]
    rows: dict[str, Row]
    lanes: dict[str, str]
    on_behalf: str = ""

    @property
    def professional(self) -> bool:
        """Whether a professional reads."""
        return self.layout.audience == "professional"

    @property
    def now(self) -> int:
        """When the overview was made, milliseconds UTC."""
        return self.overview.at

    def line(self, line: str) -> Line | None:
        """A line by its id."""
        return self.overview.lines.get(line)

    def link(self, line: str, lead: str = "") -> Link:
        """A link to a line on the same page."""
        return Link(text=self.said[line].words, href=f"#{self.anchors[line]}", lead=lead)

    def document(self, entry: str) -> str:
        """The address of a document's full view."""
        return f"{self.base}/dokument/{entry}" if entry else ""

    def text(self, code: str, about: str = "") -> str:
        """The catalogue's text of a flag, difference or rule in the reader's wording; empty for a code without one."""
        try:
            return text_of(code, about, citizen=not self.professional)
        except KeyError:
            return ""


def desk(shown: Overview, layout: Layout, base: str, on_behalf: str) -> Desk:
    """A desk with every line said once."""
    words = vocabulary(layout.audience)
    tell = partial(told, words=words, now=shown.at)
    return Desk(
        overview=shown,
        layout=layout,
        view=layout.profile,
        words=words,
        base=base,
        anchors={line: f"l{number}" for number, line in enumerate(shown.lines)},
        said={line.id: tell(line.value) for line in shown.lines.values()},
        rows={},
        lanes={source.id: words.word("sector", source.sector, source.sector) for source in shown.sources},
        on_behalf=on_behalf,
    )
