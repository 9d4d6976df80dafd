"""The patient says that something is not right, or asks before an appointment; the party that owns the line answers.

Written by the patient or by who acts for them, about a line they see, as a document of theirs; read and answered by the
organisation whose document the line stands in. Who is no longer shown that document is no longer shown the remark
(DESIGN 13).
"""

from collections.abc import Iterable, Mapping

import msgspec

from patientoverblik.access import Actor, ActorKind, Notice, OrganisationRef, Permit, Purpose, Refusal
from patientoverblik.access.units import related
from patientoverblik.care import Appointment, Contribution, Period
from patientoverblik.overview.model import Line
from patientoverblik.service.deliver import Then
from patientoverblik.service.documents import look_at
from patientoverblik.service.evidence import ask, patient_key
from patientoverblik.service.follow_up import after_look, after_refusal
from patientoverblik.service.house import CITIZENS, House
from patientoverblik.service.letter import (
    PROFILE,
    Letter,
    first_letter,
    letters,
    next_letter,
    series_of,
    stated_of,
    with_words,
)
from patientoverblik.service.model import Refused
from patientoverblik.service.own_words import NO_KEEPER
from patientoverblik.service.picture import Asked, Picture, picture
from patientoverblik.service.ports import Reader, Transaction
from patientoverblik.service.remark import Remark, RemarkKind, RemarkState, Step
from patientoverblik.service.trail import done, refuse, refused, write
from patientoverblik.service.typed import plain, unfit
from patientoverblik.service.work import Work, key_of
from patientoverblik.service.work_facts import basis_of
from patientoverblik.service.writing import patient_of, write_document
from patientoverblik.sharing.amend import latest
from patientoverblik.sharing.find import existing
from patientoverblik.sharing.lookup import entry_of
from patientoverblik.sharing.metadata import organisation_of
from patientoverblik.sharing.model import DocumentEntry, PatientId
from patientoverblik.sharing.ownership import owning

NO_WORDS = Refusal("remark-says-something", "service.no-words")
NO_LINE = Refusal("no-such-line", "service.no-line")
NO_REMARK = Refusal("no-such-remark", "service.no-remark")
NOBODY_TO_ASK = Refusal("remark-has-addressee", "service.nobody-to-ask")
WRITERS: Mapping[ActorKind, str] = {"citizen": "patienten", "relative": "en pårørende"}
SAYS, LIST, ANSWERS = "remark-put", "remark-list", "remark-answer"


class _Made(msgspec.Struct, frozen=True):
    """A remark about to be kept: its message, the document it is about, and the decision it rests on."""

    remark: Remark
    care: Contribution
    entry: DocumentEntry
    permit: Permit


async def put_remark(house: House, asked: Asked, line: str, kind: RemarkKind, words: str) -> Remark | Refusal:
    """Say something of a line the patient sees to the party whose document it stands in; decided now."""
    words = plain(words)
    fault = unfit(words, NO_WORDS)
    with house.storage.snapshot() as reader:
        key = patient_key(reader, asked.patient)
        made = fault or _made(house, reader, msgspec.structs.replace(asked, at=house.clock()), line, kind, words)
    if isinstance(made, Refusal):
        return await refuse(house, asked.actor, key, SAYS, made)
    remark, rule = made.remark, made.permit.rule

    def keep(transaction: Transaction) -> None:
        transaction.put_remark(remark)
        _ask(transaction, remark, made.entry)
        transaction.add_event(done(house, asked.actor, remark.patient, SAYS, rule, (remark.id, remark.entry)))

    return await _sent(house, made, keep)


async def _sent(house: House, made: _Made, keep: Then) -> Remark | Refusal:
    """Register a message, and keep where it stands in the same act."""
    stated = stated_of(made.remark.to, made.entry)
    answer = await write_document(house, made.permit, made.care, PROFILE, keep, stated)
    return Refusal(answer.rule, answer.code) if isinstance(answer, Refused) else made.remark


def _ask(transaction: Transaction, remark: Remark, entry: DocumentEntry) -> None:
    """Put an open remark on the worklists of those it may be answered by."""
    for place in dict.fromkeys((remark.to, *entry.origins)):
        transaction.put_work(_work(remark, entry, place))


