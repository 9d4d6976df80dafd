"""A whole page from an overview and a layout."""

from collections.abc import Iterable

import msgspec

from patientoverblik.care import CardItem, Relative
from patientoverblik.care.systems import CPR
from patientoverblik.edges.portal.dates import age_text
from patientoverblik.edges.portal.layout import Layout
from patientoverblik.edges.portal.page import Banner, Fact, Fold, Link, Page, Section
from patientoverblik.edges.portal.present.absence import completeness, notes, notices
from patientoverblik.edges.portal.present.card import card
from patientoverblik.edges.portal.present.desk import Desk, desk
from patientoverblik.edges.portal.present.filters import filters_of
from patientoverblik.edges.portal.present.row import row
from patientoverblik.edges.portal.present.sections import SHOWS, documents, elsewhere
from patientoverblik.edges.portal.present.table import table
from patientoverblik.edges.portal.words import concept_text, listed, name_text, organisation_text, relation_text
from patientoverblik.overview import Overview, SectionProfile
from patientoverblik.overview import Section as Shown

OWN = "matters"
_ABSENT = Shown(id="", state="lines")


def present(shown: Overview, layout: Layout, base: str, reader: str = "", on_behalf: str = "", rule: str = "") -> Page:
    """The page of an overview; ``base`` is the patient's address, ``on_behalf`` their name where a relative reads, and
    ``rule`` what lets them."""
    at = desk(shown, layout, base, on_behalf)
    return page_of(at, parts_of(at), reader, rule)


def parts_of(at: Desk) -> tuple[Section, ...]:
    """Every part of the page, in the view's order."""
    return (*_parts(at), documents(at), elsewhere(at))


def part_of(at: Desk, section: str) -> Section:
    """The part that shows one section of the view."""
    return _part(at, at.view.section(section))


def page_of(at: Desk, parts: tuple[Section, ...], reader: str, rule: str) -> Page:
    """The page around its parts."""
    layout, on_behalf = at.layout, at.on_behalf
    beside = (*layout.first, *layout.aside)
    return Page(
        audience=layout.audience,
        title=at.words.word("page", "title"),
        heading=_heading(at),
        banner=_banner(at),
        completeness=completeness(at),
        notices=notices(at),
        first=tuple(part for part in parts if part.id in layout.first),
        main=tuple(part for part in parts if part.id not in beside),
        aside=tuple(part for part in parts if part.id in layout.aside),
        person_bar=at.words.word("capacity", rule, at.view.title).replace("{navn}", on_behalf) if on_behalf else "",
        printed=f"Udskrevet af {reader}. Udskriften bliver ikke opdateret." if reader else "",
        sources=listed(source.name for source in at.overview.sources if source.state == "retrieved"),
    )


def _parts(at: Desk) -> tuple[Section, ...]:
    """The view's sections in its order; those that stand below another or in the table stand there alone."""
    joined = at.layout.table
    found: list[Section] = []
    for profile in at.view.sections:
        if joined and profile.id == joined.of[0]:
            found.append(_table(at))
        elif profile.id not in at.layout.below and not (joined and profile.id in joined.of):
            found.append(_part(at, profile))
    return tuple(part for part in found if part.id != "documents" or part.links)


def _part(at: Desk, profile: SectionProfile) -> Section:
    section = _section(at, profile.id)
    empty = Section(id=profile.id, title=profile.title, layout=profile.shows, notes=notes(at, profile, section))
    show = card if profile.kinds == ("card",) else SHOWS[profile.shows]
    made = show(at, empty, section.lines)
    below = [name for name, above in at.layout.below.items() if above == profile.id]
    folds = (*made.folds, *[fold for name in below for fold in _fold(at, name)])
    filled = msgspec.structs.replace(made, folds=folds)
    return msgspec.structs.replace(
        filled,
        folded=profile.folded and _is_filled(filled),
        filters=filters_of(at, [*made.rows, *[row for fold in folds for row in fold.rows]]),
        opener=_opener(at, filled, len(section.lines)),
        whole=at.layout.whole.get(profile.id),
        write=_write(at, profile.id),
    )


def _write(at: Desk, section: str) -> Link | None:
    """Where the patient, or who acts for them, writes what matters."""
    if section != OWN or at.professional or not at.base:
        return None
    return Link(at.words.word("own", "write"), f"{at.base}/vigtigt")


def _opener(at: Desk, part: Section, lines: int) -> str:
    """What a folded part is opened by, with how much it holds."""
    count = lines or len(part.events) or len(part.links) or len(part.sources)
    title = at.words.word("opener", part.id, f"Vis {part.title[:1].lower()}{part.title[1:]}")
    return f"{title} ({count})" if count else title


def _is_filled(part: Section) -> bool:
    return bool(part.rows or part.folds or part.events or part.series or part.links or part.card)


def _fold(at: Desk, section: str) -> Iterable[Fold]:
    lines = [line for line in map(at.line, _section(at, section).lines) if line]
    if lines:
        title = at.view.section(section).title
        named = at.words.word("opener", section, title)
        yield Fold(f"{named} ({len(lines)})", tuple([row(at, line) for line in lines]))


def _table(at: Desk) -> Section:
    joined = at.layout.table
    assert joined is not None  # noqa: S101 - only asked for where there is one
    said = [notes(at, at.view.section(each), _section(at, each)) for each in joined.of]
    once = tuple(dict.fromkeys(note for group in said for note in group))
    return table(at, Section(id=joined.id, title=joined.title, layout="table", notes=once))


def _section(at: Desk, section: str) -> Shown:
    return next((each for each in at.overview.sections if each.id == section), _ABSENT)


def _heading(at: Desk) -> str:
    name = name_text(at.overview.patient.name) if at.overview.patient else ""
    if at.on_behalf:
        return at.words.word("page", "heading-on-behalf").replace("{name}", at.on_behalf)
    return at.words.word("page", "heading").replace("{name}", name or "patienten")


def _banner(at: Desk) -> Banner:
    patient = at.overview.patient
    if patient is None:
        return Banner("Navn ikke oplyst", "")
    number = next((each.value for each in patient.ids if each.system == CPR), "")
    facts = (
        ("Alder", age_text(patient.birth, at.now)),
        ("Egen læge", organisation_text(patient.general_practice)),
        ("Sprog", _language(at)),
        ("Pårørende", _relatives(at)),
    )
    return Banner(name_text(patient.name), _number(number), tuple(Fact(name, text) for name, text in facts if text))


def _number(number: str) -> str:
    return f"{number[:6]}-{number[6:]}" if len(number) == 10 and number.isdigit() else number


def _language(at: Desk) -> str:
    values = [line.value for line in at.overview.lines.values() if line.kind == "card"]
    spoken = [value for value in values if isinstance(value, CardItem) and value.field == "language"]
    return listed([concept_text(value.concept, at.words) or value.text for value in spoken])


def _relatives(at: Desk) -> str:
    values = (line.value for line in at.overview.lines.values() if line.kind == "relative")
    return listed(_relative(at, value) for value in values if isinstance(value, Relative))


def _relative(at: Desk, relative: Relative) -> str:
    relation = relation_text(relative, at.words)
    return (
        f"{name_text(relative.name)} ({relation})"
        if relation and relative.name
        else name_text(relative.name) or relation
    )
