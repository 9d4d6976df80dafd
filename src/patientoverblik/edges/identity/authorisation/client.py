"""A registered app as the library's client: what it may ask for and how it proves who it is."""

import hashlib
import hmac

from authlib.oauth2.rfc6749 import ClientMixin

from patientoverblik.edges.identity.authorisation.apps import App
from patientoverblik.edges.identity.scopes import granted

GRANT_TYPES = {"citizen": ("authorization_code", "refresh_token"), "backend": ("client_credentials",)}


class Client(ClientMixin):
    """One app, asked by the library's grants."""

    def __init__(self, app: App) -> None:
        """The app by its registration."""
        self.app = app

    def get_client_id(self) -> str:
        """The app's id."""
        return self.app.id

    def get_default_redirect_uri(self) -> None:
        """There is none: an app says where it wants to be sent back."""

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """The scopes of a request that the app may have; None, which is a fault, where there are none."""
        return " ".join(granted(self.app.scopes, (scope or "").split())) or None

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        """Whether it is exactly one that was registered (RFC 9700 §4.1.3)."""
        return redirect_uri in self.app.redirects

    def check_client_secret(self, client_secret: str) -> bool:
        """Whether the secret is the app's, in a time that tells nothing."""
        given = hashlib.sha256(client_secret.encode()).hexdigest()
        return hmac.compare_digest(given, self.app.secret_sha256.lower())

    def check_endpoint_auth_method(self, method: str, _endpoint: str) -> bool:
        """Whether the app proves itself in this way: each has one way, at every endpoint."""
        return method == self.app.authentication

    def check_response_type(self, response_type: str) -> bool:
        """Whether it may ask for this at the authorisation endpoint: a code, by an app of citizens."""
        return response_type == "code" and self.app.kind == "citizen"

    def check_grant_type(self, grant_type: str) -> bool:
        """Whether it may come for a token in this way."""
        return grant_type in GRANT_TYPES[self.app.kind]
