"""Which facts a document puts on whose worklists: what is new, what is handed over, and what is due.

They follow from the entry and its contribution, and from who treats the patient when it is registered; who may see them
is decided when a worklist is read.
"""

from collections.abc import Iterable, Iterator

import msgspec

from patientoverblik.access import OrganisationRef
from patientoverblik.care import Contribution, Identifier, Intervention, Organisation, Responsibility
from patientoverblik.overview.attribution import identifier_text
from patientoverblik.overview.facts import organisation_key
from patientoverblik.overview.model import Line
from patientoverblik.overview.prepare import facts_once
from patientoverblik.service.asked import asked_of
from patientoverblik.service.contributions import contributions
from patientoverblik.service.ports import Kept, Transaction
from patientoverblik.service.reading import Understood
from patientoverblik.service.work import Basis, Kind, Work, WorkKind, key_of
from patientoverblik.sharing.current import current
from patientoverblik.sharing.lookup import entries_of_all
from patientoverblik.sharing.model import DocumentEntry
from patientoverblik.sharing.submission import Accepted

OWN_WORDS = "patient-goals"
ANSWER = "handover-answer"
NOT_PLANS = (OWN_WORDS, ANSWER, "contact-note", "message")
START = "seneste start"
UNDER_WAY = frozenset({"in-progress", "completed", "cancelled", "stopped"})


def tell_worklists(transaction: Transaction, accepted: Accepted, understood: Understood) -> None:
    """Bring the worklists up to date with a document that was registered; one that cannot be read tells nothing, nor
    does an older version that comes after a newer one."""
    entry, reading = accepted.entry, understood.reading
    if accepted.again or _is_overtaken(transaction, entry):
        return
    for older in (entry, *_ended(transaction, entry)):
        _forget(transaction, older)
    if reading is not None:
        _tell(transaction, entry, reading.care)


def retell(transaction: Transaction, kept: Kept, entry: DocumentEntry) -> None:
    """Bring the worklists up to date with a document that was withdrawn or taken away, or stands again: what follows
    from it goes, and what stands now of the same series is told."""
    _forget(transaction, entry)
    for one in current(_every(transaction, entry)):
        if follows(one) == follows(entry):
            care = contributions(transaction, kept, (one,))[one.content].care
            if care is not None:
                _tell(transaction, one, care)


def _tell(transaction: Transaction, entry: DocumentEntry, care: Contribution) -> None:
    for work in _facts(transaction, entry, care) if "plans" in entry.parts else ():
        transaction.put_work(work)


def _forget(transaction: Transaction, entry: DocumentEntry) -> None:
    """Take everything off the worklists that follows from a document, by whatever number of the patient it came."""
    for key in transaction.linked_keys(entry.patient):
        transaction.drop_work(key, follows(entry))


def forget_quotes(transaction: Transaction, entry: DocumentEntry) -> None:
    """Take what remarks quote of a document out of them, when the document is erased for good."""
    for remark in transaction.remarks(entry.patient):
        if remark.entry == entry.uuid and remark.quote:
            transaction.put_remark(msgspec.structs.replace(remark, quote=""))


def follows(entry: DocumentEntry) -> str:
    """What the facts of a document follow from: its series, so that the next version tells them anew."""
    return entry.series or entry.unique_id


def basis_of(entry: DocumentEntry) -> Basis:
    """What decides who may see a document."""
    return Basis(
        uuid=entry.uuid,
        unique_id=entry.unique_id,
        series=entry.series,
        origins=entry.origins,
        origin_times=entry.origin_times,
        origin_spans=entry.origin_spans,
        parts=entry.parts,
        withheld=entry.withheld,
        shown_from=entry.shown_from,
        type_code=Kind(entry.type_code.code) if entry.type_code else None,
        message=entry.message,
    )


def _is_overtaken(transaction: Transaction, entry: DocumentEntry) -> bool:
    """Whether a newer version of the document is here already (DESIGN 11)."""
    noted = any(finding.code == "sharing.version-not-higher" for finding in entry.findings)
    return noted and entry not in current(_every(transaction, entry))


def _ended(transaction: Transaction, entry: DocumentEntry) -> Iterable[DocumentEntry]:
    """What the document took the place of, and what was appended to that."""
    every = _every(transaction, entry) if entry.replaces else ()
    return (one for one in every if one.replaced_by == entry.uuid)


def _every(transaction: Transaction, entry: DocumentEntry) -> tuple[DocumentEntry, ...]:
    return entries_of_all(transaction, transaction.linked_keys(entry.patient))


def _facts(transaction: Transaction, entry: DocumentEntry, care: Contribution) -> Iterator[Work]:
    authors = tuple(dict.fromkeys(map(key_of, entry.origins)))
    if care.plan is not None and care.plan.kind == ANSWER:
        yield from _answers(transaction, entry, care, authors)
        return
    treating = (key_of(one.organisation) for one in transaction.relations(entry.patient))
    yield from _realised(transaction, entry, care, authors)
    yield from _news(entry, care, [key for key in dict.fromkeys(treating) if key not in authors])
    yield from _handovers(entry, care, authors)
    yield from _deadlines(entry, care, authors)


