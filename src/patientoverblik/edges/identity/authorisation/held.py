"""A code or refresh token as the library's grants ask about it."""

from authlib.oauth2.rfc6749 import AuthorizationCodeMixin, TokenMixin

from patientoverblik.edges.identity.authorisation.client import Client
from patientoverblik.edges.identity.authorisation.model import Grant, Spendable


class Held(AuthorizationCodeMixin, TokenMixin):
    """A secret somebody came with, what it stands for, and the grant it is under."""

    code_challenge_method = "S256"

    def __init__(self, secret: str, what: Spendable, grant: Grant) -> None:
        """All three belong together."""
        self.secret = secret
        self.what = what
        self.grant = grant
        self.code_challenge = what.challenge

    def get_redirect_uri(self) -> str:
        """The address the code was sent to."""
        return self.what.redirect

    def get_scope(self) -> str:
        """The scopes it gives."""
        return " ".join(self.what.scopes)

    def check_client(self, client: Client) -> bool:
        """Whether it was given to this app."""
        return self.grant.app == client.app.id
