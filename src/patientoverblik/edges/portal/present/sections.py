"""The parts of a page, one function for each thing a section of a view can show."""

from collections.abc import Callable

import msgspec

from patientoverblik.care import Concept, Goal, Measurement, Moment
from patientoverblik.edges.portal.dates import brief_day, danish_time, day_text, moment_text, written_text
from patientoverblik.edges.portal.page import Difference, Event, Fact, Fold, Link, Row, Section, Series
from patientoverblik.edges.portal.present.absence import sources
from patientoverblik.edges.portal.present.desk import Desk
from patientoverblik.edges.portal.present.people import people
from patientoverblik.edges.portal.present.row import OVERDUE, mention, passed_text, row
from patientoverblik.edges.portal.words import (
    amount_text,
    call_link,
    concept_text,
    joined,
    target_text,
    title_text,
    written_concept,
)
from patientoverblik.overview import model as overview

CURRENT = frozenset({"active", "planned", "on-hold", "unknown"})
TIMELESS = frozenset({"card", "relative", "passage", "measurement"})
Ids = tuple[str, ...]


def lines(desk: Desk, part: Section, ids: Ids) -> Section:
    """Lines one under the other; what is over stands behind a click, and so does the end of a long list."""
    found = [line for line in map(desk.line, ids) if line]
    current = tuple([row(desk, line) for line in found if _stands(part, line)])
    over = tuple([row(desk, line) for line in found if not _stands(part, line)])
    shown = desk.layout.at_once.get(part.id, len(current))
    folds = fold(desk.words.word("more", part.id, "Vis flere"), current[shown:]) + fold(
        desk.words.word("over", part.id, "Vis afsluttede, erstattede og aflyste"), over
    )
    return msgspec.structs.replace(part, rows=current[:shown], folds=folds)


def differences(desk: Desk, part: Section, _ids: Ids) -> Section:
    """What the parties should discuss: the facts side by side, with whom to call; what is said alike of several lines,
    one by one, is said once."""
    phones = _phones(desk) if desk.overview.differences else {}
    found: dict[tuple[str, ...], Difference] = {}
    for each in desk.overview.differences:
        made = _difference(desk, each, phones)
        key = (made.title,) if made.one_by_one else (made.title, *each.lines)
        found[key] = _together(found[key], made) if key in found else made
    return msgspec.structs.replace(part, differences=tuple(found.values()))


def source_list(desk: Desk, part: Section, _ids: Ids) -> Section:
    """Every source and how it answered."""
    return msgspec.structs.replace(part, sources=sources(desk))


def timeline(desk: Desk, part: Section, _ids: Ids) -> Section:
    """Events as a list, newest first."""
    return msgspec.structs.replace(
        part, events=tuple([_event(desk, event) for event in reversed(desk.overview.timeline)])
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
        opener=f"Vis dokumenter ({len(found)})",
        links=(*(_document(desk, each) for each in found), *((every,) if desk.base else ())),
    )


def elsewhere(desk: Desk) -> Section:
    """What is not part of the overview, and where to look for it."""
    facts = tuple(Fact(each.title, each.where) for each in desk.view.elsewhere if each.id in desk.overview.elsewhere)
    return Section("elsewhere", desk.words.word("page", "elsewhere"), "elsewhere", facts=facts)


def fold(title: str, found: tuple[Row, ...]) -> tuple[Fold, ...]:
    """Rows behind a click, with how many there are; nothing where there are none."""
    return (Fold(f"{title} ({len(found)})", found),) if found else ()


def _stands(part: Section, line: overview.Line) -> bool:
    return line.phase in CURRENT or line.kind in TIMELESS or part.id in ("past-appointments", "contacts")


def _difference(desk: Desk, difference: overview.Difference, phones: dict[str, Link]) -> Difference:
    found = [line for each in difference.lines if (line := desk.line(each))]
    passed = passed_text(desk, difference.about, difference.at) if difference.rule == OVERDUE else ""
    title = (
        passed or desk.text(difference.rule, _about(desk, difference, found)) or "Oplysninger, der ikke siger det samme"
    )
    parties = dict.fromkeys([*[line.attribution.organisation for line in found], difference.about])
    calls = tuple([phones[name] for name in parties if name in phones])
    return Difference(title, tuple([_beside(desk, line, title) for line in found]), calls, len(found) == 1)


def _about(desk: Desk, difference: overview.Difference, lines: list[overview.Line]) -> str:
    """What it is about; what is measured is called as everywhere else on the page."""
    goals = [line.value for line in lines if isinstance(line.value, Goal)]
    measures = [target.measure for goal in goals for target in goal.targets if isinstance(target.measure, Concept)]
    known = {written_concept(measure): concept_text(measure, desk.words) for measure in measures}
    return known.get(difference.about, difference.about)


def _together(one: Difference, other: Difference) -> Difference:
    calls = tuple(dict.fromkeys(one.calls + other.calls))
    return msgspec.structs.replace(one, rows=one.rows + other.rows, calls=calls)


def _beside(desk: Desk, line: overview.Line, title: str) -> Row:
    """A line beside others: what the heading has just said is not repeated on it."""
    whole = mention(desk, line)
    return msgspec.structs.replace(whole, chips=tuple([chip for chip in whole.chips if chip.text != title]), leads=())


def _phones(desk: Desk) -> dict[str, Link]:
    """How each organisation that has a part in the plans is called."""
    found: dict[str, Link] = {}
    for who in desk.overview.who:
        for way in who.organisation.telecoms if who.organisation else ():
            if way.value.startswith("tel:") and who.organisation:
                found.setdefault(
                    who.organisation.name, msgspec.structs.replace(call_link(way), lead=who.organisation.name)
                )
    return found


def _event(desk: Desk, event: overview.TimelineEvent) -> Event:
    lane = desk.words.word("sector", event.lane, event.lane)
    text = joined((desk.words.word("event", event.kind), _event_words(desk, event)), ": ")
    anchor = desk.anchors.get(event.line, "")
    return Event(written_text(event.text, event.at), text, lane, f"#{anchor}" if anchor else "")


def _event_words(desk: Desk, event: overview.TimelineEvent) -> str:
    """What the event is about; an appointment's own words are its time, so its first fact is said instead."""
    if event.line not in desk.overview.lines:
        return ""
    said = desk.said(event.line)
    return said.facts[0] if event.kind == "appointment" and said.facts else said.words


def _series(desk: Desk, group: overview.MeasurementGroup) -> Series:
    lines = [line for each in group.lines if (line := desk.line(each))]
    shown = tuple([_result(desk, line, line is lines[0]) for line in lines])
    targets = tuple(
        Link(
            target_text(beside.target, desk.words),
            f"#{desk.anchors[beside.line]}",
            desk.words.word("fact", "target").rstrip(":"),
        )
        for beside in group.targets
        if beside.line in desk.anchors
    )
    first = lines[0].value if lines else None
    named = concept_text(first.code, desk.words) if isinstance(first, Measurement) else ""
    at_once = desk.layout.at_once.get("measurements", len(shown))
    day = brief_day(shown[0].facts[0]) if shown else ""
    return Series(named or group.title or "Måling", shown[:at_once], shown[at_once:], targets, day)


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
