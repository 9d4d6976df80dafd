"""From the documents a permit lets through to one overview: gather, reconcile, connect, flag, differences,
timeline, sections."""

from collections.abc import Iterable, Sequence
from itertools import combinations, starmap

import msgspec
from msgspec import structs

from patientoverblik.care import Patient
from patientoverblik.overview.changes import date_lines, dropped_of
from patientoverblik.overview.connect import connect, flag, link_same, rename
from patientoverblik.overview.counts import counts_of
from patientoverblik.overview.differences import TWO_CURRENT, differences_of
from patientoverblik.overview.facts import Alias, Apart, Fact, Facts
from patientoverblik.overview.flags import flag_delayed, flag_overdue, flag_past, flag_responsibility
from patientoverblik.overview.gather import Gathered, Held, gather, told_unread
from patientoverblik.overview.history import mark_changed
from patientoverblik.overview.measurements import measurements_of
from patientoverblik.overview.model import Difference, Dropped, Flag, Line, Overview, SourceState
from patientoverblik.overview.moved import flag_moved
from patientoverblik.overview.now import Now, Span
from patientoverblik.overview.prepare import KEPT, facts_of
from patientoverblik.overview.recent import Recent, Same
from patientoverblik.overview.reconcile import cliques, contradict, merged, shared_marks
from patientoverblik.overview.sections import sections_of, shown_by
from patientoverblik.overview.series import fold_series
from patientoverblik.overview.timeline import timeline_of
from patientoverblik.overview.view import View
from patientoverblik.overview.who import who_does_what
from patientoverblik.sharing.model import DocumentEntry


class Scene(msgspec.Struct, frozen=True, gc=False):
    """The lines of all documents as they stand to each other, before a view orders them.

    ``alias`` gives the one id of each merged line, ``apart`` the lines that claim one business identifier and stand
    apart, ``row_of`` the row of each time of a series.
    """

    current: list[Facts]
    every: list[Facts]
    lines: dict[str, Line]
    alias: Alias
    apart: list[Apart]
    row_of: dict[str, str]
    differences: tuple[Difference, ...]
    dropped: tuple[Dropped, ...]


class Asked(msgspec.Struct, frozen=True, eq=False, gc=False):
    """All that a drawing follows from but the time: the same while every contribution is the very same value, and all
    else is equal. Of the sources it holds what does not change with each sign of life."""

    documents: tuple[Held, ...]
    sources: tuple[SourceState, ...]
    view: View
    whole: bool

    def __hash__(self) -> int:
        """By the documents' ids."""
        return hash(tuple([entry.uuid for entry, _ in self.documents]))

    def __eq__(self, other: object) -> bool:
        """Whether the same would be drawn at the same time."""
        return (
            isinstance(other, Asked)
            and self.view is other.view
            and self.whole == other.whole
            and len(self.documents) == len(other.documents)
            and all(map(_is_same, self.documents, other.documents))
            and self.sources == other.sources
        )


class Drawn(msgspec.Struct, frozen=True, gc=False):
    """An overview without time and signs of life, when it holds, and of how many documents it is."""

    overview: Overview
    span: Span
    documents: int


EACH_TIME = ("at", "sources", "filtered")
LASTING = tuple(name for name in Overview.__struct_fields__ if name not in EACH_TIME)
_DRAWN: Recent[Asked, Drawn] = Recent(KEPT, lambda drawn: drawn.documents)


def build(
    documents: Iterable[Held],
    sources: Sequence[SourceState],
    view: View,
    at: int,
    *,
    whole: bool = False,
    filtered: bool = False,
) -> Overview:
    """The overview at one moment (``at``, milliseconds UTC) of the documents a permit lets through, read or not.

    ``whole`` is whether this reader may see protected addresses; ``filtered`` says generically that something is
    withheld. The order of documents does not matter. What was drawn before of the very same is not drawn again while
    no instant that mattered has passed.
    """
    asked = Asked(tuple(documents), tuple(map(at_rest, sources)), view, whole)
    drawn = _DRAWN.get(asked)
    if drawn is None or not drawn.span.holds(at):
        drawn = _DRAWN[asked] = draw(asked, at)
    return structs.replace(drawn.overview, at=at, sources=tuple(sources), filtered=filtered)


def lasting(shown: Overview) -> Same:
    """What of an overview is the very same each time it is shown, as long as its drawing holds, as a key."""
    return Same(tuple([getattr(shown, name) for name in LASTING]))


def _is_same(one: Held, other: Held) -> bool:
    return one[1] is other[1] and one[0] == other[0]


def at_rest(source: SourceState) -> SourceState:
    """The source without the time it was heard from, which no line depends on."""
    return structs.replace(source, at=0)


def draw(asked: Asked, at: int) -> Drawn:
    """The drawing at one moment, whatever was drawn before, and how long it holds."""
    now = Now(at)
    return Drawn(_overview(asked, now), now.span(), len(asked.documents) + 1)


