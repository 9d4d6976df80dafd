"""Where a patient's message to the party that owns a line stands: sent, answered, closed, each step in turn.

The message itself is a document (:mod:`patientoverblik.service.letter`); what the party answers stands in the trace.
"""

from typing import Literal, Protocol

import msgspec

from patientoverblik.access import Actor, OrganisationRef

RemarkKind = Literal["not-right", "question"]
RemarkState = Literal["open", "answered", "closed"]


class Step(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One step of the trace: who answered or closed, when (ms UTC), and what they wrote. What the patient wrote is
    ``said`` in the message itself, by how often they had written before; 0 where they wrote nothing."""

    state: RemarkState
    by: Actor
    at: int
    words: str = ""
    said: int = 0


class Remark(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One message: "det passer ikke", or a question before an appointment.

    ``to`` owns the document (``entry``, ``series``) that the line stands in; ``quote`` is what the line said then,
    ``when`` the beginning of the appointment that it was (ms UTC, 0 where it was none).
    ``letter`` is the series of the message, whose ``words`` are put in when it is read.
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
    letter: str = ""
    when: int = 0


class RemarkReader(Protocol):
    """The remarks of a patient."""

    def remarks(self, patient: int) -> tuple[Remark, ...]:
        """Every remark of the patient, linked keys included, by patient key and id."""


class RemarkKeeper(RemarkReader, Protocol):
    """Remarks inside a transaction."""

    def put_remark(self, remark: Remark) -> None:
        """Add a remark, or replace the one with its id."""
