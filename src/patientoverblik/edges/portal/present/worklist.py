"""A worklist and handovers in words."""

import msgspec

from patientoverblik.edges.portal.dates import danish_time, day_text
from patientoverblik.edges.portal.page import Chip
from patientoverblik.edges.portal.vocabulary import Vocabulary
from patientoverblik.edges.portal.words import joined
from patientoverblik.service.handover import Asked
from patientoverblik.service.worklist import Item


class ItemLine(msgspec.Struct, frozen=True):
    """One item: what it is (``title``: its name alone), of which patient, and what stands about it; ``to`` is the page
    that deals with it."""

    id: str
    words: str
    title: str
    patient: str
    facts: tuple[str, ...]
    chip: Chip
    read: bool
    to: str


class AskedLine(msgspec.Struct, frozen=True):
    """Something the reader's organisation is asked to take over, and what it can answer now."""

    line: str
    words: str
    facts: tuple[str, ...]
    chip: Chip
    reason: str
    answers: tuple[str, ...]


PAGES = {"handover": "overdragelser", "remark": "henvendelser"}
ANSWERS = {
    "requested": ("accepted", "declined", "started"),
    "accepted": ("started", "declined"),
    "declined": ("accepted",),
}


def item_line(item: Item, words: Vocabulary, now: int) -> ItemLine:
    """An item of a worklist as it is read."""
    work = item.work
    state = words.word("work-state", f"{work.kind}-{item.state}", words.word("work-state", item.state))
    if work.kind == "handover" and item.state == "requested" and not work.asked:
        state = words.word("work-state", "handover-waiting")
    asked_here = work.kind == "handover" and work.asked
    facts = (
        f"Fra {work.party}" if work.party and work.kind != "handover" else "",
        f"{'Spurgt af' if asked_here else 'Spurgt'} {work.party}" if work.kind == "handover" else "",
        f"Svaret: {item.reason}" if item.reason else "",
        due_text(work.due, item.overdue, words, work.law),
        f"Kom {day_text(danish_time(work.at).date())}" if now else "",
    )
    tone = "bad" if item.overdue else "warn" if work.asked or item.state == "declined" else "plain"
    return ItemLine(
        id=item.newest,
        words=_titled(words.word("work", work.kind), work.words),
        title=work.words or words.word("work", work.kind),
        patient=item.name or "Navnet er beskyttet",
        facts=tuple(fact for fact in facts if fact),
        chip=Chip(state, tone),  # type: ignore[arg-type]
        read=item.read,
        to=PAGES.get(work.kind, "") if work.asked else "",
    )


def _titled(kind: str, title: str) -> str:
    """An item's kind and title; a title that begins with the kind says it itself."""
    return title if kind and title.startswith(f"{kind} ") else joined((kind, title), ": ")


def asked_line(asked: Asked, words: Vocabulary, now: int) -> AskedLine:
    """A handover as its receiver reads it."""
    overdue = 0 < asked.due <= now and asked.state != "started"
    facts = (f"Spurgt af {asked.sender}", due_text(asked.due, overdue, words, asked.law))
    return AskedLine(
        line=asked.line,
        words=asked.words,
        facts=tuple(fact for fact in facts if fact),
        chip=Chip(words.word("work-state", f"handover-{asked.state}"), "bad" if overdue else "info"),
        reason=asked.reason,
        answers=ANSWERS.get(asked.state, ()),
    )


def due_text(due: int, overdue: bool, words: Vocabulary, law: str = "") -> str:
    """By when, in words, and by which law where nobody has agreed it: ``due`` is the first moment that is too late."""
    if not due:
        return ""
    by = f" ({law})" if law else ""
    return f"{words.word('work', 'was-due' if overdue else 'due')} {day_text(danish_time(due - 1).date())}{by}"
