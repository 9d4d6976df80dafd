"""What each act of the service is called in an audit record: rows of ``tables/acts.csv``.

Event ids are DICOM's (PS3.16 CID 400); ``subtype`` is the RESTful interaction of FHIR; ``pattern`` the profile of IHE
Basic Audit Log Patterns whose agents and entities it has. An act without a row is told as application activity.
"""

import csv
from collections.abc import Mapping
from importlib.resources import files
from typing import Literal

import msgspec

Pattern = Literal["create", "read", "update", "delete", "query", "none"]


class Act(msgspec.Struct, frozen=True):
    """One row."""

    act: str
    event: str
    display: str
    action: Literal["C", "R", "U", "D", "E"]
    subtype: str
    pattern: Pattern


def _load() -> Mapping[str, Act]:
    text = files(__package__).joinpath("tables", "acts.csv").read_text(encoding="utf-8")
    return {row["act"]: msgspec.convert(row, Act) for row in csv.DictReader(text.splitlines())}


ACTS = _load()


def act_of(name: str) -> Act:
    """The row of an act."""
    return ACTS.get(name, ACTS["*"])
