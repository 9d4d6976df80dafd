"""ITI-62 Remove Metadata (TF-2 3.62): registry objects taken away for good, by those who are configured to."""

from patientoverblik.edges.soap.answers import registry_response
from patientoverblik.edges.soap.call import Call, Reply
from patientoverblik.edges.soap.ebrim import read_objects
from patientoverblik.edges.soap.names import RIM
from patientoverblik.problems import Finding
from patientoverblik.service.model import Refused
from patientoverblik.service.remove import remove_metadata


async def remove_objects(call: Call) -> Reply:
    """Take the listed objects away; all of them, or none."""
    listed = call.message.request.find(f"{{{RIM}}}ObjectRefList")
    uuids = tuple(dict.fromkeys(one.id for one in read_objects(listed))) if listed is not None else ()
    if not uuids or not all(uuids):
        return Reply(registry_response("Failure", (Finding("xds.nothing-named"),)))
    answer = await remove_metadata(call.house, call.actor, uuids)
    if isinstance(answer, Refused):
        return Reply(registry_response("Failure", answer.findings))
    return Reply(registry_response("Success"))
