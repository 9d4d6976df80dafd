"""What a service may configure of access: the organisation tree, national roles, types that cannot be blocked, periods.

The tables beside this module hold the defaults, each row with its source.
"""

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, get_args

import msgspec

from patientoverblik.access.model import ALL_PARTS, Part
from patientoverblik.access.units import Place, Units
from patientoverblik.care import COPENHAGEN, to_millis

DAY = 24 * 60 * 60 * 1000
Needed = Literal["any", "none"]


class NationalRole(msgspec.Struct, frozen=True):
    """What a national role reaches: its parts, and whether some evidence of a relation must be there at all."""

    role: str
    parts: frozenset[Part]
    relation: Needed = "any"


class TypeRule(msgspec.Struct, frozen=True):
    """Whether documents of a type can be blocked for professionals, valid_from ≤ t < valid_until (ms UTC; 0 = open)."""

    type_code: str
    valid_from: int
    valid_until: int
    blockable: bool


def table(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table of this room."""
    text = files("patientoverblik.access").joinpath("tables", name).read_text(encoding="utf-8")
    return csv.DictReader(text.splitlines())


def parts(words: str) -> frozenset[Part]:
    """The parts that words name; a word that is no part stops the program."""
    named = frozenset(part for part in ALL_PARTS if part in words.split())
    if len(named) != len(words.split()):
        raise ValueError("a table names a part that does not exist")
    return named


def national_roles() -> Mapping[str, NationalRole]:
    """The national roles of the table, by name."""
    rows = [NationalRole(row["role"], parts(row["parts"]), _needed(row["relation"])) for row in table(ROLES)]
    return MappingProxyType({row.role: row for row in rows})


def type_rules() -> tuple[TypeRule, ...]:
    """The rules of the table on what can be blocked."""
    return tuple(
        TypeRule(row["type_code"], _midnight(row["valid_from"]), _midnight(row["valid_until"]), _yes(row["blockable"]))
        for row in table(BLOCKABLE)
    )


def _needed(word: str) -> Needed:
    return next(known for known in get_args(Needed) if known == word)


def _yes(word: str) -> bool:
    return {"yes": True, "no": False}[word]


def _midnight(day: str) -> int:
    return to_millis(datetime.fromisoformat(day).replace(tzinfo=COPENHAGEN)) if day else 0


ROLES = "national_roles.csv"
BLOCKABLE = "blockable.csv"
_ROLES = national_roles()
_TYPES = type_rules()


class Policy(msgspec.Struct, frozen=True):
    """The configuration of access.

    ``units`` maps an organisation to the one above it, ``unit_names`` to what it is called where that is told.
    ``replay_roles`` are the roles of officers who may replay a look. ``after_death`` is how long professionals keep
    access to one who has died (milliseconds, 0 without end).
    """

    units: Units = {}
    unit_names: Mapping[Place, str] = {}
    national_roles: Mapping[str, NationalRole] = _ROLES
    types: tuple[TypeRule, ...] = _TYPES
    replay_roles: frozenset[str] = frozenset({"replay-officer"})
    after_death: int = 183 * DAY


DEFAULT = Policy()
