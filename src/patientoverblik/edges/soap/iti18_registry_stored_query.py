"""ITI-18 Registry Stored Query (TF-2 3.18)."""

from typing import Any

import msgspec

from patientoverblik.access import Refusal
from patientoverblik.edges.soap.answers import query_response
from patientoverblik.edges.soap.call import Call, Reply
from patientoverblik.edges.soap.looking import notices, set_aside
from patientoverblik.edges.soap.objects import leaves, references
from patientoverblik.edges.soap.query import StoredQuery, read_query
from patientoverblik.edges.soap.submission import RELATIONS
from patientoverblik.problems import Finding
from patientoverblik.service import registry
from patientoverblik.sharing.find import Query
from patientoverblik.sharing.stored_query import BOTH, QueryName, Wanted

OF_ENTRY = frozenset(Query.__struct_fields__) - {"uuids", "unique_ids", "logical_ids", "authors", "limit", "after"}
OF_QUERY = frozenset(Wanted.__struct_fields__)
GETS = ("GetDocuments", "GetDocumentsAndAssociations", "GetRelatedDocuments")
MOST = 1000
PLAIN = 1
"""The metadata level of a reader who never updates, where it is asked for by name."""


async def stored_query(call: Call) -> Reply:
    """Answer a stored query with what exists for the sender."""
    asked = read_query(call.message.request)
    return Reply(query_response((), asked)) if not isinstance(asked, StoredQuery) else await found(call, asked)


async def found(call: Call, asked: StoredQuery) -> Reply:
    """The answer to a query that is understood."""
    refused = await set_aside(call)
    if refused is not None:
        return Reply(query_response((), (refused,)))
    patient, bound = asked.values.get("patient"), call.who.patient
    answer = await registry.query(call.house, call.actor, call.purpose, wanted(asked), patient, bound)
    if isinstance(answer, Refusal):
        return Reply(query_response((), (Finding(answer.code),)))
    told = tuple(notices(answer.filtered, answer.overridden))
    if asked.wanted == "ObjectRef":
        return Reply(query_response(references(answer, call.house.home), told))
    if len(answer.found.entries) > MOST:
        return Reply(query_response((), (Finding("xds.too-many-results"),)))
    plain = asked.values.get("level") == PLAIN
    return Reply(query_response(leaves(answer, call.house.home, plain), told))


def wanted(asked: StoredQuery) -> Wanted:
    """The query in the registry's own terms: by ids every version and kind is found, else what is stable."""
    values = dict(asked.values)
    entry: dict[str, Any] = {name: value for name, value in values.items() if name in OF_ENTRY}
    if "statuses" not in values:
        entry["statuses"] = BOTH
    if asked.name in GETS and "object_types" not in values and asked.name != "GetRelatedDocuments":
        entry["object_types"] = ("stable", "on-demand")
    if asked.name.startswith("FindDocuments"):
        entry["authors"] = values.get("authors", ())
    if "association_types" in values:
        values["association_types"] = tuple(RELATIONS[uri] for uri in values["association_types"] if uri in RELATIONS)
    rest = {name: value for name, value in values.items() if name in OF_QUERY - OF_ENTRY}
    return Wanted(msgspec.convert(asked.name, QueryName), Query(**entry), **rest)
