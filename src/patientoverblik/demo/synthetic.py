"""Who a synthetic patient is: name, number (day + 60), conditions and choices, the same for a seed and number."""

import csv
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from hashlib import blake2b
from importlib.resources import files
from typing import TypeVar

import msgspec

from patientoverblik.care import COPENHAGEN, Party, Patient, PersonName
from patientoverblik.demo.identifiers import cpr, generated_number
from patientoverblik.demo.organisations import organisation
from patientoverblik.demo.story import Story
from patientoverblik.demo.writing import at

T = TypeVar("T")
FIRST_BIRTH = date(1940, 1, 1)
BIRTHS = 18_262
LAST_CONTROL = datetime(2026, 10, 5, 9, 0, tzinfo=COPENHAGEN)


class ChronicCondition(msgspec.Struct, frozen=True):
    """One row of the table of conditions: its codes, a goal with its measure and limit, and what is done about it."""

    key: str
    words: str
    icpc: str
    sks: str
    label: str
    label_text: str
    goal: str
    system: str
    measure: str
    measure_text: str
    limit: str
    unit: str
    low: int
    high: int
    treatment: str
    act: str
    hospital: str


class Synthetic(msgspec.Struct, frozen=True):
    """One synthetic patient: the story its identifiers hang on, its conditions, and when it was last seen."""

    seed: str
    number: int
    story: Story
    herself: Party
    conditions: tuple[ChronicCondition, ...]
    seen: datetime

    def chosen(self, what: str, among: Sequence[T]) -> T:
        """One of several, the same every time for this patient and this choice."""
        return among[_dice(self.seed, self.number, what) % len(among)]

    def between(self, what: str, low: int, high: int) -> int:
        """A whole number from ``low`` to ``high``, the same every time for this patient and this choice."""
        return low + _dice(self.seed, self.number, what) % (high - low + 1)


@cache
def chronic_conditions() -> tuple[ChronicCondition, ...]:
    """The table of conditions."""
    return tuple(msgspec.convert(row, ChronicCondition, strict=False) for row in _rows("conditions.csv"))


def patient(number: int, seed: str = "demo", *, full: bool = False) -> Synthetic:
    """Patient ``number`` (from 0) of a seed; a full one has all four conditions."""
    born, serial = FIRST_BIRTH + timedelta(days=number % BIRTHS), 1 + number // BIRTHS
    if serial > 3999:
        raise ValueError("no more synthetic numbers")
    digits = generated_number(born, serial)
    name = _name(seed, number, female=serial % 2 == 0)
    who = Patient(
        ids=(cpr(digits),),
        name=name,
        gender="F" if serial % 2 == 0 else "M",
        birth=at(born.isoformat()),
        general_practice=organisation("general-practice"),
    )
    return Synthetic(
        seed=seed,
        number=number,
        story=Story(name=f"generated/{seed}/{number}", patient=who),
        herself=Party(kind="patient", ids=who.ids, name=name),
        conditions=_conditions(seed, number, full),
        seen=LAST_CONTROL - timedelta(days=_dice(seed, number, "seen") % 180),
    )


def _conditions(seed: str, number: int, full: bool) -> tuple[ChronicCondition, ...]:
    every = chronic_conditions()
    having = tuple(one for one in every if full or _dice(seed, number, one.key) % 2)
    return having or (every[number % len(every)],)


def _name(seed: str, number: int, *, female: bool) -> PersonName:
    rows = _rows("names.csv")
    given = rows[_dice(seed, number, "given") % len(rows)]["female" if female else "male"]
    return PersonName(given=(given,), family=(rows[_dice(seed, number, "family") % len(rows)]["family"],))


def _dice(*about: object) -> int:
    told = "/".join(str(one) for one in about).encode()
    return int.from_bytes(blake2b(told, digest_size=6).digest(), "big")


@cache
def _rows(table: str) -> tuple[dict[str, str], ...]:
    text = files(__package__).joinpath("tables", table).read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
