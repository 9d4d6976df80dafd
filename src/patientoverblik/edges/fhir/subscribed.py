"""A Subscription by the R4 profile of HL7's Subscriptions R5 Backport 1.1: read from a resource, and written as one.

The one topic is ours; its one filter names the patient by the id they have here. What it tells is little unless more
is asked for: ids alone.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, get_args
from urllib.parse import urlsplit

import msgspec

from patientoverblik.edges.fhir.call import Resource
from patientoverblik.edges.fhir.instants import instant
from patientoverblik.edges.fhir.media import JSON, XML
from patientoverblik.edges.fhir.rendition import Rendition, rendered
from patientoverblik.edges.fhir.values import stretch_of
from patientoverblik.edges.fhir.whose import holds_number
from patientoverblik.problems import CATALOGUE, Finding
from patientoverblik.service.hook import Channel, Hook, Payload, Status
from patientoverblik.service.subscription import Subscription

TOPIC = "urn:patientoverblik:topic:plans-changed"
"""Something was registered, replaced, changed or withdrawn among what the patient's overview is made of."""
GUIDE = "http://hl7.org/fhir/uv/subscriptions-backport"
PROFILE = f"{GUIDE}/StructureDefinition/backport-subscription"
BACKPORT = f"{GUIDE}/StructureDefinition/backport-"
SIGNED_WITH = "urn:dk:patientoverblik:fhir:signing-secret"
FILTER = re.compile(r"(?:DocumentReference\?)?patient=((?:Patient/)?[a-z2-7]{26})", re.ASCII)
BOUNDS: Mapping[str, tuple[int, int, int]] = {
    "heartbeat-period": (60, 30 * 24 * 60 * 60, 0),
    "timeout": (1, 60, 15),
    "max-count": (1, 100, 20),
}
"""Least, most and usual of each number a channel has; seconds and events."""
VALUES = {"heartbeat-period": "valueUnsignedInt", "timeout": "valueUnsignedInt", "max-count": "valuePositiveInt"}
LONGEST = 2000
DIGITS = re.compile(r"[0-9]{6}-?[0-9]{4}")
"""What could be a personal number wherever it stands."""
STATUSES: Mapping[str, Status] = {"requested": "requested", "active": "requested", "off": "off"}


class Wish(msgspec.Struct, frozen=True):
    """A Subscription as its subscriber wants it. ``patient`` is the reference of the filter, empty where there is none;
    ``authorization`` is the header in clear, which is not to be kept so; ``ends`` is milliseconds UTC, 0 where it does
    not say."""

    patient: str
    endpoint: str
    channel: Channel
    authorization: str
    reason: str
    status: Status
    ends: int


def wish_in(resource: Resource) -> Wish | tuple[Finding, ...]:
    """What a Subscription asks for, or everything about it that cannot be."""
    faults = tuple(_faults(resource))
    if faults:
        return faults
    channel = resource["channel"]
    ends = stretch_of(resource.get("end", ""))
    return Wish(
        patient=next((found[1] for found in _filters(resource) if found), ""),
        endpoint=channel["endpoint"],
        channel=Channel(
            payload=_content(channel),
            media=JSON if "json" in channel["payload"] else XML,
            at_most=_number(channel, "max-count"),
            heartbeat=_number(channel, "heartbeat-period"),
            timeout=_number(channel, "timeout"),
        ),
        authorization=_authorization(channel),
        reason=resource["reason"],
        status=STATUSES[resource["status"]],
        ends=ends[0] if ends else 0,
    )