async def remarks(
    house: House, actor: Actor, patient: PatientId | int, purpose: Purpose
) -> tuple[Remark, ...] | Refusal:
    """The remarks that exist for a reader, newest first: a patient's own, or those to a professional's organisation;
    logged as a look at the messages they are."""
    with house.storage.snapshot() as reader:
        key = patient_key(reader, patient)
        permit = ask(house, reader, actor, key, purpose, house.clock())
        found = () if isinstance(permit, Refusal) else _in_words(house, reader, permit)
        messages = () if isinstance(permit, Refusal) else _messages(reader, permit, found)
    if isinstance(permit, Refusal):
        return await refuse(house, actor, key, LIST, permit, after_refusal(house, actor, key, LIST, permit))
    look = look_at(house, permit, permit.at, "document" if messages else "list", messages, False)
    event = done(house, actor, key, LIST, permit.rule, tuple(one.id for one in found))
    await write(house, event, look, after_look(house, permit, look))
    return found


async def answer_remark(
    house: House, actor: Actor, patient: PatientId | int, purpose: Purpose, remark: str, words: str, close: bool
) -> Remark | Refusal:
    """Answer or close a remark: the party answers in words, the patient may close without, or write again."""
    words = plain(words)
    if words and actor.kind in CITIZENS:
        return await _write_again(house, Asked(actor, patient, purpose, "", house.clock()), remark, words, close)

    def work(transaction: Transaction) -> Remark | Refusal:
        key = patient_key(transaction, patient)
        permit = ask(house, transaction, actor, key, purpose, house.clock())
        answer = permit if isinstance(permit, Refusal) else _answered(house, transaction, permit, remark, words, close)
        if isinstance(answer, Refusal):
            transaction.add_event(refused(house, actor, key, ANSWERS, answer))
            return answer
        _keep(house, transaction, answer)
        rule = "" if isinstance(permit, Refusal) else permit.rule
        transaction.add_event(done(house, actor, key, ANSWERS, rule, (answer.id,)))
        return answer

    return await house.wait(house.storage.act(work))


async def _write_again(house: House, asked: Asked, remark: str, words: str, close: bool) -> Remark | Refusal:
    """What the patient writes again is the next version of the message."""
    with house.storage.snapshot() as reader:
        key = patient_key(reader, asked.patient)
        made = _again(house, reader, asked, remark, words, close)
    if isinstance(made, Refusal):
        return await refuse(house, asked.actor, key, ANSWERS, made)

    def keep(transaction: Transaction) -> None:
        # Somebody may have answered in the meantime: the step is put after the newest.
        held = next((one for one in transaction.remarks(key) if one.id == remark), made.remark)
        now = msgspec.structs.replace(made.remark, steps=(*held.steps, made.remark.steps[-1]))
        _keep(house, transaction, now)
        transaction.add_event(done(house, asked.actor, key, ANSWERS, made.permit.rule, (remark,)))

    return await _sent(house, made, keep)


def _again(house: House, reader: Reader, asked: Asked, remark: str, words: str, close: bool) -> _Made | Refusal:
    permit = ask(house, reader, asked.actor, patient_key(reader, asked.patient), asked.purpose, asked.at)
    answer = permit if isinstance(permit, Refusal) else _answered(house, reader, permit, remark, words, close)
    if isinstance(answer, Refusal) or isinstance(permit, Refusal):
        return answer if isinstance(answer, Refusal) else NO_REMARK
    before, entry = letters(house, reader, permit.patient).get(answer.letter), entry_of(reader, answer.entry)
    keeper = house.keeps_own_words
    if before is None or entry is None or keeper is None:
        return NO_REMARK
    care = next_letter(house, asked.actor, keeper, before, words)
    said = len(before.plan.responsibilities) if before.plan else 0
    step = msgspec.structs.replace(answer.steps[-1], words="", said=said)
    return _Made(msgspec.structs.replace(answer, steps=(*answer.steps[:-1], step)), care, entry, permit)


def _in_words(house: House, reader: Reader, permit: Permit) -> tuple[Remark, ...]:
    """The remarks that exist for a permit, newest first, with what the patient wrote."""
    shown = tuple(shown_remarks(house, reader, permit))
    said = letters(house, reader, permit.patient) if shown else {}
    return tuple(with_words(one, said.get(one.letter)) for one in shown)


def _messages(reader: Reader, permit: Permit, found: Iterable[Remark]) -> tuple[DocumentEntry, ...]:
    """The documents that remarks are, in force."""
    letters_found = {one.letter for one in found if one.letter}
    entries = latest(existing(reader, permit)[0]) if letters_found else ()
    return tuple(entry for entry in entries if entry.series in letters_found and entry.status == "approved")


