"""ITI-86 Remove Documents (RMD supplement, 3.86): bytes of documents whose entries are gone, taken away for good."""

from patientoverblik.edges.soap.answers import registry_response
from patientoverblik.edges.soap.call import Call, Reply
from patientoverblik.edges.soap.iti43_retrieve_document_set import fault_of, wishes_of
from patientoverblik.problems import Finding
from patientoverblik.service.model import Refused
from patientoverblik.service.remove import remove_documents


async def remove_document_set(call: Call) -> Reply:
    """Take the named documents away; all of them, or none."""
    wishes = tuple(wishes_of(call.message.request))
    faults = [fault for one in wishes if (fault := fault_of(call, one)) is not None]
    if faults or not wishes:
        return Reply(registry_response("Failure", faults or (Finding("xds.nothing-named"),)))
    answer = await remove_documents(call.house, call.actor, tuple(one.document for one in wishes))
    if isinstance(answer, Refused):
        return Reply(registry_response("Failure", answer.findings))
    return Reply(registry_response("Success"))
