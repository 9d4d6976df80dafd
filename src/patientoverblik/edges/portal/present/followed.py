"""Looks that must be accounted for, and what readers of a withdrawn document are told, in words."""

import msgspec

from patientoverblik.access import FollowUp
from patientoverblik.edges.portal.dates import instant_text
from patientoverblik.edges.portal.page import Chip
from patientoverblik.edges.portal.vocabulary import Vocabulary
from patientoverblik.edges.portal.words import joined, signed
from patientoverblik.service.seals import Checkpoint
from patientoverblik.service.telling import Telling
from patientoverblik.service.told import Readership


class Followed(msgspec.Struct, frozen=True):
    """One follow-up; ``look`` is the address of what was shown, empty for those who may not see it."""

    id: str
    what: str
    who: str
    organisation: str
    when: str
    deadline: str
    chip: Chip
    pending: bool
    answer: str = ""
    look: str = ""


class Message(msgspec.Struct, frozen=True):
    """A reader told that a document they saw was withdrawn; ``href`` leads to the patient's overview."""

    id: str
    title: str
    text: str
    href: str = ""
    seen: bool = False


class ReaderLine(msgspec.Struct, frozen=True):
    """Somebody who saw a document: who, where, and when for the first and last time."""

    who: str
    organisation: str
    when: str


def message(each: Telling, words: Vocabulary, own: bool) -> Message:
    """What a reader is told of a withdrawn document, or what an organisation is told of its readers."""
    first, last = instant_text(each.first), instant_text(each.last)
    when = first if first == last else f"fra {first} til {last}"
    who = "du" if own else signed(each.reader, words)
    text = words.word("telling", f"{each.reason}-text").replace("{who}", who).replace("{when}", when)
    seen = f" {words.word('telling', 'seen')} {instant_text(each.seen)}." if each.seen and not own else ""
    href = f"/beskeder/{each.id}" if own else ""
    return Message(
        each.id, words.word("telling", each.reason), f"{text[:1].upper()}{text[1:]}{seen}", href, bool(each.seen)
    )


def reader_line(each: Readership, words: Vocabulary) -> ReaderLine:
    """One reader of a document."""
    actor, first, last = each.reader, instant_text(each.first), instant_text(each.last)
    return ReaderLine(
        who=signed(actor, words),
        organisation=actor.organisation.name if actor.organisation else "",
        when=first if first == last else f"første gang {first}, sidste gang {last}",
    )


def trail_text(seal: Checkpoint | None, open_chains: int) -> str:
    """How far the security trail is sealed: the newest seal, and how many chains have grown since."""
    if seal is None:
        return "Sikkerhedsloggen er ikke forseglet endnu."
    sealed = f"Sikkerhedsloggen blev sidst forseglet {instant_text(seal.at)} (forsegling nummer {seal.number})."
    if not open_chains:
        return f"{sealed} Alt er forseglet."
    many = "1 patient eller ét sted" if open_chains == 1 else f"{open_chains} patienter eller steder"
    return f"{sealed} Siden er der skrevet nyt om {many}. Det bliver forseglet næste gang."


def followed(each: FollowUp, words: Vocabulary, now: int, officer: bool) -> Followed:
    """A follow-up as a line of the list; the patient is not named on it."""
    late = each.state == "pending" and each.deadline <= now
    state = words.word("follow-up-state", "late" if late else each.state)
    tone = "bad" if late else "warn" if each.state in ("pending", "not-confirmed") else "good"
    return Followed(
        id=each.id,
        what=words.word("follow-up", each.kind),
        who=signed(each.actor, words),
        organisation=each.actor.organisation.name if each.actor.organisation else "",
        when=instant_text(each.at),
        deadline=instant_text(each.deadline),
        chip=Chip(state, "bad" if tone == "bad" else "warn" if tone == "warn" else "good"),
        pending=each.state == "pending",
        answer=joined((each.answer, instant_text(each.answered)), " · "),
        look=f"/opfoelgning/{each.id}" if officer else "",
    )
