"""The FHIR profiles there are, which of them a document is of, and the stamp of each.

``recognise.csv`` is one table above the profiles: rows in order, first match wins; ``*`` matches any.
"""

import csv
import hashlib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import msgspec

from patientoverblik import care
from patientoverblik.formats.fhir.engine.compiled import Profile
from patientoverblik.formats.fhir.engine.profile import Head, Source, load_source
from patientoverblik.formats.fhir.engine.references import NAMED
from patientoverblik.formats.fhir.engine.special import SPECIAL
from patientoverblik.formats.fhir.r4 import resource_types

HERE = Path(str(files(__package__)))
FOLDER = HERE / "profiles"
PLAIN = "fhir-r4"
"""The profile that everything is written with, and that reads what is of no other."""


class Recognised(msgspec.Struct, frozen=True):
    """One row of ``recognise.csv``: a canonical address that a resource claims, and the profile that reads it."""

    claim: str
    profile: str
    source: str


@cache
def rows() -> tuple[Recognised, ...]:
    """How profiles are recognised, in order."""
    text = FOLDER.joinpath("recognise.csv").read_text(encoding="utf-8")
    return tuple(msgspec.convert(row, Recognised) for row in csv.DictReader(text.splitlines()))


@cache
def sources() -> Mapping[str, Source]:
    """Every profile as its folder says it, by id, before it is compiled; a fault stops the program."""
    found = (load_source(path.parent) for path in sorted(FOLDER.glob("*/profile.toml")))
    return {one.head.id: one for one in found}


@cache
def profile(name: str) -> Profile:
    """A profile, compiled once per process, when it is first needed; a fault stops the program with all faults told.
    ``KeyError`` if there is no such profile."""
    return Profile(sources()[name], NAMED | SPECIAL)


def heads() -> tuple[Head, ...]:
    """What each profile says of itself, by id."""
    return tuple(one.head for one in sources().values())


def recognise(resource: dict[str, Any]) -> str | None:
    """The profile a document is of: by what it, or any resource of it, claims; None where it is no resource of R4."""
    if resource.get("resourceType") not in resource_types():
        return None
    claims = set(_claims(resource))
    return next((row.profile for row in rows() if any(claim.startswith(row.claim) for claim in claims)), PLAIN)


def _claims(resource: dict[str, Any]) -> Iterator[str]:
    meta = resource.get("meta")
    claimed = meta.get("profile") if isinstance(meta, dict) else None
    yield from (str(one) for one in claimed if isinstance(claimed, list)) if isinstance(claimed, list) else ()
    entries = resource.get("entry")
    for entry in entries if isinstance(entries, list) else ():
        inner = entry.get("resource") if isinstance(entry, dict) else None
        if isinstance(inner, dict):
            yield from _claims(inner)


@cache
def stamp(name: str) -> str:
    """A digest of everything a reading by a profile depends on: profile, tables, engine and care schema."""
    digest = hashlib.sha256(sources()[name].text.encode())
    for path in sorted(HERE.rglob("*")):
        if path.suffix in (".py", ".csv"):
            digest.update(path.read_bytes())
    digest.update(repr(msgspec.json.schema(care.Contribution)).encode())
    return digest.hexdigest()[:32]
