"""What follows a look beside the log: attempts that open for an override, follow-ups, notices to the patient."""

from typing import Literal

import msgspec

from patientoverblik.access.model import Actor, FollowUpKind, OrganisationRef

FollowUpState = Literal["pending", "confirmed", "not-confirmed", "explained"]
NoticeKind = Literal["override", "withdrawn", "answered", "taken", "declined", "begun"]


class Attempt(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A plain look that was refused or filtered, ``at`` milliseconds UTC; only after one may a look be an override.

    ``plain`` is a look of which the reader is not told whether anything was filtered (block notice "none").
    """

    actor: str
    session: str
    at: int
    outcome: Literal["refused", "filtered", "plain"]
    organisation: OrganisationRef | None = None
    act: str = ""


class FollowUp(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A look that somebody must account for by ``deadline`` (milliseconds UTC), or that a register must confirm.

    ``look`` is the look's id, ``answer`` what the organisation or officer said of it.
    """

    id: str
    patient: int
    look: str
    actor: Actor
    kind: FollowUpKind
    at: int
    deadline: int
    state: FollowUpState = "pending"
    answer: str = ""
    answered: int = 0


class Notice(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Something the patient is told at once on their own pages, ``at`` milliseconds UTC; ``seen`` when they saw it.

    ``about`` is what it is about: the opening of an override, a document that was withdrawn, a remark that was
    answered, a handover that was taken, declined or begun.
    """

    id: str
    patient: int
    kind: NoticeKind
    at: int
    actor: Actor
    about: str = ""
    seen: int = 0
