"""What every way of proving an identity gives: somebody identified, or a refusal that tells nothing of the token."""

import msgspec

from patientoverblik.access import Actor, Purpose
from patientoverblik.problems import Finding
from patientoverblik.sharing.model import PatientId


def scoped(issuer: str, subject: str) -> str:
    """An actor's id: what an issuer calls somebody, within that issuer, so that two issuers' equal subjects are never
    one actor. ``issuer`` is empty for ids of the house's own making, which no subject of another can look like."""
    if not issuer and "#" not in subject:
        return subject
    return f"{issuer.replace('%', '%25').replace('#', '%23')}#{subject}"


class Override(msgspec.Struct, frozen=True):
    """A wish carried by the wire to look in spite of a block ("værdispring"); ``reason`` is empty where the wire
    has no place for one."""

    ground: str = ""
    reason: str = ""


class Identified(msgspec.Struct, frozen=True):
    """Somebody a trusted issuer vouches for, until ``until`` (milliseconds UTC, exclusive).

    ``own`` is the actor's own person number where the token carries one (its patient key is looked up by the service,
    so ``actor.person`` is 0); ``patient`` the one the token or launch is bound to, by number, or by key in a token of
    our own; ``scopes`` the OAuth scopes granted, None where the protocol has none; ``token`` the token's own id
    (``jti``, assertion id) for the audit record, and ``issuer`` who vouched. ``override`` is what the wire says of an
    override, None if it asks for none.
    """

    actor: Actor
    until: int
    own: PatientId | None = None
    patient: PatientId | int | None = None
    purpose: Purpose | None = None
    scopes: frozenset[str] | None = None
    token: str = ""
    issuer: str = ""
    override: Override | None = None


class Unidentified(msgspec.Struct, frozen=True):
    """Nobody: the problem code (``identity.…``) that says why, without a word of the token.

    ``findings`` holds every fault where a protocol wants them all at once; ``code`` is then the first one's.
    """

    code: str
    findings: tuple[Finding, ...] = ()
