"""Who saw a document, and that they are told when it is withdrawn as misfiled or wrong.

A look showed a document where it was opened, explained or replayed, or where the picture rested on its reading; a list
of titles showed none of its content. Looks are searched under every key the patient has or had: a document may have
been seen through a link that was wrong and is gone.
"""

from collections.abc import Iterable

import msgspec

from patientoverblik.access import Actor, Look, Notice, Purpose, Refusal
from patientoverblik.service.evidence import ask, patient_key
from patientoverblik.service.house import House
from patientoverblik.service.ports import Reader, Transaction
from patientoverblik.service.telling import Reason, Telling, organisation, person
from patientoverblik.service.trail import done, refuse, refused, write
from patientoverblik.sharing.model import DocumentEntry, PatientId

NO_DOCUMENT = Refusal("no-such-document", "sharing.document-unknown")
NO_TELLING = Refusal("no-such-telling", "service.no-telling")
NOBODY = 0


class Readership(msgspec.Struct, frozen=True):
    """One reader of a document: the looks that showed it to them, the first and the last time (ms UTC)."""

    reader: Actor
    looks: tuple[str, ...]
    first: int
    last: int


def readership(reader: Reader | Transaction, entry: DocumentEntry) -> tuple[Readership, ...]:
    """Everybody who was shown the content of a document, in the order they first saw it."""
    looks = [look for key in reader.once_linked(entry.patient) for look in reader.looks(key) if shows(look, entry)]
    by_reader: dict[tuple[str, str], list[Look]] = {}
    for look in sorted(looks, key=lambda one: (one.at, one.id)):
        by_reader.setdefault((person(look.actor), organisation(look.actor)), []).append(look)
    return tuple(
        Readership(seen[0].actor, tuple(look.id for look in seen), seen[0].at, seen[-1].at)
        for seen in by_reader.values()
    )


def shows(look: Look, entry: DocumentEntry) -> bool:
    """Whether a look showed the content of a document, under whatever entry it was registered."""
    if look.act in ("list", "flag", "refused"):
        return False
    return any(
        shown.content == entry.content and (look.act == "document" or shown.stamp != "") for shown in look.documents
    )


def tell_readers(house: House, transaction: Transaction, entry: DocumentEntry, reason: Reason, by: Actor) -> int:
    """Write down what each reader of a withdrawn document is to be told, in the act that withdraws it; how many.

    A citizen is told as a notice on their own pages, whoever's the document was.
    """
    readers = readership(transaction, entry)
    for one in readers:
        if one.reader.kind == "citizen":
            told = one.reader.person or entry.patient
            transaction.put_notice(Notice(house.ids.uuid(), told, "withdrawn", house.clock(), by, entry.uuid))
        elif one.reader.kind != "job":
            transaction.put_telling(_telling(house, entry, reason, one))
    return len(readers)


async def readers_of(
    house: House, actor: Actor, patient: PatientId | int, document: str
) -> tuple[Readership, ...] | Refusal:
    """Everybody who saw a document (entryUUID): to an officer, and to the organisation it belongs to."""
    with house.storage.snapshot() as reader:
        key = patient_key(reader, patient)
        purpose: Purpose = "delivery" if actor.kind == "system" else "oversight"
        permit = ask(house, reader, actor, key, purpose, house.clock())
        entry = _entry(reader, key, document)
        allowed = not isinstance(permit, Refusal) and entry is not None and _answers_for(house, actor, entry)
        found = readership(reader, entry) if allowed and entry is not None else ()
    if isinstance(permit, Refusal) or not allowed:
        return await refuse(house, actor, key, "readers", permit if isinstance(permit, Refusal) else NO_DOCUMENT)
    await write(house, done(house, actor, key, "readers", permit.rule, (document,)))
    return found


async def tellings(house: House, actor: Actor) -> tuple[Telling, ...] | Refusal:
    """What an actor is to be told, newest first: of the looks of nobody else.

    A professional who accounts for the organisation's looks sees those of all its readers in :func:`worklist`.
    """
    found = house.storage.reader().tellings_of(person(actor))
    await write(house, done(house, actor, NOBODY, "told", "own-looks"))
    return _newest_first(found)


async def worklist(house: House, actor: Actor) -> tuple[Telling, ...] | Refusal:
    """What the readers of a professional's organisation are to be told, newest first, seen or not."""
    with house.storage.snapshot() as reader:
        permit = ask(house, reader, actor, NOBODY, "oversight", house.clock())
        place = organisation(actor)
        found = reader.tellings_of(place) if place and not isinstance(permit, Refusal) else ()
    if isinstance(permit, Refusal):
        return await refuse(house, actor, NOBODY, "told", permit)
    await write(house, done(house, actor, NOBODY, "told", permit.rule))
    return _newest_first(found)


async def telling_seen(house: House, actor: Actor, telling: str) -> Telling | Refusal:
    """A reader has seen what they were told; the first time counts."""

    def work(transaction: Transaction) -> Telling | Refusal:
        held = next((one for one in transaction.tellings_of(person(actor)) if one.id == telling), None)
        if held is None:
            transaction.add_event(refused(house, actor, NOBODY, "told-seen", NO_TELLING))
            return NO_TELLING
        read = msgspec.structs.replace(held, seen=held.seen or house.clock())
        transaction.put_telling(read)
        transaction.add_event(done(house, actor, held.patient, "told-seen", "own-looks", (held.document,)))
        return read

    return await house.wait(house.storage.act(work))


def _telling(house: House, entry: DocumentEntry, reason: Reason, one: Readership) -> Telling:
    return Telling(
        id=house.ids.uuid(),
        patient=entry.patient,
        document=entry.uuid,
        reason=reason,
        at=house.clock(),
        reader=msgspec.structs.replace(one.reader, session=""),
        looks=one.looks,
        first=one.first,
        last=one.last,
    )


def _entry(reader: Reader, patient: int, document: str) -> DocumentEntry | None:
    found = (reader.entry(key, document) for key in reader.once_linked(patient))
    return next((entry for entry in found if entry is not None), None)


def _answers_for(house: House, actor: Actor, entry: DocumentEntry) -> bool:
    """Whether the actor is an officer, or speaks for an organisation the document comes from."""
    ours = house.speaks_for(actor)
    return actor.kind == "officer" or any(own.same(place) for own in ours for place in entry.origins)


def _newest_first(found: Iterable[Telling]) -> tuple[Telling, ...]:
    return tuple(sorted(found, key=lambda one: (one.at, one.id), reverse=True))
