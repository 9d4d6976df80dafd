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


class Exchange(msgspec.Struct, frozen=True):
    """One row of ``tables/transactions.csv``: how IHE wants an act told that one of its transactions asked for, and
    whether the data came from us (``source``) or to us (``destination``). ``objects``: what it is about is told as
    documents, or as objects of the registry (``metadata``); ``life`` is the stage of their life (RFC 3881 5.5.3)."""

    transaction: str
    act: str
    event: str
    display: str
    action: Literal["C", "R", "U", "D", "E"]
    name: str
    ours: Literal["source", "destination"]
    objects: Literal["", "metadata"]
    life: Literal["", "15"]
    source: str


def _load_exchanges() -> Mapping[tuple[str, str], Exchange]:
    text = files(__package__).joinpath("tables", "transactions.csv").read_text(encoding="utf-8")
    rows = (msgspec.convert(row, Exchange) for row in csv.DictReader(text.splitlines()))
    return {(row.transaction, row.act): row for row in rows}


ACTS = _load()
EXCHANGES = _load_exchanges()


def act_of(name: str) -> Act:
    """The row of an act."""
    return ACTS.get(name, ACTS["*"])


def exchange_of(transaction: str, act: str) -> Exchange | None:
    """The row of an act that a transaction asked for, None where the act is only a part of it."""
    return EXCHANGES.get((transaction, act))
