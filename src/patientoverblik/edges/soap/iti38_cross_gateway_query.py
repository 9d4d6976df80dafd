"""ITI-38 Cross Gateway Query (TF-2 3.38): another community's gateway asks, and is answered as anybody is.

A query that names no patient must name our community, so that it is put to the right one.
"""

from patientoverblik.edges.soap.answers import query_response
from patientoverblik.edges.soap.call import Call, Reply
from patientoverblik.edges.soap.iti18_registry_stored_query import found
from patientoverblik.edges.soap.objects import community
from patientoverblik.edges.soap.query import StoredQuery, read_query
from patientoverblik.problems import Finding


async def cross_gateway_query(call: Call) -> Reply:
    """Answer another community's stored query."""
    asked = read_query(call.message.request)
    if not isinstance(asked, StoredQuery):
        return Reply(query_response((), asked))
    fault = home_fault(asked.home, call.house.home, needed="patient" not in asked.values)
    return await found(call, asked) if fault is None else Reply(query_response((), (fault,)))


def home_fault(said: str, home: str, *, needed: bool) -> Finding | None:
    """What is wrong with the community that a request names: none where one is needed, or not ours."""
    if not said:
        return Finding("xds.missing-community") if needed else None
    return None if community(said) == community(home) else Finding("xds.unknown-community")
