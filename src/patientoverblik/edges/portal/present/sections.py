"""The parts of a page, one function for each thing a section of a view can show."""

from collections.abc import Callable, Iterable

import msgspec

from patientoverblik.care import Measurement, Moment
from patientoverblik.edges.portal.dates import danish_time, day_text, moment_text, written_text
from patientoverblik.edges.portal.page import Difference, Event, Fact, Fold, Link, Row, Section, Series
from patientoverblik.edges.portal.present.absence import sources
from patientoverblik.edges.portal.present.desk import Desk
from patientoverblik.edges.portal.present.people import people
from patientoverblik.edges.portal.present.row import row
from patientoverblik.edges.portal.words import (
    amount_text,
    joined,
    target_text,
    title_text,
)
from patientoverblik.overview import model as overview

CURRENT = frozenset({"active", "planned", "on-hold", "unknown"})
TIMELESS = frozenset({"card", "relative", "passage", "measurement"})
MEASUREMENTS_AT_ONCE = 3
Ids = tuple[str, ...]


def lines(desk: Desk, part: Section, ids: Ids) -> Section:
    """Lines one under the other; what is over stands behind a click, and so does the end of a list of appointments."""
    found = [line for line in map(desk.line, ids) if line]
    at_once = tuple(row(desk, line) for line in found if _stands(part, line))
    over = tuple(row(desk, line) for line in found if not _stands(part, line))
    shown = desk.layout.at_once if part.id == "next-appointments" else len(at_once)
    folds = fold("Flere aftaler", at_once[shown:]) + fold("Afsluttet, erstattet eller aflyst", over)
    return msgspec.structs.replace(part, rows=at_once[:shown], folds=folds, lanes=lanes_of(at_once + over))


def differences(desk: Desk, part: Section, _ids: Ids) -> Section:
    """What the parties should discuss: the facts side by side."""
    return msgspec.structs.replace(
        part, differences=tuple(_difference(desk, each) for each in desk.overview.differences)
    )


def source_list(desk: Desk, part: Section, _ids: Ids) -> Section:
    """Every source and how it answered."""
    return msgspec.structs.replace(part, sources=sources(desk))


def timeline(desk: Desk, part: Section, _ids: Ids) -> Section:
    """Events as a list, newest first."""
    return msgspec.structs.replace(
        part, events=tuple(_event(desk, event) for event in reversed(desk.overview.timeline))
    )


def measurements(desk: Desk, part: Section, _ids: Ids) -> Section:
    """One series for each measured thing and unit, newest first, with the targets given in the same unit."""
    return msgspec.structs.replace(part, series=tuple(_series(desk, group) for group in desk.overview.measurements))


def unread(desk: Desk, part: Section, _ids: Ids) -> Section:
    """Documents that are held and could not be shown as content, with the reason."""
    return msgspec.structs.replace(part, links=tuple(_unread(desk, each) for each in desk.overview.unread))


SHOWS: dict[str, Callable[[Desk, Section, Ids], Section]] = {
    "lines": lines,
    "differences": differences,
    "who": people,
    "sources": source_list,
    "timeline": timeline,
    "measurements": measurements,
    "unread": unread,
}


def documents(desk: Desk) -> Section:
    """Every document that something on the page comes from."""
    used: dict[str, overview.Attribution] = {}
    for line in desk.overview.lines.values():
        for wording in line.wordings:
            used.setdefault(wording.attribution.entry, wording.attribution)
    found = sorted((each for each in used.values() if each.entry), key=lambda each: -each.at)
    every = Link("Alle dokumenter og versioner", f"{desk.base}/dokumenter")
    return Section(
        "all-documents",
        "Dokumenter",
        "documents",
        folded=True,
        links=(*(_document(desk, each) for each in found), every),
    )


def elsewhere(desk: Desk) -> Section:
    """What is not part of the overview, and where to look for it."""
    facts = tuple(Fact(each.title, each.where) for each in desk.view.elsewhere if each.id in desk.overview.elsewhere)
    return Section("elsewhere", desk.words.word("page", "elsewhere"), "elsewhere", facts=facts)


def fold(title: str, found: tuple[Row, ...]) -> tuple[Fold, ...]:
    """Rows behind a click, with how many there are; nothing where there are none."""
    return (Fold(f"{title} ({len(found)})", found),) if found else ()


def lanes_of(found: Iterable[Row]) -> tuple[str, ...]:
    """The sectors to choose among; none where there is nothing to choose."""
    lanes = tuple(sorted({row.lane for row in found if row.lane}))
    return lanes if len(lanes) > 1 else ()


def _stands(part: Section, line: overview.Line) -> bool:
    return line.phase in CURRENT or line.kind in TIMELESS or part.id in ("past-appointments", "contacts")


def _difference(desk: Desk, difference: overview.Difference) -> Difference:
    found = (desk.line(each) for each in difference.lines)
    title = desk.text(difference.rule, difference.about) or "Oplysninger, der ikke siger det samme"
    return Difference(title, "", tuple(row(desk, line) for line in found if line))


def _event(desk: Desk, event: overview.TimelineEvent) -> Event:
    said = desk.said.get(event.line)
    lane = desk.words.word("sector", event.lane, event.lane)
    text = joined((desk.words.word("event", event.kind), _event_words(desk, event, said.words if said else "")), ": ")
    anchor = desk.anchors.get(event.line, "")
    return Event(written_text(event.text, event.at), text, lane, f"#{anchor}" if anchor else "")


def _event_words(desk: Desk, event: overview.TimelineEvent, words: str) -> str:
    """What the event is about; an appointment's own words are its time, so its first fact is said instead."""
    if event.kind != "appointment":
        return words
    facts = desk.said[event.line].facts if event.line in desk.said else ()
    return next(iter(facts), words)


def _series(desk: Desk, group: overview.MeasurementGroup) -> Series:
    shown = tuple(
        _result(desk, line, line_id == group.lines[0]) for line_id in group.lines if (line := desk.line(line_id))
    )
    targets = tuple(
        Link(target_text(beside.target, desk.words), f"#{desk.anchors[beside.line]}", "Målværdi")
        for beside in group.targets
        if beside.line in desk.anchors
    )
    return Series(group.title or "Måling", shown[:MEASUREMENTS_AT_ONCE], shown[MEASUREMENTS_AT_ONCE:], targets)


def _result(desk: Desk, line: overview.Line, first: bool) -> Row:
    """A measurement under its group's heading: the amount, when, and what the word means the first time."""
    value, whole = line.value, row(desk, line)
    if not isinstance(value, Measurement):
        return whole
    when = moment_text(value.time) if isinstance(value.time, Moment) else "Tidspunkt ikke angivet"
    others = tuple(fact for fact in whole.facts if fact != when)
    return msgspec.structs.replace(
        whole,
        words=amount_text(value.amount, desk.words),
        facts=(when, *others),
        explained=whole.explained if first else (),
    )


def _document(desk: Desk, source: overview.Attribution) -> Link:
    text = joined((title_text(source.document_title) or "Dokument", source.organisation, _day(source.at)))
    return Link(text, desk.document(source.entry), "Eksempelprofil" if source.example_profile else "")


def _unread(desk: Desk, document: overview.UnreadDocument) -> Link:
    text = joined((title_text(document.title) or "Dokument", document.organisation, _day(document.at)))
    reason = desk.text(document.code) or "Kunne ikke vises"
    code = f" ({document.code})" if desk.professional else ""
    return Link(text, desk.document(document.entry), f"{reason}{code}")


def _day(at: int) -> str:
    return day_text(danish_time(at).date()) if at else ""
