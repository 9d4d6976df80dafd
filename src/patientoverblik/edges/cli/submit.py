"""``submit FILE…``: deliver documents and print the receipt of each."""

from argparse import Namespace
from functools import partial

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
from patientoverblik.problems import CATALOGUE
from patientoverblik.service.deliver import deliver
from patientoverblik.service.delivery import Delivery, Handed
from patientoverblik.service.model import Receipt, Received, Refused


def submit(arguments: Namespace, workshop: Workshop) -> int:
    """Deliver each file as a submission of its own; exit 2 if any was refused."""
    answers: list[Received | Refused] = []
    for name in arguments.files:
        data = file_bytes(name)
        if data is None:
            return refuse("cli.file-not-opened")
        answers.append(workshop.complete(partial(deliver, actor=workshop.operator(), delivery=_delivery(data))))
    if arguments.json:
        say_json([row(answer) for answer in answers])
    else:
        for name, answer in zip(arguments.files, answers, strict=True):
            _say(name, answer)
    return NOT_DONE if any(isinstance(answer, Refused) for answer in answers) else FINE


def _delivery(data: bytes) -> Delivery:
    return Delivery(documents=(Handed(data=data),))


def row(answer: Received | Refused) -> dict[str, object]:
    """An answer for a machine."""
    if isinstance(answer, Refused):
        return {"status": "refused", "code": answer.code, "findings": finding_rows(answer.findings)}
    documents = [_document(receipt) for receipt in answer.receipts]
    return {"status": "received", "submission_set": answer.submission_set, "documents": documents}


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
        say_findings(answer.findings)
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
