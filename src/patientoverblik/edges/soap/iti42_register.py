"""ITI-42 Register Document Set-b (TF-2 3.42): metadata alone, of documents that lie in another repository."""

from patientoverblik.edges.soap.answers import registry_response
from patientoverblik.edges.soap.call import Call, Reply
from patientoverblik.edges.soap.iti41_provide_and_register import delivered, submitted
from patientoverblik.edges.soap.levels import judge
from patientoverblik.edges.soap.submission import REGISTER, Way, not_listed, noting, read_submission
from patientoverblik.problems import Finding
from patientoverblik.service import Delivery


async def register_document_set(call: Call) -> Reply:
    """Register what lies elsewhere, whole or not at all."""
    return await registered(call, REGISTER)


async def registered(call: Call, way: Way) -> Reply:
    """Register documents whose bytes do not come with the request."""
    objects = submitted(call.message.request)
    read = read_submission(objects, {}, call.house.ids.uuid, way)
    judged = judge((*read.faults, *_ours(call, read.delivery, way), *not_listed(read.delivery)), call.levels)
    delivery = noting(read, judged.keep)
    if judged.refuse or delivery is None:
        return Reply(registry_response("Failure", judged.refuse))
    return await delivered(call, delivery, judged.warn)


def _ours(call: Call, delivery: Delivery | None, way: Way) -> tuple[Finding, ...]:
    """A stable document of our own repository comes with its bytes (ITI-41)."""
    named = {one.repository for one in delivery.documents} if delivery and way.object_type == "stable" else set()
    return (Finding("xds.own-repository"),) if call.house.repository in named else ()
