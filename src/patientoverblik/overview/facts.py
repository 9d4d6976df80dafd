"""What one document brings to the overview, worked out once: its lines as they stand alone, and what links and
compares them.

All of it follows from the entry and its contribution alone, so it may be kept as long as both are the same.
"""

import msgspec

from patientoverblik.access.visible import within
from patientoverblik.care import Appointment, Measurement, Moment, Organisation, Party, Patient, Responsibility, Target
from patientoverblik.overview.equivalence import CodeKey
from patientoverblik.overview.model import Attribution, Line, LineKind, TimelineEvent

Alias = dict[str, str]
"""The one id of each merged line, by the ids of its members."""


class Apart(msgspec.Struct, frozen=True, gc=False):
    """Lines that claim one business identifier and stand apart; ``differ`` where two organisations contradict each
    other."""

    lines: tuple[str, ...]
    differ: bool


class Origin(msgspec.Struct, frozen=True, gc=False):
    """What every line of one document shares.

    ``organisation`` is the key of the author organisation; ``series`` the key of the set the document is a version
    of, or empty; ``said`` is when the document was made (milliseconds UTC, 0 where unknown).
    """

    entry: str
    organisation: str
    series: str
    version: int
    said: int
    attribution: Attribution


class Fact(msgspec.Struct, frozen=True, gc=False):
    """One line and what decides whether it is the same thing as another party's line.

    ``codes`` are its codes; ``guard`` must be equal on both sides; ``said`` is when it was written (milliseconds
    UTC).
    """

    id: str
    kind: LineKind
    codes: tuple[CodeKey, ...]
    guard: tuple[object, ...]
    said: int
    document: str
    organisation: str


class Due(msgspec.Struct, frozen=True, gc=False):
    """A deadline of a line: it has passed when the clock reaches ``at``; ``waits`` are the phases in which that
    matters."""

    line: str
    about: str
    at: int
    waits: frozenset[str]


class Link(msgspec.Struct, frozen=True, gc=False):
    """A line's reference to something by its business identifier."""

    line: str
    kind: str
    key: str


class Aim(msgspec.Struct, frozen=True, gc=False):
    """A goal's target for one coded measure; ``amount`` is compared as written numbers, ``unit`` as written."""

    line: str
    measure: CodeKey
    title: str
    unit: str
    amount: tuple[object, ...]
    target: Target


class Act(msgspec.Struct, frozen=True, gc=False):
    """An intervention as another party could be doing it too: by codes, by reviewed related rows, or by the same
    words."""

    line: str
    marks: tuple[str, ...]


class Reading(msgspec.Struct, frozen=True, gc=False):
    """A measurement by what was measured and the unit; ``at`` is when (0 where unknown)."""

    line: str
    key: str
    codes: tuple[CodeKey, ...]
    title: str
    unit: str
    at: int
    value: Measurement


class Meeting(msgspec.Struct, frozen=True, gc=False):
    """An appointment by its time: ``start`` and ``end`` in milliseconds UTC; ``exact`` when both are told by the
    clock."""

    line: str
    start: int
    end: int
    exact: bool
    series: str
    value: Appointment


class Charge(msgspec.Struct, frozen=True, gc=False):
    """A stated responsibility: who, for what (keys; empty means the whole plan), from when until when (0 = open).

    ``own``: the organisation says so itself.
    """

    plan: str
    organisation: str
    keys: tuple[str, ...]
    start: int
    end: int
    said: int
    value: Responsibility
    attribution: Attribution
    own: bool = False


class Share(msgspec.Struct, frozen=True, gc=False):
    """One part that one party plays in one document.

    ``organisation_key`` and ``person_key`` tell the same party in other documents; ``whole`` says that the part is in
    the plan as a whole, not in some of its lines.
    """

    organisation_key: str
    person_key: str
    role: str
    lines: tuple[str, ...]
    whole: bool
    organisation: Organisation | None
    party: Party | None
    attribution: Attribution

    @property
    def key(self) -> str:
        """What it is told under: the organisation, or a person who speaks for none."""
        return self.organisation_key or self.person_key


Mark = tuple[str, str]
"""What may join a line with another party's, and the line: ``id:…`` a business identifier, ``row:…`` a reviewed code
row."""


class Facts(msgspec.Struct, frozen=True, gc=False):
    """Everything one document brings.

    ``lines`` stand as they would alone; ``marks`` are what may join them with another party's; ``keys`` tells the line
    of each business identifier; ``referrers`` which lines name a line; ``replaces`` are the entries its document stands
    in the place of; ``withdrawn_at`` when it was deprecated, 0 while it is not; ``shown_from`` when the patient may see
    it; ``registered`` when it came; ``codes_differ`` are lines whose coded number differs from their words.
    """

    origin: Origin
    patient: Patient
    lines: dict[str, Line]
    marks: tuple[Mark, ...]
    keys: dict[str, str]
    plan: str = ""
    events: tuple[TimelineEvent, ...] = ()
    dues: tuple[Due, ...] = ()
    links: tuple[Link, ...] = ()
    fallback: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    aims: tuple[Aim, ...] = ()
    acts: tuple[Act, ...] = ()
    readings: tuple[Reading, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    charges: tuple[Charge, ...] = ()
    shares: tuple[Share, ...] = ()
    codes_differ: tuple[str, ...] = ()
    referrers: dict[str, tuple[str, ...]] = {}
    replaces: tuple[str, ...] = ()
    withdrawn_at: int = 0
    shown_from: int = 0
    registered: int = 0


def end_of(moment: Moment) -> int:
    """When a period that ends so is over: a date ends with its day, a clock time at that time (milliseconds UTC)."""
    return moment.latest if moment.is_date else moment.earliest


def in_force(charge: Charge, at: int) -> bool:
    """Whether a responsibility holds at ``at``: from its start until just before its end."""
    return within(at, charge.start, charge.end)


def organisation_key(organisation: Organisation | None) -> str:
    """What tells an organisation from others: its first identifier, else its name."""
    if organisation is None:
        return ""
    for identifier in organisation.ids:
        if identifier.value:
            return f"{identifier.system}|{identifier.value}"
    return organisation.name.casefold()