def _work(entry: DocumentEntry, organisation: str, kind: WorkKind, name: str, words: str) -> Work:
    """A fact that follows from a document, by its id within the kind."""
    return Work(
        organisation=organisation,
        patient=entry.patient,
        id=f"{kind}|{name}",
        kind=kind,
        follows=follows(entry),
        at=entry.registered,
        words=words,
        basis=basis_of(entry),
    )


def _news(entry: DocumentEntry, care: Contribution, treating: Iterable[str]) -> Iterator[Work]:
    """A plan, or what matters to the patient, that is new or changed, for everybody else who treats them."""
    plan = care.plan
    if plan is None or (plan.kind in NOT_PLANS and plan.kind != OWN_WORDS):
        return
    kind: WorkKind = "goal" if plan.kind == OWN_WORDS else "plan"
    state = "changed" if entry.replaces else "new"
    for organisation in treating:
        fact = _work(entry, organisation, kind, entry.uuid, entry.title)
        yield msgspec.structs.replace(fact, state=state, party=_sender(entry))


def _handovers(entry: DocumentEntry, care: Contribution, authors: tuple[str, ...]) -> Iterator[Work]:
    """What is asked of another party, for both: until it has begun, by its agreed or legal deadline."""
    for handover in asked_of(care):
        receiver, acts = organisation_key(handover.receiver), handover.acts
        if receiver in authors or not handover.covers or (acts and all(act.activity in UNDER_WAY for act in acts)):
            continue
        key = about(handover.covers, receiver)
        for organisation in (receiver, *authors):
            asked = organisation == receiver
            yield msgspec.structs.replace(
                _work(entry, organisation, "handover", key, handover.words),
                due=handover.deadline.at,
                law=handover.deadline.basis,
                about=key,
                state=handover.commitment,
                party=_sender(entry) if asked else handover.receiver.name,
                asked=asked,
                begins=bool(acts),
                others=authors,
            )


def _answers(
    transaction: Transaction, entry: DocumentEntry, care: Contribution, authors: tuple[str, ...]
) -> Iterator[Work]:
    """A receiver's answer, for itself and for those who asked."""
    for stated in care.plan.responsibilities if care.plan else ():
        receiver = organisation_key(stated.organisation)
        key = about(stated.covers, receiver)
        if receiver in authors and stated.covers:
            asked = [one for one in transaction.work_of(receiver) if (one.patient, one.about) == (entry.patient, key)]
            senders = [other for one in asked for other in one.others]
            for organisation in dict.fromkeys((receiver, *senders)):
                yield _answer(entry, stated, organisation, key)


def _realised(
    transaction: Transaction, entry: DocumentEntry, care: Contribution, authors: tuple[str, ...]
) -> Iterator[Work]:
    """What a receiver has begun by an intervention of its own, without another word."""
    realised = {identifier_text(one) for act in care.interventions for one in act.realises}
    keys = {f"{one}|{place}" for one in realised for place in authors}
    for place in authors if keys else ():
        for asked in transaction.work_of(place):
            if asked.patient == entry.patient and asked.kind == "handover" and asked.about in keys:
                receiver = Organisation(name=_sender(entry))
                stated = Responsibility(organisation=receiver, commitment="started")
                for organisation in dict.fromkeys((place, *asked.others)):
                    yield _answer(entry, stated, organisation, asked.about)


def _answer(entry: DocumentEntry, stated: Responsibility, organisation: str, key: str) -> Work:
    return msgspec.structs.replace(
        _work(entry, organisation, "answer", f"{entry.uuid}|{key}", stated.words),
        about=key,
        state=str(stated.commitment),
        party=stated.organisation.name,
    )


def _deadlines(entry: DocumentEntry, care: Contribution, authors: tuple[str, ...]) -> Iterator[Work]:
    """What is to be done by a day, for who wrote it and who is to do it."""
    facts = facts_once(entry, care, "", True)
    for due in facts.dues:
        line = facts.lines[due.line]
        if line.phase not in due.waits:
            continue
        words = str(getattr(line.value, "words", "") or getattr(line.value, "title", ""))
        for organisation in dict.fromkeys((*authors, *_doing(line))):
            yield msgspec.structs.replace(
                _work(entry, organisation, "deadline", f"{due.line}|{due.about}", words),
                due=due.at,
                about=_start_of(line) if due.about == START else "",
                state=due.about,
                party=_sender(entry),
            )


def _start_of(line: Line) -> str:
    """The handover that a latest start is of."""
    value = line.value
    asked = value.requested_of if isinstance(value, Intervention) else None
    return about(value.ids, organisation_key(asked)) if isinstance(value, Intervention) and asked else ""


def _doing(line: Line) -> Iterator[str]:
    if isinstance(line.value, Intervention):
        named = (line.value.requested_of, line.value.responsible)
        yield from (organisation_key(place) for place in named if place is not None and place.ids)


def about(covers: tuple[Identifier, ...], receiver: str) -> str:
    """What a handover and its answers are both about."""
    return f"{identifier_text(covers[0])}|{receiver}" if covers else ""


def _sender(entry: DocumentEntry) -> str:
    return next((place.name for place in (*entry.origins, OrganisationRef("", "")) if place.name), "")
