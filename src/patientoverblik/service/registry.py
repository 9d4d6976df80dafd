"""The registry asked by another system (ITI-18): everything its queries find exists for the reader (DESIGN 13)."""

from collections.abc import Iterable

import msgspec

from patientoverblik.access import Actor, Permit, Purpose, Refusal
from patientoverblik.service.documents import discreet, look_at
from patientoverblik.service.evidence import NOBODY, ask, patient_key
from patientoverblik.service.follow_up import after_look, after_refusal
from patientoverblik.service.house import House
from patientoverblik.service.ports import Reader
from patientoverblik.service.trail import done, refuse, write
from patientoverblik.sharing.holding import holding
from patientoverblik.sharing.model import PatientId
from patientoverblik.sharing.stored_query import Answer, Wanted, answer

SEVERAL = Refusal("one-patient", "service.several-patients")
OTHER = Refusal("one-patient", "service.other-patient")


class Answered(msgspec.Struct, frozen=True):
    """What a stored query found. ``patient`` is the id that the objects are answered under, None where nothing is;
    ``filtered``: readers are told that a block took something away, never what. ``overridden``: blocks are set aside.
    """

    found: Answer
    patient: PatientId | None
    filtered: bool
    look: str
    overridden: bool = False


async def query(
    house: House,
    actor: Actor,
    purpose: Purpose,
    wanted: Wanted,
    patient: PatientId | None = None,
    bound: PatientId | int | None = None,
) -> Answered | Refusal:
    """What a stored query finds for this actor; durably logged when this returns.

    A query by ids names no patient: objects of a patient whom the actor may not see are not found, and ids of several
    patients are refused only where the actor may see several (TF-2 3.18.4.1.2.3.8; an id must not tell whose it is).
    ``bound`` is the patient that the call is about by its own word (HSUID header): asking for another is refused, and
    ids of another are not found.
    """
    at = house.clock()
    with house.storage.snapshot() as reader:
        keys = (patient_key(reader, patient),) if patient else _owners(reader, wanted)
        own = None if bound is None else reader.linked_keys(patient_key(reader, bound))
        if patient and own is not None and bound != patient and (keys[0] == NOBODY or keys[0] not in own):
            return await refuse(house, actor, keys[0], "list", OTHER)
        keys = keys if patient or own is None else tuple(key for key in keys if key in own)
        decisions = [ask(house, reader, actor, key, purpose, at) for key in keys]
        permits = [permit for permit in decisions if isinstance(permit, Permit)]
        held = holding(reader, permits[0]) if len(permits) == 1 else None
        number = patient or (_number(reader, permits[0].patient) if held else None)
    refusal = decisions[0] if patient else None
    if isinstance(refusal, Refusal):
        then = after_refusal(house, actor, keys[0], "list", refusal)
        return await refuse(house, actor, keys[0], "list", refusal, then)
    if held is None:
        return await _nothing(house, actor, len(permits))
    found = _discreet(permits[0], answer(held, wanted))
    filtered = held.filtered and house.block_notice == "generic"
    look = look_at(house, permits[0], at, "list", found.entries, filtered)
    event = done(house, actor, look.patient, "list", look.rule, tuple(entry.uuid for entry in found.entries))
    await write(house, event, look, after_look(house, permits[0], look))
    return Answered(found, number, filtered, look.id, look.override is not None)


async def _nothing(house: House, actor: Actor, permits: int) -> Answered | Refusal:
    if permits > 1:
        return await refuse(house, actor, NOBODY, "list", SEVERAL)
    await write(house, done(house, actor, NOBODY, "list", "nothing-found"))
    return Answered(Answer(), None, False, "")


def _owners(reader: Reader, wanted: Wanted) -> tuple[int, ...]:
    """The patients that the ids of a query belong to, one key for linked ones."""
    found = [reader.locate_entry(uuid) or reader.locate_object(uuid) for uuid in (*wanted.uuids, *wanted.logical_ids)]
    found += [key for unique_id in wanted.unique_ids for key in _of_unique(reader, unique_id)]
    return tuple(dict.fromkeys(min(reader.linked_keys(key)) for key in found if key))


def _of_unique(reader: Reader, unique_id: str) -> Iterable[int]:
    held, folder = reader.locate_set(unique_id), reader.locate_folder(unique_id)
    found = (*(key for key, _ in reader.locate_unique(unique_id)), held[0] if held else None, folder)
    return (key for key in found if key is not None)


def _number(reader: Reader, patient: int) -> PatientId | None:
    return next((number for key in reader.linked_keys(patient) for number in reader.patient_ids(key)), None)


def _discreet(permit: Permit, found: Answer) -> Answer:
    return msgspec.structs.replace(found, entries=tuple(discreet(permit, entry) for entry in found.entries))
