"""How an app proves who it is at the token endpoint: ``private_key_jwt`` (RFC 7523) and mutual TLS (RFC 8705).

SMART Backend Services adds: an assertion lives at most five minutes, and is used once.
"""

from collections.abc import Callable
from typing import Any

from authlib.oauth2.rfc6749 import InvalidClientError
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import Key
from joserfc.util import to_bytes

from patientoverblik.edges.identity.authorisation.client import Client
from patientoverblik.edges.identity.authorisation.office import Office, digest, use_once
from patientoverblik.edges.identity.authorisation.wire import Asked
from patientoverblik.edges.identity.certificate import Certificate, confirms

ALGORITHMS = ("ES256", "ES384", "RS256", "RS384", "PS256", "PS384")
LONGEST_SECONDS = 300
LEEWAY = 30
Query = Callable[[str], Client | None]


class AssertionProof(JWTBearerClientAssertion):
    """A client assertion, verified by the keys of the app's registration and by our clock."""

    CLIENT_AUTH_METHOD = "private_key_jwt"

    def __init__(self, office: Office) -> None:
        """For one authorisation server."""
        super().__init__(validate_jti=True, leeway=LEEWAY)
        self._office = office

    def get_audiences(self) -> list[str]:
        """The token endpoint, and the issuer."""
        return [f"{self._office.base}/oauth/token", self._office.base]

    def resolve_client_public_key(self, client: Client) -> Client:
        """The client itself: which of its keys is known only from the assertion's header."""
        return client

    def process_assertion_claims(self, assertion: str, resolve_key: Client) -> jwt.Claims:
        """The claims of an assertion that is signed by a key of the client and in order."""
        key = self._key(assertion, resolve_key)
        try:
            claims = jwt.decode(assertion, key, algorithms=list(ALGORITHMS)).claims
        except (JoseError, ValueError, TypeError):
            raise _refused("The assertion is not signed by a key of this client.") from None
        self.verify_claims(claims)
        return claims

    def verify_claims(self, claims: jwt.Claims) -> None:
        """Refuse claims that are not in order, and an assertion that was used before."""
        now = self._office.clock() // 1000
        texts = dict.fromkeys(("iss", "sub", "jti"), jwt.ClaimsOption(essential=True))
        audience = jwt.ClaimsOption(essential=True, values=[*self.get_audiences()])
        rules = jwt.JWTClaimsRegistry(
            now=now, leeway=LEEWAY, exp=jwt.ClaimsOption(essential=True), aud=audience, **texts
        )
        try:
            rules.validate(claims)
        except JoseError:
            raise _refused("A claim of the assertion is missing, wrong or out of date.") from None
        if claims["sub"] != claims["iss"] or claims["exp"] > now + LONGEST_SECONDS + LEEWAY:
            raise _refused("The assertion must be by and of the client, for at most five minutes.")
        if not self.validate_jti(claims, claims["jti"]):
            raise _refused("The assertion was used before.")

    def validate_jti(self, claims: jwt.Claims, jti: str) -> bool:
        """Whether the assertion is used for the first time; only a hash of its id is kept."""
        until = int(claims["exp"] + LEEWAY) * 1000
        name = digest(f"{claims['sub']} {jti}")
        return use_once(self._office, f"assertion:{name}", until)

    def _key(self, assertion: str, client: Client) -> Key:
        keys = self._office.app_keys.get(client.app.id)
        kid = jws.extract_compact(to_bytes(assertion)).headers().get("kid")
        found = keys.find(kid, self._office.clock()) if keys and isinstance(kid, str | None) else None
        if found is None:
            raise _refused("The assertion names no key of this client.")
        return found


class CertificateProof:
    """``tls_client_auth``: the connection's client certificate is the one registered."""

    def __init__(self, office: Office) -> None:
        """For one authorisation server."""
        self._office = office

    def __call__(self, query_client: Query, request: Asked) -> Client | None:
        """The client whose certificate it is, None where it is nobody's."""
        certificate = request.sent.certificate
        client = query_client(request.payload.client_id or "")
        if client is None or certificate is None or not certificate.valid(self._office.clock()):
            return None
        return client if _is_registered(client, certificate) else None


def _is_registered(client: Client, certificate: Certificate) -> bool:
    app = client.app
    if app.tls_thumbprint:
        return confirms(certificate, app.tls_thumbprint)
    return bool(app.tls_subject) and certificate.subject == app.tls_subject


def _refused(description: str) -> Any:
    return InvalidClientError(description=description, status_code=401)
