"""ITI-57 Update Document Set (TF-2 3.57): status both ways, and new versions of what is said of documents.

All of a request is judged before anything is changed.
"""

from patientoverblik.edges.soap.answers import registry_response
from patientoverblik.edges.soap.call import Call, Reply
from patientoverblik.edges.soap.iti41_provide_and_register import submitted
from patientoverblik.edges.soap.levels import group_of, judge
from patientoverblik.edges.soap.updates import noting, read_updates
from patientoverblik.service.model import Refused
from patientoverblik.service.update import update


async def update_document_set(call: Call) -> Reply:
    """Make the changes that the request asks for; all of them, or none."""
    asked = read_updates(submitted(call.message.request), call.house.ids.uuid)
    if isinstance(asked, tuple):
        return Reply(registry_response("Failure", asked))
    judged = judge(asked.soft, call.levels)
    if judged.refuse:
        return Reply(registry_response("Failure", judged.refuse))
    answer = await update(call.house, call.submitter, asked.patient, noting(asked, judged.keep))
    if isinstance(answer, Refused):
        return Reply(registry_response("Failure", answer.findings))
    told = (one for one in answer.findings if one.severity == "warning" and group_of(one.code) is None)
    return Reply(registry_response("Success", (*judged.warn, *told)))
