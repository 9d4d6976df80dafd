"""Subscription: made, read, found, changed and ended by its subscriber, with ``$status`` and ``$events`` (HL7's
Subscriptions R5 Backport 1.1 on R4).

A subscription is its subscriber's alone: to others there is no such thing, and to nobody when their right has ended.
"""

from collections.abc import Iterable

import msgspec

from patientoverblik.access import Refusal
from patientoverblik.edges.fhir.call import Answer, Call, Resource, answered
from patientoverblik.edges.fhir.finding import page_of, pool_of
from patientoverblik.edges.fhir.notified import key_of, notification_bundle, secret_text, status_entry
from patientoverblik.edges.fhir.opening import opened, told_page
from patientoverblik.edges.fhir.outcome import refused, refused_by
from patientoverblik.edges.fhir.reading import NOT_FOUND, told
from patientoverblik.edges.fhir.registered import bare
from patientoverblik.edges.fhir.rendition import Rendition
from patientoverblik.edges.fhir.subscribed import Wish, name_of, subscription_resource, wish_in
from patientoverblik.edges.fhir.whose import patient_named
from patientoverblik.problems import Finding
from patientoverblik.service.evidence import NOBODY
from patientoverblik.service.hook import Hook
from patientoverblik.service.hooks import Amended, Range, amend, hook_events, hook_status, own_hook, own_hooks
from patientoverblik.service.rest_hook import HookNotification
from patientoverblik.service.subscribe import Asked, subscribe, unsubscribe
from patientoverblik.service.subscription import Subscription
from patientoverblik.sharing.find import Query
from patientoverblik.sharing.stored_query import BOTH, Wanted

WANTED = Wanted("FindDocuments", Query(statuses=BOTH, object_types=("stable", "on-demand")))
"""What the topic tells of: every document about the patient."""
PAYLOADS = ("empty", "id-only", "full-resource")


async def create(call: Call) -> Answer:
    """A subscription is made; its endpoint must answer a handshake before anything else is told."""
    wish = _wish(call)
    if isinstance(wish, Answer):
        return wish
    if (call.resource or {})["status"] != "requested":
        return refused(Finding("subscription.status", "Subscription.status"))
    patient = _patient(call, wish)
    if patient is None:
        return refused(Finding("subscription.filter", "Subscription.criteria.extension"))
    answer = await subscribe(
        call.house, call.actor, call.purpose(patient), _asked(call, wish, patient), call.sender.bound
    )
    if isinstance(answer, Refusal):
        return _refused(call, answer)
    made = _rendition(call, answer, secret_text(key_of(call.opaque, answer)))
    headers = (("Location", f"{call.base}/{made.name}/_history/{made.version}"), ("ETag", made.etag))
    return Answer(201, b"" if call.prefers("return") == "minimal" else made.data, headers)


async def read(call: Call) -> Answer:
    """One of the subscriber's own."""
    held = await own_hook(call.house, call.actor, _uuid(call))
    return _refused(call, held) if isinstance(held, Refusal) else _one(call, held)


async def find(call: Call) -> Answer:
    """A page of the subscriber's own, whomever they are about."""
    begun = opened(call, patients=False)
    if isinstance(begun, Answer):
        return begun
    held = _bound(call, await own_hooks(call.house, call.actor))
    page = page_of(pool_of(_rendition(call, one.subscription) for one in held), begun.wanted, begun.after)
    return told_page(call, begun, page, NOBODY)


async def update(call: Call) -> Answer:
    """A subscription is changed, paused (``off``) or begun again (``requested``), by the version that was read."""
    wish = _wish(call)
    if isinstance(wish, Answer):
        return wish
    if (call.resource or {}).get("id") != call.id:
        return refused(Finding("rest.id-differs", about="id"))
    version = call.headers.get("if-match", "").strip().removeprefix("W/").strip('"')
    if not version:
        return refused(Finding("rest.version-needed"))
    held = await own_hook(call.house, call.actor, _uuid(call))
    if isinstance(held, Refusal):
        return _refused(call, held)
    if not _is_about(call, held, wish):
        return refused(Finding("subscription.fixed", "Subscription.criteria"))
    number = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0
    asked = Amended(number, wish.endpoint, wish.channel, wish.reason, wish.status, wish.ends)
    answer = await amend(call.house, call.actor, held.id, asked)
    return _refused(call, answer) if isinstance(answer, Refusal) else _one(call, answer)


async def delete(call: Call) -> Answer:
    """A subscription is ended; nothing more is told by it."""
    answer = await unsubscribe(call.house, call.actor, _uuid(call), by_hook=True)
    return _refused(call, answer) if isinstance(answer, Refusal) else Answer(204)


async def status(call: Call) -> Answer:
    """How subscriptions stand: the one of the address, or those of the subscriber that ``id`` and ``status`` name."""
    if call.id:
        answer = await hook_status(call.house, call.actor, _uuid(call))
        return _refused(call, answer) if isinstance(answer, Refusal) else _statuses(call, (answer,))
    ids, wanted = _given(call, "id"), _given(call, "status")
    found = _bound(call, await own_hooks(call.house, call.actor))
    fitting = (one for one in found if not ids or name_of(one.subscription) in ids)
    return _statuses(call, [one for one in fitting if not wanted or one.hook.status in wanted])


