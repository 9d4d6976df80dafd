"""``find`` and ``retrieve``: a patient's documents, and the bytes of one, as a person may see them."""

import sys
from argparse import Namespace
from datetime import datetime
from pathlib import Path

from patientoverblik.access import Refusal
from patientoverblik.care import COPENHAGEN
from patientoverblik.edges.cli.output import FINE, refuse, say, say_json, talk
from patientoverblik.edges.cli.patient import asking
from patientoverblik.edges.cli.ports import Workshop
from patientoverblik.service.documents import list_documents
from patientoverblik.service.documents import retrieve as retrieve_document
from patientoverblik.service.model import Listed
from patientoverblik.sharing.model import DocumentEntry


def find(arguments: Namespace, workshop: Workshop) -> int:
    """List the documents that exist for the one who asks."""
    asked = asking(arguments, workshop)
    if isinstance(asked, int):
        return asked
    answer = workshop.complete(
        lambda house: list_documents(house, asked.actor(house), asked.patient, asked.acting.purpose)
    )
    if isinstance(answer, Refusal):
        return refuse(answer.code)
    if arguments.json:
        say_json({"filtered": answer.filtered, "entries": [_row(entry) for entry in answer.entries]})
    else:
        _say(answer)
    return FINE


def retrieve(arguments: Namespace, workshop: Workshop) -> int:
    """Write one document's bytes, exactly as they were submitted, to a file or to standard output."""
    asked = asking(arguments, workshop)
    if isinstance(asked, int):
        return asked
    answer = workshop.complete(
        lambda house: retrieve_document(
            house, asked.actor(house), asked.acting.purpose, arguments.document, asked.patient
        )
    )
    if isinstance(answer, Refusal):
        return refuse(answer.code)
    if arguments.out:
        Path(arguments.out).write_bytes(answer.data)
        talk(f"{len(answer.data)} bytes written")
    else:
        sys.stdout.buffer.write(answer.data)
    return FINE


def _say(listed: Listed) -> None:
    for entry in listed.entries:
        say(f"{_day(entry.created)}  {entry.status:<10} {entry.title or 'Untitled'}")
        say(f"            {entry.uuid}  {entry.origins[0].name if entry.origins else ''}")
    say(f"{len(listed.entries)} documents.")
    if listed.filtered:
        say("The patient has blocked some information. This is not everything.")


def _row(entry: DocumentEntry) -> dict[str, object]:
    return {
        "entry": entry.uuid,
        "unique_id": entry.unique_id,
        "status": entry.status,
        "title": entry.title,
        "created": entry.created,
        "profile": entry.profile,
        "state": entry.state,
        "losses": entry.losses,
        "organisations": [origin.name for origin in entry.origins],
    }


def _day(millis: int) -> str:
    return datetime.fromtimestamp(millis / 1000, COPENHAGEN).date().isoformat() if millis else "no date   "
