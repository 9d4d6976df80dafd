"""The registry asked by another system (ITI-18): everything its queries find exists for the reader (DESIGN 13)."""

from collections.abc import Iterable

import msgspec

from patientoverblik.access import Actor, Permit, Purpose, Refusal, whole
from patientoverblik.problems import CATALOGUE
from patientoverblik.service.documents import discreet, look_at, wordless
from patientoverblik.service.evidence import NOBODY, ask, patient_key
from patientoverblik.service.follow_up import after_look, after_refusal
from patientoverblik.service.house import House
from patientoverblik.service.ports import Reader, Transaction
from patientoverblik.service.trail import done, refuse, write
from patientoverblik.sharing.holding import Holding, holding
from patientoverblik.sharing.model import Folder, PatientId, SubmissionSet
from patientoverblik.sharing.stored_query import ENTRIES_ALONE, Answer, Wanted, answer
from patientoverblik.sharing.title import plain_title

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
        own = None if bound is None or bound == patient else reader.linked_keys(patient_key(reader, bound))
        if patient and own is not None and (keys[0] == NOBODY or keys[0] not in own):
            return await refuse(house, actor, keys[0], "list", OTHER)
        keys = keys if patient or own is None else tuple(key for key in keys if key in own)
        decisions = [ask(house, reader, actor, key, purpose, at) for key in keys]
        allowed = _allowed(reader, decisions, wanted, by_ids=not patient)
        number = patient or (number_of(reader, allowed[0][0].patient) if len(allowed) == 1 else None)
    refusals = [(key, no) for key, no in zip(keys, decisions, strict=True) if isinstance(no, Refusal)]
    for key, refusal in refusals:
        then = after_refusal(house, actor, key, "list", refusal) if patient else None
        await refuse(house, actor, key, "list", refusal, then)
    if patient and refusals:
        return refusals[0][1]
    if len(allowed) != 1:
        return await _nothing(house, actor, len(allowed), len(refusals))
    permit, held = allowed[0]
    found = discreetly(permit, held, answer(held, wanted))
    filtered = held.filtered and house.block_notice == "generic"
    look = look_at(house, permit, at, "list", found.entries, filtered)
    event = done(house, actor, look.patient, "list", look.rule, tuple(entry.uuid for entry in found.entries))
    await write(house, event, look, after_look(house, permit, look))
    return Answered(found, number, filtered, look.id, look.override is not None)


def _allowed(
    reader: Reader, decisions: Iterable[Permit | Refusal], wanted: Wanted, *, by_ids: bool
) -> tuple[tuple[Permit, Holding], ...]:
    """The permits with what exists by each. By ids only those that find anything: an id of what is hidden is answered
    as one of nothing, so not even with a word about blocks (DESIGN 13)."""
    around, permits = wanted.name not in ENTRIES_ALONE, [one for one in decisions if isinstance(one, Permit)]
    allowed = tuple((permit, holding(reader, permit, around=around)) for permit in permits)
    return tuple(one for one in allowed if answer(one[1], wanted) != Answer()) if by_ids else allowed


async def _nothing(house: House, actor: Actor, allowed: int, refusals: int) -> Answered | Refusal:
    if allowed > 1:
        return await refuse(house, actor, NOBODY, "list", SEVERAL)
    if not refusals:
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


def number_of(reader: Reader | Transaction, patient: int) -> PatientId | None:
    """The number that a patient key is answered under, None where it has none."""
    return number_under(reader, reader.linked_keys(patient))


def number_under(reader: Reader | Transaction, keys: Iterable[int]) -> PatientId | None:
    """The number that a patient of these linked keys is answered under, None where they have none."""
    return next((number for key in keys for number in reader.patient_ids(key)), None)


def discreetly(permit: Permit, held: Holding, found: Answer) -> Answer:
    """The answer without words that could tell a fact withheld from the reader: what stands around a document often
    says of it what it says of itself."""
    dark = frozenset(entry.uuid for entry in held.entries if not whole(permit, entry))
    around = frozenset(link.source for link in held.associations if link.target in dark)
    return msgspec.structs.replace(
        found,
        entries=tuple(discreet(permit, entry) for entry in found.entries),
        sets=tuple(_set(one, one.uuid in around) for one in found.sets),
        folders=tuple(_folder(one, one.uuid in around) for one in found.folders),
    )


def _set(one: SubmissionSet, hides: bool) -> SubmissionSet:
    if not hides:
        title = plain_title(one.title)
        return one if title == one.title else msgspec.structs.replace(one, title=title)
    return msgspec.structs.replace(
        one,
        title=CATALOGUE["service.withheld-title"].da,
        comments="",
        content_type=wordless(one.content_type),
        author=one.author if one.author and one.author.organisation else None,
    )


def _folder(one: Folder, hides: bool) -> Folder:
    if not hides:
        return msgspec.structs.replace(one, title=plain_title(one.title))
    codes = tuple(msgspec.structs.replace(code, display="") for code in one.codes)
    return msgspec.structs.replace(one, title=CATALOGUE["service.withheld-title"].da, comments="", codes=codes)
