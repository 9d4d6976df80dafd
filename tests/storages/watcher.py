"""The watcher: a statement on a patient table that does not name the patient key is an offence (DESIGN, Storage and scale)."""

import re
import sqlite3
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

# Whole-store maintenance, read and accepted one by one, with "?" for every number and text: verifying and sealing the trail
# walks all patients on purpose and page by page; the outbox finds what is due by feed and time through its own index; a
# migration fills new tables once.
REVIEWED = frozenset(
    {
        "select distinct patient from trail where place between ? and ? order by patient",
        "select place from trail where place > ? order by place limit ?",
        "select patient, organisation from trail_open limit ?",
        "select patient, organisation, data, signature from trail_anchor"
        " where (patient, organisation) > (?, ?) order by patient, organisation limit ?",
        "select feed, sum(state = ?), sum(state = ?), min(case state when ? then due end)"
        " from outbox group by feed order by feed",
        "select patient, feed, id, kind, data, due, attempts, fault from outbox"
        " where feed = ? and state = ? and due <= ? order by due, patient, id limit ?",
        "select patient, feed, id, kind, data, due, attempts, fault from outbox"
        " where feed = ? and state = ? order by due, patient, id limit ?",
        "update outbox set state = ?, due = ?, attempts = ? where feed = ? and state = ?",
        "insert into trail_open (patient, organisation) select distinct patient, ? from trail where part = ?",
        "insert into patient_number (patient, system, value) select patient, system, value from patient_locator",
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


def _is_judged(text: str) -> bool:
    return text.lower().lstrip().startswith(("select", "update", "delete", "insert")) and shape(text) not in REVIEWED


def shape(statement: str) -> str:
    """A statement with ``?`` for every number and text in it."""
    return VALUE.sub("?", " ".join(statement.split()))


def is_offence(statement: str, tables: frozenset[str]) -> bool:
    """Whether one statement is an offence."""
    text = " ".join(statement.split())
    touches = not tables.isdisjoint(name.lower() for name in TABLE.findall(text))
    if not touches or text.lower().startswith(("create", "alter", "--")) or shape(text) in REVIEWED:
        return False
    return NAMES_PATIENT.search(text) is None