async def events(call: Call) -> Answer:
    """Events by their numbers, both ends included; those that wait are told by this."""
    asked = _range(call)
    if isinstance(asked, Finding):
        return refused(asked)
    answer = await hook_events(call.house, call.actor, _uuid(call), asked)
    if isinstance(answer, Refusal):
        return _refused(call, answer)
    return answered(notification_bundle(answer, call.opaque, call.house.ids, call.house.clock()))


def _wish(call: Call) -> Wish | Answer:
    resource = call.resource or {}
    if resource.get("resourceType") != "Subscription":
        return refused(Finding("rest.wrong-resource", about="Subscription"))
    faults = tuple(one for one in call.faults if one.severity == "error")
    if faults:
        return refused(*faults)
    wish = wish_in(resource)
    if isinstance(wish, tuple):
        return refused(*wish)
    return _locked(call, wish) if call.sender.may("DocumentReference", "r") else refused(Finding("subscription.scope"))


def _locked(call: Call, wish: Wish) -> Wish | Answer:
    """The wish with its header as it may be kept: for that endpoint, and for nobody to read in the database."""
    if not wish.authorization:
        return wish
    header = call.opaque.locked(wish.authorization, wish.endpoint)
    if header is None:
        return refused(Finding("subscription.no-lock", "Subscription.channel.header"))
    return msgspec.structs.replace(wish, channel=msgspec.structs.replace(wish.channel, locked_header=header))


def _patient(call: Call, wish: Wish) -> int | None:
    """Whom a subscription is about: the one its filter names, else whom the token is bound to; None for nobody."""
    return patient_named(call, wish.patient) if wish.patient else call.sender.bound


def _asked(call: Call, wish: Wish, patient: int) -> Asked:
    def reference(id_: str) -> str:
        return f"{call.base}/Subscription/{call.opaque.thing(patient, bare(id_))}"

    hook = Hook(wish.channel, wish.reason)
    return Asked(patient, "MinimalDocumentEntry", WANTED, wish.endpoint, reference, wish.ends, hook)


def _is_about(call: Call, held: Subscription, wish: Wish) -> bool:
    keys = call.house.storage.reader().linked_keys(held.patient)
    return not wish.patient or patient_named(call, wish.patient) in keys


def _bound(call: Call, found: Iterable[HookNotification]) -> tuple[HookNotification, ...]:
    """Those a token reaches: of a token about one patient, those about the patient."""
    bound = call.sender.bound
    keys = None if bound is None else call.house.storage.reader().linked_keys(bound)
    return tuple(one for one in found if keys is None or one.subscription.patient in keys)


def _uuid(call: Call) -> str:
    """The id of the subscription that the address names; empty where it is none that is made here."""
    return f"urn:uuid:{call.id.rpartition('.')[2]}" if call.opaque.owner_of(call.id) is not None else ""


def _one(call: Call, held: Subscription) -> Answer:
    return told(call, _rendition(call, held)) if name_of(held) == call.id else refused(NOT_FOUND)


def _rendition(call: Call, held: Subscription, secret: str = "") -> Rendition:
    if held.hook is None:
        raise ValueError("a subscription of another door")
    patient = call.opaque.patient(min(call.house.storage.reader().linked_keys(held.patient)))
    return subscription_resource(held, held.hook, patient, secret)


def _refused(call: Call, why: Refusal) -> Answer:
    if why.code == "service.no-subscription":
        return refused(NOT_FOUND)
    return refused_by(why.code, professional=call.actor.kind == "professional")


def _statuses(call: Call, found: Iterable[HookNotification]) -> Answer:
    entries = [{**status_entry(one, call.house.ids), "search": {"mode": "match"}} for one in found]
    bundle: Resource = {"resourceType": "Bundle", "type": "searchset", "total": len(entries), "entry": entries}
    return answered({name: value for name, value in bundle.items() if value != []})


def _given(call: Call, name: str) -> tuple[str, ...]:
    """The values of a parameter of an operation, in the address or in the body's Parameters."""
    told_in = (call.resource or {}).get("parameter", [])
    values = [str(value) for one in told_in if one.get("name") == name for value in _values(one)]
    return (*(each for one in call.values(name) for each in one.split(",")), *values)


def _values(parameter: Resource) -> list[object]:
    return [value for key, value in parameter.items() if key.startswith("value")]


def _range(call: Call) -> Range | Finding:
    found = Range()
    for name, field in (("eventsSinceNumber", "since"), ("eventsUntilNumber", "until")):
        for value in _given(call, name):
            if not (value.isascii() and value.isdigit() and len(value) < 16):
                return Finding("rest.bad-value", about=name)
            found = msgspec.structs.replace(found, **{field: int(value)})
    for value in _given(call, "content"):
        if value not in PAYLOADS:
            return Finding("rest.bad-value", about="content")
        found = msgspec.structs.replace(found, payload=value)
    return found
