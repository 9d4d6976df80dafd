"""What a page is before it is written as HTML: plain texts in frozen structs. Templates only lay them out."""

from typing import Literal

import msgspec

Tone = Literal["plain", "good", "info", "warn", "bad"]
Audience = Literal["professional", "citizen"]


class Chip(msgspec.Struct, frozen=True, gc=False):
    """A short word with a tone; the word alone must be enough (WCAG 1.4.1)."""

    text: str
    tone: Tone = "plain"


class Link(msgspec.Struct, frozen=True, gc=False):
    """A link to somewhere else on the pages; ``lead`` says how it belongs here."""

    text: str
    href: str
    lead: str = ""


class Lead(msgspec.Struct, frozen=True, gc=False):
    """Links that belong here in one and the same way."""

    text: str
    links: tuple[Link, ...]


class Fact(msgspec.Struct, frozen=True, gc=False):
    """A name and what it is."""

    name: str
    text: str


class Origin(msgspec.Struct, frozen=True, gc=False):
    """Where a line comes from: one sentence, and more of it behind a click. ``example`` says that the document's form
    is our own, ``marked`` that the sentence says so too."""

    summary: str
    facts: tuple[str, ...] = ()
    href: str = ""
    document: str = ""
    example: bool = False
    marked: bool = False


class OtherWording(msgspec.Struct, frozen=True, gc=False):
    """Another party's version of the same thing, in that party's own words."""

    words: str
    facts: tuple[str, ...]
    origin: Origin
    calls: tuple[Link, ...] = ()


class Row(msgspec.Struct, frozen=True, gc=False):
    """One line of the overview as it is read.

    ``id`` is its name on the page, empty where the line is only mentioned and stands elsewhere. ``more`` is the address
    of all about the line, ``history`` of its earlier wordings where its kind changes over time. ``lane``, ``problem``
    and ``what`` are what it can be filtered by: its sector, the ids of its problems, and what kind of thing it is.
    ``wrong`` is where the patient can say that it is not right, ``measured`` the latest measurements beside its targets
    in one sentence.
    """

    id: str
    words: str
    origin: Origin
    more: str = ""
    history: str = ""
    quoted: bool = False
    facts: tuple[str, ...] = ()
    calls: tuple[Link, ...] = ()
    chips: tuple[Chip, ...] = ()
    explained: tuple[Fact, ...] = ()
    also: str = ""
    others: tuple[OtherWording, ...] = ()
    rule: str = ""
    leads: tuple[Lead, ...] = ()
    folded_leads: tuple[Lead, ...] = ()
    plan: Link | None = None
    lane: str = ""
    problem: str = ""
    what: str = ""
    wrong: str = ""
    measured: str = ""


class Notice(msgspec.Struct, frozen=True, gc=False):
    """Something the reader must know before reading on; ``seen`` are the ids, a line each, of the messages it tells and
    they can say they have seen."""

    tone: Literal["info", "warning", "error", "success"]
    title: str
    text: str
    link: Link | None = None
    seen: str = ""


class Problem(msgspec.Struct, frozen=True, gc=False):
    """A row of the table: a condition with its goals and interventions; ``title`` where it is no condition."""

    title: str
    condition: Row | None
    goals: tuple[Row, ...]
    interventions: tuple[Row, ...]
    responsible: tuple[str, ...]
    updated: str


class Person(msgspec.Struct, frozen=True, gc=False):
    """Who does what, and how they are reached: a person, or an organisation with its ``people``."""

    roles: tuple[str, ...]
    name: str
    organisation: str
    calls: tuple[Link, ...] = ()
    facts: tuple[str, ...] = ()
    does: tuple[Link, ...] = ()
    origins: tuple[Origin, ...] = ()
    people: tuple["Person", ...] = ()


class Source(msgspec.Struct, frozen=True, gc=False):
    """A source and how it answered."""

    name: str
    sector: str
    chip: Chip
    text: str


class Event(msgspec.Struct, frozen=True, gc=False):
    """A point of the timeline."""

    when: str
    text: str
    lane: str
    href: str


