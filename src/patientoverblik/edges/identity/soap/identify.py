"""From a SOAP message to who sent it: the token verified, the holder proven, the HSUID header held against the token.

The token is signed and decides who somebody is. The HSUID header says the rest (patient, organisation, for whom,
override) and can only narrow what the token says or agree with it: never another person, never a professional who comes
as a citizen, never an organisation that the company does not speak for.
"""

import hashlib
from collections.abc import Awaitable, Iterator
from typing import Protocol

import msgspec

from patientoverblik.access import OrganisationRef
from patientoverblik.edges.identity.certificate import Certificate
from patientoverblik.edges.identity.model import Identified, Unidentified
from patientoverblik.edges.identity.soap.actors import identified
from patientoverblik.edges.identity.soap.envelope import Envelope
from patientoverblik.edges.identity.soap.holder import Proof, prove
from patientoverblik.edges.identity.soap.hsuid import Hsuid, read_hsuid
from patientoverblik.edges.identity.soap.medcom import read_header
from patientoverblik.edges.identity.soap.purposes import uses
from patientoverblik.edges.identity.soap.remembered import Known, read_token, remembered
from patientoverblik.edges.identity.soap.token import Token
from patientoverblik.edges.identity.soap.trust import Trust
from patientoverblik.problems import Finding


class Once(Protocol):
    """Something that may be used once: the storage's ``use_once``, made durable, so that every worker knows it."""

    def __call__(self, name: str, until: int, at: int) -> Awaitable[bool]:
        """Whether ``name`` is used for the first time; it is remembered until ``until`` (milliseconds UTC)."""


class Demands(msgspec.Struct, frozen=True):
    """What one transaction demands of its caller: an HSUID header, a person's own token (a system's is not enough).
    ``itself``: a system comes as itself, without a header, and its word for a person is not enough."""

    hsuid: bool = True
    person: bool = False
    itself: bool = False


class Examined(msgspec.Struct, frozen=True):
    """Somebody, and what must be seen to be used for the first time before they are believed: names and until when."""

    identified: Identified
    once: tuple[tuple[str, int], ...] = ()


async def identify(
    envelope: Envelope,
    now: int,
    trust: Trust,
    once: Once,
    demands: Demands,
    caller: Certificate | None = None,
    known: Known | None = None,
) -> Identified | Unidentified:
    """Who sent a message, at ``now`` (milliseconds UTC); ``caller`` is the TLS client certificate, if there is one.

    ``known`` is a dictionary of this process in which verified tokens are remembered for this trust.
    """
    found = examine(envelope, now, trust, demands, caller, known)
    if isinstance(found, Unidentified):
        return found
    for name, until in found.once:
        if not await once(name, until, now):
            return Unidentified("identity.soap-replay")
    return found.identified


def examine(
    envelope: Envelope,
    now: int,
    trust: Trust,
    demands: Demands,
    caller: Certificate | None = None,
    known: Known | None = None,
) -> Examined | Unidentified:
    """The same, without asking whether it was used before."""
    token = (
        remembered(envelope.token, now, trust, known) if known is not None else read_token(envelope.token, now, trust)
    )
    if isinstance(token, Unidentified):
        return token
    if code := _barred(envelope, token, trust, demands):
        return Unidentified(code)
    proof = prove(envelope, trust.unrevoked(token.holders), now, trust, caller) if token.holders else Proof()
    if isinstance(proof, Unidentified):
        return proof
    user = _user(envelope, token, trust, demands)
    if isinstance(user, Unidentified):
        return user
    stated = uses(token.purpose, "citizen" if token.user == "citizen" else "professional")
    if stated is None:
        return Unidentified("identity.soap-purpose")
    return Examined(identified(token, user, stated, trust), tuple(_claims(token, proof)))


