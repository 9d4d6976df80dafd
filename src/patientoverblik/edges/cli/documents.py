"""``find`` and ``retrieve``: a patient's documents, and the bytes of one, as a person may see them."""

import sys
from argparse import Namespace
from datetime import datetime
from pathlib import Path

import msgspec

from patientoverblik.access import Refusal
from patientoverblik.care import COPENHAGEN
from patientoverblik.edges.cli.output import FINE, refuse, say, say_json, talk
from patientoverblik.edges.cli.patient import asking
from patientoverblik.edges.cli.ports import Workshop
from patientoverblik.service.documents import EVERY, list_documents
from patientoverblik.service.documents import retrieve as retrieve_document
from patientoverblik.service.model import Listed
from patientoverblik.sharing.model import DocumentEntry


def find(arguments: Namespace, workshop: Workshop) -> int:
    """List the documents that exist for the one who asks, newest first."""
    asked = asking(arguments, workshop)
    if isinstance(asked, int):
        return asked
    query = msgspec.structs.replace(EVERY, after=arguments.after)
    answer = workshop.complete(
        lambda house: list_documents(house, asked.actor(house), asked.patient, asked.acting.purpose, query)
    )
    if isinstance(answer, Refusal):
        return refuse(answer.code)
    if arguments.json:
        say_json(_page(answer))
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
        return _write(Path(arguments.out), answer.data)
    sys.stdout.buffer.write(answer.data)
    return FINE


def _write(path: Path, data: bytes) -> int:
    try:
        path.write_bytes(data)
    except OSError:
        return refuse("cli.file-not-written")
    talk(f"{len(data)} bytes written")
    return FINE


def _say(listed: Listed) -> None:
    for entry in listed.entries:
        say(f"{_day(entry.created)}  {entry.status:<10} {entry.title or 'Untitled'}")
        say(f"            {entry.uuid}  {entry.origins[0].name if entry.origins else ''}")
    say(f"{len(listed.entries)} of {listed.total} documents, newest first.")
    if listed.next:
        say(f"The next page: --after {listed.next}")
    if listed.filtered:
        say("The patient has blocked some information. This is not everything.")


def _page(listed: Listed) -> dict[str, object]:
    return {
        "filtered": listed.filtered,
        "total": listed.total,
        "next": listed.next,
        "entries": [_row(entry) for entry in listed.entries],
    }


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
