"""The table of metadata attributes: where each stands on the wire, what it is, and what the Danish profile demands."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

Owner = Literal["entry", "set", "folder"]
Place = Literal["slot", "name", "description", "classification", "identifier"]
ValueKind = Literal["time", "text", "texts", "number", "hash", "oid", "patient", "person", "author", "code", "codes"]


class Row(msgspec.Struct, frozen=True):
    """One attribute. ``ihe`` and ``danish`` say whether it is required (R, R2, O); ``most`` is the longest value in
    characters, 0 where there is no limit; ``field`` is empty for the patient, who is looked up instead of kept."""

    attribute: str
    place: Place
    name: str
    kind: ValueKind
    field: str
    ihe: Literal["R", "R2", "O"]
    danish: Literal["R", "R2", "O"]
    most: int


@cache
def rows(owner: Owner) -> tuple[Row, ...]:
    """The attributes of one kind of object, in the order they are written."""
    return tuple(_row(row) for row in _table() if row["object"] == owner)


def _row(row: Mapping[str, str]) -> Row:
    return msgspec.convert({**row, "most": int(row["most"] or 0)}, Row)


@cache
def _table() -> tuple[Mapping[str, str], ...]:
    text = files(__package__).joinpath("attributes.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
