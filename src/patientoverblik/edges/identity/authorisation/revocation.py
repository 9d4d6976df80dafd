"""An app gives back what it was given (RFC 7009): the whole grant ends, whichever of its tokens is named."""

import json

from authlib.oauth2.rfc7009 import RevocationEndpoint
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from patientoverblik.access import Actor
from patientoverblik.edges.identity.authorisation import office as acts
from patientoverblik.edges.identity.authorisation.client import Client
from patientoverblik.edges.identity.authorisation.grants import PROOFS
from patientoverblik.edges.identity.authorisation.issue import GRANT_CLAIM
from patientoverblik.edges.identity.authorisation.model import Grant
from patientoverblik.edges.identity.authorisation.office import Office
from patientoverblik.edges.identity.authorisation.signing import ALGORITHM
from patientoverblik.edges.identity.authorisation.wire import Asked


class Given:
    """A grant found by one of its tokens."""

    def __init__(self, grant: Grant) -> None:
        """The grant."""
        self.grant = grant

    def check_client(self, client: Client) -> bool:
        """Whether it was given to this app."""
        return self.grant.app == client.app.id


class Revocation(RevocationEndpoint):
    """The endpoint; a token nobody was given is answered like one that has ended."""

    CLIENT_AUTH_METHODS = PROOFS

    def query_token(self, token_string: str, _hint: str | None) -> Given | None:
        """The grant of a refresh or access token."""
        office: Office = self.server.office
        held = acts.find_secret(office, token_string)
        id = held[0].grant if held else _grant_of(office, token_string)
        grant = acts.grant_by_id(office.storage.reader(), id) if id else None
        return Given(grant) if grant else None

    def revoke_token(self, token: Given, request: Asked) -> None:
        """End the grant."""
        app = request.client.app
        acts.end(self.server.office, token.grant, Actor(kind="system", id=app.id, name=app.name), "given-back")


def _grant_of(office: Office, token: str) -> str:
    """The grant an access token of ours names, empty where it is not ours."""
    try:
        keys = KeySet.import_key_set(json.loads(office.signing.published))
        claims = jwt.decode(token, keys, algorithms=[ALGORITHM]).claims
    except (JoseError, ValueError):
        return ""
    found = claims.get(GRANT_CLAIM, "")
    return found if isinstance(found, str) else ""
