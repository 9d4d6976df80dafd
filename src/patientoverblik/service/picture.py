"""The picture a look shows: decided, found, read and drawn, without writing anything (DESIGN, A person looks).

The same state, question and time give the same picture, so it can be replayed and measured alone.
"""

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Literal

import msgspec

from patientoverblik.access import Actor, Look, Permit, Purpose, Refusal, ShownDocument, shown_by_now
from patientoverblik.access.visible import FROM_CUSTODY
from patientoverblik.overview.model import Overview, SourceState
from patientoverblik.service.contributions import Contributed, contributions
from patientoverblik.service.draw import NO_VIEW, draw, has_view, seeing_by
from patientoverblik.service.drawing import drawn_by
from patientoverblik.service.evidence import NOBODY, ask, patient_key
from patientoverblik.service.house import House
from patientoverblik.service.ports import Reader
from patientoverblik.service.sources import source_states
from patientoverblik.sharing.amend import latest
from patientoverblik.sharing.find import existing
from patientoverblik.sharing.model import DocumentEntry, PatientId, StoredReading

_PACK = msgspec.msgpack.Encoder().encode
_MINUTE = 60_000


class Asked(msgspec.Struct, frozen=True):
    """Who wants to see whom, why, in which view, and when (milliseconds UTC)."""

    actor: Actor
    patient: PatientId | int
    purpose: Purpose
    view: str
    at: int


class Picture(msgspec.Struct, frozen=True):
    """A picture before anyone has seen it. ``stale`` are (patient key, reading) to be written back once it is shown."""

    overview: Overview
    permit: Permit
    documents: tuple[ShownDocument, ...]
    etag: str
    stale: tuple[tuple[int, StoredReading], ...] = ()
    hidden_from: tuple[Literal["citizen", "custody-holder"], ...] = ()
    drawn_by: str = ""


def picture(house: House, reader: Reader, asked: Asked) -> Picture | tuple[int, Refusal]:
    """The picture, or the refusal with the patient key it is written down under (0 for a patient never seen)."""
    key = patient_key(reader, asked.patient)
    if key != NOBODY:
        reader.expect_look(key)
    permit = ask(house, reader, asked.actor, key, asked.purpose, asked.at)
    if isinstance(permit, Refusal) or not has_view(asked.view):
        return key, permit if isinstance(permit, Refusal) else NO_VIEW
    return permitted_picture(house, reader, asked, permit)


def permitted_picture(
    house: House, reader: Reader, asked: Asked, permit: Permit, patients: Permit | None = None
) -> Picture:
    """The picture a permit gives; where it is the patient who is shown it, by a permit of the ``patients`` own, without
    what they see later."""
    found, filtered = existing(reader, permit)
    entries = latest(found if patients is None else shown_by_now(patients, found))
    read = contributions(reader, house.kept, entries)
    sources = source_states(house.sources, reader.source_times(), asked.at)
    notice = (filtered and house.block_notice == "generic") or permit.own_blocks
    seeing = seeing_by(permit, asked.view, asked.at, notice)
    drawn = draw(seeing, ((entry, read[entry.content].care) for entry in entries), sources)
    documents = shown(entries, read)
    stale = tuple((entry.patient, fresh) for entry in entries if (fresh := read[entry.content].fresh) is not None)
    tag = etag(documents, sources, permit, asked)
    return Picture(drawn, permit, documents, tag, stale, hidden_from(entries), drawn_by(house.sources))


def shown(entries: Sequence[DocumentEntry], read: Mapping[str, Contributed]) -> tuple[ShownDocument, ...]:
    """What a look remembers of each document: entry, version, status, content and the stamp it was read with."""
    return tuple(
        ShownDocument(entry.uuid, entry.version, entry.status, entry.content, read[entry.content].stamp)
        for entry in entries
    )


def hidden_from(entries: Sequence[DocumentEntry]) -> tuple[Literal["citizen", "custody-holder"], ...]:
    """Who must not see in the log that these documents were looked at: those from whom a document of them is hidden."""
    return (FROM_CUSTODY,) if any(FROM_CUSTODY in entry.withheld for entry in entries) else ()


def etag(documents: tuple[ShownDocument, ...], sources: tuple[SourceState, ...], permit: Permit, asked: Asked) -> str:
    """What the picture rests on, as 16 bytes in hex, and the minute it was drawn in.

    The notice that something is withheld has no part in it: an ETag must not tell of a block (DESIGN 13).
    """
    hides = (permit.hides_home, permit.hides_relatives, permit.dead)
    rests_on = (documents, sources, sorted(permit.scope), permit.rule, asked.view, asked.at // _MINUTE, hides)
    return blake2b(_PACK(rests_on), digest_size=16).hexdigest()


def look_of(look: str, asked: Asked, seen: Picture) -> Look:
    """The look as it is written down."""
    sources = seen.overview.sources
    return Look(
        id=look,
        patient=seen.permit.patient,
        actor=asked.actor,
        purpose=asked.purpose,
        rule=seen.permit.rule,
        at=asked.at,
        act="overview",
        view=seen.overview.view,
        documents=seen.documents,
        sources=tuple((source.id, source.state) for source in sources),
        filtered=seen.overview.filtered,
        scope=tuple(sorted(seen.permit.scope)),
        source_times=tuple((source.id, source.at) for source in sources if source.at),
        override=seen.permit.override,
        outcome=seen.permit.outcome,
        hidden_from=seen.hidden_from,
        protected=seen.permit.hides_home,
        unnamed=seen.permit.hides_relatives,
        dead=seen.permit.dead,
        drawn_by=seen.drawn_by,
    )
