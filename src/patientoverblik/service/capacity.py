"""In what capacity somebody comes where they do not say it themselves: what for, and as whom they deliver.

Every door asks here, so that the same person has the same purpose at each of them.
"""

from collections.abc import Mapping

from patientoverblik.access import Actor, ActorKind, Principal, Purpose
from patientoverblik.service.ports import Reader

READING: Mapping[ActorKind, Purpose] = {
    "professional": "treatment",
    "citizen": "own-overview",
    "relative": "on-behalf",
}


def reading_purpose(kind: ActorKind) -> Purpose:
    """What this kind of actor reads for; systems and officers ask as if for treatment, and are refused."""
    return READING.get(kind, "treatment")


def usual_purpose(kind: ActorKind) -> Purpose:
    """What this kind of actor comes for: systems to deliver, everybody else to read."""
    return "delivery" if kind == "system" else reading_purpose(kind)


def purpose_with(reader: Reader, actor: Actor, patient: int) -> Purpose:
    """What somebody reads a patient's data for (``patient`` is a key, 0 for one never seen): their own are theirs.

    A professional who looks themselves up reads as a professional, and is told of it as such.
    """
    person = actor.person if actor.kind != "professional" else 0
    if person and patient and person in (patient, *reader.linked_keys(patient)):
        return "own-overview"
    return reading_purpose(actor.kind)


def deliverer(actor: Actor) -> Actor:
    """Who delivers: always the organisation's system; a professional who sends is the one it acts for."""
    if actor.kind != "professional":
        return actor
    person = Principal(actor.id, actor.name, actor.role, actor.authorisation)
    return Actor("system", actor.client or actor.id, actor.client, organisation=actor.organisation, principal=person)
