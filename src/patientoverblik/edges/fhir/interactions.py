"""What can be done at this door: one row for every method and address, from which requests are routed and the
CapabilityStatement is written."""

import csv
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files

import msgspec

ID, VERSION = "{id}", "{version}"
ANYBODY = "*"
"""The letter of what needs a token and no scope."""
SCOPED_AS = {"": "DocumentReference", "Binary": "DocumentReference"}
"""Whose scope an interaction needs, where it is not its own type's: what is provided and fetched are documents, and who
provides them says that it is there."""


class Row(msgspec.Struct, frozen=True):
    """One interaction, with a type of resource or (empty) with the whole service.

    ``code`` is R4's ``restful-interaction``, or ``$name`` for an operation; ``path`` is where it is asked, ``letter``
    the one of the scope it needs (empty: it is open to all), and ``run`` what answers it.
    """

    type: str
    code: str
    method: str
    path: str
    letter: str
    run: str

    @property
    def scoped_as(self) -> str:
        """The type of resource whose scope it needs."""
        return SCOPED_AS.get(self.type, self.type)


class Place(msgspec.Struct, frozen=True):
    """What an address names: the rows that answer there by method, and the id and version in it."""

    rows: Mapping[str, Row]
    id: str = ""
    version: str = ""


@cache
def rows() -> tuple[Row, ...]:
    """Every interaction."""
    text = files(__package__).joinpath("interactions.csv").read_text(encoding="utf-8")
    return tuple(one for told in csv.DictReader(text.splitlines()) for one in _of_types(told))


def _of_types(told: Mapping[str, str]) -> Iterator[Row]:
    for kind in told["types"].split() or ("",):
        path = told["path"].replace("{type}", kind)
        yield Row(kind, told["code"], told["method"], path, told["letter"], told["run"])


def place(path: str) -> Place | None:
    """What an address below the base names; None where nothing is."""
    parts = tuple(path.strip("/").split("/"))
    found = _places().get(parts)
    if found is not None:
        return Place(found)
    if len(parts) < 2:
        return None
    versioned = len(parts) == 4 and parts[2] == "_history"
    shape = (parts[0], ID, *parts[2:3], VERSION) if versioned else (parts[0], ID, *parts[2:])
    found = _places().get(shape)
    return Place(found, parts[1], parts[3] if versioned else "") if found is not None else None


@cache
def _places() -> Mapping[tuple[str, ...], Mapping[str, Row]]:
    found: dict[tuple[str, ...], dict[str, Row]] = {}
    for row in rows():
        found.setdefault(tuple(row.path.split("/")), {})[row.method] = row
    return found
