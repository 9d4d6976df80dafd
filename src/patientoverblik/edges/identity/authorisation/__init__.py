"""A small authorisation server: what citizens allow their own apps, and what systems prove for themselves."""

from patientoverblik.edges.identity.authorisation.apps import App, AppsFault, read_apps
from patientoverblik.edges.identity.authorisation.office import Office
from patientoverblik.edges.identity.authorisation.resource import own_issuer
from patientoverblik.edges.identity.authorisation.server import Allowing, Server, Wish
from patientoverblik.edges.identity.authorisation.signing import (
    SigningFault,
    SigningKeys,
    generated_key,
    read_signing_keys,
    signing_keys,
)

__all__ = [
    "Allowing",
    "App",
    "AppsFault",
    "Office",
    "Server",
    "SigningFault",
    "SigningKeys",
    "Wish",
    "generated_key",
    "own_issuer",
    "read_apps",
    "read_signing_keys",
    "signing_keys",
]
