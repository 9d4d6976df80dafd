"""Tables of meaning: which codes of a document mean what in the domain model, with the source of each row.

A table is a CSV in ``formats/cda/meaning``. Several codes may mean the same; the first row of a value is written.
"""

import csv
from collections.abc import Mapping
from importlib.resources import files

from patientoverblik.formats.cda.datatypes import CD

Row = Mapping[str, str]


def load_rows(name: str) -> tuple[Row, ...]:
    """The rows of one table; a row without a source or with blanks around a value stops the program."""
    folder = files("patientoverblik.formats.cda").joinpath("meaning")
    rows = tuple(csv.DictReader(folder.joinpath(f"{name}.csv").read_text("utf-8").splitlines()))
    for row in rows:
        if not row["source"] or any(value != value.strip() for value in row.values()):
            raise ValueError(f"a row of {name} has no source or a stray blank: {row['code']}")
    return rows


def meanings(name: str) -> dict[str, str]:
    """Code → value of a table; a code that stands twice stops the program."""
    rows = load_rows(name)
    found = {row["code"]: row["value"] for row in rows}
    if len(found) != len(rows):
        raise ValueError(f"a code of {name} stands twice")
    return found


def moods(name: str) -> dict[tuple[str, str], str]:
    """(Mood, status code) → value of a table."""
    return {(row["mood"], row["code"]): row["value"] for row in load_rows(name)}


def writing(name: str) -> dict[str, CD]:
    """Value → the code that is written for it."""
    found: dict[str, CD] = {}
    for row in load_rows(name):
        code = CD(code=row["code"], system=row["system"], system_name=row["system_name"], display=row["display"])
        found.setdefault(row["value"], code)
    return found


GOAL_KIND = meanings("goal_kind")
GOAL_STATUS = meanings("goal_status")
CONDITION_ROLE = meanings("condition_role")
CONDITION_STATUS = meanings("condition_status")
INTERVENTION_KIND = meanings("intervention_kind")
INTERVENTION_STATUS = moods("intervention_status")
INTENT = meanings("intent")
CONTACT_CODE = meanings("contact_code")
CONTACT_SETTING = meanings("contact_setting")
CONTACT_STATUS = moods("contact_status")
APPOINTMENT_SECTOR = meanings("appointment_sector")
APPOINTMENT_STATUS = meanings("appointment_status")
CARD_FIELD = meanings("card_field")
CARD_ORIGIN = {row["code"]: row["origin"] for row in load_rows("card_field")}
CARD_REGISTER = meanings("card_register")
MEASURED_BY = meanings("measured_by")
NULL_FLAVOR = meanings("null_flavor")
PARTY_KIND = meanings("party_kind")
PLAN_KIND_OF_CONSENT = {row["code"]: row["value"] for row in load_rows("plan_kind") if row["where"] == "consent"}
PLAN_KIND_OF_GROUP = {row["code"]: row["value"] for row in load_rows("plan_kind") if row["where"] == "group"}
ROLE = meanings("role")
KEEPERS = frozenset(meanings("keeper"))
