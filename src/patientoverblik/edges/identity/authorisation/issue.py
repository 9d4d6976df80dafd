"""The tokens we sign: an access token (RFC 9068) and an id token (OpenID Connect Core §2)."""

from collections.abc import Sequence

from authlib.oidc.core.util import create_half_hash

from patientoverblik.edges.identity.authorisation.held import Held
from patientoverblik.edges.identity.authorisation.model import Grant
from patientoverblik.edges.identity.authorisation.office import Office, new_secret
from patientoverblik.edges.identity.authorisation.signing import ALGORITHM
from patientoverblik.edges.identity.authorisation.wire import Asked

GRANT_CLAIM = "grant"


def access_token(office: Office, request: Asked, grant: Grant | None, scope: str, until: int) -> str:
    """A token for our own doors; bound to the client certificate where the app proved itself by one (RFC 8705 §3)."""
    now, app = office.clock() // 1000, request.client.app
    claims: dict[str, object] = {
        "iss": office.base,
        "aud": office.base,
        "sub": grant.subject if grant else app.id,
        "client_id": app.id,
        "iat": now,
        "exp": until // 1000,
        "jti": new_secret(),
        "scope": scope,
    }
    if grant is not None:
        claims[GRANT_CLAIM] = grant.id
    if request.auth_method == "tls_client_auth" and request.sent.certificate:
        claims["cnf"] = {"x5t#S256": request.sent.certificate.thumbprint}
    return office.signing.sign(claims, "at+jwt")


def id_token(office: Office, code: Held, scopes: Sequence[str], access: str, until: int) -> str:
    """Who allowed it, for the app alone: a name nobody else knows them by, and what they are (``fhirUser``)."""
    grant, now = code.grant, office.clock() // 1000
    claims: dict[str, object] = {
        "iss": office.base,
        "aud": grant.app,
        "sub": grant.subject,
        "iat": now,
        "exp": until // 1000,
        "auth_time": code.what.authenticated // 1000,
        "at_hash": create_half_hash(access, ALGORITHM).decode(),
    }
    if code.what.nonce:
        claims["nonce"] = code.what.nonce
    if "fhirUser" in scopes:
        own = grant.purpose == "own-overview"
        claims["fhirUser"] = f"Patient/{grant.handle}" if own else f"RelatedPerson/{grant.subject}"
    return office.signing.sign(claims, "JWT")