class Series(msgspec.Struct, frozen=True, gc=False):
    """Measurements of one thing in one unit, newest first; ``day`` is when the newest was made."""

    title: str
    rows: tuple[Row, ...]
    older: tuple[Row, ...] = ()
    targets: tuple[Link, ...] = ()
    day: str = ""


class Option(msgspec.Struct, frozen=True, gc=False):
    """One choice of a filter."""

    value: str
    text: str


class Filter(msgspec.Struct, frozen=True, gc=False):
    """What the lines of a section can be chosen by: ``name`` is lane, problem or what."""

    name: str
    label: str
    options: tuple[Option, ...]


class CardRow(msgspec.Struct, frozen=True, gc=False):
    """One item of the master data card; ``locked`` says that it comes from a register and is not corrected here."""

    id: str
    name: str
    text: str
    source: str
    changed: str
    locked: bool
    more: str = ""


class Fold(msgspec.Struct, frozen=True, gc=False):
    """Lines that stand behind a click."""

    title: str
    rows: tuple[Row, ...]


class Difference(msgspec.Struct, frozen=True, gc=False):
    """Something the parties should discuss: the facts side by side, with whom to ask; ``one_by_one`` where the title
    says it of each line by itself, so that on a narrow screen their names are enough."""

    title: str
    rows: tuple[Row, ...]
    calls: tuple[Link, ...] = ()
    one_by_one: bool = False


class Section(msgspec.Struct, frozen=True, gc=False):
    """A part of the page. ``layout`` is the template part that lays it out; only the fields it needs are filled.

    ``filters`` are what its lines can be chosen by, where there are several to choose among; ``opener`` is what a
    folded part is opened by; ``empty`` are the words of a table's cells without goals and without interventions.
    ``html`` is the part as its template wrote it, where that is kept; no other field of its content is then filled.
    ``write`` leads to where the reader can write in it. ``whole`` is how many of its lines stand whole on a narrow
    screen, where the others stand by their names; all where it is nothing.
    """

    id: str
    title: str
    layout: str
    folded: bool = False
    notes: tuple[str, ...] = ()
    rows: tuple[Row, ...] = ()
    folds: tuple[Fold, ...] = ()
    problems: tuple[Problem, ...] = ()
    people: tuple[Person, ...] = ()
    more_people: tuple[Person, ...] = ()
    sources: tuple[Source, ...] = ()
    events: tuple[Event, ...] = ()
    series: tuple[Series, ...] = ()
    differences: tuple[Difference, ...] = ()
    facts: tuple[Fact, ...] = ()
    links: tuple[Link, ...] = ()
    filters: tuple[Filter, ...] = ()
    card: tuple[CardRow, ...] = ()
    opener: str = ""
    empty: tuple[str, ...] = ()
    html: str = ""
    write: Link | None = None
    whole: int | None = None


class Banner(msgspec.Struct, frozen=True, gc=False):
    """Who the page is about."""

    name: str
    number: str
    facts: tuple[Fact, ...] = ()


class Change(msgspec.Struct, frozen=True, gc=False):
    """A line that is new, changed or ``gone``, as ``link.lead`` says; of a changed one what it said ``before`` beside
    what it says ``now``, without what is the same."""

    link: Link
    before: tuple[str, ...] = ()
    now: tuple[str, ...] = ()
    gone: bool = False


class News(msgspec.Struct, frozen=True, gc=False):
    """What is new on the page since the reader's last visit, ``title`` says since when."""

    title: str
    changes: tuple[Change, ...]
    more: str = ""


class Page(msgspec.Struct, frozen=True, gc=False):
    """An overview page; ``first`` are the parts of the main column that stand before ``aside`` where it is narrow."""

    audience: Audience
    title: str
    heading: str
    banner: Banner
    completeness: str
    notices: tuple[Notice, ...]
    first: tuple[Section, ...]
    main: tuple[Section, ...]
    aside: tuple[Section, ...]
    person_bar: str = ""
    why: Link | None = None
    printed: str = ""
    sources: str = ""
    news: News | None = None
