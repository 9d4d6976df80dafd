"""The three ways to a token, as the library's grants: a citizen's code, a refresh token, and a system's own proof."""

from typing import Any

from authlib.oauth2.rfc6749 import InvalidRequestError, InvalidScopeError
from authlib.oauth2.rfc6749.grants import AuthorizationCodeGrant, ClientCredentialsGrant, RefreshTokenGrant
from authlib.oauth2.rfc7636 import CodeChallenge

from patientoverblik.edges.identity.authorisation.client import Client
from patientoverblik.edges.identity.authorisation.held import Held
from patientoverblik.edges.identity.authorisation.model import Grant
from patientoverblik.edges.identity.authorisation.office import new_secret
from patientoverblik.edges.identity.authorisation.wire import Asked
from patientoverblik.edges.identity.scopes import granted

PROOFS = ["none", "client_secret_basic", "private_key_jwt", "tls_client_auth"]
BACKEND_PROOFS = ["private_key_jwt", "tls_client_auth"]


class CodeGrant(AuthorizationCodeGrant):
    """Authorization code: asked for on the page, brought to the token endpoint once."""

    TOKEN_ENDPOINT_AUTH_METHODS = PROOFS

    def generate_authorization_code(self) -> str:
        """A new code."""
        return new_secret()

    def save_authorization_code(self, code: str, request: Asked) -> None:
        """Keep what was allowed, and the code's hash."""
        self.server.allowed(code, request)

    def query_authorization_code(self, code: str, client: Client) -> Held | None:
        """What a code stands for, if this app may use it now."""
        found: Held | None = self.server.held(code, "code", client)
        return found

    def delete_authorization_code(self, authorization_code: Held) -> None:
        """Nothing: it was spent in the same act that kept what follows it."""

    def authenticate_user(self, authorization_code: Held) -> Grant:
        """On whose behalf."""
        return authorization_code.grant

    def generate_token(self, user: Any = None, scope: Any = None, **_: Any) -> Any:
        """The token's answer."""
        return self.server.issue(self.request, user, scope)


class Challenge(CodeChallenge):
    """PKCE by S256, for every app and without exception (RFC 9700 §2.1.1)."""

    DEFAULT_CODE_CHALLENGE_METHOD = "S256"
    SUPPORTED_CODE_CHALLENGE_METHOD = ("S256",)

    def validate_code_challenge(self, grant: CodeGrant, redirect_uri: str) -> None:
        """Refuse a request without one, and any other method."""
        if grant.request.payload.data.get("code_challenge_method") != "S256":
            raise InvalidRequestError("The code_challenge_method must be S256.")
        super().validate_code_challenge(grant, redirect_uri)


class RefreshGrant(RefreshTokenGrant):
    """A refresh token, spent for an access token and the next refresh token."""

    TOKEN_ENDPOINT_AUTH_METHODS = PROOFS
    INCLUDE_NEW_REFRESH_TOKEN = True

    def authenticate_refresh_token(self, refresh_token: str) -> Held | None:
        """What a refresh token stands for, if this app may use it now."""
        found: Held | None = self.server.held(refresh_token, "refresh", self.request.client)
        return found

    def _validate_token_scope(self, token: Held) -> None:
        """Refuse to give more than was given; the library knows words only, not that one scope holds another."""
        asked = (self.request.payload.scope or "").split()
        if set(granted(token.what.scopes, asked)) != set(asked):
            raise InvalidScopeError()

    def authenticate_user(self, refresh_token: Held) -> Grant:
        """On whose behalf."""
        return refresh_token.grant

    def revoke_old_credential(self, refresh_token: Held) -> None:
        """Nothing: it was spent in the same act that kept the next."""

    def generate_token(self, user: Any = None, scope: Any = None, **_: Any) -> Any:
        """The token's answer."""
        return self.server.issue(self.request, user, scope)


class BackendGrant(ClientCredentialsGrant):
    """SMART Backend Services: a system's own proof gives a token of system scopes, and no refresh token."""

    TOKEN_ENDPOINT_AUTH_METHODS = BACKEND_PROOFS

    def generate_token(self, scope: Any = None, **_: Any) -> Any:
        """The token's answer; a request for nothing the system may have is refused."""
        allowed = self.request.client.get_allowed_scope(scope)
        if allowed is None:
            raise InvalidScopeError()
        return self.server.issue(self.request, None, allowed)
