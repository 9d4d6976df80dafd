"""Lists of documents with their versions, a document's header, and the log, in words."""

from collections.abc import Iterable

import msgspec

from patientoverblik.access import Look
from patientoverblik.edges.portal.dates import instant_text, written_text
from patientoverblik.edges.portal.page import Chip, Fact
from patientoverblik.edges.portal.vocabulary import Vocabulary
from patientoverblik.edges.portal.words import joined, title_text
from patientoverblik.formats.cda.view import DocumentView
from patientoverblik.sharing.model import DocumentEntry


class Version(msgspec.Struct, frozen=True):
    """One version of a document."""

    text: str
    href: str
    chip: Chip


class Series(msgspec.Struct, frozen=True):
    """A document with all its versions, newest first."""

    title: str
    organisation: str
    versions: tuple[Version, ...]


class LookLine(msgspec.Struct, frozen=True):
    """One look, as the citizen reads it."""

    when: str
    who: str
    organisation: str
    what: str
    why: str


def series(entries: Iterable[DocumentEntry], base: str) -> tuple[Series, ...]:
    """Entries gathered by the series they belong to; the newest document first, and within it the newest version."""
    groups: dict[str, list[DocumentEntry]] = {}
    for entry in sorted(entries, key=_newest, reverse=True):
        groups.setdefault(entry.series or entry.logical_id, []).append(entry)
    return tuple(_series(group, base) for group in groups.values())


def document_facts(document: DocumentView) -> tuple[Fact, ...]:
    """What a document's header says, with its times in Danish."""
    return tuple(Fact(fact.name, fact.text or written_text(fact.moment, 0)) for fact in document.facts)


def looks(found: Iterable[Look], words: Vocabulary) -> tuple[LookLine, ...]:
    """Looks as lines, in the order given."""
    return tuple(_look(each, words) for each in found)


def _series(entries: list[DocumentEntry], base: str) -> Series:
    newest = entries[0]
    organisation = next((place.name for place in newest.origins if place.name), "")
    versions = tuple(_version(entry, base) for entry in entries)
    return Series(title_text(newest.title) or "Dokument", organisation, versions)


def _version(entry: DocumentEntry, base: str) -> Version:
    number = f"Version {entry.series_version}" if entry.series_version else "Dokument"
    return Version(joined((number, instant_text(entry.created))), f"{base}/dokument/{entry.uuid}", _chip(entry))


def _chip(entry: DocumentEntry) -> Chip:
    if entry.status == "approved":
        return Chip("Gælder", "good") if entry.state == "read" else Chip("Kunne ikke læses", "warn")
    return Chip("Erstattet af en nyere" if entry.replaced_by else "Ikke længere gældende")


def _newest(entry: DocumentEntry) -> tuple[int, int, int]:
    return (entry.series_version, entry.created, entry.registered)


def _look(look: Look, words: Vocabulary) -> LookLine:
    actor = look.actor
    return LookLine(
        when=instant_text(look.at),
        who=joined((actor.name or words.word("actor", actor.kind, actor.kind), actor.role), ", "),
        organisation=actor.organisation.name if actor.organisation else "",
        what=words.word("act", look.act, look.act).capitalize(),
        why=words.word("why", look.rule, words.word("actor", actor.kind)),
    )
