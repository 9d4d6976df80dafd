"""The log: every line is one of a catalogue, as text or as a JSON object. None tells anything of a patient.

As JSON a line has ``at`` (UTC), ``level``, ``event``, ``process`` and the fields of its event. What a library says is
told by its name and level alone: its words may hold anything.
"""

import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import NamedTuple

import msgspec

JSON = "json"


class Event(NamedTuple):
    """What a line tells: its name, what its values are called, and what it means."""

    name: str
    fields: tuple[str, ...]
    meaning: str


EVENTS: Mapping[str, Event] = {
    "answered with %s, trace %s, request %s": Event(
        "fault-answered", ("code", "trace", "request"), "a page was answered with a problem code"
    ),
    "an app was answered with %s": Event("app-refused", ("error",), "an OAuth request was refused"),
    "a door failed: %s, request %s": Event("door-failed", ("error", "request"), "an error left a door: report it"),
    "a page failed: %s, request %s": Event("page-failed", ("error", "request"), "a page could not be made: report it"),
    "an interaction failed: %s": Event("interaction-failed", ("error",), "a FHIR interaction broke: report it"),
    "a transaction failed: %s %s, request %s": Event(
        "transaction-failed", ("transaction", "error", "request"), "an XDS.b transaction broke: report it"
    ),
    "a worker serves": Event("worker-serves", (), "a worker has begun to answer"),
    "a worker leaves": Event("worker-leaves", (), "a worker was told to end and finishes what it has begun"),
    "a worker leads: %s": Event("worker-leads", ("leads",), "whose turn the background jobs are has changed"),
    "background job %s missed a round: %s": Event(
        "round-missed", ("job", "error"), "a background job could not do its round; the next comes in its time"
    ),
    "worker %s ended with %s": Event("worker-ended", ("worker", "exit"), "a worker ended by itself; another follows"),
}
OTHER = Event("library", (), "a library said something; its words are left out")


class JsonLines(logging.Formatter):
    """A record as one JSON object."""

    def format(self, record: logging.LogRecord) -> str:
        """The object as text."""
        event = EVENTS.get(str(record.msg), OTHER)
        values = record.args if isinstance(record.args, tuple) else ()
        told = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": event.name,
            "process": os.getpid(),
            **{name: _plain(value) for name, value in zip(event.fields, values, strict=False)},
            **({"library": record.name} if event is OTHER else {}),
        }
        return msgspec.json.encode(told).decode()


def _plain(value: object) -> bool | int | str:
    """A field's value as JSON has it."""
    return value if isinstance(value, bool | int) else str(value)


def log_to(form: str) -> None:
    """Write the log of this process to standard error in a form; as text only what is not as it should be."""
    if form != JSON:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers, root.level = [handler], logging.INFO
    for library in ("httpx", "httpcore", "uvicorn", "authlib"):
        logging.getLogger(library).setLevel(logging.WARNING)
