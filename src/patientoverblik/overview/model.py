"""The overview as values: what a presenter turns into a page, JSON or FHIR.

Nothing in it is settled or inferred: every line carries its author's words and where they come from, and what differs
stands side by side.
"""

from typing import Literal

import msgspec

from patientoverblik.care import (
    Appointment,
    CardItem,
    Condition,
    Contact,
    Goal,
    Intervention,
    Measurement,
    Organisation,
    Party,
    Passage,
    Patient,
    Plan,
    Relative,
    Responsibility,
    Target,
)

SourceStateKind = Literal["retrieved", "not-retrieved", "not-connected"]
SectionState = Literal["lines", "none-recorded", "not-retrieved", "not-connected"]
Phase = Literal["active", "planned", "on-hold", "ended", "replaced", "cancelled", "unknown"]
LineKind = Literal[
    "plan",
    "condition",
    "patient-goal",
    "goal",
    "intervention",
    "measurement",
    "contact",
    "appointment",
    "card",
    "relative",
    "passage",
]
LineValue = Plan | Condition | Goal | Intervention | Measurement | Contact | Appointment | CardItem | Relative | Passage


class SourceState(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One configured source and how it answered; the list is the same for every patient (DESIGN 13)."""

    id: str
    name: str
    sector: str
    state: SourceStateKind
    kinds: tuple[str, ...] = ()
    at: int = 0
    code: str = ""


class Attribution(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Where a line comes from: document entry, place in it, organisation, author, time, and the mapping line that
    read it.

    ``role`` is the author's profession, else function, in the document's own words; empty where it states none.
    """

    entry: str
    unique_id: str
    content: str
    place: str
    organisation: str
    author: str = ""
    role: str = ""
    at: int = 0
    updated_text: str = ""
    section: str = ""
    profile: str = ""
    example_profile: bool = False
    document_title: str = ""
    source: str = ""


class Wording(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One party's own version of a merged line."""

    value: LineValue
    attribution: Attribution


class Flag(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A fact about a line that a reader must not miss: ``code`` is a row of the problem catalogue (overview.overdue
    …).

    ``at`` is the moment it is about (milliseconds UTC), ``about`` fills the text's ``{about}``. The citizen's wording
    of a code, where it differs, is the row ``code + ".citizen"`` (:func:`patientoverblik.overview.text_of`).
    """

    code: str
    at: int = 0
    about: str = ""


class Line(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One thing shown once. ``id`` is stable over replace; ``wordings`` holds every party's version, the shown one
    first.

    ``rule`` names the merging rule where there is more than one wording, and ``members`` are then the ids of the
    lines it gathers, in the order of ``wordings``. ``groups`` are ids of the condition lines it belongs to.
    ``related`` are pairs of the kind of link and the other line's id (supports, supported-by, realises, realised-by,
    replaces, replaced-by, goal, served-by, appointment, contact, intervention, same-id, occurrence). ``plan`` is the
    id of the plan line of its document. ``count`` is the number of times of a series. ``earlier`` is whether a version
    of its document that was replaced had the line too.
    ``since`` is when what it says came here (milliseconds UTC), ``former`` what it said before, None where nothing.
    """

    id: str
    kind: LineKind
    phase: Phase
    wordings: tuple[Wording, ...]
    rule: str = ""
    groups: tuple[str, ...] = ()
    flags: tuple[Flag, ...] = ()
    related: tuple[tuple[str, str], ...] = ()
    plan: str = ""
    count: int = 1
    members: tuple[str, ...] = ()
    since: int = 0
    former: LineValue | None = None
    earlier: bool = False

    @property
    def value(self) -> LineValue:
        """The wording that is shown."""
        return self.wordings[0].value

    @property
    def attribution(self) -> Attribution:
        """Where the shown wording comes from."""
        return self.wordings[0].attribution


class Dropped(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A line that an earlier version of a plan had and the one in force has not: ``last`` as it stood there, ``at``
    when the version came that left it out (milliseconds UTC), ``plan`` the id of the plan's line, ``entry`` the
    document in force."""

    last: Line
    at: int
    plan: str
    entry: str


class Difference(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Something the parties should discuss ("Bør drøftes"): facts side by side, never a judgement.

    ``rule`` is a row of the problem catalogue (overview.differing-targets …); ``lines`` are the ids of the lines
    concerned.
    """

    rule: str
    lines: tuple[str, ...]
    about: str = ""
    at: int = 0


class Section(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A part of the overview by its view-profile id: its state and its lines in order; silent sources named where it
    matters.

    ``unread`` are entries of documents that may hold something for this section and could not be read.
    """

    id: str
    state: SectionState
    lines: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    unconnected: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


class Person(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A person with a task; the organisation they speak for, if any, is the one they stand under."""

    party: Party
    roles: tuple[str, ...]
    lines: tuple[str, ...] = ()
    attribution: Attribution | None = None


class Who(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Who does what: one organisation, the parts it and its people play, and for which lines; or a person without one.

    ``roles`` and ``lines`` are those of the organisation and its people together. ``handed_over`` says that it carried
    a plan and no longer does; ``responsibility`` is the statement of it that holds, or held last.
    """

    organisation: Organisation | None
    roles: tuple[str, ...]
    lines: tuple[str, ...] = ()
    people: tuple[Person, ...] = ()
    responsibility: Responsibility | None = None
    attribution: Attribution | None = None
    handed_over: bool = False


class TimelineEvent(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One event in time, leading to a line; ``text`` and ``precision`` are its moment's, ``kind`` names the event,
    ``lane`` the sector."""

    at: int
    text: str
    precision: str
    kind: str
    line: str
    lane: str = ""


class TargetBeside(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A goal's target in the very unit of the measurements it stands beside."""

    line: str
    target: Target


class MeasurementGroup(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Measurements of one thing in one unit: all lines newest first, the latest that is not in the future, and the
    goals' targets.

    ``latest`` is empty where every one lies in the future or has no time. ``key`` is the code's system and value, or
    its words.
    """

    key: str
    title: str
    unit: str
    lines: tuple[str, ...]
    latest: str = ""
    targets: tuple[TargetBeside, ...] = ()


class UnreadDocument(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A document that is held and cannot be shown as content, with the code of why."""

    entry: str
    title: str
    organisation: str
    at: int
    code: str


class Counts(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Active and total of each kind, as the storyboard counts them."""

    plans: tuple[int, int] = (0, 0)
    conditions: tuple[int, int] = (0, 0)
    patient_goals: tuple[int, int] = (0, 0)
    professional_goals: tuple[int, int] = (0, 0)
    interventions: tuple[int, int] = (0, 0)
    appointments: tuple[int, int] = (0, 0)
    on_hold: tuple[str, ...] = ()


class Overview(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One patient's shared overview at one moment (milliseconds UTC), for one permit.

    As JSON it is read back by this type, each line's value by the word under ``is``. Organisations and people stand
    whole wherever a document names them, so that each line can be read alone; compressed, they take next to nothing.
    """

    at: int
    view: str
    patient: Patient | None
    sources: tuple[SourceState, ...]
    sections: tuple[Section, ...]
    lines: dict[str, Line]
    differences: tuple[Difference, ...] = ()
    who: tuple[Who, ...] = ()
    timeline: tuple[TimelineEvent, ...] = ()
    unread: tuple[UnreadDocument, ...] = ()
    counts: Counts = Counts()
    filtered: bool = False
    elsewhere: tuple[str, ...] = ()
    measurements: tuple[MeasurementGroup, ...] = ()
    dropped: tuple[Dropped, ...] = ()
