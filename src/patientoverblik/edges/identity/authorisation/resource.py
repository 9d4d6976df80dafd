"""Our own tokens at our own doors: what a citizen has allowed is looked up when the token is used, so withdrawal holds
at once."""

from functools import partial

import msgspec

from patientoverblik.access import Actor
from patientoverblik.edges.identity.authorisation.apps import App
from patientoverblik.edges.identity.authorisation.issue import GRANT_CLAIM
from patientoverblik.edges.identity.authorisation.model import Grant
from patientoverblik.edges.identity.authorisation.office import Office, grant_by_id
from patientoverblik.edges.identity.authorisation.signing import ALGORITHM
from patientoverblik.edges.identity.bearer import Claims, Issuer, scope_words
from patientoverblik.edges.identity.keys import TrustedKeys
from patientoverblik.edges.identity.model import Identified, Unidentified
from patientoverblik.edges.identity.scopes import granted


def own_issuer(office: Office) -> Issuer:
    """We ourselves as an issuer."""
    return Issuer(
        issuer=office.base,
        keys=TrustedKeys(lambda: office.signing.published),
        audiences=(office.base,),
        meaning=partial(_meaning, office),
        algorithms=(ALGORITHM,),
    )


def _meaning(office: Office, claims: Claims, at: int) -> Identified | Unidentified:
    app = office.apps.get(claims["client_id"])
    if app is None:
        return Unidentified("identity.app-ended")
    if app.kind == "backend":
        return _identified(claims, _system(app), granted(app.scopes, scope_words(claims)))
    grant = grant_by_id(office.storage.reader(), claims.get(GRANT_CLAIM, ""))
    if grant is None or grant.app != app.id or not grant.live(at):
        return Unidentified("identity.app-ended")
    scopes = granted(app.scopes, granted(grant.scopes, scope_words(claims)))
    person = msgspec.structs.replace(grant.actor, client=app.name, session=grant.id)
    return _identified(claims, person, scopes, grant)


def _identified(claims: Claims, actor: Actor, scopes: tuple[str, ...], grant: Grant | None = None) -> Identified:
    until = int(claims["exp"]) * 1000
    return Identified(
        actor=actor,
        until=min(until, grant.until) if grant else until,
        patient=grant.patient if grant else None,
        purpose=grant.purpose if grant else "delivery",
        scopes=frozenset(scopes),
        token=claims["jti"],
        issuer=claims["iss"],
    )


def _system(app: App) -> Actor:
    return Actor(kind="system", id=app.id, name=app.name, organisation=app.organisation, client=app.id)
