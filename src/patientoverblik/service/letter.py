"""A patient's message to a party as a document of its own (example profile ``henvendelse``), with whoever wrote it as
author: its words stand there and nowhere else.

It is for the party it is addressed to alone, beside the patient, and goes with the document it is about (DESIGN 13,
docs/adr/0022). Each time the patient writes again it is the next version, which holds all that was written.
"""

from collections.abc import Mapping

import msgspec

from patientoverblik.access import Actor, Message, OrganisationRef
from patientoverblik.care import (
    Contribution,
    DocumentFacts,
    Identifier,
    Organisation,
    Participation,
    Patient,
    Period,
    Plan,
    Responsibility,
)
from patientoverblik.service.house import House
from patientoverblik.service.ports import Reader
from patientoverblik.service.remark import Remark, RemarkKind, Step
from patientoverblik.service.writing import Sheet, facts_of, held_documents, moment, new_id, writer_of
from patientoverblik.sharing.metadata import unique_id_of
from patientoverblik.sharing.model import DocumentEntry
from patientoverblik.sharing.stated import Stated

PROFILE = "henvendelse"
TITLES: Mapping[RemarkKind, str] = {"not-right": "Det passer ikke", "question": "Spørgsmål til næste gang"}


class Letter(msgspec.Struct, frozen=True):
    """What a message is made of: who writes of whom, who keeps it, whom it is to, what it is about and what it says."""

    writer: Actor
    patient: Patient
    keeper: Organisation
    to: OrganisationRef
    kind: RemarkKind
    covers: tuple[Identifier, ...]
    words: str


def first_letter(house: House, letter: Letter) -> Contribution:
    """The first version of a message."""
    title, at = TITLES[letter.kind], moment(house.clock())
    facts = facts_of(house, Sheet(PROFILE, title, writer_of(letter.writer, letter.patient), letter.keeper, at))
    to = Organisation(ids=(Identifier(system=letter.to.system, value=letter.to.value),), name=letter.to.name)
    plan = Plan(
        ids=(new_id(house),),
        kind="message",
        title=title,
        status="active",
        period=facts.period,
        responsible=letter.keeper,
        responsibilities=(_said(to, letter.covers, letter.words, facts),),
    )
    return Contribution(document=facts, patient=letter.patient, plan=plan)


def next_letter(house: House, writer: Actor, keeper: Organisation, before: Contribution, words: str) -> Contribution:
    """The next version, with what the patient, or who acts for them, writes now."""
    author, at, plan = writer_of(writer, before.patient), moment(house.clock()), before.plan
    facts = facts_of(house, Sheet(PROFILE, before.document.title, author, keeper, at, before.document))
    if plan is None:
        return msgspec.structs.replace(before, document=facts)
    first = plan.responsibilities[0]
    said = (*plan.responsibilities, _said(first.organisation, first.covers, words, facts))
    return msgspec.structs.replace(before, document=facts, plan=msgspec.structs.replace(plan, responsibilities=said))


def stated_of(to: OrganisationRef, about: DocumentEntry) -> Stated:
    """What is said of a message beside it: whom alone it is for, and what it is about."""
    return Stated(message=Message((to,), about.uuid, about.parts))


def series_of(care: Contribution) -> str:
    """What all versions of a message have in common, as an entry names it."""
    return unique_id_of(care.document.series) if care.document.series else ""


def letters(house: House, reader: Reader, patient: int) -> dict[str, Contribution]:
    """Every message of a patient as it stands, whoever may see it, by its series."""
    return {entry.series: care for entry, care in held_documents(house, reader, patient, (PROFILE,))}


def with_words(remark: Remark, care: Contribution | None) -> Remark:
    """A remark with the words that the patient wrote; without them where its document is gone."""
    said = [each.words for each in care.plan.responsibilities] if care and care.plan else []
    if not said:
        return remark
    steps = tuple(_with_said(step, said) for step in remark.steps)
    return msgspec.structs.replace(remark, words=said[0], steps=steps)


def _with_said(step: Step, said: list[str]) -> Step:
    return msgspec.structs.replace(step, words=said[step.said]) if 0 < step.said < len(said) else step


def _said(to: Organisation, covers: tuple[Identifier, ...], words: str, facts: DocumentFacts) -> Responsibility:
    """One time that the patient wrote: to whom, about what, when."""
    author: Participation = facts.authors[0]
    when = Period(start=author.time) if author.time else Period()
    return Responsibility(organisation=to, period=when, commitment="requested", covers=covers, words=words)
