"""ITI-61 Register On-Demand Document Entry (TF-2 3.61): a document that is made when somebody asks for it."""

from patientoverblik.edges.soap.call import Call, Reply
from patientoverblik.edges.soap.iti42_register import registered
from patientoverblik.edges.soap.submission import ON_DEMAND


async def register_on_demand(call: Call) -> Reply:
    """Register documents that are made on demand, whole or not at all."""
    return await registered(call, ON_DEMAND)
