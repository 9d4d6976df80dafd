"""Stored queries as they are asked (ITI-18; TF-2 3.18.4.1.2.3): parameters read by a table, every fault at once.

A text stands in quotes with quotes inside doubled; a list in brackets; several values of a parameter are alternatives;
a parameter that stands several times must be fulfilled each time (event codes, confidentiality, reference ids).
"""

import csv
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Literal

import msgspec
from lxml import etree

from patientoverblik.edges.soap.ebrim.read import slot_rows
from patientoverblik.edges.soap.ebrim.types import read_patient, read_time
from patientoverblik.edges.soap.names import QUERY, RIM
from patientoverblik.problems import Finding
from patientoverblik.sharing.model import Code, ObjectType, Status

STABLE = "urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"
ON_DEMAND = "urn:uuid:34268e47-fdf5-41a6-ba33-82133c465248"
OBJECT_TYPES: Mapping[str, ObjectType] = {STABLE: "stable", ON_DEMAND: "on-demand"}
STATUS = "urn:oasis:names:tc:ebxml-regrep:StatusType:"
STATUSES: Mapping[str, Status] = {f"{STATUS}Approved": "approved", f"{STATUS}Deprecated": "deprecated"}
_QUOTED = re.compile(r"'((?:[^']|'')*)'")
FILTERS: Mapping[str, str] = {
    "SubscribeDocuments": "FindDocuments",
    "SubscribeAnybodysDocuments": "FindDocuments",
    "SubscribeSubmissionSets": "FindSubmissionSets",
    "SubscribeFolders": "FindFolders",
}
"""The filters of subscriptions, and the stored query that each is read as (TF-2 3.52.5.2); one names no patient."""
Rows = Sequence[tuple[str, ...]]


class Parameter(msgspec.Struct, frozen=True):
    """One row of the table: a parameter of a query, and what it is. ``needed`` is 1 (always), a (one of
    those) or o (one of those at least)."""

    query: str
    id: str
    object: str
    parameter: str
    field: str
    kind: str
    needed: str
    source: str


class StoredQuery(msgspec.Struct, frozen=True):
    """What is asked: the query's name, whether whole objects or references are wanted, its values by field, and the
    community that it is put to (``home``), empty where it names none."""

    name: str
    wanted: Literal["LeafClass", "ObjectRef"]
    values: Mapping[str, Any]
    home: str = ""


def read_query(request: etree._Element) -> StoredQuery | tuple[Finding, ...]:
    """The query of an AdhocQueryRequest, or everything that is wrong with it."""
    asked = request.find(f"{{{RIM}}}AdhocQuery")
    option = request.find(f"{{{QUERY}}}ResponseOption")
    wanted = "LeafClass" if option is None else option.get("returnType", "LeafClass").strip()
    name = "" if asked is None else _name_of(asked)
    if asked is None or not name or name in FILTERS:
        return (Finding("xds.unknown-query"),)
    if wanted not in ("LeafClass", "ObjectRef"):
        return (Finding("xds.return-type", about="returnType"),)
    return _asked(name, "ObjectRef" if wanted == "ObjectRef" else "LeafClass", asked)


def read_filter(asked: etree._Element) -> StoredQuery | tuple[Finding, ...]:
    """The filter of a subscription (its AdhocQuery) as the stored query it is like, or everything that is wrong.

    A parameter that is not known is wrong here: without it more would be told than was asked for.
    """
    name = _name_of(asked)
    if name not in FILTERS:
        return (Finding("xds.unknown-query"),)
    known = {row.parameter for row in parameters(name)}
    unknown = [Finding("xds.parameter-unknown", about="filter") for slot, _ in slot_rows(asked) if slot not in known]
    read = _asked(name, "LeafClass", asked)
    if unknown or not isinstance(read, StoredQuery):
        return (*unknown, *(read if isinstance(read, tuple) else ()))
    return msgspec.structs.replace(read, name=FILTERS[name])


def _name_of(asked: etree._Element) -> str:
    return _names().get(asked.get("id", "").strip().removeprefix("urn:uuid:"), "")


def _asked(
    name: str, wanted: Literal["LeafClass", "ObjectRef"], asked: etree._Element
) -> StoredQuery | tuple[Finding, ...]:
    said: dict[str, list[tuple[str, ...]]] = {}
    for parameter, texts in slot_rows(asked):
        said.setdefault(parameter, []).append(texts)
    faults = [*_needed(name, said)]
    values: dict[str, Any] = {}
    for row in parameters(name):
        if row.parameter not in said:
            continue
        found = _READ[row.kind](said[row.parameter])
        if found is None:
            faults.append(Finding("xds.parameter-wrong", place=row.parameter, about=row.parameter))
        elif row.field:
            values[row.field] = found
    home = asked.get("home", "").strip() or str(values.get("home", ""))
    return tuple(faults) or StoredQuery(name, wanted, values, home)


