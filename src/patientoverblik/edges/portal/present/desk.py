"""What every presenter has at hand: the overview, the words of the page, and where links lead."""

import msgspec

from patientoverblik.care import Appointment
from patientoverblik.edges.portal.layout import Layout
from patientoverblik.edges.portal.page import Chip, Link, Row
from patientoverblik.edges.portal.present.told import Told, told
from patientoverblik.edges.portal.vocabulary import Vocabulary
from patientoverblik.overview import Line, Overview, View, text_of

NOT_GOING_ON = ("on-hold", "ended", "replaced", "cancelled")


class Desk(msgspec.Struct, frozen=True):
    """One page in the making. ``base`` is the patient's address on the pages, ``anchors`` the lines' short names in it.

    Only lines that stand on the page have an anchor; one of many times of a series has the anchor of its series.
    ``measured`` are the latest measurements of what a goal's targets are about, in the targets' own units, by the goal.
    ``told``, ``rows`` and ``phases`` keep what is already made, since a line can stand in several parts; ``lanes`` is
    the sector of each source. ``unshown`` are the documents with an appointment in general practice, of which nobody is
    shown more than time and place.
    """

    overview: Overview
    layout: Layout
    view: View
    words: Vocabulary
    base: str
    anchors: dict[str, str]
    told: dict[str, Told]
    rows: dict[str, Row]
    lanes: dict[str, str]
    phases: dict[tuple[str, str], Chip]
    measured: dict[str, tuple[str, ...]]
    unshown: frozenset[str]
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

    def said(self, line: str) -> Told:
        """What a line of the overview says."""
        made = self.told.get(line)
        if made is None:
            made = self.told[line] = told(self.overview.lines[line].value, self.words, self.now)
        return made

    def link(self, line: str, lead: str = "") -> Link:
        """A link to a line on the same page; an appointment is named by what it is, then when, and what is no longer
        going on says so: a name alone reads as current."""
        said, of = self.said(line), self.overview.lines[line]
        text = f"{said.facts[0]}, {said.words}" if of.kind == "appointment" and said.facts else said.words
        over = f" ({self.words.phase(of.kind, of.phase).lower()})" if of.phase in NOT_GOING_ON else ""
        return Link(f"{text}{over}", f"#{self.anchors[line]}", lead)

    def document(self, entry: str) -> str:
        """The address of a document's full view; empty where the page has no patient's address to lead from, and for
        a document that nobody is shown whole."""
        return f"{self.base}/dokument/{entry}" if entry and self.base and entry not in self.unshown else ""

    def text(self, code: str, about: str = "") -> str:
        """The catalogue's text of a flag, difference or rule in the reader's wording; empty for a code without one."""
        try:
            return text_of(code, about, citizen=not self.professional)
        except KeyError:
            return ""


def desk(shown: Overview, layout: Layout, base: str, on_behalf: str) -> Desk:
    """A desk with nothing said yet."""
    words = layout.words
    return Desk(
        overview=shown,
        layout=layout,
        view=layout.profile,
        words=words,
        base=base,
        anchors=_anchors(shown),
        told={},
        rows={},
        phases={},
        measured=_measured(shown),
        unshown=_unshown(shown),
        lanes={source.id: words.word("sector", source.sector, source.sector) for source in shown.sources},
        on_behalf=on_behalf,
    )


def _measured(shown: Overview) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for group in shown.measurements:
        for goal in {beside.line: None for beside in group.targets if group.latest}:
            found[goal] = (*found.get(goal, ()), group.latest)
    return found


def line_desk(line: Line, layout: Layout, base: str, at: int) -> Desk:
    """A desk for one line alone, at the time ``at`` (milliseconds UTC)."""
    alone = Overview(at=at, view=layout.view, patient=None, sources=(), sections=(), lines={line.id: line})
    return desk(alone, layout, base, "")


def _unshown(shown: Overview) -> frozenset[str]:
    return frozenset(
        [
            wording.attribution.entry
            for line in shown.lines.values()
            if line.kind == "appointment"
            for wording in line.wordings
            if isinstance(wording.value, Appointment) and wording.value.sector == "general-practice"
        ]
    )


def _anchors(shown: Overview) -> dict[str, str]:
    on_page = {line for section in shown.sections for line in section.lines}
    on_page.update(line for group in shown.measurements for line in group.lines)
    anchors = {line: f"l{number}" for number, line in enumerate(shown.lines) if line in on_page}
    for line in shown.lines.values():
        if line.count > 1 and line.id in anchors:
            for kind, other in line.related:
                if kind == "occurrence":
                    anchors.setdefault(other, anchors[line.id])
    return anchors
