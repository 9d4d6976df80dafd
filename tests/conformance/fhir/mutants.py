"""Seeded mutants of foreign resources: one or two things in each made strange, as senders do."""

import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from patientoverblik.formats.fhir import decode_json
from patientoverblik.formats.fhir.r4 import resource_types
from tests.conftest import SHARED

STRANGE: tuple[Any, ...] = (
    *(None, [], {}, "", " ", "x", 7, -1, True, ["x"], {"x": 1}, [[]], [None], Decimal("1.0"), Decimal("1.5")),
    *("2020-02-30", "2020-13", "http://x y", {"reference": "Banana/1"}, {"reference": "Device/1"}),
    {"extension": [{"url": "urn:u", "valueString": "x", "valueCode": "y"}]},
    {"start": "2021", "end": "2020"},
)
NAMES = ("x", "extension", "_status", "valueString", "value", "status", "id")


def examples() -> list[dict[str, Any]]:
    """Every shared example of a resource that is known."""
    found = (decode_json(path.read_bytes()) for path in sorted(SHARED.glob("data/fhir/*/examples/*.json")))
    return [one for one in found if one["resourceType"] in resource_types()]


def mutants(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """So many mutants; each is still said to be of its type."""
    lot, known = random.Random(seed), examples()
    for _ in range(count):
        one = lot.choice(known)
        changed = mutated(one, lot) if lot.random() < 0.7 else mutated(mutated(one, lot), lot)
        yield {**(changed if isinstance(changed, dict) else {}), "resourceType": one["resourceType"]}


def mutated(value: Any, lot: random.Random) -> Any:
    """A value with one thing in it made strange."""
    if isinstance(value, dict) and value:
        name, chance = lot.choice(list(value)), lot.random()
        if chance < 0.2:
            return {**value, lot.choice((name, *NAMES)): lot.choice(STRANGE)}
        if chance < 0.35:
            return {key: held for key, held in value.items() if key != name}
        return {**value, name: mutated(value[name], lot)}
    if isinstance(value, list) and value and lot.random() < 0.85:
        place = lot.randrange(len(value))
        return [*value[:place], mutated(value[place], lot), *value[place + 1 :]]
    return lot.choice(STRANGE)