def _barred(envelope: Envelope, token: Token, trust: Trust, demands: Demands) -> str:
    """Empty if a caller with this token may call; else the code."""
    if trust.callers is not None and token.user != "citizen" and token.cvr not in trust.callers:
        return "identity.soap-cvr-not-listed"
    if token.level == 3 and token.cvr not in trust.level_3:
        return "identity.soap-cvr-not-listed"
    vouches = demands.itself and envelope.hsuid is not None
    if token.user == "system" and (demands.person or vouches):
        return "identity.dgws-level" if token.kind == "dgws" else "identity.soap-no-person"
    return _wrong_header(envelope, token) if token.kind == "dgws" else ""


def _wrong_header(envelope: Envelope, token: Token) -> str:
    """Empty if the MedCom header fits the card: it may ask for no more than the card's level, and for no receipt."""
    asked = read_header(envelope.medcom)
    if isinstance(asked, Unidentified):
        return asked.code
    if asked.level and int(asked.level) > token.level:
        return "identity.dgws-level"
    return "identity.dgws-receipt" if asked.receipt else ""


def _claims(token: Token, proof: Proof) -> Iterator[tuple[str, int]]:
    if token.once:
        yield _name("token", token.issuer, token.id), token.until
    if proof.message:
        yield _name("message", token.issuer, token.id, proof.message), proof.until


def _name(*parts: str) -> str:
    """One short name for what is used once, whatever its length and characters."""
    return f"soap-{hashlib.sha256(msgspec.json.encode(parts)).hexdigest()}"


def _user(envelope: Envelope, token: Token, trust: Trust, demands: Demands) -> Hsuid | Unidentified | None:
    """The HSUID header where there is one, if it agrees with the token; every fault of it at once."""
    if envelope.hsuid is None:
        needed = demands.hsuid and not (demands.itself and token.user == "system")
        return Unidentified("identity.hsuid-none") if needed else None
    header = read_hsuid(envelope.hsuid)
    if not isinstance(header, Hsuid):
        return Unidentified(header[0].code, header)
    faults = tuple(_disagreements(header, token, trust))
    return Unidentified(faults[0].code, faults) if faults else header


def _disagreements(header: Hsuid, token: Token, trust: Trust) -> Iterator[Finding]:
    if token.user == "system" and not header.professional:
        yield Finding("identity.hsuid-citizen-by-system")
    elif token.user != "system" and header.professional != (token.user == "professional"):
        yield Finding("identity.hsuid-other-kind")
    if token.person and header.acting != token.person:
        yield Finding("identity.hsuid-other-person")
    if not _within(token, header.patient):
        yield Finding("identity.hsuid-other-patient")
    if token.authorisation and header.responsible == header.acting and header.authorisation != token.authorisation:
        yield Finding("identity.hsuid-other-authorisation")
    if token.behalf and token.behalf.authorisation not in ("", header.authorisation):
        yield Finding("identity.hsuid-other-authorisation")
    if header.override and not header.professional:
        yield Finding("identity.hsuid-override")
    if header.organisation is not None and not _speaks_for(token, header.organisation, trust):
        yield Finding("identity.hsuid-organisation")


def _within(token: Token, patient: str) -> bool:
    """Whether a token that is bound to a patient is bound to this one."""
    if token.patient:
        return patient == token.patient
    return token.behalf is None or not token.behalf.person or patient in (token.behalf.person, token.person)


def _speaks_for(token: Token, organisation: OrganisationRef, trust: Trust) -> bool:
    """By what is configured for the company, else by the token where it names more than the company.

    Else the header alone says it, which counts only where the installation allows it, and for none that another company
    is configured for.
    """
    rows, signed = trust.organisations.get(token.cvr), token.organisation
    if rows is not None:
        return any(row.same(organisation) for row in rows)
    if signed is not None and signed.value != token.cvr:
        return signed.same(organisation)
    others = (row for rows in trust.organisations.values() for row in rows)
    return trust.unclaimed and not any(row.same(organisation) for row in others)
