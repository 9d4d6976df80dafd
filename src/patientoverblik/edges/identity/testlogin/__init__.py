"""The test login of the demo: a small OpenID provider of invented people, in the demo and nowhere else."""

from patientoverblik.edges.identity.testlogin.model import (
    CLIENT,
    PATH,
    House,
    Invented,
    Keys,
    new_signing_key,
    signing_key,
)
from patientoverblik.edges.identity.testlogin.provider import demo_provider

__all__ = ["CLIENT", "PATH", "House", "Invented", "Keys", "demo_provider", "new_signing_key", "signing_key"]
