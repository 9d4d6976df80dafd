"""One document's facts for the overview, worked out once and kept while entry and contribution are the same values."""

from functools import lru_cache

import msgspec

from patientoverblik.care import Condition, Contribution, Measurement, Plan
from patientoverblik.overview.attribution import attributed, origin_of
from patientoverblik.overview.compare import (
    acts_of,
    aims_of,
    codes_of,
    codes_that_differ,
    meetings_of,
    readings_of,
)
from patientoverblik.overview.equivalence import has_rows, reviewed
from patientoverblik.overview.facts import Facts, Mark, Origin
from patientoverblik.overview.items import (
    Item,
    all_items,
    keys_in,
    line_ids,
    placed_by_class,
    shown_items,
)
from patientoverblik.overview.links import Near, charges_of, local_links
from patientoverblik.overview.model import Flag, Line, LineValue, Phase, Wording
from patientoverblik.overview.moments import dues_of, events_of
from patientoverblik.overview.phases import OPEN, phase_of
from patientoverblik.overview.shield import shield
from patientoverblik.overview.who import shares_of
from patientoverblik.sharing.model import DocumentEntry

KEPT = 1280  # documents, of 10 to 40 kB each: one bound for what is decoded, prepared and drawn of them
_MAY_BE_TAKEN_OVER = frozenset({*OPEN, "on-hold"})
_DOUBTED = {each: (Flag(code=f"overview.{each}"),) for each in ("suspected", "refuted")}
_AT_HOME = (Flag(code="overview.home-measurement"),)


class _Held(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A document as a key: the same while the contribution is the very same value and the entry an equal one."""

    entry: DocumentEntry
    care: Contribution
    lane: str
    whole: bool

    def __hash__(self) -> int:
        return hash(self.entry.uuid)

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, _Held)
            and self.care is other.care
            and self.lane == other.lane
            and self.whole == other.whole
            and self.entry == other.entry
        )


def facts_of(entry: DocumentEntry, care: Contribution, lane: str, whole: bool) -> Facts:
    """The facts of one readable document; ``lane`` is its sector in the timeline, ``whole`` whether protected
    addresses may be seen."""
    return _facts_of(_Held(entry, care, lane, whole))


@lru_cache(maxsize=KEPT)
def _facts_of(held: _Held) -> Facts:
    return facts_once(held.entry, held.care, held.lane, held.whole)


def facts_once(entry: DocumentEntry, care: Contribution, lane: str, whole: bool) -> Facts:
    """The facts of one document, not kept: a document that comes in takes no room from those that are looked at."""
    entry, care = shield(entry, care, whole)
    origin = origin_of(entry, care)
    every = all_items(care)
    items = shown_items(every)
    places = keys_in(care, every)
    ids = line_ids(origin, places, items)
    placed = placed_by_class(items, ids)
    keys = {key: ids[place] for key, place in places.items() if place in ids}
    conditions = tuple([line for line, _ in placed[Condition]])
    near = local_links(placed, keys, conditions if care.plan is not None else ())
    plan = next((line for line, _ in placed[Plan]), "")
    lines = _lines(items, ids, origin, near, plan)
    return Facts(
        origin=origin,
        patient=care.patient,
        lines=lines,
        marks=_marks(lines, keys),
        keys=keys,
        plan=plan,
        events=events_of(placed, lane),
        dues=dues_of(placed),
        links=near.outward,
        fallback=near.fallback,
        conditions=conditions,
        aims=aims_of(placed),
        acts=acts_of(placed),
        readings=readings_of(placed),
        meetings=meetings_of(placed, origin.organisation),
        charges=charges_of(care, plan, origin),
        shares=shares_of(care, placed, origin),
        codes_differ=codes_that_differ(placed),
        referrers=near.referrers,
        replaces=entry.replaces,
        withdrawn_at=entry.deprecated_at,
        shown_from=entry.shown_from,
        registered=entry.registered,
    )


def _lines(items: list[Item], ids: dict[str, str], origin: Origin, near: Near, plan: str) -> dict[str, Line]:
    lines = {}
    groups, related = near.groups, near.related
    for kind, place, value in items:
        line = ids[place]
        lines[line] = Line(
            line,
            kind,
            _shown_phase(value),
            (Wording(value, attributed(origin, value, place)),),
            "",
            groups.get(line, ()),
            _flags(value),
            related.get(line, ()),
            plan if line != plan else "",
        )
    for line in related:
        if _is_taken_over(lines, line):
            lines[line] = msgspec.structs.replace(lines[line], phase="replaced")
    return lines


def _shown_phase(value: LineValue) -> Phase:
    stated = phase_of(value)
    return "unknown" if stated == "hidden" else stated


def _is_taken_over(lines: dict[str, Line], line: str) -> bool:
    """Whether the same document holds what stands in the place of something open: it is replaced then."""
    known = lines[line]
    return known.phase in _MAY_BE_TAKEN_OVER and any(
        kind == "replaced-by" and lines[other].phase != "cancelled" for kind, other in known.related
    )


def _marks(lines: dict[str, Line], keys: dict[str, str]) -> tuple[Mark, ...]:
    named = [(f"id:{key}", line) for key, line in keys.items()]
    coded = [
        (f"row:{row}", line.id)
        for line in lines.values()
        if has_rows(line.kind)
        for row in reviewed(line.kind, codes_of(line.value))
    ]
    return (*named, *coded)


def _flags(value: LineValue) -> tuple[Flag, ...]:
    if isinstance(value, Measurement):
        return _AT_HOME if value.measured_by == "patient" else ()
    if isinstance(value, Condition) and isinstance(value.verification, str):
        return _DOUBTED.get(value.verification, ())
    return ()


def wordings_in(entry: DocumentEntry, care: Contribution, whole: bool) -> list[tuple[str, Wording]]:
    """Every item of one document as a wording under its line's id, entered-in-error ones too."""
    entry, care = shield(entry, care, whole)
    origin = origin_of(entry, care)
    items = all_items(care)
    ids = line_ids(origin, keys_in(care, items), items)
    return [(ids[place], Wording(value, attributed(origin, value, place))) for _, place, value in items]
