"""The citizen's log to take home: as FHIR AuditEvents, as MinLog2 entries, and as a table for a spreadsheet.

Other people's person numbers and login names are not in it: a professional is told by name and authorisation, as in the
log.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from patientoverblik.access import Look
from patientoverblik.notify.audit_event import Resource, audit_event, bundle
from patientoverblik.notify.minlog import MOST_TOGETHER, Entry, entry_of, request
from patientoverblik.notify.record import Ourselves, Record, of_look
from patientoverblik.service.log import LogEntry
from patientoverblik.service.ports import Reader

COPENHAGEN = ZoneInfo("Europe/Copenhagen")
COLUMNS = (
    "Tidspunkt",
    "Hvem",
    "Rolle",
    "Organisation",
    "På vegne af",
    "Hvad",
    "Formål",
    "Dokumenter",
    "Spærring sat ud af kraft",
    "Begrundelse",
)
# What a spreadsheet would take for a formula (OWASP, CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_fhir(reader: Reader, looks: Iterable[Look], ourselves: Ourselves, at: int) -> Resource:
    """A Bundle with an AuditEvent for each look, as of a time (ms UTC)."""
    records = [for_citizen(reader, look) for look in looks]
    return bundle([(record.id, audit_event(record, ourselves)) for record in records], at)


def as_minlog(reader: Reader, looks: Iterable[Look], ourselves: Ourselves) -> tuple[tuple[bytes, ...], int]:
    """Requests of at most 500 entries each as XML, and how many looks cannot be told so: nobody's number is known."""
    told = [look for look in looks if look.act != "refused"]
    made = [entry_of(for_citizen(reader, look), ourselves) for look in told]
    entries = [entry for entry in made if isinstance(entry, Entry)]
    batches = [entries[first : first + MOST_TOGETHER] for first in range(0, len(entries), MOST_TOGETHER)]
    return tuple(request(batch) for batch in batches), len(made) - len(entries)


def as_csv(entries: Sequence[LogEntry]) -> str:
    """A table in Danish: semicolons between, a byte order mark in front, as Danish spreadsheets want it."""
    made = io.StringIO()
    table = csv.writer(made, delimiter=";")
    table.writerow(COLUMNS)
    table.writerows([_plain(text) for text in _row(entry)] for entry in entries)
    return "\ufeff" + made.getvalue()


def _row(entry: LogEntry) -> tuple[str, ...]:
    behalf = entry.on_behalf_of
    return (
        datetime.fromtimestamp(entry.at / 1000, COPENHAGEN).strftime("%d-%m-%Y %H:%M:%S"),
        entry.who or entry.kind_text,
        entry.role or entry.kind_text,
        (entry.organisation.name or entry.organisation.value) if entry.organisation else "",
        (behalf.name or behalf.authorisation) if behalf else "",
        entry.act_text,
        entry.purpose_text,
        ", ".join(entry.titles),
        entry.ground_text,
        entry.override.reason if entry.override else "",
    )


def _plain(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def for_citizen(reader: Reader, look: Look) -> Record:
    """The record of a look without the numbers of others."""
    record = of_look(reader, look)
    own = record.user is not None and record.user == record.patient
    behalf = look.actor.principal and replace(look.actor.principal, id=look.id)
    actor = replace(look.actor, id=look.id, principal=behalf)
    return replace(record, user=record.user if own else None, actor=actor)
