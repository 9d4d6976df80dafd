"""Lists of documents with their versions, and a document's header, in words."""

from collections.abc import Iterable

import msgspec

from patientoverblik.edges.portal.dates import instant_text, written_text
from patientoverblik.edges.portal.page import Chip, Fact
from patientoverblik.edges.portal.words import joined, title_text
from patientoverblik.formats.cda.view import DocumentView
from patientoverblik.problems import CATALOGUE
from patientoverblik.sharing.model import DocumentEntry

APPOINTMENTS = ("appointments",)
NOT_WHOLE = CATALOGUE["service.withheld-title"].da


class Version(msgspec.Struct, frozen=True):
    """One version of a document; ``href`` is empty where the reader may not have it whole."""

    text: str
    href: str
    chip: Chip


class Series(msgspec.Struct, frozen=True):
    """A document with all its versions, newest first; ``shown`` are those that stand without a click."""

    title: str
    organisation: str
    shown: tuple[Version, ...]
    folded: tuple[Version, ...] = ()
    opener: str = ""


def series(entries: Iterable[DocumentEntry], base: str) -> tuple[Series, ...]:
    """Entries gathered by the series they belong to; the newest document first, and within it the newest version.

    Appointments have a document each: those of one organisation are gathered, and stand behind a click.
    """
    groups: dict[str, list[DocumentEntry]] = {}
    for entry in sorted(entries, key=_newest, reverse=True):
        groups.setdefault(_group(entry), []).append(entry)
    ordered = sorted(groups.values(), key=lambda group: -max(entry.created for entry in group))
    return tuple(_series(group, base) for group in ordered)


def entry_text(entry: DocumentEntry) -> str:
    """A document among others of the same title: its title, where it comes from, and when it was written."""
    return joined((title_text(entry.title) or "Dokument", _organisation(entry), instant_text(entry.created)))


def document_facts(document: DocumentView) -> tuple[Fact, ...]:
    """What a document's header says, with its times in Danish."""
    return tuple(Fact(fact.name, fact.text or written_text(fact.moment, 0)) for fact in document.facts)


def printed_text(reader: str, now: int) -> str:
    """What stands on every sheet of a printed document or log: by whom, and when (ms UTC) it was fetched."""
    return f"Udskrevet af {reader}. Hentet {instant_text(now)}. Udskriften bliver ikke opdateret."


def _group(entry: DocumentEntry) -> str:
    alone = entry.series or entry.logical_id
    return f"appointments {_organisation(entry)}" if entry.parts == APPOINTMENTS and not entry.series else alone


def _organisation(entry: DocumentEntry) -> str:
    return next((place.name for place in entry.origins if place.name), "")


def _series(entries: list[DocumentEntry], base: str) -> Series:
    versions = tuple(_version(entry, base) for entry in entries)
    appointments = len(entries) > 1 and entries[0].parts == APPOINTMENTS and not entries[0].series
    at_once = 0 if appointments else 1
    left = len(versions) - at_once
    what = "dokumenter" if appointments else "tidligere udgave" if left == 1 else "tidligere udgaver"
    return Series(
        title="Aftaler" if appointments else title_text(entries[0].title) or "Dokument",
        organisation=_organisation(entries[0]),
        shown=versions[:at_once],
        folded=versions[at_once:],
        opener=f"Vis {left} {what}" if left else "",
    )


def _version(entry: DocumentEntry, base: str) -> Version:
    number = f"Version {entry.series_version}" if entry.series_version else "Dokument"
    href = "" if entry.title == NOT_WHOLE else f"{base}/dokument/{entry.uuid}"
    return Version(joined((number, instant_text(entry.created))), href, _chip(entry))


def _chip(entry: DocumentEntry) -> Chip:
    if entry.status == "approved":
        return Chip("Gælder", "good") if entry.state == "read" else Chip("Kunne ikke læses", "warn")
    return Chip("Erstattet af en nyere" if entry.replaced_by else "Ikke længere gældende")


def _newest(entry: DocumentEntry) -> tuple[int, int, int]:
    return (entry.series_version, entry.created, entry.registered)