def _needed(name: str, said: Mapping[str, object]) -> Iterator[Finding]:
    for row in parameters(name):
        if row.needed == "1" and row.parameter not in said:
            yield Finding("xds.parameter-missing", place=row.parameter, about=row.parameter)
    choice = [row.parameter for row in parameters(name) if row.needed == "a"]
    given = [parameter for parameter in choice if parameter in said]
    if choice and len(given) != 1:
        code = "xds.parameters-together" if given else "xds.parameter-missing"
        yield Finding(code, place=choice[0], about=", ".join(choice))
    some = [row.parameter for row in parameters(name) if row.needed == "o"]
    if some and said.keys().isdisjoint(some):
        yield Finding("xds.parameter-missing", place=some[0], about=", ".join(some))


@cache
def parameters(name: str) -> tuple[Parameter, ...]:
    """The parameters of a query; one that is like another has that one's too, where it says nothing else of them."""
    own = [row for row in _rows() if row.query == name]
    like = [row.parameter.removeprefix("like ") for row in own if row.parameter.startswith("like ")]
    named = {row.parameter for row in own}
    more = [row for other in like for row in parameters(other) if row.parameter not in named]
    return tuple(row for row in (*own, *more) if row.kind)


@cache
def _names() -> Mapping[str, str]:
    return {row.id: row.query for row in _rows() if row.id}


@cache
def _rows() -> tuple[Parameter, ...]:
    text = files(__package__).joinpath("queries.csv").read_text(encoding="utf-8")
    return tuple(msgspec.convert(row, Parameter) for row in csv.DictReader(text.splitlines()))


def _texts(rows: Rows) -> tuple[str, ...] | None:
    found = tuple(text for values in rows for value in values for text in _listed(value))
    return found or None


def _listed(value: str) -> Iterator[str]:
    """The texts of one value: ``'x'``, ``('x','y')``, or bare as some peers write it."""
    inner = value.strip().removeprefix("(").removesuffix(")").strip()
    if "'" not in inner:
        yield from (part.strip() for part in inner.split(",") if part.strip())
        return
    yield from (found[1].replace("''", "'") for found in _QUOTED.finditer(inner))


def _text(rows: Rows) -> str | None:
    return next(iter(_texts(rows) or ()), None)


def _codes(rows: Rows) -> tuple[Code, ...] | None:
    texts = _texts(rows) or ()
    found = tuple(Code(code, scheme) for code, blank, scheme in (_parts(text) for text in texts) if code and scheme)
    return found if len(found) == len(texts) > 0 else None


def _parts(text: str) -> tuple[str, str, str]:
    """``code^^scheme``."""
    code, first, rest = text.partition("^")
    blank, second, scheme = rest.partition("^")
    return code, first + blank + second, scheme


def _groups(rows: Rows) -> tuple[tuple[Code, ...], ...] | None:
    found = [_codes([values]) for values in rows]
    return tuple(one for one in found if one) if all(found) else None


def _text_groups(rows: Rows) -> tuple[tuple[str, ...], ...] | None:
    found = [_texts([values]) for values in rows]
    return tuple(one for one in found if one) if all(found) else None


def _time(rows: Rows) -> int | None:
    text = _text(rows)
    return None if text is None else read_time(text)


def _level(rows: Rows) -> int | None:
    """The metadata level, 1 or 2; a number stands bare, and in quotes with some peers."""
    return {"1": 1, "2": 2}.get(_text(rows) or "")


def _patient(rows: Rows) -> Any:
    texts = _texts(rows) or ()
    return read_patient(texts[0]) if len(texts) == 1 else None


def _statuses(rows: Rows) -> tuple[Status, ...] | None:
    return tuple(STATUSES[text] for text in _texts(rows) or () if text in STATUSES) or None


def _types(rows: Rows) -> tuple[ObjectType, ...] | None:
    return tuple(OBJECT_TYPES[text] for text in _texts(rows) or () if text in OBJECT_TYPES) or None


_READ: Mapping[str, Callable[[Rows], Any]] = {
    "text": _text,
    "texts": _texts,
    "codes": _codes,
    "groups": _groups,
    "text-groups": _text_groups,
    "time": _time,
    "level": _level,
    "patient": _patient,
    "statuses": _statuses,
    "types": _types,
}
