"""The log as the citizen reads it: who looked, on whose behalf, where, when, at what, and why."""

import csv
import io
from collections.abc import Iterable
from itertools import groupby

import msgspec

from patientoverblik.edges.portal.dates import instant_text
from patientoverblik.edges.portal.page import Link
from patientoverblik.edges.portal.present.documents import NOT_WHOLE
from patientoverblik.edges.portal.vocabulary import Vocabulary
from patientoverblik.edges.portal.words import joined, role_text, title_text
from patientoverblik.service.log import LogDocument, LogEntry

COLUMNS = ("Hvornår", "Hvem", "Sted", "På vegne af", "Hvad", "Hvorfor", "Dokumenter", "Ophævet spærring")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Looked(msgspec.Struct, frozen=True):
    """One look; ``override`` is ground and reason where a block was set aside, ``shown`` leads to what was seen."""

    when: str
    who: str
    organisation: str
    on_behalf: str
    what: str
    why: str
    documents: tuple[Link, ...] = ()
    count: int = 0
    override: str = ""
    shown: str = ""
    own: bool = False
    flag: bool = False


class Run(msgspec.Struct, frozen=True):
    """Looks that follow each other. What would hide the others by its number stands together behind a click, opened by
    ``title``: the reader's own looks, what one person did again and again on one day, and one place's lists that only
    showed whether there are plans. An override stands by itself."""

    looks: tuple[Looked, ...]
    title: str = ""


def looked(entry: LogEntry, words: Vocabulary, base: str, replays: bool = True) -> Looked:
    """A look in the reader's words; the reader's own looks are theirs, not somebody's of a name. ``replays`` says
    whether the reader may see again what a look showed."""
    behalf = entry.on_behalf_of
    override = entry.override
    name = entry.kind_text if entry.own else entry.who or entry.kind_text
    return Looked(
        when=instant_text(entry.at),
        who=name if entry.own else joined((name, role_text(entry.role, words)), ", "),
        organisation=entry.organisation.name if entry.organisation else "",
        on_behalf=joined((behalf.name, behalf.role), ", ") if behalf else "",
        what=entry.act_text,
        why=words.word("why", entry.rule, entry.purpose_text),
        documents=_documents(entry.documents, base),
        count=len(entry.documents),
        override=_set_aside(entry.ground_text, override.reason) if override else "",
        shown=f"{base}/opslag/{entry.id}" if replays and entry.act == "overview" and not entry.own else "",
        own=entry.own,
        flag=entry.act == "flag",
    )


def _set_aside(ground: str, reason: str) -> str:
    """Why a block was set aside: the ground, and the words of who looked, where the reader may have them."""
    return f"{ground}. Skrevet af den, der så det: »{reason}«" if reason else f"{ground}."


def runs(found: Iterable[Looked]) -> tuple[Run, ...]:
    """The looks in their order, in runs; one alone stands as it is."""
    gathered = [(title, tuple(group)) for title, group in groupby(found, key=_together)]
    return tuple([Run(group, title if len(group) > 1 else "") for title, group in gathered])


def _together(each: Looked) -> str:
    """What looks of a kind stand together under; empty for those that stand one by one."""
    if each.own:
        return "Dine egne opslag"
    if each.override:
        return ""
    if each.flag:
        return f"{each.organisation or each.who} fik at vide, om der er planer at se"
    return f"{joined((each.who, each.organisation, each.when.partition(' kl. ')[0]), ', ')}: {each.what}"


def _documents(shown: tuple[LogDocument, ...], base: str) -> tuple[Link, ...]:
    """The documents by title, each title once with how many there were; one alone leads to
    itself, where it may be read whole."""
    by_title: dict[str, list[LogDocument]] = {}
    for each in shown:
        by_title.setdefault(title_text(each.title) or "Dokument", []).append(each)
    return tuple([_titled(title, found, base) for title, found in sorted(by_title.items())])


def _titled(title: str, found: list[LogDocument], base: str) -> Link:
    alone = len(found) == 1
    href = f"{base}/dokument/{found[0].entry}" if alone and title != NOT_WHOLE else ""
    return Link(title if alone else f"{title} ({len(found)})", href)


def as_csv(found: Iterable[Looked]) -> bytes:
    """The looks as a sheet, with a byte order mark for the programs that need one; no cell is a formula."""
    sheet = io.StringIO()
    writer = csv.writer(sheet, delimiter=";", lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for each in found:
        titles = ", ".join(link.text for link in each.documents)
        row = (each.when, each.who, each.organisation, each.on_behalf, each.what, each.why, titles, each.override)
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA) else cell for cell in row])
    return sheet.getvalue().encode("utf-8-sig")
