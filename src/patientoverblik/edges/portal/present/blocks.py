"""A citizen's blocks and consents in plain words, and what there is to choose among when one is made."""

import hashlib
from collections.abc import Iterable, Mapping

import msgspec

from patientoverblik.access import Block, Look, OrganisationRef
from patientoverblik.edges.portal.dates import danish_time, day_text
from patientoverblik.edges.portal.page import Option
from patientoverblik.edges.portal.present.documents import APPOINTMENTS, entry_text
from patientoverblik.edges.portal.vocabulary import Vocabulary
from patientoverblik.edges.portal.words import joined, listed, title_text
from patientoverblik.service import CanSee
from patientoverblik.sharing.model import DocumentEntry


class Chosen(msgspec.Struct, frozen=True):
    """One thing to choose: how it is called, and the part of a block it makes."""

    text: str
    part: Mapping[str, object]


class Choices(msgspec.Struct, frozen=True):
    """What a form offers, by opaque values: an identifier of somebody never stands on a page."""

    who: Mapping[str, Chosen]
    origins: Mapping[str, Chosen]
    types: Mapping[str, Chosen]
    documents: Mapping[str, Chosen]
    parties: Mapping[str, Chosen]


class BlockLine(msgspec.Struct, frozen=True):
    """One block or consent as the citizen reads it; ``ends`` is its id where it can be ended."""

    text: str
    when: str
    ends: str = ""
    ended: bool = False


def choices(
    entries: Iterable[DocumentEntry],
    seers: Iterable[CanSee],
    looks: Iterable[Look],
    salt: str,
    words: Vocabulary,
) -> Choices:
    """What can be chosen: who can see or has seen something, and where what there is comes from."""
    entries, looks = tuple(entries), tuple(looks)
    treating = _places([each.organisation for each in seers if each.organisation])
    looking = _places([look.actor.organisation for look in looks if look.actor.organisation])
    origins = _places([place for entry in entries for place in entry.origins[:1]])
    parties = {**treating, **looking} or origins
    who = [
        *[Chosen(place.name, {"organisation": place}) for place in parties.values()],
        *_people(looks),
        *_relatives(seers, looks),
    ]
    return Choices(
        who=_keyed(salt, who),
        origins=_keyed(salt, [Chosen(place.name, {"origin": place}) for place in origins.values()]),
        types=_keyed(salt, _types(entries, words)),
        documents=_keyed(salt, _documents(entries)),
        parties=_keyed(salt, [Chosen(place.name, {"party": place}) for place in parties.values()]),
    )


def options(of: Mapping[str, Chosen], first: str) -> tuple[Option, ...]:
    """The choices of a select in alphabetical order, after ``first``, which chooses none of them."""
    rest = sorted(of.items(), key=lambda each: each[1].text.lower())
    return (Option("", first), *[Option(value, each.text) for value, each in rest])


def block_line(block: Block, known: Choices, words: Vocabulary, now: int) -> BlockLine:
    """A block as a sentence, and when it holds."""
    who = _who(block, known, words)
    may = words.word("block", f"{block.kind}-sentence")
    said = may.replace("{who}", who[:1].upper() + who[1:]).replace("{what}", _what(block, known, words))
    over = 0 < block.valid_until <= now
    until = f"til og med {_last_day(block.valid_until)}" if block.valid_until else ""
    when = joined((joined((f"Gælder fra {_day(block.valid_from)}", until), " "), _by(block, words)))
    told = f"Gjaldt {_period(block.valid_from, block.valid_until)}" if over else when
    return BlockLine(said, told, "" if over else block.id, over)


def _by(block: Block, words: Vocabulary) -> str:
    """Who made it in the patient's place, and for which parts; empty where the patient made it."""
    if not block.by:
        return ""
    parts = listed(words.word("part", part) for part in block.parts)
    return joined((words.word("block", f"by-{block.by}"), f"kun {parts}" if parts else ""))


def _who(block: Block, known: Choices, words: Vocabulary) -> str:
    units = words.word("block", "with-units") if block.with_units else ""
    place = joined((block.organisation.name or block.organisation.value, units), " ") if block.organisation else ""
    person = _named(known.who, "person", block.person) if block.person else ""
    person = person or (_named(known.who, "authorisation", block.authorisation) if block.authorisation else "")
    relative = _named(known.who, "relative", block.relative) if block.relative else ""
    if block.person or block.relative:
        return joined((person or relative or words.word("block", "somebody"), place), ", ")
    return place or words.word("block", "everyone")


