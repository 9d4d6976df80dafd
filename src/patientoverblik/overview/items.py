"""The items of one document that the overview can show: their places, line ids and business identifiers."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Any

from patientoverblik.care import (
    Appointment,
    CardItem,
    Condition,
    Contact,
    Contribution,
    Goal,
    Identifier,
    Intervention,
    Measurement,
    Party,
    Passage,
    Plan,
    Relative,
)
from patientoverblik.overview.attribution import identifier_text
from patientoverblik.overview.facts import Origin
from patientoverblik.overview.model import LineKind, LineValue
from patientoverblik.overview.phases import phase_of

Item = tuple[LineKind, str, LineValue]
"""A kind, a place or the id of a line, and a value."""
Placed = dict[type, list[tuple[str, Any]]]
"""The shown items of a document by their class, each with the id of its line."""
_UUID = re.compile(r"(?:urn:uuid:)?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_NO_PLANS = ("contact-note", "patient-goals", "handover-answer", "message")
_UNNAMED = frozenset({Relative, Passage})
_CLASSES = (
    Plan, Condition, Goal, Intervention, Measurement, Contact, Appointment, CardItem, Relative, Passage,
)  # fmt: skip


def all_items(care: Contribution) -> list[Item]:
    """Every item of a document with its kind and a place that is unique in the document, also those entered in error;
    none where the whole plan was entered in error."""
    plan = care.plan
    if plan is not None and phase_of(plan) == "hidden":
        return []
    items = _listed(care)
    places = {place for _, place, _ in items}
    return items if len(places) == len(items) and "" not in places else _told_apart(items)


def shown_items(items: Iterable[Item]) -> list[Item]:
    """The items without those entered in error."""
    return [item for item in items if phase_of(item[2]) != "hidden"]


def placed_by_class(items: Iterable[Item], ids: dict[str, str]) -> Placed:
    """The items by their class, in the order of the document, each with the id of its line."""
    placed: Placed = {each: [] for each in _CLASSES}
    for _, place, value in items:
        placed[type(value)].append((ids[place], value))
    return placed


def keys_in(care: Contribution, items: Iterable[Item]) -> dict[str, str]:
    """The business identifiers that stand for one item alone in the document, each with that item's place (DESIGN
    6)."""
    document = care.document
    own = {document.id, *document.replaces, *([document.series] if document.series else [])}
    found: dict[str, str] = {}
    repeated = set()
    for _, place, value in items:
        for identifier in _names(value):
            if identifier not in own and _stands_for_one(identifier):
                key = identifier_text(identifier)
                if key in found:
                    repeated.add(key)
                else:
                    found[key] = place
    for key in repeated:
        del found[key]
    return found


def line_ids(origin: Origin, keys: dict[str, str], items: Iterable[Item]) -> dict[str, str]:
    """The id of each item's line, by its place: of the series and the item's own identifier, so that it survives a
    replace; else of entry and place."""
    first: dict[str, str] = {}
    if origin.series:
        for key, place in keys.items():
            first.setdefault(place, key)
    of_series = f"{origin.organisation}\x00{origin.series}\x00".encode()
    of_entry = f"{origin.entry}\x00".encode()
    return {
        place: _digest(of_series, first[place]) if place in first else _digest(of_entry, place) for _, place, _ in items
    }


def _digest(stem: bytes, name: str) -> str:
    return blake2b(stem + name.encode(), digest_size=10).hexdigest()


def _listed(care: Contribution) -> list[Item]:
    plan = care.plan
    items: list[Item] = [("plan", plan.place, plan)] if plan is not None and plan.kind not in _NO_PLANS else []
    listed: Sequence[tuple[LineKind, tuple[Any, ...]]] = (
        ("condition", care.conditions),
        ("goal", care.goals),
        ("intervention", care.interventions),
        ("measurement", care.measurements),
        ("contact", care.contacts),
        ("appointment", care.appointments),
        ("card", care.card),
        ("relative", care.relatives),
        ("passage", care.passages),
    )
    for kind, values in listed:
        if kind == "goal":
            items += [(_goal_kind(goal), goal.place, goal) for goal in care.goals]
        elif values:
            items += [(kind, value.place, value) for value in values]
    return items


def _told_apart(items: list[Item]) -> list[Item]:
    taken = Counter(place for _, place, _ in items)
    return [
        (kind, place if place and taken[place] == 1 else f"{place}#{number}", value)
        for number, (kind, place, value) in enumerate(items)
    ]


def _goal_kind(goal: Goal) -> LineKind:
    by = goal.expressed_by
    own = by.kind in ("patient", "relative") if isinstance(by, Party) else goal.kind == "patient"
    return "patient-goal" if own else "goal"


def _names(value: Any) -> Iterable[Identifier]:
    """An item's identifiers, each once."""
    if type(value) in _UNNAMED:
        return ()
    identifiers: tuple[Identifier, ...] = value.ids
    return identifiers if len(identifiers) < 2 else dict.fromkeys(identifiers)


def _stands_for_one(identifier: Identifier) -> bool:
    """A bare system names an issuer, not a thing, unless it is a UUID."""
    return bool(identifier.value) or _UUID.fullmatch(identifier.system) is not None
