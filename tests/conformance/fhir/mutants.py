"""Seeded mutants of foreign resources: one or two things in each made strange, as senders do."""

import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from patientoverblik.formats.fhir import decode_json, encode_json
from patientoverblik.formats.fhir.r4 import resource_types
from tests.conftest import SHARED

STRANGE: tuple[Any, ...] = (
    *(None, [], {}, "", " ", "x", 7, -1, True, ["x"], {"x": 1}, [[]], [None], Decimal("1.0"), Decimal("1.5")),
    *("2020-02-30", "2020-13", "http://x y", {"reference": "Banana/1"}, {"reference": "Device/1"}),
    {"extension": [{"url": "urn:u", "valueString": "x", "valueCode": "y"}]},
    {"start": "2021", "end": "2020"},
)
KEPT = ("resourceType", "meta", "fullUrl", "id", "div")
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


def claiming() -> list[dict[str, Any]]:
    """The examples that claim a profile, or have a resource in them that does."""
    return [one for one in examples() if b'"profile"' in encode_json(one)]


def of_profiles(count: int, seed: int) -> Iterator[dict[str, Any]]:
    """So many mutants that R4 alone has little to say of: things left out, doubled, or told as they are elsewhere."""
    lot, known = random.Random(seed), claiming()
    values: dict[str, list[Any]] = {}
    for one in known:
        _gather(one, values)
    for _ in range(count):
        one = lot.choice(known)
        for _ in range(lot.choice((1, 1, 2))):
            one = exchanged(one, values, lot)
        yield one


def exchanged(value: Any, values: dict[str, list[Any]], lot: random.Random) -> Any:
    """A value with one thing in it left out, doubled or exchanged for one of the same name from somewhere else."""
    if isinstance(value, list):
        place = lot.randrange(len(value))
        if lot.random() < 0.15:
            return [*value, value[place]]
        return [*value[:place], exchanged(value[place], values, lot), *value[place + 1 :]]
    if not isinstance(value, dict):
        return value
    name = lot.choice([key for key in value if key not in KEPT] or [""])
    if not name:
        return value
    if isinstance(value[name], dict | list) and lot.random() < 0.8:
        return {**value, name: exchanged(value[name], values, lot)}
    if lot.random() < 0.4:
        return {key: held for key, held in value.items() if key != name} or value
    return {**value, name: lot.choice(values[name])}


def _gather(value: Any, values: dict[str, list[Any]]) -> None:
    for name, held in value.items() if isinstance(value, dict) else ():
        values.setdefault(name, []).append(held)
    for held in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        _gather(held, values)
