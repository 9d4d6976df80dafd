"""The code lists of the Danish XDS metadata profile, as tables of facts: which are in force, what they tell.

One CSV per list: code, scheme (OID), display, part of the overview it puts a document in, source.
"""

import csv
from collections.abc import Mapping
from importlib.resources import files
from typing import Literal, cast

import msgspec

from patientoverblik.access import Part
from patientoverblik.sharing.model import Code

CodeList = Literal[
    "class_code", "type_code", "format_code", "facility_type", "practice_setting", "confidentiality", "event_label"
]


class Row(msgspec.Struct, frozen=True):
    """One code in force; ``part`` is empty where the code says nothing of the part of the overview."""

    code: Code
    part: Part | Literal[""]


def listed(code_list: CodeList, code: Code) -> Row | None:
    """The list's row for a code, None if the list does not have it."""
    return LISTS[code_list].get((code.scheme, code.code))


def _load(code_list: CodeList) -> Mapping[tuple[str, str], Row]:
    table = files("patientoverblik.sharing").joinpath("tables", f"{code_list}.csv").read_text(encoding="utf-8")
    rows = [
        Row(Code(row["code"], row["scheme"], row["display"]), cast(Part, row["part"]))
        for row in csv.DictReader(table.splitlines())
    ]
    return {(row.code.scheme, row.code.code): row for row in rows}


LISTS: Mapping[CodeList, Mapping[tuple[str, str], Row]] = {
    "class_code": _load("class_code"),
    "type_code": _load("type_code"),
    "format_code": _load("format_code"),
    "facility_type": _load("facility_type"),
    "practice_setting": _load("practice_setting"),
    "confidentiality": _load("confidentiality"),
    "event_label": _load("event_label"),
}
CLINICAL_REPORT = LISTS["class_code"]["1.2.208.184.100.9", "001"].code
