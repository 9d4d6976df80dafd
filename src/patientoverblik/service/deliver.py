"""A document goes in: decided, understood once, and registered whole or not at all (DESIGN, A document goes in)."""

from collections.abc import Callable, Iterable
from hashlib import sha256

import msgspec

from patientoverblik.access import Actor, Evidence, OrganisationRef, Permit, Question, Refusal, decide, may_deliver
from patientoverblik.formats.model import Unread
from patientoverblik.problems import Finding
from patientoverblik.service.delivery import Delivery, Handed
from patientoverblik.service.evidence import NOBODY
from patientoverblik.service.house import House
from patientoverblik.service.model import Receipt, Received, Refused
from patientoverblik.service.notification import announce
from patientoverblik.service.ports import Transaction
from patientoverblik.service.reading import Understood, understand
from patientoverblik.service.sources import source_of, sources_of
from patientoverblik.service.trail import done, refused, write
from patientoverblik.service.work_facts import tell_worklists
from patientoverblik.sharing.metadata import Said, describe
from patientoverblik.sharing.model import DocumentEntry
from patientoverblik.sharing.readings import stored_reading
from patientoverblik.sharing.stated import unequal as unequal_to
from patientoverblik.sharing.submission import Accepted, Described, NewDocument, Rejected, Submission, Submitted
from patientoverblik.sharing.submit import submit

Then = Callable[[Transaction], None]


class Made(msgspec.Struct, frozen=True):
    """One document ready to be registered, and how it was understood."""

    document: NewDocument
    understood: Understood


async def deliver(house: House, actor: Actor, delivery: Delivery) -> Received | Refused:
    """Take a delivery in; when this returns, all of it is durable, or nothing is and the refusal is written down."""
    permit = decide(Question(actor, NOBODY, "delivery", house.clock()), Evidence())
    if isinstance(permit, Refusal):
        return await _refuse(house, actor, permit)
    made = make(house, permit, delivery)
    if isinstance(made, Refused):
        return await _refuse(house, actor, Refusal(made.rule, made.code), made.findings)
    return await register(house, actor, permit, delivery, made)


def make(house: House, permit: Permit, delivery: Delivery) -> tuple[Made, ...] | Refused:
    """Understand every document and judge whether it may be delivered, without a look at what is stored."""
    understood = [_understood(handed) for handed in delivery.documents]
    unsafe = _inadmissible(delivery, understood)
    if unsafe:
        return Refused(unsafe[0].code, unsafe, "not-admissible")
    made = tuple(_made(house, permit, *pair) for pair in zip(delivery.documents, understood, strict=True))
    mine = house.speaks_for(permit.actor)
    owned = (may_deliver(permit, owners(one.document.described.entry), mine) for one in made)
    refusal = next((answer for answer in owned if answer is not None), None)
    return made if refusal is None else Refused(refusal.code, (Finding(refusal.code),), refusal.rule)


def inadmissible(delivery: Delivery) -> tuple[Finding, ...]:
    """What refuses a delivery by its documents alone: for a door that refuses anyway and tells everything at once."""
    return _inadmissible(delivery, [_understood(handed) for handed in delivery.documents])


def _inadmissible(delivery: Delivery, understood: list[Understood]) -> tuple[Finding, ...]:
    unequal = _placed(() if one.repository else unequal_to(one.stated, one.data) for one in delivery.documents)
    return (*_unsafe(understood), *_anonymous(understood), *_nothing(delivery), *unequal)


def _nothing(delivery: Delivery) -> tuple[Finding, ...]:
    brings = delivery.documents or delivery.folders or delivery.links
    return () if brings else (Finding("service.empty-delivery"),)


def _placed(faults: Iterable[Iterable[Finding]]) -> tuple[Finding, ...]:
    """The findings of each document, placed in its document of the delivery."""
    return tuple(
        msgspec.structs.replace(finding, place=f"documents[{number}]{finding.place}")
        for number, found in enumerate(faults)
        for finding in found
    )


def _unsafe(understood: list[Understood]) -> tuple[Finding, ...]:
    """Findings of the documents that are not admitted."""
    return _placed(() if one.admissible else one.read.findings for one in understood)


def _anonymous(understood: list[Understood]) -> tuple[Finding, ...]:
    return _placed((Finding("sharing.no-patient-id"),) if one.anonymous else () for one in understood)


def owners(entry: DocumentEntry) -> tuple[OrganisationRef, ...]:
    """The organisations a document comes from by its own words: its authors' and its custodian."""
    named = (*(author.organisation for author in entry.authors), entry.custodian)
    return tuple(place for place in named if place is not None)


def heard(house: House, actor: Actor, submitted: Submitted) -> tuple[str, ...]:
    """The sources a delivery is a sign of life of: those of its documents that the system speaks for."""
    own = sources_of(house.sources, house.speaks_for(actor))
    return tuple(source for source in own if any(one.entry.source == source for one in submitted.documents))


def _understood(handed: Handed) -> Understood:
    """What can be understood of a document; of one whose bytes are not here, nothing."""
    if not handed.repository:
        return understand(handed.data, handed.stated.mime_type)
    return Understood(Unread(()), "on-demand" if handed.stated.object_type == "on-demand" else "elsewhere")