def _overview(asked: Asked, at: Now) -> Overview:
    sources, view = asked.sources, asked.view
    gathered = gather(asked.documents)
    lanes = {source.id: source.sector for source in sources}
    scene = _scene(gathered, lanes, at, asked.whole, view.reader != "professional")
    lines, alias = scene.lines, scene.alias
    seen = Overview(
        at=0,
        view=view.stamp,
        patient=_patient(scene.current, at),
        sources=sources,
        sections=(),
        lines=lines,
        differences=scene.differences,
        who=who_does_what(scene.current, lines, alias, at),
        timeline=timeline_of(scene.every, alias),
        unread=tuple(map(told_unread, gathered.unread)),
        counts=counts_of(lines, scene.apart, scene.row_of, at),
        elsewhere=tuple(each.id for each in view.elsewhere),
        measurements=measurements_of(scene.current, lines, alias, at),
        dropped=scene.dropped,
    )
    shown = shown_by(scene.every, lines, alias, scene.row_of, at)
    return structs.replace(seen, sections=sections_of(view.sections, shown, _filled(seen), sources, gathered.unread))


def _scene(gathered: Gathered, lanes: dict[str, str], at: int, whole: bool, patients: bool) -> Scene:
    current, withdrawn, replaced = (
        [facts_of(entry, care, lanes.get(entry.source, ""), whole) for entry, care in documents if care is not None]
        for documents in (gathered.current, gathered.withdrawn, gathered.replaced)
    )
    lines, alias, apart = reconciled(current, at)
    connect(current, lines, alias)
    link_same(apart, lines)
    flag_overdue(current, lines, alias, at)
    flag_past(current, lines, alias, at)
    flag_delayed(current, lines, alias, at)
    flag_responsibility(current, lines, alias, at)
    flag_moved(current, replaced, lines, alias)
    date_lines(current, replaced, lines, alias, patients)
    mark_changed(replaced, lines)
    differences = (*_two_current(gathered, current, alias), *differences_of(current, lines, alias, apart, at))
    _add_withdrawn(withdrawn, lines, alias)
    every = [*current, *withdrawn]
    row_of = fold_series(every, lines, alias, at)
    return Scene(
        current, every, lines, alias, apart, row_of, differences, dropped_of(current, replaced, alias, patients)
    )


def _filled(seen: Overview) -> dict[str, bool]:
    """Which parts of a page that show no lines have something to show."""
    parts = {"differences": seen.differences, "who": seen.who, "timeline": seen.timeline}
    return {name: bool(part) for name, part in (parts | {"unread": seen.unread, "sources": seen.sources}).items()}


def reconciled(documents: Sequence[Facts], at: int) -> tuple[dict[str, Line], Alias, list[Apart]]:
    """The lines of current documents with the same things made one, the one id of each merged line, and which lines
    claim the same business identifier and stand apart."""
    lines: dict[str, Line] = {}
    for document in documents:
        lines.update(document.lines)
    shared = shared_marks(documents)
    alias: Alias = {}
    for rule, members in cliques(shared):
        one = merged(rule, members, lines, at)
        for member in one.members:
            del lines[member]
        lines[one.id] = one
        alias |= dict.fromkeys(one.members, one.id)
    if alias:
        rename(documents, lines, alias)
    return lines, alias, _apart(shared, alias)


def _apart(shared: dict[str, list[Fact]], alias: Alias) -> list[Apart]:
    """What claims one business identifier and was not made one, each once."""
    found: dict[tuple[str, ...], bool] = {}
    for mark, facts in shared.items():
        together = tuple(sorted({alias.get(fact.id, fact.id) for fact in facts}))
        if mark.startswith("id:") and len(together) > 1:
            found[together] = found.get(together, False) or any(starmap(contradict, combinations(facts, 2)))
    return [Apart(lines, differ) for lines, differ in sorted(found.items())]


def _add_withdrawn(documents: Iterable[Facts], lines: dict[str, Line], alias: Alias) -> None:
    """What a withdrawn document said stands as no longer in force, reported by its organisation; it never takes
    another line's place."""
    for document in documents:
        for line in document.lines.values():
            if line.id not in lines and line.id not in alias:
                lines[line.id] = structs.replace(line, phase="cancelled")
                about = document.origin.attribution.organisation
                flag(lines, line.id, Flag(code="overview.withdrawn", at=document.withdrawn_at, about=about))


def _two_current(gathered: Gathered, current: Iterable[Facts], alias: Alias) -> list[Difference]:
    """One difference per document that has a lower version standing as approved too, told at its plan or first line."""
    if not gathered.doubled:
        return []
    shown = {facts.origin.entry: facts for facts in current}
    found = {_double(entry, shown.get(entry.uuid), alias) for (entry, _), _ in gathered.doubled}
    return sorted(found, key=lambda each: (each.lines, each.about, each.at))


def _double(entry: DocumentEntry, facts: Facts | None, alias: Alias) -> Difference:
    first = (facts.plan or next(iter(facts.lines), "")) if facts else ""
    title = facts.origin.attribution.document_title if facts else told_unread(entry).title
    return Difference(TWO_CURRENT, (alias.get(first, first),) if first else (), title, entry.registered)


def _patient(documents: Iterable[Facts], at: int) -> Patient | None:
    """The patient as the newest document that is not from the future names them."""
    dated = [(_said(facts, at), facts.origin.entry, facts.patient) for facts in documents]
    return max(dated, key=lambda each: each[:2])[2] if dated else None


def _said(facts: Facts, at: int) -> int:
    said = facts.origin.attribution.at
    return said if said <= at else -1
