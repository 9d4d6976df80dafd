"""Who is at the door: tokens become an actor, whichever protocol carried them."""

from patientoverblik.edges.identity.model import Identified, Unidentified

__all__ = ["Identified", "Unidentified"]
