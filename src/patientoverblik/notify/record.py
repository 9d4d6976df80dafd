"""One look or event as others are told of it: the patient's and the user's numbers found, nothing else added."""

from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from patientoverblik.access import Actor, Look, LookAct, OrganisationRef, SecurityEvent
from patientoverblik.care.systems import CPR
from patientoverblik.service.heartbeat import ACT as HEARTBEAT
from patientoverblik.service.outbox import Message
from patientoverblik.service.ports import Reader
from patientoverblik.sharing.model import PatientId

_look = msgspec.msgpack.Decoder(Look).decode
_event = msgspec.msgpack.Decoder(SecurityEvent).decode
OF_LOOKS: Mapping[LookAct, str] = {
    "overview": "look",
    "document": "retrieve",
    "list": "list",
    "handover-list": "handover-list",
    "flag": "flag",
    "replay": "replay",
    "refused": "look",
}


class Ourselves(msgspec.Struct, frozen=True):
    """What this installation calls itself to others: its name, its id (an OID), and the organisation that runs it."""

    name: str = "Samlet patientoverblik"
    id: str = ""
    organisation: OrganisationRef | None = None


class Record(msgspec.Struct, frozen=True):
    """Who did what to whom when (ms UTC). ``patient`` and ``user`` are numbers, CPR first, None where there is none;
    ``subjects`` are entryUUIDs, ``sources`` the ids of sources that say they are there. ``request`` is the id of the
    request (X-Request-Id) and ``query`` the HMAC-SHA-256 (base64) of its body under a secret of the installation: a
    body is never told, because it may hold a number.
    ``transaction`` is what IHE calls what asked for it."""

    id: str
    at: int
    act: str
    outcome: Literal["done", "refused"]
    actor: Actor
    patient: PatientId | None
    user: PatientId | None
    rule: str = ""
    purpose: str = ""
    subjects: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    overridden: bool = False
    hidden_from: tuple[str, ...] = ()
    request: str = ""
    query: str = ""
    transaction: str = ""


def record_of(reader: Reader, message: Message) -> Record:
    """The record of a message about a look or an event."""
    return of_look(reader, _look(message.data)) if message.kind == "look" else of_event(reader, _event(message.data))


def of_look(reader: Reader, look: Look) -> Record:
    """The record of a look."""
    return Record(
        id=look.id,
        at=look.at,
        act=OF_LOOKS[look.act],
        outcome="refused" if look.act == "refused" else "done",
        actor=look.actor,
        patient=number_of(reader, look.patient),
        user=number_of(reader, look.actor.person),
        rule=look.rule,
        purpose=look.purpose,
        subjects=tuple(document.entry for document in look.documents),
        overridden=look.override is not None,
        hidden_from=look.hidden_from,
        request=look.request,
        query=look.query,
    )


def of_event(reader: Reader, event: SecurityEvent) -> Record:
    """The record of a security event."""
    of_sources = event.act == HEARTBEAT
    return Record(
        id=event.id,
        at=event.at,
        act=event.act,
        outcome=event.outcome,
        actor=event.actor,
        patient=number_of(reader, event.patient),
        user=number_of(reader, event.actor.person),
        rule=event.rule,
        subjects=() if of_sources else event.subjects,
        sources=event.subjects if of_sources else (),
        request=event.request,
        query=event.query,
        transaction=event.transaction,
    )


def number_of(reader: Reader, patient: int) -> PatientId | None:
    """The number a patient key is best known by: CPR, else a replacement number; of a linked key if it has none."""
    if not patient:
        return None
    own = _best(reader.patient_ids(patient))
    return own or _best(number for key in reader.linked_keys(patient) for number in reader.patient_ids(key))


def _best(numbers: Iterable[PatientId]) -> PatientId | None:
    return min(numbers, key=lambda number: (number.system != CPR, number.system, number.value), default=None)
