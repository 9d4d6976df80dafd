"""ITI-70 Pull Notification (DSUB extensions 3.70): what waits for the caller at a pull point."""

from patientoverblik.edges.soap.call import Call, Reply
from patientoverblik.edges.soap.iti52_document_metadata_subscribe import PULL_POINTS
from patientoverblik.edges.soap.iti53_document_metadata_notify import notification_message
from patientoverblik.edges.soap.names import WSA, WSN
from patientoverblik.edges.soap.wsn import fault_reply, read_maximum
from patientoverblik.problems import Finding
from patientoverblik.service.pull_point import MOST, fetch


async def pull_notifications(call: Call) -> Reply:
    """Give the caller what waits at the address that was asked, at most as many as asked for."""
    most = read_maximum(call.message.request)
    if isinstance(most, Finding):
        return fault_reply(most, call.house.clock(), call.message.soap, "UnableToGetMessagesFault")
    told = await fetch(call.house, call.actor, f"{call.origin}{PULL_POINTS}{call.named}", min(most, MOST))
    messages = "".join(notification_message(one, call.house.home) for one in told)
    return Reply(f'<n:GetMessagesResponse xmlns:n="{WSN}" xmlns:a="{WSA}">{messages}</n:GetMessagesResponse>')
