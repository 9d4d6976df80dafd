"""The overview as text: the pages' own words, laid out for the command line."""

from collections.abc import Iterator

from patientoverblik.app.wiring import now
from patientoverblik.edges.cli.ports import Group, Part, Sheet, Told
from patientoverblik.edges.portal import page
from patientoverblik.edges.portal.layout import layout
from patientoverblik.edges.portal.present.absence import completeness, notes, notices
from patientoverblik.edges.portal.present.desk import Desk, desk
from patientoverblik.edges.portal.present.sections import SHOWS, elsewhere
from patientoverblik.edges.portal.present.told import told
from patientoverblik.overview import LineValue, Overview, Section, SectionProfile

NOT_SHOWN = frozenset({"timeline"})  # its events repeat what the other parts say, each with its time


def sheet(overview: Overview) -> Sheet:
    """The overview in the words of the page of its view."""
    at = desk(overview, layout(overview.view.partition("/")[0]), "", "")
    lines = {anchor: line for line, anchor in at.anchors.items()}  # a row that repeats another has no anchor
    shown = (_part(at, profile, lines) for profile in at.view.sections if profile.shows not in NOT_SHOWN)
    outside = elsewhere(at)
    return Sheet(
        title=at.words.word("page", "title"),
        completeness=completeness(at),
        notices=tuple(f"{notice.title}. {notice.text}" for notice in notices(at)),
        parts=(*shown, Part(outside.title, (), _groups(outside, lines))),
    )


def words_of(value: LineValue, view: str) -> Told:
    """One value in the words of the page of a view."""
    said = told(value, layout(view).words, now())
    return Told(said.words, (*said.facts, *_calls(said.calls)))


def _part(at: Desk, profile: SectionProfile, lines: dict[str, str]) -> Part:
    absent = Section(id=profile.id, state="lines")
    section = next((each for each in at.overview.sections if each.id == profile.id), absent)
    empty = page.Section(id=profile.id, title=profile.title, layout=profile.shows)
    made = SHOWS[profile.shows](at, empty, section.lines)
    return Part(profile.title, notes(at, profile, section), _groups(made, lines))


def _groups(part: page.Section, lines: dict[str, str]) -> tuple[Group, ...]:
    """Everything a part of a page holds, in the order it stands there; nothing is folded."""
    found = (
        Group("", tuple(_row(row, lines) for row in part.rows)),
        *(Group(fold.title, tuple(_row(row, lines) for row in fold.rows)) for fold in part.folds),
        *(Group(_measured(each), tuple(_row(row, lines) for row in each.rows + each.older)) for each in part.series),
        *(Group(each.title, tuple(_row(row, lines) for row in each.rows)) for each in part.differences),
        Group("", tuple(_others(part))),
    )
    return tuple(group for group in found if group.told)


def _row(row: page.Row, lines: dict[str, str]) -> Told:
    also = (f"også hos {row.also}",) if row.also else ()
    return Told(
        words=f"»{row.words}«" if row.quoted else row.words,
        facts=(*row.facts, *_calls(row.calls)),
        marks=tuple(chip.text for chip in row.chips),
        origin=" · ".join((row.origin.summary, *also)),
        line=lines.get(row.id, ""),
    )


def _calls(calls: tuple[page.Link, ...]) -> tuple[str, ...]:
    return tuple(f"{call.lead} {call.text}".strip() for call in calls)


def _measured(series: page.Series) -> str:
    targets = ", ".join(f"{target.lead}: {target.text}" for target in series.targets)
    return f"{series.title} ({targets})" if targets else series.title


def _others(part: page.Section) -> Iterator[Told]:
    for person in part.people + part.more_people:
        yield Told(_named(person), (*(call.text for call in person.calls), *person.facts), person.roles)
    for source in part.sources:
        yield Told(source.name, (source.text,) if source.text else (), (source.chip.text,))
    for fact in part.facts:
        yield Told(fact.name, (fact.text,))
    for link in part.links:
        yield Told(link.text, (link.lead,) if link.lead else ())


def _named(person: page.Person) -> str:
    return ", ".join(name for name in (person.name, person.organisation) if name)
