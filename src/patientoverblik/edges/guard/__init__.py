"""What stands before every door: hosts, origins, how often somebody may ask, and the headers of every answer."""

from patientoverblik.edges.guard.caller import inflated, known, turned_away
from patientoverblik.edges.guard.cause import Incoming, answering, asked_by, current_cause, id_of, request_id
from patientoverblik.edges.guard.gate import Refuse, guarded
from patientoverblik.edges.guard.limits import Limits
from patientoverblik.edges.guard.model import Guard, Rates

__all__ = [
    "Guard",
    "Incoming",
    "Limits",
    "Rates",
    "Refuse",
    "answering",
    "asked_by",
    "current_cause",
    "guarded",
    "id_of",
    "inflated",
    "known",
    "request_id",
    "turned_away",
]
