"""Where a line comes from: its documents, the place in each, and the line of the mapping that read it (DESIGN 3)."""

from collections.abc import Iterator

import msgspec

from patientoverblik.access import Look, Refusal
from patientoverblik.overview.model import Attribution, Line, Wording
from patientoverblik.service.contributions import contributions
from patientoverblik.service.draw import seeing_by, versions
from patientoverblik.service.follow_up import after_look, after_refusal
from patientoverblik.service.house import House
from patientoverblik.service.model import Explained, Explanation
from patientoverblik.service.picture import Asked, Picture, look_of, picture
from patientoverblik.service.ports import Reader
from patientoverblik.service.reading import explained
from patientoverblik.service.trail import done, refuse, write
from patientoverblik.sharing.amend import latest
from patientoverblik.sharing.find import existing

NO_LINE = Refusal("no-such-line", "service.no-line")


async def explain(house: House, asked: Asked, line: str) -> Explained | Refusal:
    """Explain one line of the overview that ``asked`` would be shown now, party by party; logged as a look at their
    documents. It is decided now, whatever time ``asked`` bears. A line that is not in it is answered alike, whether it
    is hidden or was never there."""
    asked = msgspec.structs.replace(asked, at=house.clock())
    with house.storage.snapshot() as reader:
        seen = picture(house, reader, asked)
        answer = tuple(_explanations(reader, seen, line)) if isinstance(seen, Picture) else ()
        earlier = _versions(house, reader, asked, seen, line) if isinstance(seen, Picture) and answer else ()
    if not isinstance(seen, Picture):
        key, refusal = seen
        then = after_refusal(house, asked.actor, key, "explain", refusal)
        return await refuse(house, asked.actor, key, "explain", refusal, then)
    if not answer:
        return await refuse(house, asked.actor, seen.permit.patient, "explain", NO_LINE)
    entries = tuple(dict.fromkeys((*[one.entry for one in answer], *[one.attribution.entry for one in earlier])))
    look = _look(house, asked, seen, entries)
    permit, shown = seen.permit, seen.overview.lines[line]
    event = done(house, asked.actor, look.patient, "explain", look.rule, entries)
    await write(house, event, look, after_look(house, permit, look))
    return Explained(shown, answer, look.id, earlier, permit.override, permit.asked_again_at)


def _explanations(reader: Reader, seen: Picture, line: str) -> Iterator[Explanation]:
    found = seen.overview.lines.get(line)
    for attribution in () if found is None else _attributions(found):
        patient = reader.locate_entry(attribution.entry)
        data = None if patient is None else reader.content(patient, attribution.content)
        path, mapping = ("", "") if data is None else explained(data, attribution.place.partition("#")[0])
        yield Explanation(attribution.entry, attribution.unique_id, attribution.place, path, mapping)


def _attributions(line: Line) -> tuple[Attribution, ...]:
    return tuple(wording.attribution for wording in line.wordings)


def _versions(house: House, reader: Reader, asked: Asked, seen: Picture, line: str) -> tuple[Wording, ...]:
    """What the line said in every version of its documents that the permit lets through."""
    found, _ = existing(reader, seen.permit)
    entries = latest(found)
    read = contributions(reader, house.kept, entries)
    held = ((entry, read[entry.content].care) for entry in entries)
    seeing = seeing_by(seen.permit, asked.view, asked.at, False)
    return versions(seeing, held, seen.overview.lines[line])


def _look(house: House, asked: Asked, seen: Picture, entries: tuple[str, ...]) -> Look:
    documents = tuple(document for document in seen.documents if document.entry in entries)
    whole = look_of(house.ids.uuid(), asked, seen)
    return msgspec.structs.replace(whole, act="document", view="explain", documents=documents)
