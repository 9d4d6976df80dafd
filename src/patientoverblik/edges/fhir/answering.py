"""Update of a Task (R4 http.html#update): accept, decline or begin what one's organisation is asked to take over.

It is the same act as at the pages and the command line: each answer is a document of the receiver's own, and only the
Task's status and its reason can be written.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import msgspec

from patientoverblik.access import Refusal
from patientoverblik.edges.fhir.call import Answer, Call, Resource, answered
from patientoverblik.edges.fhir.content import content, exchange, names_of
from patientoverblik.edges.fhir.outcome import outcome, refused
from patientoverblik.edges.fhir.reading import NOT_FOUND, told
from patientoverblik.edges.fhir.rendition import Rendition, references
from patientoverblik.edges.fhir.searching import wish_of
from patientoverblik.edges.fhir.whose import whose_thing
from patientoverblik.edges.fhir.writing import precondition
from patientoverblik.problems import Finding
from patientoverblik.service.contents import Contents, Showing, contents
from patientoverblik.service.handover import NO_HANDOVER, Spot, answer_handover
from patientoverblik.service.handover import Answer as Said
from patientoverblik.service.model import Refused
from patientoverblik.service.work import key_of

SAID: Mapping[str, Said] = {"accepted": "accepted", "rejected": "declined", "in-progress": "started"}
WRITTEN = frozenset({"status", "statusReason", "meta", "text", "lastModified", "businessStatus", "note"})
"""What an update may say otherwise: the answer, and what is made here anew or is not kept."""


class Current(msgspec.Struct, frozen=True):
    """A handover as it stands: its Task, and where in the documents what is asked for stands."""

    task: Rendition
    receiver: str
    spots: frozenset[Spot]


async def answer(call: Call) -> Answer:
    """Take the answer in; the Task as it is known from now on."""
    resource = call.resource or {}
    wrong = precondition(call)
    if wrong is not None:
        return refused(wrong)
    current = await _shown(call)
    place = call.actor.organisation
    if current is None:
        return refused(NOT_FOUND)
    if call.headers["if-match"].strip() != current.task.etag:
        return refused(Finding("rest.version-differs"))
    if place is None or current.receiver != key_of(place):
        return refused(Finding(NO_HANDOVER.code))
    faults = tuple(_faults(resource, current.task.resource))
    if faults:
        return refused(*faults)
    return await _answer(call, current, SAID[resource["status"]], _reason(resource))


async def _answer(call: Call, current: Current, said: Said, reason: str) -> Answer:
    whose = whose_thing(call, call.id)
    made = await answer_handover(call.house, call.actor, whose.patient, current.spots, said, reason)
    if isinstance(made, Refused):
        return refused(*made.findings)
    if isinstance(made, Refusal):
        return refused(Finding(made.code))
    now = None if call.prefers("return") == "minimal" else await _shown(call)
    if now is None:
        return Answer(200)
    if call.prefers("return") == "OperationOutcome":
        return answered(outcome(()), 200, ("ETag", now.task.etag))
    return told(call, now.task)


async def _shown(call: Call) -> Current | None:
    """The Task of the call's id, as a read shows it; None where there is none for the reader."""
    answer = await contents(call.house, wish_of(call, whose_thing(call, call.id), "document"), partial(_current, call))
    return None if isinstance(answer, Refusal) else answer.value


def _current(call: Call, has: Contents) -> Showing[Current | None]:
    patient, name = call.opaque.patient(has.patient), f"Task/{call.id}"
    task = content(call, has).by_name.get(name)
    if task is None:
        return Showing(None, frozenset())
    asks = (one for held in has.gathered.current for one in exchange(held, patient).asks)
    receiver = next((one.receiver for one in asks if one.task.name == name), "")
    return Showing(Current(task, receiver, frozenset(_spots(has, patient, task))), frozenset(task.documents))


def _spots(has: Contents, patient: str, task: Rendition) -> Iterator[Spot]:
    """Where what a Task is about stands; more than one thing is told in an extension."""
    about = set(references([task.resource.get(name) for name in ("focus", "extension")]))
    for held in has.gathered.current:
        for place, name in names_of(held, patient).items():
            if name in about:
                yield Spot(held[0].uuid, place)


def _faults(told_: Resource, held: Mapping[str, Any]) -> Iterator[Finding]:
    if told_.get("status") not in SAID:
        yield Finding("rest.task-status", place="Task.status")
    for name, value in told_.items():
        if name not in WRITTEN and value != held.get(name):
            yield Finding("rest.task-fixed", place=f"Task.{name}" if name in held else "Task")


def _reason(told_: Resource) -> str:
    """Why, in words; else as the code says it."""
    reason = told_.get("statusReason", {})
    displays = (coding.get("display", "") for coding in reason.get("coding", ()))
    return str(reason.get("text") or next(filter(None, displays), ""))
