"""Everything of a patient that exists for one reader, some of it shown: decided, filtered, written down (DESIGN 13).

A door that answers by search does not know what it shows before it has looked: it is handed what exists for the reader,
says what it shows of that, and the look names those documents and no others.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Generic, Literal, TypeVar

import msgspec

from patientoverblik.access import PROTECTED_ADDRESS, Actor, Look, Permit, Purpose, Refusal, reads
from patientoverblik.care import Contribution
from patientoverblik.overview.gather import Gathered, Held, gather
from patientoverblik.overview.recent import Recent, Same
from patientoverblik.overview.shield import shield
from patientoverblik.service.contributions import Contributed, contributions, write_back
from patientoverblik.service.documents import NO_DOCUMENT, look_at
from patientoverblik.service.draw import NO_VIEW, screened, seeing_by
from patientoverblik.service.evidence import NOBODY, ask, patient_key
from patientoverblik.service.follow_up import after_look, after_refusal
from patientoverblik.service.house import House
from patientoverblik.service.look import show
from patientoverblik.service.model import Shown
from patientoverblik.service.picture import Asked, Picture, picture, shown
from patientoverblik.service.ports import Reader
from patientoverblik.service.registry import OTHER, discreetly, number_of
from patientoverblik.service.trail import done, refuse, write
from patientoverblik.sharing.amend import latest
from patientoverblik.sharing.holding import Holding, holding
from patientoverblik.sharing.model import DocumentEntry, PatientId, StoredReading
from patientoverblik.sharing.stored_query import Answer

T = TypeVar("T")
KEPT = 2048
"""Documents whose shielded form is kept."""
_SHIELDED: Recent[tuple[DocumentEntry, bool, Same], Held] = Recent(KEPT)
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
        decision = _decision(house, reader, wish, key, at)
        seen = NO_VIEW if isinstance(decision, Refusal) else picture(house, reader, asked)
        has = None if isinstance(decision, Refusal) else _contents(house, reader, decision, wish, at)
    if isinstance(decision, Refusal):
        return await _refused(house, wish, key, decision)
    if has is None or not isinstance(seen, Picture):
        return await _refused(house, wish, key, NO_VIEW)
    return await show(house, asked, seen), has[0]


def _decision(house: House, reader: Reader, wish: Wish, key: int, at: int) -> Permit | Refusal:
    bound = None if wish.bound is None else reader.linked_keys(wish.bound)
    if bound is not None and (key == NOBODY or key not in bound):
        return OTHER
    return ask(house, reader, wish.actor, key, wish.purpose, at)


async def _refused(house: House, wish: Wish, key: int, refusal: Refusal) -> Refusal:
    act = EVENTS[wish.kind]
    then = None if wish.by_id else after_refusal(house, wish.actor, key, act, refusal)
    await refuse(house, wish.actor, key, act, refusal, then)
    return NO_DOCUMENT if wish.by_id else refusal


def _contents(
    house: House, reader: Reader, permit: Permit, wish: Wish, at: int
) -> tuple[Contents, Mapping[str, Contributed]]:
    held = holding(reader, permit)
    keys = reader.linked_keys(permit.patient)
    read = contributions(reader, house.kept, held.entries) if wish.kind == "document" else {}
    notice = held.filtered and house.block_notice == "generic"
    has = Contents(
        patient=min(keys),
        number=number_of(reader, permit.patient),
        registered=discreetly(permit, held, Answer(held.entries, held.sets, held.folders, held.associations)),
        gathered=gather(_said(permit, held, read, at)),
        at=at,
        until=permit.asked_again_at,
        filtered=notice,
        overridden=permit.override is not None,
        stale=tuple((one.patient, fresh) for one in held.entries if (fresh := _fresh(read, one.content)) is not None),
    )
    return has, read


def _fresh(read: Mapping[str, Contributed], content: str) -> StoredReading | None:
    return read[content].fresh if content in read else None


def _said(permit: Permit, held: Holding, read: Mapping[str, Contributed], at: int) -> Iterable[Held]:
    """What each document says, without what this reader must not see of it."""
    seeing = seeing_by(permit, "", at, notice=False)
    whole = reads(permit.actor.kind, PROTECTED_ADDRESS)
    documents = ((entry, read[entry.content].care) for entry in latest(held.entries) if entry.content in read)
    for entry, care in screened(seeing, documents):
        yield (entry, None) if care is None else _shielded(entry, care, whole)


def _shielded(entry: DocumentEntry, care: Contribution, whole: bool) -> Held:
    """The document as :func:`shield` leaves it; of the very same contribution the very same one, so that what is made
    of it need not be made again."""
    key = (entry, whole, Same((care,)))
    found = _SHIELDED.get(key)
    if found is None:
        found = _SHIELDED[key] = shield(entry, care, whole)
    return found


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
