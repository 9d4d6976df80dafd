"""ITI-52 Document Metadata Subscribe (TF-2 3.52): a subscription begun, and renewed and ended where it is."""

from xml.sax.saxutils import escape

import msgspec

from patientoverblik.access import Purpose, Refusal
from patientoverblik.edges.soap.call import Call, Reply
from patientoverblik.edges.soap.iti18_registry_stored_query import wanted
from patientoverblik.edges.soap.names import WSA, WSN
from patientoverblik.edges.soap.query import StoredQuery
from patientoverblik.edges.soap.wsn import (
    FAULTS,
    OF_RENEWAL,
    Subscribing,
    fault_reply,
    read_renewal,
    read_subscribe,
    write_instant,
)
from patientoverblik.problems import Finding
from patientoverblik.service.subscribe import Asked, renew, subscribe, unsubscribe
from patientoverblik.service.subscription import Subscription

MANAGER = "/dsub/subscriptions/"
PULL_POINTS = "/dsub/pullpoints/"
UUID = "urn:uuid:"


async def start_subscription(call: Call) -> Reply:
    """Keep a subscription to what is registered about one patient or, for a system, whoever its organisation treats."""
    at = call.house.clock()
    read = read_subscribe(call.message.request, at)
    if isinstance(read, Finding):
        return fault_reply(read, at, call.message.soap, "InvalidFilterFault")
    purpose: Purpose = "notification" if call.actor.kind == "system" else call.purpose
    answer = await subscribe(call.house, call.actor, purpose, _asked(call, read), call.who.patient)
    if isinstance(answer, Refusal):
        return fault_reply(Finding(answer.code), at, call.message.soap)
    return Reply(_subscribed(answer, at))


async def renew_subscription(call: Call) -> Reply:
    """Let the subscription whose address was asked go on."""
    at = call.house.clock()
    ends = read_renewal(call.message.request, at)
    answer = ends if isinstance(ends, Finding) else await renew(call.house, call.actor, f"{UUID}{call.named}", ends)
    if isinstance(answer, Finding | Refusal):
        finding = Finding(answer.code)
        return fault_reply(finding, at, call.message.soap, "UnacceptableTerminationTimeFault", FAULTS | OF_RENEWAL)
    return Reply(
        f'<n:RenewResponse xmlns:n="{WSN}"><n:TerminationTime>{write_instant(answer.ends)}</n:TerminationTime>'
        f"<n:CurrentTime>{write_instant(at)}</n:CurrentTime></n:RenewResponse>"
    )


async def end_subscription(call: Call) -> Reply:
    """End the subscription whose address was asked."""
    answer = await unsubscribe(call.house, call.actor, f"{UUID}{call.named}")
    if isinstance(answer, Refusal):
        return fault_reply(Finding(answer.code), call.house.clock(), call.message.soap)
    return Reply(f'<n:UnsubscribeResponse xmlns:n="{WSN}"/>')


def _asked(call: Call, read: Subscribing) -> Asked:
    def reference(id_: str) -> str:
        return f"{call.origin}{MANAGER}{id_.removeprefix(UUID)}"

    query = _of_both_kinds(read.query)
    patient, pulled = query.values.get("patient"), read.consumer.startswith(f"{call.origin}{PULL_POINTS}")
    return Asked(patient, read.topic, wanted(query), read.consumer, reference, read.ends, pulled=pulled)


def _of_both_kinds(query: StoredQuery) -> StoredQuery:
    """A subscription has no parameter for the type of entries: it is about those made on demand too."""
    types = {"object_types": ("stable", "on-demand")} if query.name == "FindDocuments" else {}
    return msgspec.structs.replace(query, values={**query.values, **types})


def _subscribed(held: Subscription, at: int) -> str:
    return (
        f'<n:SubscribeResponse xmlns:n="{WSN}" xmlns:a="{WSA}"><n:SubscriptionReference>'
        f"<a:Address>{escape(held.reference)}</a:Address></n:SubscriptionReference>"
        f"<n:CurrentTime>{write_instant(at)}</n:CurrentTime>"
        f"<n:TerminationTime>{write_instant(held.ends)}</n:TerminationTime></n:SubscribeResponse>"
    )
