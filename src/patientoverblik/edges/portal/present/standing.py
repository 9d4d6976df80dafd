"""On what the reader stands with the patient before them: what is said above the overview of the permit itself."""

from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from patientoverblik.access import Notice as Message
from patientoverblik.edges.portal.dates import clock_text, danish_time, instant_text
from patientoverblik.edges.portal.page import Change, Link, News, Notice, Page
from patientoverblik.edges.portal.present.desk import Desk
from patientoverblik.edges.portal.present.told import told
from patientoverblik.edges.portal.settings import EIGHT_HOURS
from patientoverblik.edges.portal.vocabulary import Vocabulary
from patientoverblik.edges.portal.words import joined
from patientoverblik.overview import Dropped, Line
from patientoverblik.service.model import Explained, Listed, Retrieved, Shown

OWN = "citizen-self"
MOST_NEWS = 12
LOGGED = ("override", "withdrawn")
FOLLOWED = ("unconfirmed-relation", "own-data", "family", "colleague")


def standing_notices(shown: Shown, words: Vocabulary) -> tuple[Notice, ...]:
    """That the patient is dead, and why this look will be asked about."""
    dead = (_notice(words, "dead", "warning"),) if shown.dead else ()
    return (*dead, *(_notice(words, kind, "info") for kind in FOLLOWED if kind in shown.follow_ups))


def override_bar(shown: Shown | Listed | Retrieved | Explained, words: Vocabulary, ends: int) -> str:
    """What a professional is reminded of as long as they see what the patient has blocked; ``ends`` is when the
    override does (ms UTC)."""
    if shown.override is None:
        return ""
    ground = words.word("ground", shown.override.ground)
    return (
        words.word("standing", "override").replace("{ground}", ground).replace("{ends}", clock_text(danish_time(ends)))
    )


def hours_text(lasts: int) -> str:
    """``en time``, ``2 timer``, or minutes where it is no whole number of hours."""
    minutes = lasts // 60_000
    if minutes % 60:
        return f"{minutes} minutter"
    return "en time" if minutes == 60 else f"{minutes // 60} timer"


def with_standing(page: Page, shown: Shown, words: Vocabulary, base: str, told: Iterable[Message] = ()) -> Page:
    """The page with what is said of the permit above all else; ``told`` are messages to the patient."""
    title, offer = words.word("notice", "blocked"), _about_blocks(shown, words, base)
    marked = [msgspec.structs.replace(each, link=offer) if each.title == title else each for each in page.notices]
    notices = (*told_notices(told, words, base), *standing_notices(shown, words), *marked)
    why = Link(words.word("standing", "why"), f"{base}/{'adgang' if shown.rule == OWN else 'hvorfor'}")
    return msgspec.structs.replace(page, notices=notices, why=why)


def with_news(page: Page, shown: Shown, words: Vocabulary, at: Desk) -> Page:
    """The page with what is new since the reader's last visit; nothing where they have not been here before."""
    if not shown.since:
        return page
    lines = [line for line in shown.overview.lines.values() if line.since > shown.since and line.id in at.anchors]
    gone = [(one.at, one.last.id, _gone(at, one, words)) for one in shown.overview.dropped if one.at > shown.since]
    found = [*gone, *((line.since, line.id, _changed(at, line, words)) for line in lines)]
    newest = tuple([change for *_, change in sorted(found, key=lambda each: (-each[0], each[1]))])[:MOST_NEWS]
    title = words.word("news", "title").replace("{when}", instant_text(shown.since))
    left = len(found) - len(newest)
    more = words.word("news", "more").replace("{n}", str(left)) if left else ""
    return msgspec.structs.replace(
        page, news=News(title, newest, more or ("" if newest else words.word("news", "none")))
    )


def _changed(at: Desk, line: Line, words: Vocabulary) -> Change:
    """A line that is new or says something else than before."""
    link = msgspec.structs.replace(at.link(line.id), lead=words.word("news", "changed" if line.former else "new"))
    if line.former is None:
        return Change(link)
    former, said = told(line.former, words, at.now), at.said(line.id)
    before, now = (former.words, *former.facts), (said.words, *said.facts)
    return Change(link, _only_in(before, now), _only_in(now, before))


def _only_in(these: tuple[str, ...], those: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(one for one in these if one not in those)


def _gone(at: Desk, one: Dropped, words: Vocabulary) -> Change:
    """A line that a plan no longer has, with a way to the plan as it is now."""
    plan = at.said(one.plan).words if at.line(one.plan) else ""
    href = f"#{at.anchors[one.plan]}" if one.plan in at.anchors else at.document(one.entry)
    lead = words.word("news", "dropped").replace("{plan}", plan).rstrip()
    return Change(Link(told(one.last.value, words, at.now).words, href, lead), gone=True)


def _about_blocks(shown: Shown, words: Vocabulary, base: str) -> Link | None:
    """Where a reader who is told of a block goes on: the patient to their blocks, a professional to an override."""
    if shown.rule == OWN:
        return Link(words.word("standing", "own-blocks"), f"{base}/spaerringer")
    return Link(words.word("standing", "offer"), f"{base}/vaerdispring") if shown.may_override else None


def seconds_left(asked_again_at: int, now: int) -> int:
    """Whole seconds until a permit is decided anew, at least one; 0 where it outlasts every session."""
    return max(1, -((now - asked_again_at) // 1000)) if 0 < asked_again_at < now + EIGHT_HOURS else 0


def told_notices(found: Iterable[Message], words: Vocabulary, base: str) -> tuple[Notice, ...]:
    """What the patient is told at once and has not yet said they have seen; overrides by one person stand together."""
    together: dict[tuple[str, ...], list[Message]] = {}
    for each in found:
        if not each.seen:
            together.setdefault(_occasion(each), []).append(each)
    return tuple([_told(messages, words, base) for messages in together.values()])


def _occasion(each: Message) -> tuple[str, ...]:
    return ("override", each.actor.id, _who(each)) if each.kind == "override" else (each.id,)


def _who(each: Message) -> str:
    place = each.actor.organisation
    return joined((each.actor.name, place.name if place else ""), ", ") or "Et system"


def _when(messages: Sequence[Message]) -> str:
    """When messages are from, which come with the newest first."""
    last, first = instant_text(messages[0].at), instant_text(messages[-1].at)
    return last if len(messages) == 1 else f"{len(messages)} gange, første gang {first} og senest {last}"


def _told(messages: Sequence[Message], words: Vocabulary, base: str) -> Notice:
    """Messages that are told as one."""
    each, ids = messages[0], "\n".join(one.id for one in messages)
    text = words.word("told", f"{each.kind}-text").replace("{who}", _who(each)).replace("{when}", _when(messages))
    page = "opslag" if each.kind in LOGGED else "henvendelser" if each.kind == "answered" else ""
    title = words.word("remark" if page == "henvendelser" else "log", "title")
    link = Link(title, f"{base}/{page}") if page else None
    tone: Literal["warning", "info"] = "warning" if page == "opslag" or each.kind == "declined" else "info"
    return Notice(tone, words.word("told", each.kind), text, link, ids)


def _notice(words: Vocabulary, kind: str, tone: str) -> Notice:
    return Notice(
        "warning" if tone == "warning" else "info", words.word("standing", kind), words.word("standing", f"{kind}-text")
    )