def _what(block: Block, known: Choices, words: Vocabulary) -> str:
    document = _named(known.documents, "document", block.document) if block.document else ""
    if block.document:
        return f"»{document or words.word('block', 'a-document')}«"
    kinds = listed(words.word("type", code) or _named(known.types, "types", (code,)) for code in block.types)
    units = words.word("block", "with-units") if block.origin_with_units else ""
    place = joined((block.origin.name or block.origin.value, units), " ") if block.origin else ""
    found = (
        kinds or words.word("block", "everything"),
        f"fra {place}" if place else "",
        _period(block.origin_from, block.origin_until),
    )
    return joined(found, " ")


def _period(start: int, end: int) -> str:
    return joined((f"fra {_day(start)}" if start else "", f"til og med {_last_day(end)}" if end else ""), " ")


def _day(at: int) -> str:
    return day_text(danish_time(at).date())


def _last_day(end: int) -> str:
    """The last day before an end, which is the first instant that is not in it."""
    return _day(end - 1)


def _named(of: Mapping[str, Chosen], field: str, value: object) -> str:
    return next((each.text for each in of.values() if each.part.get(field) == value), "")


def _places(found: Iterable[OrganisationRef]) -> dict[tuple[str, str], OrganisationRef]:
    places: dict[tuple[str, str], OrganisationRef] = {}
    for place in found:
        if place.name:
            places.setdefault((place.system, place.value), place)
    return places


def _people(looks: Iterable[Look]) -> list[Chosen]:
    """Professionals who have looked, by name and organisation; one who came by several doors is one, by the id of a
    login and the authorisation that other doors know them by."""
    found: dict[str, Chosen] = {}
    for look in looks:
        actor = look.actor
        if actor.kind == "professional" and actor.name:
            place = actor.organisation.name if actor.organisation else ""
            code = {"authorisation": actor.authorisation} if actor.authorisation else {}
            chosen = Chosen(joined((actor.name, place), ", "), {"person": actor.id, **code})
            held = found.setdefault(actor.authorisation or actor.id, chosen)
            if held.part["person"] == actor.authorisation:
                found[actor.authorisation] = chosen
    return list(found.values())


def _relatives(seers: Iterable[CanSee], looks: Iterable[Look]) -> list[Chosen]:
    """Those who act for the citizen, by the name they have looked under."""
    names = {look.actor.person: look.actor.name for look in looks if look.actor.kind == "relative"}
    holders = [each.person for each in seers if each.person]
    return [
        Chosen(names.get(person) or f"Pårørende nummer {number}", {"relative": person})
        for number, person in enumerate(dict.fromkeys(holders), 1)
    ]


def _types(entries: Iterable[DocumentEntry], words: Vocabulary) -> list[Chosen]:
    found = {entry.type_code.code: entry for entry in entries if entry.type_code}
    return [Chosen(_type_text(entry, code, words), {"types": (code,)}) for code, entry in found.items()]


def _type_text(entry: DocumentEntry, code: str, words: Vocabulary) -> str:
    """A type in Danish; one without a word of ours by its own display text, which can be any language."""
    shown = entry.type_code.display if entry.type_code else ""
    text = words.word("type", code, shown or title_text(entry.title))
    return text[:1].upper() + text[1:]


def _documents(entries: Iterable[DocumentEntry]) -> list[Chosen]:
    """Documents that are in force, by their series, so that a new version is shared too."""
    current = [entry for entry in entries if entry.status == "approved" and entry.parts != APPOINTMENTS]
    return [Chosen(entry_text(entry), {"document": entry.series or entry.unique_id}) for entry in current]


def _keyed(salt: str, found: Iterable[Chosen]) -> dict[str, Chosen]:
    return {opaque(salt, each.part): each for each in found}


def opaque(salt: str, part: Mapping[str, object]) -> str:
    """A value that stands for a choice in this session and tells nothing of it."""
    return hashlib.sha256(f"{salt}|{sorted(part.items())!r}".encode()).hexdigest()[:20]
