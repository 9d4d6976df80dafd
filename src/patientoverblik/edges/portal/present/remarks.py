"""What a patient has written to a party, and what was answered, as it is read."""

import msgspec

from patientoverblik.access import Actor
from patientoverblik.edges.portal.dates import instant_text
from patientoverblik.edges.portal.page import Chip, Tone
from patientoverblik.edges.portal.vocabulary import Vocabulary
from patientoverblik.edges.portal.words import joined
from patientoverblik.service.remark import Remark, Step

_TONES: dict[str, Tone] = {"open": "warn", "answered": "info", "closed": "plain"}


class StepLine(msgspec.Struct, frozen=True):
    """One step of the trace: who and when, and their words."""

    who: str
    words: str


class RemarkLine(msgspec.Struct, frozen=True):
    """One remark: what it is about, what was written to whom, and its trace. ``answers`` and ``closes`` say what the
    reader can do."""

    id: str
    title: str
    quote: str
    words: str
    who: str
    to: str
    chip: Chip
    steps: tuple[StepLine, ...]
    answers: bool
    closes: bool


def remark_line(remark: Remark, words: Vocabulary, citizen: bool) -> RemarkLine:
    """A remark as a citizen, or the party it is to, reads it."""
    going = remark.state != "closed"
    return RemarkLine(
        id=remark.id,
        title=words.word("remark", remark.kind),
        quote=joined((remark.quote, instant_text(remark.when) if remark.when else ""), ", "),
        words=remark.words,
        who=f"Skrevet af {written_by(remark.by, remark.at)}",
        to=f"Sendt til {remark.to.name or 'den, der har skrevet det'}",
        chip=Chip(words.word("remark", remark.state), _TONES[remark.state]),
        steps=tuple(_step(each, words) for each in remark.steps),
        answers=going and not (citizen and remark.state == "open"),
        closes=going,
    )


def written_by(actor: Actor, at: int) -> str:
    """Who wrote something, and when."""
    place = actor.organisation.name if actor.organisation else ""
    return f"{joined((actor.name, place), ', ') or 'ukendt'}, {instant_text(at)}"


def _step(step: Step, words: Vocabulary) -> StepLine:
    done = words.word("remark-step", step.state)
    return StepLine(f"{done} {written_by(step.by, step.at)}", step.words)
