"""A verified token and the header that agrees with it as an actor: who acts, for whom, from which organisation.

A professional is known by the national authorisation id. People who have none are known by the pseudonym their issuer
gives them, within that issuer, else by one made from their number under the installation's secret: a number never
stands as an actor's id.
"""

import hmac

from patientoverblik.access import Actor, ActorKind, OrganisationRef, Principal
from patientoverblik.edges.identity.model import Identified, Override, scoped
from patientoverblik.edges.identity.soap.hsuid import Hsuid
from patientoverblik.edges.identity.soap.numbers import holds_number, patient_id
from patientoverblik.edges.identity.soap.purposes import Use
from patientoverblik.edges.identity.soap.token import Token
from patientoverblik.edges.identity.soap.trust import Trust
from patientoverblik.service.capacity import usual_purpose


def identified(token: Token, header: Hsuid | None, uses: tuple[Use, ...], trust: Trust) -> Identified:
    """Somebody, by a token that holds and a header that agrees with it."""
    number = token.person or (header.acting if header else "")
    patient = _patient(token, header)
    kind = _kind(token, header, number, patient)
    asks = (header is not None and header.override) or any(use.override for use in uses)
    return Identified(
        actor=_actor(token, header, kind, number, trust),
        until=token.until,
        own=patient_id(number),
        patient=patient_id(patient),
        purpose=usual_purpose(kind),
        token=token.id,
        issuer=token.issuer,
        override=Override() if asks and kind == "professional" else None,
    )


def _patient(token: Token, header: Hsuid | None) -> str:
    """Whose data are asked for; a citizen who names nobody asks for their own."""
    behalf = token.behalf.person if token.behalf else ""
    own = token.person if token.user == "citizen" else ""
    return (header.patient if header else "") or token.patient or behalf or own


def _kind(token: Token, header: Hsuid | None, number: str, patient: str) -> ActorKind:
    """A citizen who asks for another person's data comes as their relative; the right to it is decided elsewhere."""
    if token.user == "citizen":
        return "citizen" if patient in ("", number) else "relative"
    return "professional" if token.user == "professional" or header is not None else "system"


def _actor(token: Token, header: Hsuid | None, kind: ActorKind, number: str, trust: Trust) -> Actor:
    vouched = token.user == "system" and header is not None
    authorisation = token.authorisation
    if header is not None and vouched and header.responsible == header.acting:
        authorisation = header.authorisation
    works = kind in ("professional", "system")
    return Actor(
        kind=kind,
        id=_id(token, kind, number, authorisation, "" if vouched else token.name_id, trust),
        name="" if vouched else token.name,
        role=token.role,
        organisation=_organisation(token, header, trust) if works else None,
        session=f"{token.kind}:{token.id}",
        authorisation=authorisation,
        national_role=token.national_role,
        principal=_principal(token, header, trust) if kind == "professional" else None,
        client=header.system if header else token.client,
    )


def _id(token: Token, kind: ActorKind, number: str, authorisation: str, name: str, trust: Trust) -> str:
    if kind == "system":
        return f"cvr:{token.cvr}:{token.client}"
    if kind == "professional" and authorisation.isalnum():
        return authorisation
    known = scoped(token.issuer, name or authorisation)
    return known if name and not holds_number(name) else pseudonym(number or known, trust)


def pseudonym(number: str, trust: Trust) -> str:
    """The same name for the same number, which nobody without the installation's secret can lead back to it."""
    return hmac.new(trust.secret, number.encode(), "sha256").hexdigest()[:32]


def _organisation(token: Token, header: Hsuid | None, trust: Trust) -> OrganisationRef | None:
    """What the message names, else what the token names, else what the company acts for by configuration."""
    rows = trust.organisations.get(token.cvr, ())
    named = header.organisation if header else None
    if named is not None:
        return next((row for row in rows if row.same(named)), named)
    signed = token.organisation
    company = signed is None or signed.value == token.cvr
    return rows[0] if company and rows else signed


def _principal(token: Token, header: Hsuid | None, trust: Trust) -> Principal | None:
    """The professional who answers for it, where that is another than the one at the keyboard."""
    if token.behalf and token.behalf.authorisation:
        code = token.behalf.authorisation
        return Principal(code, role=token.behalf.role, authorisation=code)
    if header is None or not header.responsible or header.responsible == header.acting:
        return None
    return Principal(header.authorisation or pseudonym(header.responsible, trust), authorisation=header.authorisation)
