"""What one party asks another to take over, as a Task of its own, and how far the receiver has come with it.

A Task is made of what asks: a responsibility that a plan requests, or an intervention referred to an organisation. The
receiver's answer, a document of its own, is told as the Task's status, and the receiver's word wins; so the Task keeps
its id from the request until the work has begun (R4 task.html; code ``fulfill``).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from hashlib import sha256
from itertools import chain

import msgspec

from patientoverblik.care import Contribution, Identifier, Organisation, Responsibility
from patientoverblik.edges.fhir.call import Resource
from patientoverblik.edges.fhir.instants import instant
from patientoverblik.edges.fhir.opaque import POINT
from patientoverblik.edges.fhir.rendition import Rendition, rendered
from patientoverblik.formats.fhir import Anchor, resource_id, url_of
from patientoverblik.overview.facts import organisation_key
from patientoverblik.overview.gather import Held
from patientoverblik.overview.recent import Recent, Same
from patientoverblik.service.asked import ASKED, Handover, asked_of
from patientoverblik.sharing.model import DocumentEntry

ANSWER = "handover-answer"
"""The kind of plan that a receiver's answer is (example profile ``overdragelsessvar``)."""
FULFIL = {"coding": [{"system": "http://hl7.org/fhir/CodeSystem/task-code", "code": "fulfill"}]}
STATUSES: Mapping[str, str] = {
    "requested": "requested",
    "accepted": "accepted",
    "declined": "rejected",
    "started": "in-progress",
}
KEPT = 2048
_ANSWERED: Recent[tuple[Same, tuple[str, ...]], Rendition] = Recent(KEPT)


class Ask(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A request, as the sender's document makes it: its Task, who is asked (the organisation's key), and the
    identifiers it is known by."""

    task: Rendition
    receiver: str
    covers: frozenset[Identifier]


class Reply(msgspec.Struct, frozen=True, eq=False, gc=False):
    """A receiver's answer: the Task and Provenance of its own document, who answers, what, and in which words."""

    task: Rendition
    receiver: str
    covers: frozenset[Identifier]
    status: str
    reason: str

    def answers(self, ask: Ask) -> bool:
        """Whether it is to this request."""
        return self.receiver == ask.receiver and not self.covers.isdisjoint(ask.covers)


class Exchange(msgspec.Struct, frozen=True, gc=False):
    """What one document asks of others, and what it answers them."""

    asks: tuple[Ask, ...] = ()
    replies: tuple[Reply, ...] = ()


def exchange_of(held: Held, anchor: Anchor, said: Sequence[Rendition], names: Mapping[str, str]) -> Exchange:
    """The requests and answers of one document; ``said`` are its resources, ``names`` those of its places. Nobody asks
    themselves."""
    entry, care = held
    if care is None or (care.plan is not None and care.plan.kind == "message"):
        return Exchange()
    tasks = list(_tasks(care, anchor, said))
    if care.plan is not None and care.plan.kind == ANSWER:
        return Exchange(replies=tuple(_reply(stated, task) for stated, task in tasks if stated.commitment in STATUSES))
    stated = [task for one, task in tasks if one.commitment in ASKED]
    asks = list(asked_of(care))
    made = [_stated(entry, task, ask, said) for task, ask in zip(stated, asks, strict=False)]
    made += [_referred(entry, ask, anchor, said, names) for ask in asks[len(stated) :]]
    own = {f"{one.system}|{one.value}" for one in entry.origins}
    return Exchange(asks=tuple(one for one in made if one.receiver not in own))


def _tasks(care: Contribution, anchor: Anchor, said: Iterable[Rendition]) -> Iterator[tuple[Responsibility, Rendition]]:
    """Each responsibility of the plan with the Task that says it."""
    by_id = {one.id: one for one in said if one.type == "Task"}
    for number, stated in enumerate(care.plan.responsibilities if care.plan else ()):
        name = f"{anchor.patient}{POINT}{resource_id(anchor, 'Task', f'#{number}')}"
        yield stated, by_id[name]


def _reply(stated: Responsibility, task: Rendition) -> Reply:
    status = STATUSES[str(stated.commitment)]
    return Reply(task, organisation_key(stated.organisation), frozenset(stated.covers), status, stated.words)


def _stated(entry: DocumentEntry, task: Rendition, ask: Handover, said: Sequence[Rendition]) -> Ask:
    """A requested responsibility: its Task with who asks, since when and by when."""
    told = {name: value for name, value in task.resource.items() if name != "meta"}
    return _ask(entry, {**told, "owner": _party(ask.receiver, said)}, ask, said)


def _referred(
    entry: DocumentEntry, ask: Handover, anchor: Anchor, said: Sequence[Rendition], names: Mapping[str, str]
) -> Ask:
    """A referral that states no responsibility: a Task for the intervention itself."""
    (act,) = ask.acts
    key = f"referral {act.ids[0].system}|{act.ids[0].value}"
    told: Resource = {
        "resourceType": "Task",
        "id": f"{anchor.patient}{POINT}{resource_id(anchor, 'Task', key)}",
        "status": STATUSES["requested"],
        "intent": "order",
        "focus": {"reference": names[act.place]},
        "for": {"reference": f"Patient/{anchor.patient}"},
        "owner": _party(ask.receiver, said),
    }
    return _ask(entry, told, ask, said)


