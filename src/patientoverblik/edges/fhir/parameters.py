"""The search parameters of every type, as a table: kind, where in a resource its values stand, and its definition."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

Kind = Literal["token", "reference", "date", "string", "uri"]
EVERY = "Resource"


class Parameter(msgspec.Struct, frozen=True):
    """One search parameter. ``paths`` are element names with points between them, ``*`` at the end for any choice of
    type; ``targets`` the types a reference may lead to; ``definition`` the canonical address of the norm's own."""

    type: str
    name: str
    kind: Kind
    paths: tuple[str, ...]
    targets: tuple[str, ...]
    definition: str


@cache
def parameters_of(kind_of_resource: str) -> Mapping[str, Parameter]:
    """The parameters a type of resource is searched by, those of every resource first."""
    return {row.name: row for row in _rows() if row.type in (EVERY, kind_of_resource)}


@cache
def _rows() -> tuple[Parameter, ...]:
    text = files(__package__).joinpath("parameters.csv").read_text(encoding="utf-8")
    return tuple(map(_parameter, csv.DictReader(text.splitlines())))


def _parameter(row: dict[str, str]) -> Parameter:
    told = {**row, "paths": row["path"].split("|"), "targets": row["targets"].split()}
    return msgspec.convert(told, Parameter)
