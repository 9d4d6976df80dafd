"""What the authorisation server remembers: what a citizen has allowed an app, and the secrets spent to use it."""

from typing import Literal

import msgspec

from patientoverblik.access import Actor, Purpose

End = Literal["", "withdrawn", "given-back", "used-twice"]
MINUTE = 60_000
DAY = 24 * 60 * MINUTE
ACCESS_LIFETIME = 15 * MINUTE
BACKEND_LIFETIME = 5 * MINUTE
CODE_LIFETIME = MINUTE


class Grant(msgspec.Struct, frozen=True, omit_defaults=True):
    """What somebody has allowed an app: to see one patient's overview in their name, for a time (milliseconds UTC).

    ``patient`` is the patient key of whose data, ``actor.person`` of who allowed it. ``subject`` is what the app knows
    the person by, ``handle`` the patient; neither says anything elsewhere. ``used`` is when the app first came for a
    token, ``ended`` when the permission ended before its time, and ``end`` why.
    """

    id: str
    patient: int
    app: str
    actor: Actor
    purpose: Purpose
    scopes: tuple[str, ...]
    at: int
    until: int
    subject: str
    handle: str
    label: str = ""
    used: int = 0
    ended: int = 0
    end: End = ""

    def live(self, at: int) -> bool:
        """Whether it is in force at a time."""
        return not self.ended and self.at <= at < self.until


class Spendable(msgspec.Struct, frozen=True, omit_defaults=True):
    """A secret given to an app that works once: an authorization code or a refresh token. Only hashes of it are kept.

    A refresh token is ``family.secret``: the family is the same as long as the grant lasts and finds this row; the
    secret is another each time. ``current`` is the hash of the one that is good now, so that every earlier one is known
    for what it is. ``scopes`` are those it gives, ``redirect`` and ``challenge`` what a code is bound to,
    ``authenticated`` when the person logged in, ``spent`` when a code was used (milliseconds UTC).
    """

    kind: Literal["code", "refresh"]
    grant: str
    patient: int
    until: int
    scopes: tuple[str, ...]
    redirect: str = ""
    challenge: str = ""
    nonce: str = ""
    authenticated: int = 0
    spent: int = 0
    current: str = ""
