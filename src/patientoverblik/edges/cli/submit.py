"""``submit FILE…``: deliver documents and print the receipt of each."""

from argparse import Namespace
from functools import partial

from patientoverblik.care import parse_moment
from patientoverblik.edges.cli.output import (
    FINE,
    NOT_DONE,
    file_bytes,
    finding_rows,
    refuse,
    say,
    say_findings,
    say_json,
)
from patientoverblik.edges.cli.ports import Workshop
from patientoverblik.problems import CATALOGUE, Finding
from patientoverblik.service.deliver import deliver
from patientoverblik.service.delivery import Delivery, Handed
from patientoverblik.service.model import Receipt, Received, Refused
from patientoverblik.sharing.stated import Stated


def submit(arguments: Namespace, workshop: Workshop) -> int:
    """Deliver each file as a submission of its own, one after the other; exit 2 if any of them was refused."""
    shown_from = _start(arguments.shown_from)
    if shown_from is None:
        return refuse("cli.bad-date")
    answers: list[Received | Refused] = []
    for name in arguments.files:
        answers.append(_delivered(name, workshop, shown_from))
        if not arguments.json:
            _say(name, answers[-1])
    if arguments.json:
        say_json([row(name, answer) for name, answer in zip(arguments.files, answers, strict=True)])
    return NOT_DONE if any(isinstance(answer, Refused) for answer in answers) else FINE


def _start(day: str) -> int | None:
    """The first instant of a day (milliseconds UTC), 0 where none is given; None for one that is no day."""
    try:
        return parse_moment(day).earliest if day else 0
    except ValueError:
        return None


def _delivered(name: str, workshop: Workshop, shown_from: int) -> Received | Refused:
    data = file_bytes(name)
    if data is None:
        return Refused("cli.file-not-opened", (Finding("cli.file-not-opened"),))
    delivery = Delivery(documents=(Handed(data=data, stated=Stated(shown_from=shown_from)),))
    return workshop.complete(partial(deliver, actor=workshop.operator(), delivery=delivery))


def row(name: str, answer: Received | Refused) -> dict[str, object]:
    """An answer for a machine, with the name of the file it is about."""
    if isinstance(answer, Refused):
        findings = finding_rows(answer.findings)
        return {"file": name, "status": "refused", "code": answer.code, "findings": findings}
    documents = [_document(receipt) for receipt in answer.receipts]
    return {"file": name, "status": "received", "submission_set": answer.submission_set, "documents": documents}


def _document(receipt: Receipt) -> dict[str, object]:
    return {
        "status": receipt.status,
        "entry": receipt.entry,
        "unique_id": receipt.unique_id,
        "profile": receipt.profile,
        "again": receipt.again,
        "percent_read": receipt.percent_read,
        "findings": finding_rows(receipt.findings),
        "losses": receipt.losses,
    }


def _say(name: str, answer: Received | Refused) -> None:
    if isinstance(answer, Refused):
        say(f"{name}: refused, {answer.code}: {CATALOGUE[answer.code].en}")
        say_findings(finding for finding in answer.findings if finding.code != answer.code or finding.place)
        return
    for receipt in answer.receipts:
        again = " (it was here already)" if receipt.again else ""
        say(f"{name}: {receipt.status.replace('-', ' ')}{again}")
        say(f"  entry       {receipt.entry}")
        say(f"  document    {receipt.unique_id}")
        say(f"  read with   {receipt.profile or 'no profile: kept as a document only'}")
        if receipt.books is not None:
            say(f"  understood  {receipt.percent_read} % of {_places(receipt)} places, {receipt.books.lost} lost")
        say_findings(receipt.findings)
        for loss in receipt.losses:
            say(f"  lost        {loss.place}: {loss.reason}")


def _places(receipt: Receipt) -> int:
    books = receipt.books
    return 0 if books is None else books.read + books.constant + books.quiet + books.lost