def shown_remarks(house: House, reader: Reader | Transaction, permit: Permit) -> Iterable[Remark]:
    """The remarks that exist for a permit, newest first."""
    held = reader.remarks(permit.patient)
    if not held:
        return ()
    visible = {entry.uuid for entry in existing(reader, permit)[0]}
    mine = (one for one in held if one.entry in visible and _concerns(house, permit.actor, one))
    return sorted(mine, key=lambda one: (-one.at, one.id))


def _concerns(house: House, actor: Actor, remark: Remark) -> bool:
    if actor.kind in CITIZENS:
        return True
    place = actor.organisation
    return place is not None and related(place, remark.to, house.policy.units)


def _made(house: House, reader: Reader, asked: Asked, line: str, kind: RemarkKind, words: str) -> _Made | Refusal:
    seen = picture(house, reader, asked)
    if not isinstance(seen, Picture):
        return seen[1]
    found = seen.overview.lines.get(line) if asked.actor.kind in CITIZENS else None
    entry = None if found is None else entry_of(reader, found.attribution.entry)
    if found is None or entry is None:
        return NO_LINE
    to, keeper, patient = addressee(house, entry), house.keeps_own_words, patient_of(house, reader, seen.permit)
    if to is None:
        return NOBODY_TO_ASK
    if keeper is None or patient is None:
        return NO_KEEPER
    ids = tuple(getattr(found.value, "ids", ()))
    care = first_letter(house, Letter(asked.actor, patient, keeper, to, kind, ids, words))
    return _Made(_remark(house, asked, found, entry, to, kind, series_of(care)), care, entry, seen.permit)


def _remark(
    house: House, asked: Asked, line: Line, entry: DocumentEntry, to: OrganisationRef, kind: RemarkKind, letter: str
) -> Remark:
    return Remark(
        id=house.ids.uuid(),
        patient=entry.patient,
        kind=kind,
        by=asked.actor,
        at=asked.at,
        to=to,
        words="",
        entry=entry.uuid,
        line=line.id,
        quote=quoted(line),
        series=entry.series,
        letter=letter,
        when=_begins(line),
    )


def addressee(house: House, entry: DocumentEntry) -> OrganisationRef | None:
    """The party that owns a document; none where it is the patient's own."""
    keeper = organisation_of(house.keeps_own_words)
    owner = next(iter(owning(entry)), None)
    return None if owner is None or (keeper and owner.same(keeper)) else owner


def _begins(line: Line) -> int:
    value = line.value
    start = value.period.start if isinstance(value, Appointment) and isinstance(value.period, Period) else None
    return start.earliest if start else 0


def quoted(line: Line) -> str:
    """What a line says, in its author's words."""
    return str(getattr(line.value, "words", "") or getattr(line.value, "title", ""))


def _answered(
    house: House, reader: Reader | Transaction, permit: Permit, remark: str, words: str, close: bool
) -> Remark | Refusal:
    held = next((one for one in shown_remarks(house, reader, permit) if one.id == remark), None)
    if held is None:
        return NO_REMARK
    own = permit.actor.kind in CITIZENS
    fault = unfit(words, NO_WORDS) if words or not (own and close) else None
    if fault is not None:
        return fault
    state: RemarkState = "closed" if close else "open" if own else "answered"
    step = Step(state, permit.actor, house.clock(), words)
    return msgspec.structs.replace(held, state=state, steps=(*held.steps, step))


def _keep(house: House, transaction: Transaction, remark: Remark) -> None:
    """Keep a remark with its new step, tell the patient of an answer, and bring the worklists up to date."""
    step = remark.steps[-1]
    transaction.put_remark(remark)
    transaction.drop_work(remark.patient, remark.id)
    entry = entry_of(transaction, remark.entry)
    if remark.state == "open" and entry is not None:
        _ask(transaction, remark, entry)
    if step.by.kind not in CITIZENS:
        notice = Notice(house.ids.uuid(), remark.patient, "answered", step.at, step.by, remark.id)
        transaction.put_notice(notice)


def _work(remark: Remark, entry: DocumentEntry, place: OrganisationRef) -> Work:
    """What a worklist tells of a message: that there is one, from whom, and since when. Its words open with a look, and
    what is written again is unread again."""
    newest = remark.steps[-1] if remark.steps else remark
    return Work(
        organisation=key_of(place),
        patient=remark.patient,
        id=f"{remark.id}|{len(remark.steps)}",
        kind="remark",
        follows=remark.id,
        at=newest.at,
        words="",
        basis=basis_of(entry),
        about=remark.line,
        state=remark.kind,
        party=WRITERS[newest.by.kind],
        asked=True,
    )