def _faults(resource: Resource) -> Iterator[Finding]:
    channel = resource.get("channel", {})
    if resource.get("criteria") != TOPIC:
        yield Finding("subscription.topic", "Subscription.criteria")
    if len(_filters(resource)) > 1 or None in _filters(resource):
        yield Finding("subscription.filter", "Subscription.criteria.extension")
    if resource.get("status") not in STATUSES:
        yield Finding("subscription.status", "Subscription.status")
    if channel.get("type") != "rest-hook" or "_type" in channel:
        yield Finding("subscription.channel", "Subscription.channel.type")
    if not _is_endpoint(channel.get("endpoint", "")):
        yield Finding("subscription.endpoint", "Subscription.channel.endpoint")
    if channel.get("payload") not in (JSON, XML) or _content(channel) not in get_args(Payload):
        yield Finding("subscription.payload", "Subscription.channel.payload")
    if not _is_header(channel.get("header", [])):
        yield Finding("subscription.header", "Subscription.channel.header")
    for name, (least, most, usual) in BOUNDS.items():
        number = _number(channel, name)
        if number != usual and not least <= number <= most:
            yield Finding("subscription.period", "Subscription.channel.extension", about=name)


def _filters(resource: Resource) -> list[re.Match[str] | None]:
    told = _extensions(resource.get("_criteria", {}), "filter-criteria")
    return [FILTER.fullmatch(str(one.get("valueString", ""))) for one in told]


def _extensions(element: Any, name: str) -> list[Resource]:
    return [one for one in element.get("extension", []) if one.get("url") == BACKPORT + name]


def _content(channel: Resource) -> Any:
    told = _extensions(channel.get("_payload", {}), "payload-content")
    return told[0].get("valueCode") if told else "id-only"


def _number(channel: Resource, name: str) -> int:
    told = _extensions(channel, name)
    return int(told[0].get(VALUES[name], -1)) if told else BOUNDS[name][2]


def _is_endpoint(address: str) -> bool:
    """An address on the network and nothing but: no user, query or fragment, and no number that could be a person's."""
    try:
        parts = urlsplit(address)
        more = parts.username or parts.password or parts.query or parts.fragment
        named = holds_number(address) or DIGITS.search(address)
        safe = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
        return safe and not more and not named and len(address) < LONGEST
    except ValueError:
        return False


def _is_header(headers: list[str | None]) -> bool:
    """At most one, an ``Authorization`` of one line; an element may be absent in a list of R4 (``null``)."""
    told = [one or "" for one in headers]
    named = all(one.lower().startswith("authorization:") and one.isascii() and one.isprintable() for one in told)
    return named and len(told) < 2 and all(len(one) < LONGEST and not holds_number(one) for one in told)


def _authorization(channel: Resource) -> str:
    return next((str(one).partition(":")[2].strip() for one in channel.get("header", [])), "")


def subscription_resource(held: Subscription, hook: Hook, patient: str, secret: str = "") -> Rendition:
    """A Subscription as it stands, about the Patient of an id; ``secret`` is told where it is made. Headers, which hold
    what lets us in at the subscriber's, are never told back."""
    said: Resource = {
        "resourceType": "Subscription",
        "id": name_of(held),
        "meta": {"profile": [PROFILE]},
        "status": hook.status,
        "end": instant(held.ends),
        "reason": hook.reason,
        "criteria": TOPIC,
        "_criteria": {
            "extension": [
                {"url": f"{BACKPORT}filter-criteria", "valueString": f"DocumentReference?patient=Patient/{patient}"}
            ]
        },
        "channel": {
            "extension": [*_numbers(hook.channel), *([{"url": SIGNED_WITH, "valueString": secret}] if secret else [])],
            "type": "rest-hook",
            "endpoint": held.consumer,
            "payload": hook.channel.media,
            "_payload": {"extension": [{"url": f"{BACKPORT}payload-content", "valueCode": hook.channel.payload}]},
        },
    }
    told = said | ({"error": CATALOGUE[hook.fault].da} if hook.fault else {})
    return rendered(told, str(hook.version), hook.changed)


def _numbers(channel: Channel) -> Iterator[Resource]:
    told = {"heartbeat-period": channel.heartbeat, "timeout": channel.timeout, "max-count": channel.at_most}
    return ({"url": BACKPORT + name, VALUES[name]: number} for name, number in told.items() if number)


def name_of(held: Subscription) -> str:
    """The id that a subscription goes by at this door."""
    return held.reference.rpartition("/")[2]