def _made(house: House, permit: Permit, handed: Handed, understood: Understood) -> Made:
    described = describe(handed.data, understood.read, said(house, permit, handed, understood), house.organisations)
    entry = msgspec.structs.replace(
        described.entry,
        state=understood.state,
        source=source_of(house.sources, described.entry.origins),
        findings=(*described.entry.findings, *handed.noted),
    )
    patients = tuple(dict.fromkeys((*described.patients, *understood.patients)))
    described = msgspec.structs.replace(described, entry=entry, patients=patients)
    if handed.repository:
        return Made(_without_bytes(described, handed), understood)
    reading, content = understood.reading, sha256(handed.data).hexdigest()
    kept = None if reading is None else stored_reading(content, reading)
    return Made(NewDocument(described, handed.data, content, kept, handed.related), understood)


def _without_bytes(described: Described, handed: Handed) -> NewDocument:
    """A document that lies in another repository: its hash and size are what its sender says, and nothing is kept."""
    stated = handed.stated
    entry = msgspec.structs.replace(
        described.entry, repository=handed.repository, size=stated.size, sha1=stated.sha1.lower()
    )
    key = sha256("\x00".join((handed.repository, entry.unique_id, entry.sha1)).encode()).hexdigest()
    return NewDocument(msgspec.structs.replace(described, entry=entry), b"", key, None, handed.related, absent=True)


def said(house: House, permit: Permit, handed: Handed, understood: Understood) -> Said:
    """What the sender and the configuration say of a document."""
    return Said(
        repository=house.repository,
        home=house.home,
        stated=msgspec.structs.replace(handed.stated, unique_id=handed.stated.unique_id or understood.unique_id),
        format_code=understood.format_code,
        submitter=submitter_of(house, permit.actor),
    )


def submitter_of(house: House, actor: Actor) -> OrganisationRef | None:
    """The organisation an actor hands in for: the first of those it speaks for."""
    return next(iter(house.speaks_for(actor)), None)


async def register(
    house: House, actor: Actor, permit: Permit, delivery: Delivery, made: tuple[Made, ...], then: Then | None = None
) -> Received | Refused:
    """Register what was made, all of it or nothing, in one act; ``then`` is done in it too."""
    at = house.clock()

    def work(transaction: Transaction) -> Received | Refused:
        submitted = submit(transaction, _submission(house, actor, delivery, made), house.ids, at)
        if isinstance(submitted, Rejected):
            return _reject(house, transaction, actor, delivery, submitted)
        for source in heard(house, actor, submitted):
            transaction.touch_source(source, at)
        entries = tuple(one.entry.uuid for one in submitted.documents)
        transaction.add_event(done(house, actor, submitted.patient, "deliver", permit.rule, entries))
        announce(house, transaction, submitted.patient, _new(delivery, submitted))
        for accepted, one in zip(submitted.documents, made, strict=True):
            tell_worklists(transaction, accepted, one.understood)
        if then is not None:
            then(transaction)
        return _received(submitted, made)

    return await house.wait(house.storage.act(work))


def _new(delivery: Delivery, submitted: Submitted) -> tuple[str, ...]:
    """What subscribers may be told of: what is new, and the folders that something was put into."""
    if submitted.repeated:
        return ()
    entries = (one.entry.uuid for one in submitted.documents if not one.again)
    folders = (*(one.uuid for one in delivery.folders), *(link.source for link in delivery.links if link.source))
    return (submitted.set_uuid, *entries, *dict.fromkeys(folders))


def _submission(house: House, actor: Actor, delivery: Delivery, made: tuple[Made, ...]) -> Submission:
    return Submission(
        documents=tuple(one.document for one in made),
        patient=delivery.patient,
        submitter=submitter_of(house, actor),
        unique_id=delivery.submission_set,
        source_id=delivery.source_id,
        title=delivery.title,
        author=delivery.author,
        content_type=delivery.content_type,
        register_again=delivery.register_again,
        successors=house.successors,
        folders=tuple(msgspec.structs.replace(folder, owner=actor.organisation) for folder in delivery.folders),
        links=delivery.links,
        uuid=delivery.uuid,
        comments=delivery.comments,
        intended_recipients=delivery.intended_recipients,
        acting=None if actor.kind == "job" else house.speaks_for(actor),
    )


def _reject(house: House, transaction: Transaction, actor: Actor, delivery: Delivery, rejected: Rejected) -> Refused:
    patient = None if delivery.patient is None else transaction.patient_key(delivery.patient)
    errors = [finding for finding in rejected.findings if finding.severity == "error"] or rejected.findings
    refusal = Refusal("not-admissible", errors[0].code)
    transaction.add_event(refused(house, actor, patient or NOBODY, "deliver", refusal))
    return Refused(refusal.code, rejected.findings, refusal.rule)


def _received(submitted: Submitted, made: tuple[Made, ...]) -> Received:
    pairs = zip(submitted.documents, made, strict=True)
    return Received(submitted.set_uuid, tuple(_receipt(accepted, one.understood) for accepted, one in pairs))


def _receipt(accepted: Accepted, understood: Understood) -> Receipt:
    entry, reading = accepted.entry, understood.reading
    return Receipt(
        entry=entry.uuid,
        unique_id=entry.unique_id,
        status="stored-with-findings" if any(map(_is_fault, entry.findings)) else "stored",
        profile=entry.profile,
        findings=entry.findings,
        losses=() if reading is None else reading.losses,
        books=None if reading is None else reading.books,
        again=accepted.again,
    )


def _is_fault(finding: Finding) -> bool:
    return finding.severity != "information"


async def _refuse(house: House, actor: Actor, refusal: Refusal, findings: tuple[Finding, ...] = ()) -> Refused:
    await write(house, refused(house, actor, NOBODY, "deliver", refusal))
    return Refused(refusal.code, findings or (Finding(refusal.code),), refusal.rule)
