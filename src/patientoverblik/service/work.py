"""What an organisation should know of or do about its patients: facts kept by organisation, decided when they are read.

A fact is written in the act it follows from, and goes when the document it follows from is replaced. It holds what
decides whether its document exists for a reader, so that a whole worklist is decided without fetching documents.
"""

from typing import Literal, Protocol

import msgspec

from patientoverblik.access import Message, OrganisationRef, Part

WorkKind = Literal["plan", "goal", "handover", "answer", "deadline", "remark", "override"]


class Kind(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """The type of a document, as a block names it."""

    code: str


class Basis(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What decides who may see the document a fact follows from (:class:`patientoverblik.access.Shareable`)."""

    uuid: str
    unique_id: str
    series: str
    origins: tuple[OrganisationRef, ...]
    origin_times: tuple[int, ...]
    origin_spans: tuple[tuple[int, int], ...]
    parts: tuple[Part, ...]
    withheld: tuple[str, ...] = ()
    shown_from: int = 0
    type_code: Kind | None = None
    message: Message | None = None


class Work(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One fact on an organisation's worklist. ``organisation`` is a key as :func:`key_of` gives it.

    ``follows`` is what it follows from (a document's series, a remark): all facts of it go when it is told anew.
    ``at`` is when it came, ``due`` the first moment that is too late (ms UTC, 0 where there is none), ``law`` what it
    follows from where the parties have agreed none. ``about`` names what a handover and its answers are both about;
    ``state`` is where it stands, ``words`` what it says, ``party`` the other party's name. ``asked`` says that this
    organisation is the one to answer, ``begins`` that what is handed over has to be begun; ``others`` are the keys of
    who asked.
    """

    organisation: str
    patient: int
    id: str
    kind: WorkKind
    follows: str
    at: int
    words: str
    basis: Basis | None = None
    due: int = 0
    about: str = ""
    state: str = ""
    party: str = ""
    asked: bool = False
    begins: bool = False
    others: tuple[str, ...] = ()
    law: str = ""


class WorkReader(Protocol):
    """Worklists. They name no patient: a worklist is of an organisation."""

    def work_of(self, organisation: str) -> tuple[Work, ...]:
        """Every fact on an organisation's worklist, by patient key and id."""

    def work_read(self, reader: str) -> frozenset[str]:
        """The ids of the facts that a reader has marked as read."""


class WorkKeeper(WorkReader, Protocol):
    """Worklists inside a transaction."""

    def put_work(self, work: Work) -> None:
        """Add a fact, or replace the one with its organisation, patient and id."""

    def drop_work(self, patient: int, follows: str) -> None:
        """Forget every fact of a patient that follows from something."""

    def mark_read(self, reader: str, work: str) -> None:
        """A reader has read a fact; once is enough."""


def key_of(organisation: OrganisationRef) -> str:
    """An organisation as its worklist is found by."""
    return f"{organisation.system}|{organisation.value}"
