"""What stands before every door: hosts, origins, how often somebody may ask, and the headers of every answer."""

from patientoverblik.edges.guard.caller import known, turned_away
from patientoverblik.edges.guard.gate import Refuse, guarded
from patientoverblik.edges.guard.limits import Limits
from patientoverblik.edges.guard.model import Guard, Rates

__all__ = ["Guard", "Limits", "Rates", "Refuse", "guarded", "known", "turned_away"]
