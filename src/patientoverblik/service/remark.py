"""What a patient writes to the party that owns a line, what is answered, and how it is kept.

A remark is a message and no document: a document would be seen by everybody who treats the patient, and would tell them
of the line it is about (DESIGN 13).
"""

from typing import Literal, Protocol

import msgspec

from patientoverblik.access import Actor, OrganisationRef

RemarkKind = Literal["not-right", "question"]
RemarkState = Literal["open", "answered", "closed"]


class Step(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One step of the trace: who answered or closed, when (ms UTC), and what they wrote."""

    state: RemarkState
    by: Actor
    at: int
    words: str = ""


class Remark(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One message: "det passer ikke", or a question before an appointment.

    ``to`` owns the document (``entry``, ``series``) that the line stands in; ``quote`` is what the line said then.
    """

    id: str
    patient: int
    kind: RemarkKind
    by: Actor
    at: int
    to: OrganisationRef
    words: str
    entry: str
    line: str
    quote: str
    series: str = ""
    state: RemarkState = "open"
    steps: tuple[Step, ...] = ()


class RemarkReader(Protocol):
    """The remarks of a patient."""

    def remarks(self, patient: int) -> tuple[Remark, ...]:
        """Every remark of the patient, linked keys included, by patient key and id."""


class RemarkKeeper(RemarkReader, Protocol):
    """Remarks inside a transaction."""

    def put_remark(self, remark: Remark) -> None:
        """Add a remark, or replace the one with its id."""
