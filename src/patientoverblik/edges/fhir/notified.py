"""What a subscriber is sent: a Bundle whose first entry says how the subscription stands, signed (HL7 Subscriptions R5
Backport 1.1, "R4 Topic-Based Subscription Notification Bundle"; the signature by Standard Webhooks 1.0).

It holds no number and no name: events are told by number, time and the id of a DocumentReference, which is then fetched
by whoever may; the resource itself only where the subscriber asked for it.
"""

import base64
import hmac
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from patientoverblik.edges.fhir.call import Resource
from patientoverblik.edges.fhir.instants import instant
from patientoverblik.edges.fhir.media import JSON
from patientoverblik.edges.fhir.opaque import Opaque
from patientoverblik.edges.fhir.outcome import PROBLEMS
from patientoverblik.edges.fhir.registered import bare, registered
from patientoverblik.edges.fhir.subscribed import GUIDE, TOPIC
from patientoverblik.formats.fhir import encode_json, encode_xml
from patientoverblik.problems import CATALOGUE
from patientoverblik.service.ports import Ids
from patientoverblik.service.rest_hook import HookNotification, Told
from patientoverblik.service.subscription import Subscription
from patientoverblik.sharing.model import DocumentEntry

STATUS_PROFILE = f"{GUIDE}/StructureDefinition/backport-subscription-status-r4"
BUNDLE_PROFILE = f"{GUIDE}/StructureDefinition/backport-subscription-notification-r4"


class Letter(NamedTuple):
    """What is posted: the body, and its headers."""

    body: bytes
    headers: dict[str, str]


def letter(sent: HookNotification, opaque: Opaque, ids: Ids, at: int) -> Letter | None:
    """A notification as it is posted ``at`` a time (ms UTC), in the form the subscriber asked for; None where the
    header it must have cannot be read any more."""
    channel, id_ = sent.hook.channel, bare(ids.uuid())
    header = opaque.unlocked(channel.locked_header, sent.subscription.consumer) if channel.locked_header else ""
    if header is None:
        return None
    said = {"id": id_, **notification_bundle(sent, opaque, ids, at)}
    made = {"resourceType": "Bundle", **{name: value for name, value in said.items() if name != "resourceType"}}
    body = encode_json(made) if channel.media == JSON else encode_xml(made)
    mark = signed(key_of(opaque, sent.subscription), id_, at, body)
    headers = {"Content-Type": f"{channel.media}; charset=utf-8", **mark}
    return Letter(body, headers | ({"Authorization": header} if header else {}))


def key_of(opaque: Opaque, held: Subscription) -> bytes:
    """The key that what is sent for a subscription is signed with, and known by to its subscriber."""
    return opaque.key_for(f"rest-hook {held.id}")


def secret_text(key: bytes) -> str:
    """A signing key as Standard Webhooks writes it."""
    return f"whsec_{base64.b64encode(key).decode()}"


def signed(key: bytes, id_: str, at: int, body: bytes) -> dict[str, str]:
    """The headers that say who sent a message and when: HMAC-SHA256 of id, seconds and body (Standard Webhooks 1.0)."""
    seconds = str(at // 1000)
    mark = hmac.digest(key, f"{id_}.{seconds}.".encode() + body, "sha256")
    return {
        "webhook-id": id_,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{base64.b64encode(mark).decode()}",
    }


def notification_bundle(sent: HookNotification, opaque: Opaque, ids: Ids, at: int) -> Resource:
    """The Bundle of a notification, as it is posted and as ``$events`` answers."""
    return {
        "resourceType": "Bundle",
        "meta": {"profile": [BUNDLE_PROFILE]},
        "type": "history",
        "timestamp": instant(at),
        "entry": [
            {
                **status_entry(sent, ids),
                "request": {"method": "GET", "url": f"{sent.subscription.reference}/$status"},
                "response": {"status": "200"},
            },
            *(_resources(sent, opaque) if sent.payload == "full-resource" else ()),
        ],
    }


def status_entry(sent: HookNotification, ids: Ids) -> Resource:
    """The entry that says how a subscription stands, and what happened."""
    uuid = ids.uuid()
    return {
        "fullUrl": uuid,
        "resource": {
            "resourceType": "Parameters",
            "id": bare(uuid),
            "meta": {"profile": [STATUS_PROFILE]},
            "parameter": list(_parameters(sent)),
        },
    }


def _parameters(sent: HookNotification) -> Iterator[Resource]:
    yield {"name": "subscription", "valueReference": {"reference": sent.subscription.reference}}
    if sent.payload != "empty":
        yield {"name": "topic", "valueCanonical": TOPIC}
    yield {"name": "status", "valueCode": sent.hook.status}
    yield {"name": "type", "valueCode": sent.kind}
    yield {"name": "events-since-subscription-start", "valueString": str(sent.total)}
    for one in sent.events:
        yield {"name": "notification-event", "part": list(_event(sent, one))}
    if sent.hook.fault:
        coding = {"system": PROBLEMS, "code": sent.hook.fault, "display": CATALOGUE[sent.hook.fault].en}
        yield {"name": "error", "valueCodeableConcept": {"coding": [coding]}}


def _event(sent: HookNotification, one: Told) -> Iterator[Resource]:
    yield {"name": "event-number", "valueString": str(one.number)}
    yield {"name": "timestamp", "valueInstant": instant(one.at)}
    if one.entry is not None and sent.payload != "empty":
        reference = {"reference": f"{_base(sent)}/{_name(one.entry)}", "type": "DocumentReference"}
        yield {"name": "focus", "valueReference": reference}


def _resources(sent: HookNotification, opaque: Opaque) -> Iterator[Resource]:
    """The resources that events tell of, each once."""
    base = _base(sent)
    known = {one.name: one for one in registered(sent.found, opaque.patient(sent.patient), base)}
    for name in dict.fromkeys(_names(sent.events)):
        if name in known:
            yield {
                "fullUrl": f"{base}/{name}",
                "resource": known[name].resource,
                "request": {"method": "PUT", "url": name},
                "response": {"status": "200", "etag": known[name].etag},
            }


def _names(events: Iterable[Told]) -> Iterator[str]:
    return (_name(one.entry) for one in events if one.entry is not None)


def _name(entry: DocumentEntry) -> str:
    return f"DocumentReference/{bare(entry.logical_id)}"


def _base(sent: HookNotification) -> str:
    return sent.subscription.reference.rpartition("/Subscription/")[0]
