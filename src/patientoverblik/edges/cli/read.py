"""``read FILE``: what a document says, in the domain's words, and what was lost. Needs no server and no database."""

import sys
from argparse import Namespace
from collections.abc import Sequence

import msgspec

from patientoverblik import formats
from patientoverblik.care import Contribution, Passage
from patientoverblik.conformance import check
from patientoverblik.edges.cli.layout import sentence
from patientoverblik.edges.cli.output import (
    FINE,
    NOT_DONE,
    file_bytes,
    finding_rows,
    refuse,
    say,
    say_findings,
    say_json,
    talk,
)
from patientoverblik.edges.cli.ports import Told, Workshop
from patientoverblik.formats import AnyParsed, Loss, Parsed, Reading, Unread
from patientoverblik.formats.cda.compose import lost_in
from patientoverblik.overview import LineValue

NO_CDA = "structure.not-a-cda-document"
CARE_PLAN, APPOINTMENT = "cpd-2.0.0", "apd-2.0.1"
"""The profiles that what is no CDA is written with."""


def read(arguments: Namespace, workshop: Workshop) -> int:
    """Read one file and print the reading, its losses, or the document written anew."""
    data = file_bytes(arguments.file)
    if data is None:
        return refuse("cli.file-not-opened")
    parsed = formats.parse(data)
    if isinstance(parsed, Unread):
        return _unread(parsed, arguments.json)
    reading = formats.read(parsed)
    if isinstance(reading, Unread):
        return _unread(_explained(parsed, reading), arguments.json)
    if arguments.write_as == "cda":
        _write_anew(parsed, reading)
    elif arguments.losses:
        _say_losses(reading.losses, arguments.json)
    elif arguments.json:
        say_json(_whole(reading))
    else:
        _say_reading(reading, workshop)
    return FINE


def _write_anew(parsed: AnyParsed, reading: Reading) -> None:
    """The document in canonical form; of one that is no CDA the care plan or appointment that says the same, and what
    that cannot carry."""
    if not isinstance(parsed, Parsed):
        _write_as_cda(reading.care)
        return
    record = formats.read_record(parsed, reading.profile)
    if not isinstance(record, Unread):
        sys.stdout.buffer.write(formats.write(record, reading.profile))


def _write_as_cda(care: Contribution) -> None:
    profile = APPOINTMENT if care.appointments else CARE_PLAN
    sys.stdout.buffer.write(formats.write(formats.compose(care, profile), profile))
    for loss in lost_in(care, profile):
        talk(f"{loss.place}: {loss.reason}")


def _explained(parsed: AnyParsed, reading: Unread) -> Unread:
    """That it is another kind of XML altogether is said instead of that no profile fits it."""
    checked = check(parsed.root) if isinstance(parsed, Parsed) else ()
    other = tuple(finding for finding in checked if finding.code == NO_CDA)
    return Unread(other) if other else reading


def _unread(reading: Unread, as_json: bool) -> int:
    if as_json:
        say_json({"findings": finding_rows(reading.findings)})
    else:
        say("The document could not be read.")
        say_findings(reading.findings)
    return NOT_DONE


def _say_losses(losses: tuple[Loss, ...], as_json: bool) -> None:
    if as_json:
        say_json(list(losses))
    for loss in losses if not as_json else ():
        say(f"{loss.place}: {loss.reason}")
    if not losses and not as_json:
        say("Nothing was lost.")


def _whole(reading: Reading) -> dict[str, object]:
    return {
        "profile": reading.profile,
        "stamp": reading.stamp,
        "books": msgspec.structs.asdict(reading.books),
        "record": reading.record,
        "care": reading.care,
        "losses": reading.losses,
        "findings": finding_rows(reading.findings),
    }


def _say_reading(reading: Reading, workshop: Workshop) -> None:
    care, books = reading.care, reading.books
    places = books.read + books.constant + books.quiet + books.lost
    example = " (example profile, not national)" if care.document.example_profile else ""
    say(f"{care.document.title or 'Untitled document'}")
    say(f"  profile     {reading.profile}{example}")
    say(f"  places      {places}: {books.read} read, {books.constant} constant, {books.quiet} quiet, {books.lost} lost")
    for name, values in _items(care):
        say(f"  {name} ({len(values)})")
        for value in values:
            say(f"    - {sentence(_brief(value, workshop))}")
    say_findings(reading.findings)
    for loss in reading.losses:
        say(f"  lost        {loss.place}: {loss.reason}")


def _brief(value: LineValue, workshop: Workshop) -> Told:
    """A value in words; of a passage only its heading, since its text can be long."""
    told = workshop.told(value, "professional")
    return Told(told.words) if isinstance(value, Passage) else told


def _items(care: Contribution) -> list[tuple[str, Sequence[LineValue]]]:
    found: list[tuple[str, Sequence[LineValue]]] = [
        ("plan", () if care.plan is None else (care.plan,)),
        ("conditions", care.conditions),
        ("goals", care.goals),
        ("interventions", care.interventions),
        ("measurements", care.measurements),
        ("contacts", care.contacts),
        ("appointments", care.appointments),
        ("card items", care.card),
        ("relatives", care.relatives),
        ("passages of text", care.passages),
    ]
    return [(name, values) for name, values in found if values]
