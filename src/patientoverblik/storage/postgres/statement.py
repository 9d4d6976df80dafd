"""A statement as PostgreSQL reads it, and what it is about: a patient, an id in a locator, or both.

That every statement names its patient, and one on a locator its id (DESIGN, Storage and scale), lets an act hold what
it is about: the first statement about a thing takes it, so that nothing an act has read is changed before it has ended.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from typing import Any, NamedTuple

STATEMENTS = 1024
NUMBERS = 1024
KEYS: Mapping[str, tuple[str, ...]] = {
    "patient_locator": ("system", "value"),
    "unique_locator": ("unique_id",),
    "entry_locator": ("uuid",),
    "set_locator": ("unique_id",),
    "folder_locator": ("unique_id",),
    "object_locator": ("uuid",),
    "grant_locator": ("grant_id",),
    "spendable_locator": ("digest",),
    "subscription_locator": ("id",),
    "subscriber_locator": ("subscriber",),
    "organisation_event": ("organisation",),
    "session": ("id",),
    "used": ("id",),
    "counted": ("id",),
}
_MARK = re.compile(r"\?(\d*)")
_TABLE = re.compile(r"\b(?:from|into|update|join)\s+(\w+)")
_INSERT = re.compile(r"\binto\s+\w+\s*\(([^)]*)\)\s*values\s*\(([?\d, ]*)\)")


class Regard(NamedTuple):
    """What a statement asks of or changes: tables, things in them (none: any), and the part of a patient's rows."""

    tables: frozenset[str]
    things: tuple[int, ...]
    part: int | None

    def meets(self, other: "Regard") -> bool:
        """Whether a change that regards the one may change the answer to a question that regards the other."""
        if self.tables.isdisjoint(other.tables):
            return False
        apart = self.part is not None and other.part is not None and self.part != other.part
        same = not self.things or not other.things or not set(self.things).isdisjoint(other.things)
        return same and not apart


class Statement(NamedTuple):
    """The text with ``$1``, ``$2`` …; the first of its tables and all of them; among its values the index of the
    patient, of the id in ``table``, and of the part."""

    text: str
    table: str
    tables: frozenset[str]
    patient: int | None
    key: tuple[int, ...]
    part: int | None

    def about(self, values: Sequence[Any]) -> tuple[int, ...]:
        """What the statement is about, as numbers: a patient's own key, or a number that follows from an id."""
        patient = values[self.patient] if self.patient is not None else 0
        found = (patient,) if patient else ()
        return (*found, number_of(self.table, *(values[index] for index in self.key))) if self.key else found

    def regard(self, values: Sequence[Any]) -> Regard:
        """What the statement asks of or changes, with these values."""
        return Regard(self.tables, self.about(values), None if self.part is None else values[self.part])


@lru_cache(maxsize=STATEMENTS)
def read(portable: str) -> Statement:
    """A statement whose values are marked with ``?`` or ``?1``, ``?2`` …"""
    numbers: dict[int, int] = {}

    def numbered(mark: re.Match[str]) -> str:
        numbers[mark.start()] = int(mark[1] or len(numbers) + 1)
        return f"${numbers[mark.start()]}"

    text = _MARK.sub(numbered, portable)
    tables = _TABLE.findall(portable)
    name = tables[0] if tables else ""
    patient, part = _mark_of(portable, "patient"), _mark_of(portable, "part")
    key = [_mark_of(portable, column) for column in KEYS.get(name, ())]
    return Statement(
        text,
        name,
        frozenset(tables),
        None if patient is None else numbers[patient] - 1,
        () if None in key else tuple(numbers[place] - 1 for place in key if place is not None),
        None if part is None else numbers[part] - 1,
    )


@lru_cache(maxsize=NUMBERS)
def number_of(table: str, *values: Any) -> int:
    """A number for an id in a table, the same in every process; two ids that share one merely wait for each other."""
    told = repr((table, *values)).encode()
    return int.from_bytes(blake2b(told, digest_size=8).digest(), "big", signed=True)


def plain(portable: str) -> str:
    """A statement with ``?`` alone for every value."""
    return _MARK.sub("?", portable)


def _mark_of(portable: str, column: str) -> int | None:
    """Where the mark of a column's value stands, in a statement that asks for one value of it or inserts one."""
    named = re.search(rf"\b{column}\s*=\s*\?(\d*)", portable)
    if named:
        return named.start(1) - 1
    inserted = _INSERT.search(portable)
    columns = inserted[1].split(", ") if inserted else []
    if inserted is None or column not in columns:
        return None
    marks = list(_MARK.finditer(inserted[2]))
    wanted = columns.index(column)
    return inserted.start(2) + marks[wanted].start() if len(marks) == len(columns) else None
