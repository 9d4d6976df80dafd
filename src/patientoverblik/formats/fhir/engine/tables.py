"""Tables of the FHIR mapping: code systems, extensions, and which codes mean what, each row with its source."""

import csv
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from urllib.parse import quote

import msgspec

ROOT = "patientoverblik.formats.fhir"


class Extension(msgspec.Struct, frozen=True):
    """An extension by its short name: its canonical address, and its value's type (empty: it holds extensions)."""

    name: str
    url: str
    type: str

    @property
    def key(self) -> str:
        """The property that holds its value."""
        return f"value{self.type[0].upper()}{self.type[1:]}" if self.type else ""


class Code(msgspec.Struct, frozen=True):
    """A code as it is written."""

    system: str
    code: str
    display: str = ""


class Meaning(msgspec.Struct, frozen=True):
    """A table of meaning: (system, code) → value, and value → the code that is written for it."""

    read: Mapping[tuple[str, str], str]
    write: Mapping[str, Code]

    def exact(self, system: str, code: str, value: str) -> bool:
        """Whether a value is written as this code: then it may stand beside the code as what is meant exactly."""
        row = self.write.get(value)
        return row is not None and (row.system, row.code) == (system, code)


def load_rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of ``meaning/<name>.csv``; a row without a source or with a stray blank stops the program."""
    text = files(ROOT).joinpath("meaning").joinpath(f"{name}.csv").read_text("utf-8")
    rows = tuple(csv.DictReader(text.splitlines()))
    for number, row in enumerate(rows, 2):
        if not row.get("source") or any(value is None or value != value.strip() for value in row.values()):
            raise ValueError(f"{name}.csv:{number}: no source, or a stray blank")
    return rows


@cache
def meaning(name: str) -> Meaning:
    """A table of meaning: the first row of a code is read, the first row of a value is written."""
    rows = load_rows(name)
    read: dict[tuple[str, str], str] = {}
    write: dict[str, Code] = {}
    for row in rows:
        read.setdefault((row["system"], row["code"]), row["value"])
        write.setdefault(row["value"], Code(row["system"], row["code"], row["display"]))
    return Meaning(read, write)


@cache
def extensions() -> Mapping[str, Extension]:
    """Every extension the profiles name, by its short name."""
    return {row["name"]: Extension(row["name"], row["url"], row["type"]) for row in load_rows("extensions")}


# Systems of codes and identifiers: the domain calls them by OID, FHIR by URI

OID = "urn:oid:"
SYSTEMS_KNOWN = 1024
"""How many systems are remembered by name; documents may name any number."""


@lru_cache(maxsize=SYSTEMS_KNOWN)
def system_of(url: str) -> str:
    """A system as the domain calls it: an OID without prefix where there is one, else the address as written."""
    found = _systems().get(url)
    plain = url.removeprefix(OID)
    return found if found is not None else plain if _is_oid(plain) else url


@lru_cache(maxsize=SYSTEMS_KNOWN)
def url_of(system: str) -> str:
    """A system as FHIR calls it; blanks, which no R4 uri may hold, are escaped (RFC 3986 §2.1)."""
    found = _urls().get(system)
    return found if found is not None else f"{OID}{system}" if _is_oid(system) else _BLANK.sub(_escaped, system)


@cache
def _systems() -> Mapping[str, str]:
    """FHIR's address → OID; several may mean one."""
    return {row["url"]: row["oid"] for row in load_rows("systems")}


@cache
def _urls() -> Mapping[str, str]:
    """OID → the first of FHIR's addresses for it."""
    return {row["oid"]: row["url"] for row in reversed(load_rows("systems"))}


def _escaped(blank: re.Match[str]) -> str:
    return quote(blank[0])


def _is_oid(text: str) -> bool:
    return "." in text and text.replace(".", "").isdecimal()


_BLANK = re.compile(r"\s")
