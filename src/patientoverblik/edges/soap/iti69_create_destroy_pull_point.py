"""ITI-69 Create Destroy Pull Point (DSUB extensions 3.69): an address to fetch from, given and given up."""

from uuid import uuid4
from xml.sax.saxutils import escape

from patientoverblik.edges.soap.call import Call, Reply
from patientoverblik.edges.soap.iti52_document_metadata_subscribe import PULL_POINTS
from patientoverblik.edges.soap.names import WSA, WSN
from patientoverblik.edges.soap.wsn import fault_reply
from patientoverblik.problems import Finding
from patientoverblik.service.pull_point import create_pull_point, destroy_pull_point


async def make_pull_point(call: Call) -> Reply:
    """Give the caller an address that subscriptions may lead to."""
    address = f"{call.origin}{PULL_POINTS}{uuid4()}"
    refusal = await create_pull_point(call.house, call.actor, address)
    if refusal is not None:
        finding = Finding(refusal.code)
        return fault_reply(finding, call.house.clock(), call.message.soap, "UnableToCreatePullPointFault")
    return Reply(
        f'<n:CreatePullPointResponse xmlns:n="{WSN}" xmlns:a="{WSA}"><n:PullPoint>'
        f"<a:Address>{escape(address)}</a:Address></n:PullPoint></n:CreatePullPointResponse>"
    )


async def end_pull_point(call: Call) -> Reply:
    """End what leads to the address that was asked, and throw away what waits there."""
    await destroy_pull_point(call.house, call.actor, f"{call.origin}{PULL_POINTS}{call.named}")
    return Reply(f'<n:DestroyPullPointResponse xmlns:n="{WSN}"/>')
