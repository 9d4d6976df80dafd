"""What a verified token says, whichever of the two kinds it is: facts, not yet an actor."""

from typing import Literal

import msgspec

from patientoverblik.access import OrganisationRef
from patientoverblik.edges.identity.soap.keys import PublicKey

UserKind = Literal["professional", "citizen", "system"]


class Behalf(msgspec.Struct, frozen=True):
    """For whom somebody acts: ``person`` a citizen's number under power of attorney or custody, else a professional
    by authorisation id, with what they are educated as."""

    person: str = ""
    authorisation: str = ""
    role: str = ""


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """A token whose signature, period and issuer hold. Times are milliseconds UTC; an empty text is not stated.

    ``once`` forbids a second use. ``holders`` are the keys whose proof makes the token valid; empty means that whoever
    bears it may use it. ``person`` is the user's own number, ``patient`` the one the token is bound to. ``level`` is
    the DGWS authentication level, 0 for a SAML assertion. ``purpose`` holds the codes of purpose of use.
    """

    kind: Literal["saml", "dgws"]
    id: str
    issuer: str
    until: int
    user: UserKind
    level: int = 0
    once: bool = False
    holders: tuple[PublicKey, ...] = ()
    name_id: str = ""
    person: str = ""
    name: str = ""
    role: str = ""
    authorisation: str = ""
    national_role: str = ""
    client: str = ""
    cvr: str = ""
    organisation: OrganisationRef | None = None
    patient: str = ""
    purpose: tuple[str, ...] = ()
    behalf: Behalf | None = None
