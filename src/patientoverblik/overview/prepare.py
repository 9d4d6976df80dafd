"""One document's facts for the overview, worked out once and kept while entry and contribution are the same values."""

import re
from collections import Counter
from functools import lru_cache
from hashlib import blake2b
from typing import Any

import msgspec

from patientoverblik.care import Condition, Contribution, Goal, Identifier, Party
from patientoverblik.overview.attribution import attributed, identifier_text, origin_of
from patientoverblik.overview.compare import (
    acts_of,
    aims_of,
    codes_of,
    differs_from_words,
    guard_of,
    meetings_of,
    readings_of,
)
from patientoverblik.overview.equivalence import reviewed
from patientoverblik.overview.facts import Fact, Facts, Origin
from patientoverblik.overview.links import Near, charges_of, links_of, local_links
from patientoverblik.overview.model import Flag, Line, LineKind, LineValue, Phase, Wording
from patientoverblik.overview.moments import dues_of, events_of
from patientoverblik.overview.phases import OPEN, Stated, phase_of
from patientoverblik.overview.shield import shield
from patientoverblik.overview.who import shares_of
from patientoverblik.sharing.model import DocumentEntry

_KEPT = 2048  # documents, of 10 to 40 kB each
_UUID = re.compile(r"(?:urn:uuid:)?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
Item = tuple[LineKind, str, LineValue]
_NO_PLANS = ("contact-note", "patient-goals")


class _Held(msgspec.Struct, frozen=True, eq=False):
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


def items_of(care: Contribution) -> list[Item]:
    """Every item a document can show, with its kind and a place that is unique in the document; entered-in-error
    ones left out."""
    return [item for item in all_items(care) if phase_of(item[2]) != "hidden"]


def all_items(care: Contribution) -> list[Item]:
    """Every item of a document, also those entered in error; none where the whole plan was entered in error."""
    plan = care.plan
    if plan is not None and phase_of(plan) == "hidden":
        return []
    listed: list[tuple[LineKind, tuple[LineValue, ...]]] = [
        ("plan", (plan,) if plan is not None and plan.kind not in _NO_PLANS else ()),
        ("condition", care.conditions),
        ("goal", care.goals),
        ("intervention", care.interventions),
        ("measurement", care.measurements),
        ("contact", care.contacts),
        ("appointment", care.appointments),
        ("card", care.card),
        ("relative", care.relatives),
        ("passage", care.passages),
    ]
    items = [(_kind(kind, value), value.place, value) for kind, values in listed for value in values]
    taken = Counter(place for _, place, _ in items)
    return [
        (kind, place if place and taken[place] == 1 else f"{place}#{number}", value)
        for number, (kind, place, value) in enumerate(items)
    ]


def keys_in(care: Contribution) -> dict[str, str]:
    """The business identifiers that stand for one item alone in the document, each with that item's place (DESIGN
    6)."""
    own = {care.document.id, *care.document.replaces, *([care.document.series] if care.document.series else [])}
    named = [
        (identifier_text(identifier), place)
        for _, place, value in all_items(care)
        for identifier in dict.fromkeys(getattr(value, "ids", ()))
        if identifier not in own and _stands_for_one(identifier)
    ]
    often = Counter(key for key, _ in named)
    return {key: place for key, place in named if often[key] == 1}


def line_id(origin: Origin, key: str, place: str) -> str:
    """The id of a line: of the series and the item's own identifier, so that it survives a replace; else of entry
    and place."""
    parts = (origin.organisation, origin.series, key) if origin.series and key else (origin.entry, place)
    return blake2b("\x00".join(parts).encode(), digest_size=10).hexdigest()


@lru_cache(maxsize=_KEPT)
def _facts_of(held: _Held) -> Facts:
    entry, care = shield(held.entry, held.care, held.whole)
    origin = origin_of(entry, care)
    items = items_of(care)
    places = keys_in(care)
    ids = _ids(origin, places, items)
    placed = [(kind, ids[place], value) for kind, place, value in items]
    keys = {key: ids[place] for key, place in places.items() if place in ids}
    conditions = tuple(line for kind, line, _ in placed if kind == "condition")
    near = local_links(placed, links_of(placed), keys, conditions if care.plan is not None else ())
    plan = next((line for kind, line, _ in placed if kind == "plan"), "")
    return Facts(
        origin=origin,
        patient=care.patient,
        lines=_lines(items, ids, origin, near, plan),
        marks=_marks(placed, keys, origin),
        keys=keys,
        plan=plan,
        events=events_of(placed, held.lane),
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
        codes_differ=tuple(line for _, line, value in placed if differs_from_words(value)),
        referrers=near.referrers,
        replaces=entry.replaces,
        withdrawn_at=entry.deprecated_at,
    )


def _ids(origin: Origin, places: dict[str, str], items: list[Item]) -> dict[str, str]:
    first: dict[str, str] = {}
    for key, place in places.items():
        first.setdefault(place, key)
    return {place: line_id(origin, first.get(place, ""), place) for _, place, _ in items}


def _lines(items: list[Item], ids: dict[str, str], origin: Origin, near: Near, plan: str) -> dict[str, Line]:
    phases = {ids[place]: phase_of(value) for _, place, value in items}
    lines = {}
    for kind, place, value in items:
        line = ids[place]
        related = near.related.get(line, ())
        lines[line] = Line(
            id=line,
            kind=kind,
            phase=_phase(line, related, phases),
            wordings=(Wording(value, attributed(origin, value, place)),),
            flags=_flags(value),
            groups=near.groups.get(line, ()),
            related=related,
            plan=plan if line != plan else "",
        )
    return lines


def _phase(line: str, related: tuple[tuple[str, str], ...], phases: dict[str, Stated]) -> Phase:
    """A line's stated phase, or replaced where the same document holds what stands in its place."""
    stated = phases[line]
    taken_over = any(kind == "replaced-by" and phases[other] != "cancelled" for kind, other in related)
    if taken_over and stated in (*OPEN, "on-hold"):
        return "replaced"
    return "unknown" if stated == "hidden" else stated


def _marks(placed: list[Item], keys: dict[str, str], origin: Origin) -> tuple[tuple[str, Fact], ...]:
    facts = {line: _fact(origin, kind, line, value) for kind, line, value in placed}
    named = [(f"id:{key}", facts[line]) for key, line in keys.items()]
    coded = [(f"row:{row}", fact) for fact in facts.values() for row in reviewed(fact.kind, fact.codes)]
    return (*named, *coded)


def _fact(origin: Origin, kind: LineKind, line: str, value: LineValue) -> Fact:
    return Fact(
        id=line,
        kind=kind,
        codes=codes_of(value),
        guard=guard_of(value),
        said=_said(value, origin),
        document=origin.entry,
        organisation=origin.organisation,
    )


def _stands_for_one(identifier: Identifier) -> bool:
    """A bare system names an issuer, not a thing, unless it is a UUID."""
    return bool(identifier.value) or _UUID.fullmatch(identifier.system) is not None


def _said(value: Any, origin: Origin) -> int:
    times = [each.time.earliest for each in getattr(value, "documented_by", ()) if each.time is not None]
    return max(times, default=origin.said)


def _kind(kind: LineKind, value: LineValue) -> LineKind:
    if isinstance(value, Goal):
        by = value.expressed_by
        own = by.kind in ("patient", "relative") if isinstance(by, Party) else value.kind == "patient"
        return "patient-goal" if own else "goal"
    return kind


def _flags(value: LineValue) -> tuple[Flag, ...]:
    if isinstance(value, Condition) and value.verification in ("suspected", "refuted"):
        return (Flag(code=f"overview.{value.verification}"),)
    if getattr(value, "measured_by", "") == "patient":
        return (Flag(code="overview.home-measurement"),)
    return ()


def wordings_in(entry: DocumentEntry, care: Contribution, whole: bool) -> list[tuple[str, Wording]]:
    """Every item of one document as a wording under its line's id, entered-in-error ones too."""
    entry, care = shield(entry, care, whole)
    origin = origin_of(entry, care)
    items = all_items(care)
    ids = _ids(origin, keys_in(care), items)
    return [(ids[place], Wording(value, attributed(origin, value, place))) for _, place, value in items]
