"""What is said when something is not there: none recorded, not retrieved, not connected – never alike (DESIGN 5)."""

from patientoverblik.edges.portal.dates import instant_text, lately_text
from patientoverblik.edges.portal.page import Chip, Link, Notice, Source, Tone
from patientoverblik.edges.portal.present.desk import Desk
from patientoverblik.edges.portal.vocabulary import Vocabulary
from patientoverblik.edges.portal.words import joined, listed
from patientoverblik.overview import Section, SectionProfile, SourceState

_TONES: dict[str, Tone] = {"retrieved": "good", "not-retrieved": "warn", "not-connected": "plain"}


def notes(desk: Desk, profile: SectionProfile, section: Section) -> tuple[str, ...]:
    """What a section must say of its own gaps; a section can have lines and gaps at once."""
    silent = listed([_name(desk, source) for source in section.silent]) if section.silent else ""
    unconnected = listed([_name(desk, source) for source in section.unconnected]) if section.unconnected else ""
    found = (
        _nothing(desk, profile, section),
        _say(desk, "silent", silent) if silent else "",
        _say(desk, "unconnected", unconnected) if unconnected and section.state != "lines" else "",
        desk.view.states.unread if section.unread else "",
    )
    return tuple(note for note in found if note)


def completeness(desk: Desk) -> str:
    """When the overview was made, and from how many of the connected sources."""
    connected = [source for source in desk.overview.sources if source.state != "not-connected"]
    answered = sum(source.state == "retrieved" for source in connected)
    outside = listed(source.name for source in desk.overview.sources if source.state == "not-connected")
    filled = {"{time}": instant_text(desk.now), "{n}": str(answered), "{m}": str(len(connected))}
    whole = desk.view.states.complete
    for place, text in filled.items():
        whole = whole.replace(place, text)
    return joined((whole, _say(desk, "unconnected", outside) if outside else ""), " ")


def notices(desk: Desk) -> tuple[Notice, ...]:
    """What stands above all else: what could not be fetched, and that something is blocked (never what or by whom)."""
    found = (_incomplete(desk), _blocked(desk))
    return tuple(notice for notice in found if notice)


def sources(desk: Desk) -> tuple[Source, ...]:
    """Every source and how it answered, the same list for every patient."""
    return tuple(_source(desk, each) for each in desk.overview.sources)


def _nothing(desk: Desk, profile: SectionProfile, section: Section) -> str:
    """The sentence for none recorded; only where every connected source answered (DESIGN 5)."""
    if section.state != "none-recorded":
        return ""
    answered = sum(source.state == "retrieved" for source in desk.overview.sources)
    return (profile.none or desk.words.word("none", profile.id)).replace("{n}", str(answered))


def _incomplete(desk: Desk) -> Notice | None:
    silent = [source for source in desk.overview.sources if source.state == "not-retrieved"]
    if not silent:
        return None
    title, text = desk.words.word("notice", "incomplete"), desk.view.states.not_retrieved
    text = text.removeprefix(f"{title}. ")
    last = tuple(_last(desk, source) for source in silent) if len(silent) == 1 else ()
    said = joined((text.replace("{sources}", listed(source.name for source in silent)), *last), " ")
    retry = Link(desk.words.word("notice", "retry"), desk.base) if desk.base else None
    return Notice("warning", title, said, retry)


def _last(desk: Desk, source: SourceState) -> str:
    return desk.words.word("notice", "last").replace("{time}", instant_text(source.at)) if source.at else ""


def _blocked(desk: Desk) -> Notice | None:
    if not desk.overview.filtered:
        return None
    title = desk.words.word("notice", "blocked")
    text = desk.view.states.filtered.removeprefix(f"{title}. ")
    return Notice("info", title, text)


def _source(desk: Desk, source: SourceState) -> Source:
    fetched = f"Sidst hentet {lately_text(source.at, desk.now)}" if source.at else ""
    said = "" if source.state == "not-connected" else fetched
    chip = source_chip(source, desk.words)
    return Source(source.name, desk.words.word("sector", source.sector, source.sector), chip, said)


def source_chip(source: SourceState, words: Vocabulary) -> Chip:
    """How a source stands, in a word."""
    return Chip(words.word("source-state", source.state), _TONES[source.state])


def _name(desk: Desk, source: str) -> str:
    return next((each.name for each in desk.overview.sources if each.id == source), source)


def _say(desk: Desk, code: str, names: str) -> str:
    return desk.words.word("absence", code).replace("{sources}", names)
