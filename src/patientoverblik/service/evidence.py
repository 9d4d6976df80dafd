"""Evidence gathered and a decision asked for: the first step of every act."""

import msgspec

from patientoverblik.access import Actor, Evidence, Permit, Purpose, Question, Refusal, decide
from patientoverblik.service.ports import Reader, Transaction
from patientoverblik.sharing.model import PatientId

NOBODY = 0


def patient_key(reader: Reader | Transaction, patient: PatientId | int) -> int:
    """The patient key of an id, or the key itself; 0 for a patient never seen, who meets the same refusals."""
    if isinstance(patient, int):
        return patient
    return reader.patient_key(patient) or NOBODY


def gather(reader: Reader | Transaction, patient: int) -> Evidence:
    """All evidence about one patient key and the keys linked with it."""
    return Evidence(reader.relations(patient), reader.powers(patient), reader.blocks(patient), reader.person(patient))


def ask(reader: Reader | Transaction, actor: Actor, patient: int, purpose: Purpose, at: int) -> Permit | Refusal:
    """The decision on one actor, patient and purpose at ``at`` (milliseconds UTC)."""
    known = _as_patient(reader, actor, patient)
    return decide(Question(known, patient, purpose, at), gather(reader, patient))


def _as_patient(reader: Reader | Transaction, actor: Actor, patient: int) -> Actor:
    if actor.person in (NOBODY, patient) or actor.person not in reader.linked_keys(patient):
        return actor
    return msgspec.structs.replace(actor, person=patient)
