"""The citizen's own log: who looked, for what reason, at what (sundhedsloven § 193 b; nsp.md §5)."""

from patientoverblik.access import Actor, Look, Refusal
from patientoverblik.service.evidence import ask, patient_key
from patientoverblik.service.house import House
from patientoverblik.service.trail import done, refuse, write
from patientoverblik.sharing.model import PatientId


async def log(house: House, actor: Actor, patient: PatientId | int) -> tuple[Look, ...] | Refusal:
    """Every look at the citizen, newest first; reading the log is itself an event, and not a look."""
    with house.storage.snapshot() as reader:
        key = patient_key(reader, patient)
        permit = ask(reader, actor, key, "own-overview", house.clock())
        looks = [] if isinstance(permit, Refusal) else [x for own in reader.linked_keys(key) for x in reader.looks(own)]
    if isinstance(permit, Refusal):
        return await refuse(house, actor, key, "log", permit)
    await write(house, done(house, actor, key, "log", permit.rule))
    return tuple(sorted(looks, key=lambda look: (look.at, look.id), reverse=True))
