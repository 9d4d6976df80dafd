"""ITI-39 Cross Gateway Retrieve (TF-2 3.39): another community's gateway fetches; every request names our community."""

import msgspec

from patientoverblik.edges.soap.answers import retrieve_response
from patientoverblik.edges.soap.call import Call, Reply
from patientoverblik.edges.soap.iti38_cross_gateway_query import home_fault
from patientoverblik.edges.soap.iti43_retrieve_document_set import fetched, wishes_of
from patientoverblik.problems import Finding


async def cross_gateway_retrieve(call: Call) -> Reply:
    """Answer another community's retrieval, if each of its documents is asked of us."""
    wishes = tuple(wishes_of(call.message.request))
    faults = [(home_fault(one.home, call.house.home, needed=True), one.document) for one in wishes]
    told: list[Finding] = [msgspec.structs.replace(fault, place=place) for fault, place in faults if fault is not None]
    return Reply(retrieve_response("Failure", (), told)) if told else await fetched(call, wishes)