def _ask(entry: DocumentEntry, told: Resource, ask: Handover, said: Iterable[Rendition]) -> Ask:
    sender = next((one.resource["author"] for one in said if one.type == "CarePlan" and "author" in one.resource), None)
    more: Resource = {"code": FULFIL}
    if sender is not None:
        more["requester"] = sender
    if entry.created:
        more["authoredOn"] = instant(entry.created)
    if ask.words and "description" not in told:
        more["description"] = ask.words
    if ask.deadline.at:
        more["restriction"] = {"period": {"end": instant(ask.deadline.at)}}
    task = rendered({**told, **more}, entry.uuid.rpartition(":")[2], entry.registered, entry.uuid)
    return Ask(task, organisation_key(ask.receiver), frozenset(ask.covers))


def _party(organisation: Organisation, said: Iterable[Rendition]) -> Resource:
    """A reference to an organisation of the document, which says who it is too."""
    named = next(iter(organisation.ids), None)
    told: Resource = {"type": "Organization"}
    if named is not None:
        identifier = told["identifier"] = {"system": url_of(named.system), "value": named.value}
        told |= next(({"reference": one.name} for one in said if _is_known_by(one, identifier)), {})
    return told | ({"display": organisation.name} if organisation.name else {})


def _is_known_by(one: Rendition, identifier: Resource) -> bool:
    held = one.resource.get("identifier", ()) if one.type == "Organization" else ()
    return any(identifier.items() <= each.items() for each in held)


def told_tasks(said: Sequence[Rendition], exchanges: Iterable[Exchange]) -> Iterable[Rendition]:
    """Resources of several documents with the Task of each request as its receiver has answered it, instead of those of
    the two documents; the newest answer comes first."""
    held = [one for one in exchanges if one.asks or one.replies]
    asks, replies = [ask for one in held for ask in one.asks], [reply for one in held for reply in one.replies]
    if not asks:
        return said
    given = {ask.task.name: next((one for one in replies if one.answers(ask)), None) for ask in asks}
    answered = {one.task.name: name for name, one in given.items() if one is not None}
    tasks = {ask.task.name: _told(ask, given[ask.task.name]) for ask in asks}
    rest = (_moved(one, answered) for one in said if one.name not in answered and one.name not in tasks)
    return chain(tasks.values(), rest)


def _told(ask: Ask, reply: Reply | None) -> Rendition:
    """A request as it stands: as the receiver has answered it, else as it is made."""
    if reply is None:
        return ask.task
    key = (Same((ask.task, reply.task)), ())
    kept = _ANSWERED.get(key)
    if kept is None:
        kept = _ANSWERED[key] = _answered(ask.task, reply)
    return kept


def _answered(task: Rendition, reply: Reply) -> Rendition:
    told = {name: value for name, value in task.resource.items() if name != "meta"}
    told |= {"status": reply.status, "lastModified": instant(reply.task.updated)}
    told |= {"statusReason": {"text": reply.reason}} if reply.reason else {}
    version = sha256(f"{task.version} {reply.task.version}".encode()).hexdigest()[:32]
    made = rendered(told, version, max(task.updated, reply.task.updated), reply.task.entry)
    return msgspec.structs.replace(made, also=(task.entry,))


def _moved(one: Rendition, answered: Mapping[str, str]) -> Rendition:
    """A Provenance of an answer leads to the Task that tells it."""
    if one.type != "Provenance" or answered.keys().isdisjoint(one.refers):
        return one
    key = (Same((one,)), tuple(answered[name] for name in one.refers if name in answered))
    kept = _ANSWERED.get(key)
    if kept is None:
        targets = [{"reference": answered.get(each["reference"], each["reference"])} for each in one.resource["target"]]
        told = rendered({**one.resource, "target": targets}, one.version, one.updated, one.entry)
        kept = _ANSWERED[key] = told
    return kept


def versions_of(name: str, exchanges: Iterable[Exchange]) -> list[Rendition]:
    """Every version of a request's Task, the newest first: a new one with each document that asks or answers."""
    held = list(exchanges)
    asks = [ask for one in held for ask in one.asks if ask.task.name == name]
    replies = [one for each in held for one in each.replies if any(one.answers(ask) for ask in asks)]
    found: list[Rendition] = []
    ask: Ask | None = None
    reply: Reply | None = None
    events: list[Ask | Reply] = [*asks, *replies]
    for one in sorted(events, key=lambda event: event.task.updated):
        ask, reply = (one, reply) if isinstance(one, Ask) else (ask, one)
        if ask is not None:
            found.append(_told(ask, reply))
    return found[::-1]
