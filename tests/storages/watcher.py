"""The watcher: a statement on a patient table that does not name the patient key is an offence (DESIGN, Storage and scale)."""

import re
import sqlite3
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from pathlib import Path

from patientoverblik.storage.postgres.statement import read
from patientoverblik.storage.sqlite import migrate as migration

# Follow-ups are listed across patients: those of an organisation, of all, and those that wait, each patient's by place.
_FOLLOW_UPS = (
    "select shelf.data from ({patients}) as mine cross join shelf where {own} = mine.patient{part}"
    " and shelf.place between ((mine.patient & ?) << ?) + ? and ((mine.patient & ?) << ?) + ?"
    " and {about} = ? order by mine.patient, shelf.place"
)
# Decisions on the patients of one list, who are one value.
_MINE = (
    "with mine (patient) as (select value from json_each(?))",
    "with mine (patient) as (select value::bigint from json_array_elements_text(?::json))",
)
_EVIDENCES = (
    "{mine} select shelf.patient, shelf.about, shelf.data from mine cross join shelf where {own}"
    " and shelf.place between ((mine.patient & ?) << ?) and ((mine.patient & ?) << ?) + ?"
    " order by mine.patient, shelf.place"
)
# Whole-store maintenance, read and accepted one by one, with "?" for every number and text: verifying and sealing the trail
# walks all patients on purpose and page by page; the outbox finds what is due by feed and time through its own index.
REVIEWED = frozenset(
    {
        *(
            _FOLLOW_UPS.format(patients=patients, own=own, about=about, part=part)
            for own, about, part in (
                ("shelf.patient", "shelf.about", " and shelf.part = ?"),
                ("+shelf.patient", "+shelf.about", ""),
            )
            for patients in (
                "select distinct patient from follow_up_locator",
                "select patient from follow_up_locator where organisation = ?",
                "select patient from follow_up_pending",
            )
        ),
        *(f"{mine} select distinct link.patient from mine join link on link.patient = mine.patient" for mine in _MINE),
        _EVIDENCES.format(mine=_MINE[0], own="+shelf.patient = mine.patient"),
        _EVIDENCES.format(mine=_MINE[1], own="shelf.patient = mine.patient and shelf.part = ?"),
        "select distinct patient from trail where place between ? and ? order by patient",
        "select place from trail where place > ? order by place limit ?",
        "select patient, organisation, data, signature from trail_anchor"
        " where (patient, organisation) > (?, ?) order by patient, organisation limit ?",
        "select distinct patient from trail where patient > ? order by patient limit ?",
        "select feed, count(*) filter (where state = ?), count(*) filter (where state = ?), min(case state when ? then due end)"
        " from outbox group by feed order by feed",
        "select patient, feed, id, kind, data, due, attempts, fault from outbox"
        " where feed = ? and state = ? and due <= ? order by due, patient, id limit ?",
        "select patient, feed, id, kind, data, due, attempts, fault from outbox"
        " where feed = ? and state = ? order by due, patient, id limit ?",
        "update outbox set state = ?, due = ?, attempts = ? where feed = ? and state = ?",
        "select data from subscription where due <= ? order by due, patient, id limit ?",
    }
)
NAMES_PATIENT = re.compile(
    r"\bpatient\s*=\s*[-?\d]"  # where patient = …
    r"|\binto\s+\w+\s*\([^)]*\bpatient\b"  # insert into … (…, patient, …)
    r"|\bcontent_place\.patient\s*="
    r"|\(select -?\d+ union select link\.other from mine join link on link\.patient = mine\.patient\)",  # from one key
    re.IGNORECASE,
)
VALUE = re.compile(r"'(?:[^']|'')*'|(?<![\w.?])-?\d+\b")
TABLE = re.compile(r"\b(?:from|into|update|join)\s+(\w+)", re.IGNORECASE)


def patient_tables() -> frozenset[str]:
    """Every table whose key begins with the patient key, as itself or as a place, by the schema itself."""
    database = sqlite3.connect(":memory:")
    for step in sorted(files("patientoverblik.storage.sqlite").joinpath("migrations").iterdir(), key=lambda p: p.name):
        database.executescript(step.read_text(encoding="utf-8"))
    tables = [row[0] for row in database.execute("select name from sqlite_master where type = 'table'")]
    first = {name: _first_of_key(database, name) for name in tables}
    database.close()
    return frozenset(name for name, column in first.items() if column in ("patient", "place"))


def _first_of_key(database: sqlite3.Connection, table: str) -> str:
    columns = database.execute(f"pragma table_info({table})").fetchall()
    return next((column[1] for column in columns if column[5] == 1), "")


class Watcher:
    """Keeps every statement it is told, as given to the database."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    def __call__(self, statement: str) -> None:
        self.seen.add(statement)

    def offences(self) -> list[str]:
        """Statements that touch a patient table without naming the patient key."""
        tables = patient_tables()
        return [one for one in sorted(self.seen) if is_offence(one, tables)]


def scans(path: Path, seen: Iterable[str]) -> dict[str, list[str]]:
    """Statements that the database would answer by walking a whole patient table, with its plan."""
    database = sqlite3.connect(path)
    plans = {
        text: [row[3] for row in database.execute(f"explain query plan {text}")] for text in seen if _is_judged(text)
    }
    database.close()
    whole = {f"SCAN {table}" for table in patient_tables()}
    return {text: plan for text, plan in plans.items() if not whole.isdisjoint(plan)}


def unheld(seen: Iterable[str]) -> list[str]:
    """Statements on a patient table of which PostgreSQL's connection does not see which patient they are about."""
    tables = patient_tables()
    return [one for one in sorted(seen) if touches(one, tables) and _is_judged(one) and read(one).patient is None]


@cache
def allowed() -> frozenset[str]:
    """What is not judged: what was reviewed, and what a migration does once to fill new tables."""
    steps = ("\n".join(line for line in sql.splitlines() if not line.startswith("--")) for _, sql in migration.steps())
    return REVIEWED | {shape(statement) for step in steps for statement in step.split(";")}


def _is_judged(text: str) -> bool:
    return text.lower().lstrip().startswith(("select", "update", "delete", "insert")) and shape(text) not in allowed()


def shape(statement: str) -> str:
    """A statement with ``?`` for every number and text in it."""
    return VALUE.sub("?", " ".join(statement.split()))


def is_offence(statement: str, tables: frozenset[str]) -> bool:
    """Whether one statement is an offence."""
    text = " ".join(statement.split())
    if not touches(text, tables) or text.lower().startswith(("create", "alter", "--")) or shape(text) in allowed():
        return False
    return NAMES_PATIENT.search(text) is None


def touches(statement: str, tables: frozenset[str]) -> bool:
    """Whether a statement is about any of the tables."""
    return not tables.isdisjoint(name.lower() for name in TABLE.findall(statement))
