"""Codes that meet across parties: tables of reviewed rows, each with its kind of equivalence and its source.

Only rows marked ``equivalent`` let two lines become one; ``broader``, ``narrower`` and ``related`` rows never do. A
row without a source stops the load. Kinds of equivalence as in FHIR R4 ConceptMap.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from typing import Literal

import msgspec

from patientoverblik.care import Concept

Equivalence = Literal["equivalent", "broader", "narrower", "related"]
CodeKey = tuple[str, str]
FSIII, FFB = "1.2.208.176.2.21", "1.2.208.176.2.22"
"""KL's classifications of municipal states and interventions: health and social."""


class CodeRow(msgspec.Struct, frozen=True):
    """One reviewed statement about two codes; a code beside itself says that the same code is the same thing."""

    kind: str
    system_a: str
    code_a: str
    system_b: str
    code_b: str
    equivalence: Equivalence
    source: str


def read_rows(text: str) -> tuple[CodeRow, ...]:
    """Read a table of code rows; ``ValueError`` names every faulty row by its line."""
    rows, faults = [], []
    for number, record in enumerate(csv.DictReader(text.splitlines()), start=2):
        try:
            row = msgspec.convert(record, CodeRow)
        except msgspec.ValidationError:
            faults.append(f"line {number}: not a row")
            continue
        if not row.source.strip():
            faults.append(f"line {number}: no source")
        rows.append(row)
    if faults:
        raise ValueError("; ".join(faults))
    return tuple(rows)


def reviewed(kind: str, codes: Iterable[CodeKey], equivalence: Equivalence = "equivalent") -> tuple[str, ...]:
    """The rows that hold any of the codes for lines of this kind; lines that share a row mean the same by that row."""
    index = _index()
    found = {row for code in codes for row in index.get((kind, equivalence, *code), ())}
    return tuple(sorted(found))


@lru_cache(maxsize=64)
def has_rows(kind: str) -> bool:
    """Whether any reviewed row is about lines of this kind."""
    return any(row == kind for row, *_ in _index())


def code_keys(concept: object) -> tuple[CodeKey, ...]:
    """The codes of a concept as (system, code), both by their one name; nothing for what is not coded."""
    if not isinstance(concept, Concept):
        return ()
    return tuple([_one_name(_system(coding.system), coding.code) for coding in concept.codings if coding.code])


@lru_cache(maxsize=4096)
def _one_name(system: str, code: str) -> CodeKey:
    """A code with an old key, or written with other hyphens, by the name its owner gives it now (KL FSIII)."""
    if system not in (FSIII, FFB):
        return system, code
    plain = code.replace("_", "-")
    return system, _synonyms().get((system, plain), plain)


@lru_cache(maxsize=1)
def _synonyms() -> dict[CodeKey, str]:
    rows = csv.DictReader(_table("synonyms.csv").splitlines())
    return {(row["system"], row["alias"]): row["code"] for row in rows}


@lru_cache(maxsize=1024)
def _system(written: str) -> str:
    plain = written.removeprefix("urn:oid:")
    return _aliases().get(plain, plain)


@lru_cache(maxsize=1)
def _aliases() -> dict[str, str]:
    return {row["alias"]: row["system"] for row in csv.DictReader(_table("systems.csv").splitlines())}


@lru_cache(maxsize=1)
def _index() -> dict[tuple[str, str, str, str], tuple[str, ...]]:
    index: defaultdict[tuple[str, str, str, str], list[str]] = defaultdict(list)
    for number, row in enumerate(read_rows(_table("equivalence.csv"))):
        for system, code in ((row.system_a, row.code_a), (row.system_b, row.code_b)):
            index[row.kind, row.equivalence, system, code].append(f"{row.kind}:{number:05d}")
    return {key: tuple(rows) for key, rows in index.items()}


def _table(name: str) -> str:
    return files(__package__).joinpath("codes", name).read_text(encoding="utf-8")
