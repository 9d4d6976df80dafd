"""Looks and events to tell of, and a storage that knows the patient's numbers."""

from typing import Any

import msgspec

from patientoverblik.access import Actor, Look, OrganisationRef, Override, Principal, SecurityEvent, ShownDocument
from patientoverblik.notify.record import Ourselves, Record, of_event, of_look
from patientoverblik.service.outbox import Message
from patientoverblik.sharing.model import PatientId
from patientoverblik.storage.memory import MemoryStorage

CPR = PatientId("1.2.208.176.1.2", "2512489996")
OWN_CPR = PatientId("1.2.208.176.1.2", "6101709999")
AT = 1_795_435_200_000
CLINIC = OrganisationRef("1.2.208.176.1.1", "1234567890123", "Lægerne Testvej")
DOCTOR = Actor("professional", "doctor", "Lis Læge", "Læge", CLINIC, authorisation="CJKMN", client="Journal 7")
ASSISTANT = msgspec.structs.replace(
    DOCTOR,
    authorisation="",
    role="Sekretær",
    person=9,
    principal=Principal("chief", "Bo Overlæge", "Overlæge", "DFGHJ"),
)
CITIZEN = Actor("citizen", "nancy", "Nancy", person=7)
OURSELVES = Ourselves("Samlet patientoverblik for hele Danmark", "1.2.208.176.43210.8.10")


def a_storage() -> MemoryStorage:
    storage = MemoryStorage()
    storage.act(lambda tx: (tx.claim_patient(CPR, 7), tx.claim_patient(OWN_CPR, 9))).result()
    return storage


def a_look(**changes: Any) -> Look:
    made = Look(
        "urn:uuid:00000000-0000-4000-8000-000000000001",
        7,
        DOCTOR,
        "treatment",
        "treatment-relation",
        AT,
        "overview",
        "professional/1",
        (ShownDocument("urn:uuid:doc-1", 1, "approved", "c1", "s1"),),
    )
    return msgspec.structs.replace(made, **changes)


def an_event(**changes: Any) -> SecurityEvent:
    made = SecurityEvent(
        "urn:uuid:00000000-0000-4000-8000-000000000002",
        7,
        DOCTOR,
        "look",
        "done",
        "treatment-relation",
        AT,
        ("urn:uuid:doc-1",),
    )
    return msgspec.structs.replace(made, **changes)


def record(**changes: Any) -> Record:
    return of_look(a_storage().reader(), a_look(**changes))


def event_record(**changes: Any) -> Record:
    return of_event(a_storage().reader(), an_event(**changes))


def a_message(value: Look | SecurityEvent, feed: str, due: int = 0) -> Message:
    kind = "look" if isinstance(value, Look) else "event"
    return Message(value.patient, feed, value.id, kind, msgspec.msgpack.encode(value), due)


OVERRIDDEN = Override("unreachable", "Bevidstløs")
