"""Evidence gathered and a decision asked for: the first step of every act."""

from collections.abc import Mapping, Sequence

import msgspec

from patientoverblik.access import Actor, Evidence, Opening, Permit, Purpose, Question, Refusal, decide
from patientoverblik.access.alike import anybody, is_named
from patientoverblik.overview.recent import Recent, Same
from patientoverblik.service.house import House
from patientoverblik.service.ports import Reader, Transaction
from patientoverblik.sharing.model import PatientId

NOBODY = 0
DECIDED = 20_000  # decisions of about 400 bytes each
Decisions = dict[int, tuple[Evidence, Permit]]
_DECIDED: Recent[tuple[Same, Actor, str], Decisions] = Recent(DECIDED, lambda those: 1 + len(those))


def patient_key(reader: Reader | Transaction, patient: PatientId | int) -> int:
    """The patient key of an id, or the key itself; 0 for a patient never seen, who meets the same refusals."""
    if isinstance(patient, int):
        return patient
    return reader.patient_key(patient) or NOBODY


def gather(reader: Reader | Transaction, patient: int) -> Evidence:
    """All evidence about one patient key and the keys linked with it; none about a patient never seen."""
    return Evidence() if patient == NOBODY else reader.evidence(patient)


def ask(
    house: House, reader: Reader | Transaction, actor: Actor, patient: int, purpose: Purpose, at: int
) -> Permit | Refusal:
    """The decision on one actor, patient and purpose at ``at`` (milliseconds UTC)."""
    return judge(house, gather(reader, patient), actor, patient, purpose, at)


def judge(house: House, evidence: Evidence, actor: Actor, patient: int, purpose: Purpose, at: int) -> Permit | Refusal:
    """The decision on evidence already gathered; an override counts while its opening holds."""
    return decide(question_of(evidence, actor, patient, purpose, at), evidence, house.policy)


def judge_listed(house: House, evidence: Evidence, actor: Actor, patient: int, at: int) -> Permit | Refusal:
    """The decision on treating one of the many patients of a list: no override counts, for it is for one patient and a
    look."""
    closed = msgspec.structs.replace(evidence, openings=()) if evidence.openings else evidence
    return judge(house, closed, actor, patient, "treatment", at)


def permits(
    house: House, reader: Reader | Transaction, actor: Actor, patients: Sequence[int], at: int, of: str = ""
) -> Mapping[int, Permit]:
    """The patients whom the actor may treat at ``at`` (milliseconds UTC), each with the permit; one is made anew where
    it holds no longer, or the evidence is not the very same (docs/adr/0017).

    Where the evidence does not name the actor, the permit is that of anybody who works alike, and colleagues share it.
    ``of`` says which list the patients are; what is kept is of the list as it was last.
    """
    policy, anyone = Same((house.policy,)), anybody(actor)
    keys = (policy, anyone, of), (policy, actor, of)
    before = [_DECIDED.get(key) or {} for key in keys]
    decided: tuple[Decisions, Decisions] = {}, {}
    found = {}
    for patient, evidence in reader.evidences(patients).items():
        named = is_named(actor, patient, evidence)
        kept = before[named].get(patient)
        if kept is None or kept[0] is not evidence or not kept[1].at <= at < kept[1].valid_until:
            kept = _judged(house, evidence, actor if named else anyone, patient, at)
        if kept is not None:
            decided[named][patient] = kept
            found[patient] = kept[1]
    for key, those in zip(keys, decided, strict=True):
        _DECIDED[key] = those
    return found


def _judged(house: House, evidence: Evidence, actor: Actor, patient: int, at: int) -> tuple[Evidence, Permit] | None:
    answer = judge_listed(house, evidence, actor, patient, at)
    return (evidence, answer) if isinstance(answer, Permit) else None


def question_of(evidence: Evidence, actor: Actor, patient: int, purpose: Purpose, at: int) -> Question:
    """The question as it is decided: the actor known by the patient's key, and with the override in force for them."""
    opening = opening_for(evidence, actor, at)
    known = _as_patient(evidence, actor, patient)
    return Question(known, patient, purpose, at, None if opening is None else opening.override)


def opening_for(evidence: Evidence, actor: Actor, at: int) -> Opening | None:
    """The opening that holds for this actor in this session, None if there is none."""
    held = (one for one in evidence.openings if (one.actor, one.session) == (actor.id, actor.session))
    return next((one for one in held if one.at <= at < one.until), None)


def _as_patient(evidence: Evidence, actor: Actor, patient: int) -> Actor:
    if actor.person in (NOBODY, patient) or actor.person not in evidence.keys:
        return actor
    return msgspec.structs.replace(actor, person=patient)
