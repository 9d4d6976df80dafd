"""What a look showed, shown again: for the citizen, and for those who answer for the service."""

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from patientoverblik.access import PROTECTED_ADDRESS, Actor, Look, Permit, Refusal, ShownDocument, shown_by_now
from patientoverblik.overview.model import Overview, SourceState, SourceStateKind
from patientoverblik.problems import Finding
from patientoverblik.service.contributions import Contributed, contributions
from patientoverblik.service.draw import Seeing, draw, has_view, seen_again, seen_then, view_name, view_stamp
from patientoverblik.service.drawing import drawn_by
from patientoverblik.service.evidence import ask, patient_key
from patientoverblik.service.house import House
from patientoverblik.service.model import Replayed
from patientoverblik.service.ports import Reader
from patientoverblik.service.sources import SILENT, Source
from patientoverblik.service.trail import done, refuse, write
from patientoverblik.sharing.model import DocumentEntry, PatientId

NO_LOOK = Refusal("no-such-look", "service.no-look")


class Recreated(msgspec.Struct, frozen=True):
    """A look shown again before anyone has seen it, and what could not be as it was."""

    original: Look
    overview: Overview
    changed: tuple[Finding, ...]


async def replay(house: House, actor: Actor, patient: PatientId | int, look: str) -> Replayed | Refusal:
    """Show what a look at an overview showed, by the documents, versions and sources written down then; itself a look.

    What was read then and is read otherwise now is shown as it is read now, and ``changed`` says so of each document.
    """
    at = house.clock()
    with house.storage.snapshot() as reader:
        key = patient_key(reader, patient)
        permit = ask(house, reader, actor, key, "replay", at)
        again = recreate(house, reader, permit, look)
    if isinstance(permit, Refusal):
        return await refuse(house, actor, key, "replay", permit)
    if again is None:
        return await refuse(house, actor, key, "replay", NO_LOOK)
    written = msgspec.structs.replace(
        again.original,
        id=house.ids.uuid(),
        actor=actor,
        purpose="replay",
        rule=permit.rule,
        at=at,
        act="replay",
        of=again.original.id,
        override=None,
    )
    await write(house, done(house, actor, key, "replay", permit.rule, (look,)), written)
    return Replayed(again.overview, again.original, written.id, not again.changed, again.changed)


def recreate(house: House, reader: Reader, decision: Permit | Refusal, look: str) -> Recreated | None:
    """Draw the overview of a look again from what was written down of it; None without a permit or such a look."""
    if isinstance(decision, Refusal):
        return None
    keys = reader.linked_keys(decision.patient)
    original = next((one for key in keys if (one := reader.look(key, look))), None)
    if original is None or not _may_see(decision, original):
        return None
    held = {entry.uuid: entry for key in keys for entry in reader.entries(key)}
    original = _shown_by_now(decision, original, held)
    then = [(as_then(held[shown.entry], original), shown) for shown in original.documents if shown.entry in held]
    read = contributions(reader, house.kept, [entry for entry, shown in then if shown.stamp])
    documents = tuple((entry, read[entry.content].care if shown.stamp else None) for entry, shown in then)
    seeing = seen_again(seen_then(original), decision)
    drawn = draw(seeing, documents, sources_then(house.sources, original))
    hidden = _hidden(original, seeing, (entry for entry, _ in documents))
    return Recreated(original, drawn, (*hidden, *changes(house, original, held, read)))


def _shown_by_now(permit: Permit, original: Look, held: Mapping[str, DocumentEntry]) -> Look:
    """The look as if what its patient sees later had never come."""
    entries = [held[shown.entry] for shown in original.documents if shown.entry in held]
    gone = {entry.uuid for entry in entries} - {entry.uuid for entry in shown_by_now(permit, entries)}
    return msgspec.structs.replace(
        original, documents=tuple(shown for shown in original.documents if shown.entry not in gone)
    )


def _may_see(permit: Permit, original: Look) -> bool:
    """Whether a look showed a picture, and is not hidden from the citizen who asks."""
    drawn = original.act == "overview" and has_view(view_name(original.view))
    return drawn and not (permit.actor.kind == "citizen" and "citizen" in original.hidden_from)


def _hidden(original: Look, seeing: Seeing, entries: Iterable[DocumentEntry]) -> Iterator[Finding]:
    """That something which was shown is hidden from the one who sees it again."""
    then = seen_then(original)
    address = then.whole and not seeing.whole and any(PROTECTED_ADDRESS in entry.withheld for entry in entries)
    people = (seeing.hides_home, seeing.hides_relatives) != (then.hides_home, then.hides_relatives)
    if address or people:
        yield Finding("service.replay-hidden", place=original.id)


def as_then(entry: DocumentEntry, original: Look) -> DocumentEntry:
    """The entry as the look saw it: approved if it was so, and referring only to what was shown."""
    seen = {shown.entry: shown for shown in original.documents}
    replaces = tuple(uuid for uuid in entry.replaces if uuid in seen)
    if seen[entry.uuid].status == entry.status:
        return msgspec.structs.replace(entry, replaces=replaces)
    return msgspec.structs.replace(
        entry, status="approved", deprecated_at=0, deprecated_by="", replaced_by="", replaces=replaces
    )


def sources_then(sources: Iterable[Source], original: Look) -> tuple[SourceState, ...]:
    """The sources as the look showed them; one no longer configured keeps its id for a name."""
    known = {source.id: source for source in sources}
    times = dict(original.source_times)
    return tuple(_source_then(known.get(id_, Source(id_, id_, "")), state, times) for id_, state in original.sources)


def changes(
    house: House, original: Look, held: Mapping[str, DocumentEntry], read: Mapping[str, Contributed]
) -> Iterator[Finding]:
    """What of the look cannot be recreated as it was, each placed by its entry."""
    if view_stamp(original) != original.view:
        yield Finding("service.replay-view", place=original.view)
    if drawn_by(house.sources) != original.drawn_by:
        yield Finding("service.replay-drawing", place=original.drawn_by)
    for shown in original.documents:
        code = _change(shown, held.get(shown.entry), read)
        if code:
            yield Finding(code, place=shown.entry)


def _change(shown: ShownDocument, entry: DocumentEntry | None, read: Mapping[str, Contributed]) -> str:
    if entry is None or entry.content != shown.content:
        return "service.replay-missing"
    if shown.status == "deprecated" != entry.status:
        return "service.replay-status"
    return "service.replay-stamp" if shown.stamp and read[entry.content].stamp != shown.stamp else ""


def _source_then(source: Source, state: str, times: Mapping[str, int]) -> SourceState:
    kind = msgspec.convert(state, SourceStateKind)
    code = SILENT if kind == "not-retrieved" else ""
    return SourceState(source.id, source.name, source.sector, kind, source.kinds, times.get(source.id, 0), code)
