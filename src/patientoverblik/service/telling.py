"""What readers of a withdrawn document are told, and how it is kept."""

from typing import Literal, Protocol

import msgspec

from patientoverblik.access import Actor

Reason = Literal["misfiled", "wrong"]


class Telling(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """One reader told that a document they saw was withdrawn: filed under the wrong patient, or wrong.

    ``reader`` is who saw it, ``looks`` the looks that showed it, ``first`` and ``last`` when (ms UTC); ``at`` is when
    it was withdrawn, ``seen`` when the reader was told, 0 while they have not been.
    """

    id: str
    patient: int
    document: str
    reason: Reason
    at: int
    reader: Actor
    looks: tuple[str, ...]
    first: int
    last: int
    seen: int = 0


class TellingReader(Protocol):
    """Who has been told of what."""

    def tellings(self, patient: int) -> tuple[Telling, ...]:
        """Every telling of documents of the patient, linked keys included."""

    def tellings_of(self, who: str) -> tuple[Telling, ...]:
        """Every telling to a person or an organisation, as :func:`person` and :func:`organisation` name them."""

    def once_linked(self, patient: int) -> tuple[int, ...]:
        """The key and every key that is or ever was linked with it, directly or through others, ascending."""


class TellingKeeper(TellingReader, Protocol):
    """Tellings inside a transaction."""

    def put_telling(self, telling: Telling) -> None:
        """Add a telling, or replace the one with its id."""


def addressees(reader: Actor) -> tuple[str, ...]:
    """Everybody a telling to a reader is for: themselves, and the organisation they looked for."""
    return tuple(who for who in (person(reader), organisation(reader)) if who)


def person(reader: Actor) -> str:
    """A reader by what they are known by."""
    return f"{reader.kind}|{reader.id}"


def organisation(reader: Actor) -> str:
    """The organisation a professional looked for; empty where there is none."""
    place = reader.organisation
    return f"organisation|{place.system}|{place.value}" if place and reader.kind == "professional" else ""
