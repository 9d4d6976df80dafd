"""Everything of a patient that exists for one reader, some of it shown: decided, filtered, written down (DESIGN 13).

A door that answers by search does not know what it shows before it has looked: it is handed what exists for the reader,
says what it shows of that, and the look names those documents and no others.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Generic, Literal, TypeVar

import msgspec

from patientoverblik.access import Actor, Look, Permit, Purpose, Refusal
from patientoverblik.overview.gather import Gathered
from patientoverblik.service.contributions import Contributed, contributions, write_back
from patientoverblik.service.disclosed import disclosed
from patientoverblik.service.documents import NO_DOCUMENT, look_at
from patientoverblik.service.evidence import NOBODY, ask, patient_key
from patientoverblik.service.follow_up import after_look, after_refusal
from patientoverblik.service.house import House
from patientoverblik.service.look import show
from patientoverblik.service.model import Shown
from patientoverblik.service.picture import Asked, Picture, picture, shown
from patientoverblik.service.ports import Reader
from patientoverblik.service.registry import OTHER, number_under
from patientoverblik.service.trail import done, refuse, write
from patientoverblik.sharing.find import existing
from patientoverblik.sharing.holding import around_of
from patientoverblik.sharing.model import PatientId, StoredReading
from patientoverblik.sharing.stored_query import Answer

T = TypeVar("T")
Kind = Literal["list", "document"]
EVENTS: Mapping[Kind, str] = {"list": "list", "document": "retrieve"}
"""What the security event of a look is called: which documents there are, or what is in them."""


class Wish(msgspec.Struct, frozen=True):
    """Whose contents, for whom, and why. ``bound`` is the key of the only patient the asker may ask about, None where
    there is none; ``by_id`` says that the patient is known by an id alone, which must not tell whose it is. ``kind``:
    whether documents are listed, or their contents shown."""

    actor: Actor
    patient: PatientId | int
    purpose: Purpose
    kind: Kind
    bound: int | None = None
    by_id: bool = False


class Contents(msgspec.Struct, frozen=True):
    """What exists for the reader. ``patient`` is the least of the patient's keys, ``number`` their identifier.

    ``registered`` are the registry's objects without words that could tell a withheld fact; ``gathered`` what the
    documents say, by whether it still holds, empty where only documents are listed. ``at`` is now and ``until`` when
    the decision is to be asked for anew (ms UTC). ``filtered``: readers are told that a block took something away.
    """

    patient: int
    number: PatientId | None
    registered: Answer
    gathered: Gathered
    at: int
    until: int
    filtered: bool
    overridden: bool
    stale: tuple[tuple[int, StoredReading], ...] = ()


class Showing(msgspec.Struct, Generic[T], frozen=True):
    """What is shown of the contents: a value of the door's own, and the entryUUIDs of the documents it is from."""

    value: T
    entries: frozenset[str]


class Told(msgspec.Struct, Generic[T], frozen=True):
    """What was shown, and the look it was written down as."""

    value: T
    look: str


async def contents(house: House, wish: Wish, choose: Callable[[Contents], Showing[T]]) -> Told[T] | Refusal:
    """Show some of what exists for the reader; the look and its event are durable when this returns.

    An unknown patient and one the reader has no right to give the same refusal; by an id, that there is no such thing.
    """
    at = house.clock()
    with house.storage.snapshot() as reader:
        key = patient_key(reader, wish.patient)
        decision = _decision(house, reader, wish, key, at)
        found = None if isinstance(decision, Refusal) else _contents(house, reader, decision, wish, at)
    if isinstance(decision, Refusal) or found is None:
        return await _refused(house, wish, key, decision if isinstance(decision, Refusal) else NO_DOCUMENT)
    has, read = found
    showing = choose(has)
    look = _look(house, decision, wish, has, read, showing.entries)
    event = done(house, wish.actor, key, EVENTS[wish.kind], decision.rule, tuple(one.entry for one in look.documents))
    await write(house, event, look, after_look(house, decision, look))
    if has.stale:
        house.storage.act(partial(write_back, has.stale))
    return Told(showing.value, look.id)


async def pictured(house: House, wish: Wish, view: str) -> tuple[Shown, Contents] | Refusal:
    """The overview as :func:`look` shows it, with everything it is drawn from; one look, durable when this returns."""
    at = house.clock()
    asked = Asked(wish.actor, wish.patient, wish.purpose, view, at)
    with house.storage.snapshot() as reader:
        key = patient_key(reader, wish.patient)
        drawn = OTHER if _is_others(reader, wish, key) else _drawn(house, reader, asked, wish)
    if isinstance(drawn, Refusal):
        return await _refused(house, wish, key, drawn)
    seen, has = drawn
    return await show(house, asked, seen), has


def _drawn(house: House, reader: Reader, asked: Asked, wish: Wish) -> tuple[Picture, Contents] | Refusal:
    seen = picture(house, reader, asked)
    return (seen, _contents(house, reader, seen.permit, wish, asked.at)[0]) if isinstance(seen, Picture) else seen[1]


def _decision(house: House, reader: Reader, wish: Wish, key: int, at: int) -> Permit | Refusal:
    return OTHER if _is_others(reader, wish, key) else ask(house, reader, wish.actor, key, wish.purpose, at)


def _is_others(reader: Reader, wish: Wish, key: int) -> bool:
    """Whether the asker may ask about another patient only."""
    return wish.bound is not None and (key == NOBODY or key not in reader.linked_keys(wish.bound))


async def _refused(house: House, wish: Wish, key: int, refusal: Refusal) -> Refusal:
    act = EVENTS[wish.kind]
    then = None if wish.by_id else after_refusal(house, wish.actor, key, act, refusal)
    await refuse(house, wish.actor, key, act, refusal, then)
    return NO_DOCUMENT if wish.by_id else refusal


def _contents(
    house: House, reader: Reader, permit: Permit, wish: Wish, at: int
) -> tuple[Contents, Mapping[str, Contributed]]:
    keys = reader.linked_keys(permit.patient)
    entries, filtered = existing(reader, permit, keys)
    around = around_of(reader, keys)
    read = contributions(reader, house.kept, entries) if wish.kind == "document" else {}
    told = disclosed(permit, entries, around, [read[one.content].care for one in entries] if read else ())
    has = Contents(
        patient=min(keys),
        number=number_under(reader, keys),
        registered=told.registered,
        gathered=told.gathered,
        at=at,
        until=permit.asked_again_at,
        filtered=filtered and house.block_notice == "generic",
        overridden=permit.override is not None,
        stale=tuple((one.patient, fresh) for one in entries if (fresh := _fresh(read, one.content)) is not None),
    )
    return has, read


def _fresh(read: Mapping[str, Contributed], content: str) -> StoredReading | None:
    return read[content].fresh if content in read else None


def _look(
    house: House,
    permit: Permit,
    wish: Wish,
    has: Contents,
    read: Mapping[str, Contributed],
    named: frozenset[str],
) -> Look:
    entries = tuple(one for one in has.registered.entries if one.uuid in named)
    look = look_at(house, permit, has.at, wish.kind, entries, has.filtered)
    return msgspec.structs.replace(look, documents=shown(entries, read)) if read else look
