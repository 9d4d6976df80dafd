"""The profiles there are, which of them a document is of, and the stamp of each.

``recognise.csv`` is one table above the profiles: rows in order, first match wins. ``*`` matches anything, empty
matches only absence; ``marker`` is the extension of the version event's id.
"""

import csv
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path

import msgspec

from patientoverblik import care
from patientoverblik.formats.cda.engine.compiled import Profile, compile_profile
from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.cda.engine.profile import Head
from patientoverblik.formats.cda.facts import tag

HERE = Path(str(files(__package__)))
FOLDER = HERE / "profiles"
_EVENT = f"{tag('documentationOf')}/{tag('serviceEvent')}"
_MARKERS = frozenset({"1.2.208.184.10.1.10", "1.2.208.184.200.1.10"})


class Recognised(msgspec.Struct, frozen=True):
    """One row of ``recognise.csv``."""

    template: str
    extension: str
    marker: str
    profile: str


@cache
def rows() -> tuple[Recognised, ...]:
    """How profiles are recognised, in order."""
    text = FOLDER.joinpath("recognise.csv").read_text(encoding="utf-8")
    return tuple(msgspec.convert(row, Recognised) for row in csv.DictReader(text.splitlines()))


@cache
def loaded() -> Mapping[str, Profile]:
    """Every profile, compiled once per process; a fault in one stops the program with all its faults told."""
    found = (compile_profile(path.parent) for path in sorted(FOLDER.glob("*/profile.toml")))
    return {one.head.id: one for one in found}


def heads() -> tuple[Head, ...]:
    """What each profile says of itself, by id."""
    return tuple(one.head for one in loaded().values())


def recognise(root: Element) -> str | None:
    """The profile a document is of, None if of none that is known."""
    if root.tag != tag("ClinicalDocument"):
        return None
    named = root.iterchildren(tag("templateId"))
    templates = {one.get("root") or "": (one.get("extension") or "").strip() for one in named}
    marker = _marker(root)
    for row in rows():
        if row.template in templates and _fits(row.extension, templates[row.template]) and _fits(row.marker, marker):
            return row.profile
    return None


def _fits(wanted: str, found: str) -> bool:
    return wanted in ("*", found)


def _marker(root: Element) -> str:
    """The version a document says it follows, lower case, empty if it says none."""
    for event in root.iterfind(_EVENT):
        templates = {one.get("root") for one in event.iterchildren(tag("templateId"))}
        for one in event.iterchildren(tag("id")):
            extension = (one.get("extension") or "").lower()
            if templates & _MARKERS or (not templates and "-v" in extension):
                return extension
    return ""


@cache
def stamp(profile: str) -> str:
    """A digest of everything a reading depends on: profile, tables, engine, derivation and care schema."""
    digest = hashlib.sha256(loaded()[profile].source.text.encode())
    for path in sorted(HERE.rglob("*")):
        if path.suffix in (".py", ".csv") and "facts" not in path.parts:
            digest.update(path.read_bytes())
    digest.update(repr(msgspec.json.schema(care.Contribution)).encode())
    return digest.hexdigest()[:32]
