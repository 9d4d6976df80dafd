"""A handover that cannot drop: what one party asks another to take over is accepted, declined with a reason, and begun.

What is asked for stands in the sender's plan, as a responsibility that is requested or an intervention referred to an
organisation. Each answer is a document of the receiver's own (example profile ``overdragelsessvar``), by the line every
document goes; the next answer to the same takes the place of the one before.
"""

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

import msgspec

from patientoverblik.access import Actor, Look, Notice, NoticeKind, OrganisationRef, Refusal
from patientoverblik.care import (
    Coding,
    Commitment,
    Contribution,
    Identifier,
    Party,
    Patient,
    Plan,
    Responsibility,
)
from patientoverblik.overview.facts import organisation_key
from patientoverblik.overview.model import Line, Overview
from patientoverblik.overview.phases import OPEN
from patientoverblik.service.asked import Handover, asked_of
from patientoverblik.service.contributions import contributions
from patientoverblik.service.follow_up import after_look, after_refusal
from patientoverblik.service.house import House
from patientoverblik.service.model import Received, Refused
from patientoverblik.service.picture import Asked as Question
from patientoverblik.service.picture import Picture, look_of, picture
from patientoverblik.service.ports import Reader, Transaction
from patientoverblik.service.remarks import quoted
from patientoverblik.service.trail import done, refuse, write
from patientoverblik.service.typed import plain, unfit
from patientoverblik.service.work import key_of
from patientoverblik.service.writing import (
    NORMAL,
    Held,
    Sheet,
    facts_of,
    held_documents,
    moment,
    named,
    new_id,
    patient_of,
    write_document,
)
from patientoverblik.sharing.lookup import entry_of
from patientoverblik.sharing.model import DocumentEntry, PatientId
from patientoverblik.sharing.stated import Stated

PROFILE = "overdragelsessvar"
TITLE = "Svar på overdragelse"
ACT = "answer-handover"
LIST: Literal["handover-list"] = "handover-list"
VIEW = "professional"
Answer = Literal["accepted", "declined", "started"]
NOTICES: dict[Answer, NoticeKind] = {"accepted": "taken", "declined": "declined", "started": "begun"}
NO_HANDOVER = Refusal("no-such-handover", "service.no-handover")
NO_REASON = Refusal("decline-needs-reason", "service.no-decline-reason")


class Spot(NamedTuple):
    """Where something stands: the entryUUID of a document, and the place in it."""

    entry: str
    place: str


class Asked(msgspec.Struct, frozen=True):
    """What an organisation is asked to take over, as it stands: the line that shows it, what it is, who asks, the first
    moment that is too late to begin (ms UTC, 0 where nothing says) and the law it follows from where nobody has agreed
    it, and the organisation's own answer with its words. ``documents`` are the entryUUIDs of those that say so."""

    line: str
    words: str
    sender: str
    due: int
    state: str
    reason: str = ""
    law: str = ""
    documents: tuple[str, ...] = ()


class _Case(msgspec.Struct, frozen=True):
    """One handover about to be answered: the patient, its line, and the receiver's answer that stands."""

    picture: Picture
    line: str
    patient: Patient
    handover: Handover
    before: Contribution | None
    shown_from: int
    confidentiality: Coding


async def answer_handover(
    house: House,
    actor: Actor,
    patient: PatientId | int,
    line: str | frozenset[Spot],
    answer: Answer,
    reason: str = "",
) -> Received | Refused | Refusal:
    """Answer what the actor's organisation is asked to take over, by the line of the overview that shows it, or by
    where any of what is asked stands.

    The patient is told in the act that registers the answer, but of what they do not see yet; nor do they see the
    answer before that, and it is as confidential as what it answers.
    """
    reason = plain(reason)
    asked = Question(actor, patient, "treatment", VIEW, house.clock())
    with house.storage.snapshot() as reader:
        found = _case(house, reader, asked, line, answer, reason)
    if isinstance(found, tuple):
        return await refuse(house, actor, found[0], ACT, found[1])
    permit = found.picture.permit
    notice = Notice(house.ids.uuid(), permit.patient, NOTICES[answer], asked.at, actor, found.line)
    care = _answer(house, actor, found, answer, reason)

    def tell(transaction: Transaction) -> None:
        if found.shown_from <= asked.at:
            transaction.put_notice(notice)

    return await write_document(house, permit, care, PROFILE, tell, Stated(shown_from=found.shown_from))


async def handovers(house: House, actor: Actor, patient: PatientId | int) -> tuple[Asked, ...] | Refusal:
    """What the actor's organisation is asked to take over for a patient, answered or not; logged as a look."""
    question = Question(actor, patient, "treatment", VIEW, house.clock())
    with house.storage.snapshot() as reader:
        seen = picture(house, reader, question)
        found = tuple(_asked_lines(house, reader, seen, actor)) if isinstance(seen, Picture) else ()
    if not isinstance(seen, Picture):
        key, refusal = seen
        return await refuse(house, actor, key, LIST, refusal, after_refusal(house, actor, key, LIST, refusal))
    look = _look(house, question, seen, {entry for one in found for entry in one.documents})
    event = done(house, actor, look.patient, LIST, look.rule, tuple(one.line for one in found))
    await write(house, event, look, after_look(house, seen.permit, look))
    return found


def _look(house: House, question: Question, seen: Picture, entries: set[str]) -> Look:
    """The look at what is asked, which shows the documents that say so and no others."""
    documents = tuple(document for document in seen.documents if document.entry in entries)
    whole = look_of(house.ids.uuid(), question, seen)
    return msgspec.structs.replace(whole, act=LIST, view=LIST, documents=documents)


