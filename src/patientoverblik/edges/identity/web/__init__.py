"""Login for people at a browser: OpenID Connect with any provider, by a file that says which claim holds what."""

from patientoverblik.edges.identity.web.claims import ClaimsMap, load_claims
from patientoverblik.edges.identity.web.keys import Known
from patientoverblik.edges.identity.web.login import Party, begin, finish, logged_out, way_out
from patientoverblik.edges.identity.web.model import (
    ANSWER_PATH,
    LOGOUT_PATH,
    Begun,
    Client,
    Entered,
    LoggedOut,
    Metadata,
    Secret,
)
from patientoverblik.edges.identity.web.network import Network
from patientoverblik.edges.identity.web.seal import Seal, new_key

__all__ = [
    "ANSWER_PATH",
    "LOGOUT_PATH",
    "Begun",
    "ClaimsMap",
    "Client",
    "Entered",
    "Known",
    "LoggedOut",
    "Metadata",
    "Network",
    "Party",
    "Seal",
    "Secret",
    "begin",
    "finish",
    "load_claims",
    "logged_out",
    "new_key",
    "way_out",
]