def _asked_lines(house: House, reader: Reader, seen: Picture, actor: Actor) -> Iterator[Asked]:
    place, there = actor.organisation, {document.entry for document in seen.documents}
    for line in seen.overview.lines.values() if place is not None else ():
        if place is None or line.phase not in OPEN or _is_own(line, place, reader):
            continue
        handover = _handover(house, reader, line, place)
        if handover is not None:
            before = _before(house, reader, seen.permit.patient, place, handover)
            yield _asked(line, handover, before if before and before[0].uuid in there else None)


def _asked(line: Line, handover: Handover, answer: Held | None) -> Asked:
    entry, care = answer or (None, None)
    stated = care.plan.responsibilities[0] if care and care.plan else None
    said_in = (*(each.attribution.entry for each in line.wordings), *((entry.uuid,) if entry else ()))
    return Asked(
        line=line.id,
        words=quoted(line),
        sender=line.attribution.organisation,
        due=handover.deadline.at,
        law=handover.deadline.basis,
        state=str(stated.commitment) if stated else handover.commitment,
        reason=stated.words if stated else "",
        documents=tuple(dict.fromkeys(said_in)),
    )


def _is_own(line: Line, place: OrganisationRef, reader: Reader) -> bool:
    """Whether the line stands in a document of the organisation's own: nobody hands over to themselves."""
    entry = entry_of(reader, line.attribution.entry)
    return entry is not None and any(one.same(place) for one in entry.origins)


def _case(
    house: House, reader: Reader, asked: Question, line: str | frozenset[Spot], answer: Answer, reason: str
) -> _Case | tuple[int, Refusal]:
    seen = picture(house, reader, asked)
    if not isinstance(seen, Picture):
        return seen
    key, place = seen.permit.patient, asked.actor.organisation
    fault = unfit(reason, NO_REASON) if reason or answer == "declined" else None
    if fault is not None:
        return key, fault
    shown, patient = _line(seen.overview, line), patient_of(house, reader, seen.permit)
    may = shown is not None and place is not None and not _is_own(shown, place, reader)
    handover = _handover(house, reader, shown, place) if may and shown and place else None
    if handover is None or patient is None or place is None or shown is None:
        return key, NO_HANDOVER
    before = _before(house, reader, key, place, handover)
    entries = [entry for each in shown.wordings if (entry := entry_of(reader, each.attribution.entry))]
    later = max((entry.shown_from for entry in entries), default=0)
    former = before[1] if before else None
    return _Case(seen, shown.id, patient, handover, former, later, _confidentiality(house, reader, entries))


def _line(overview: Overview, asked: str | frozenset[Spot]) -> Line | None:
    """The line of an id, or the first that shows what stands at one of some spots."""
    if isinstance(asked, str):
        return overview.lines.get(asked)
    return next((line for line in overview.lines.values() if not asked.isdisjoint(_spots(line))), None)


def _spots(line: Line) -> Iterator[Spot]:
    return (Spot(each.attribution.entry, each.attribution.place) for each in line.wordings)


def _confidentiality(house: House, reader: Reader, entries: Iterable[DocumentEntry]) -> Coding:
    """How confidential what is asked is: as the document says that is so the most."""
    read = contributions(reader, house.kept, tuple(entries)).values()
    stated = [one.care.document.confidentiality for one in read if one.care is not None]
    return next((each for each in stated if each is not None and each != NORMAL), NORMAL)


def _handover(house: House, reader: Reader, line: Line, place: OrganisationRef) -> Handover | None:
    """What a line asks of an organisation, by any of the documents it stands in; also when it is answered already."""
    ids = frozenset(identifier for each in line.wordings for identifier in getattr(each.value, "ids", ()))
    for wording in line.wordings:
        entry = entry_of(reader, wording.attribution.entry)
        care = None if entry is None else contributions(reader, house.kept, (entry,))[entry.content].care
        for each in () if care is None else asked_of(care):
            if organisation_key(each.receiver) == key_of(place) and not ids.isdisjoint(each.covers):
                return each
    return None


def _before(house: House, reader: Reader, patient: int, place: OrganisationRef, handover: Handover) -> Held | None:
    """The receiver's answer to the same handover that is in force, whoever may see it."""
    for entry, care in held_documents(house, reader, patient, (PROFILE,)):
        own = any(each.organisation and each.organisation.same(place) for each in entry.authors)
        if own and not set(_covered(care)).isdisjoint(handover.covers):
            return entry, care
    return None


def _covered(care: Contribution) -> Iterable[Identifier]:
    stated = () if care.plan is None else care.plan.responsibilities
    return (identifier for each in stated for identifier in each.covers)


def _answer(house: House, actor: Actor, case: _Case, answer: Answer, reason: str) -> Contribution:
    receiver, before = case.handover.receiver, case.before
    writer = Party(kind="professional", ids=receiver.ids, name=named(actor.name), organisation=receiver)
    former = before.document if before else None
    sheet = Sheet(PROFILE, TITLE, writer, receiver, moment(house.clock()), former, case.confidentiality)
    facts = facts_of(house, sheet)
    commitment: Commitment = answer
    stated = Responsibility(
        organisation=receiver,
        period=case.handover.period,
        commitment=commitment,
        covers=case.handover.covers,
        words=reason,
    )
    plan = Plan(
        ids=before.plan.ids if before and before.plan else (new_id(house),),
        kind="handover-answer",
        title=TITLE,
        status="active",
        period=facts.period,
        responsible=receiver,
        responsibilities=(stated,),
    )
    return Contribution(document=facts, patient=case.patient, plan=plan)
