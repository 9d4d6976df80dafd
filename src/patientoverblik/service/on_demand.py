"""A document that is made when somebody asks for it, and kept as it was then (ITI-43 of an on-demand entry; TF-2 3.43).

What an installation's own maker makes is delivered as any document is, by the organisation whose entry it is. Without
one the entry stands for what its organisation has newest here of the same kind, of what exists for the reader. Both are
then fetched as any document is: decided, held back and logged alike.
"""

from functools import partial

from patientoverblik.access import Actor, Permit, Purpose, Refusal
from patientoverblik.service.deliver import deliver
from patientoverblik.service.delivery import Delivery, Handed
from patientoverblik.service.documents import retrieve
from patientoverblik.service.evidence import ask, patient_key
from patientoverblik.service.house import House
from patientoverblik.service.model import Refused, Retrieved
from patientoverblik.service.ports import OnDemandMaker, Reader, Transaction
from patientoverblik.service.trail import refuse
from patientoverblik.sharing.amend import latest
from patientoverblik.sharing.find import existing
from patientoverblik.sharing.model import Association, AssociationType, DocumentEntry, PatientId
from patientoverblik.sharing.ownership import owners, owning

SNAPSHOT: AssociationType = "is-snapshot-of"
NOT_MADE = Refusal("made-on-demand", "sharing.not-made")


async def fetch(
    house: House, actor: Actor, purpose: Purpose, document: str, patient: PatientId | int | None = None
) -> Retrieved | Refusal:
    """A document by entryUUID or uniqueId as :func:`retrieve` gives it; one that is made on demand is made first."""
    answer = await retrieve(house, actor, purpose, document, patient, left=NOT_MADE.code)
    if isinstance(answer, Retrieved) or answer.code != NOT_MADE.code:
        return answer
    entries = _existing(house, actor, purpose, document, patient)
    entry = _on_demand(house, entries, document)
    if entry is None:
        return await retrieve(house, actor, purpose, document, patient)
    kept = await _newest(house, entries, entry) if house.makes is None else await _made(house, entry, house.makes)
    if isinstance(kept, Refusal):
        return await refuse(house, actor, entry.patient, "retrieve", kept)
    return await retrieve(house, actor, purpose, kept, patient)


def _existing(
    house: House, actor: Actor, purpose: Purpose, document: str, patient: PatientId | int | None
) -> tuple[DocumentEntry, ...]:
    """Every entry of the patient that exists for the reader."""
    with house.storage.snapshot() as reader:
        key = _owner(reader, document) if patient is None else patient_key(reader, patient)
        permit = ask(house, reader, actor, key, purpose, house.clock())
        return existing(reader, permit)[0] if isinstance(permit, Permit) else ()


def _on_demand(house: House, entries: tuple[DocumentEntry, ...], document: str) -> DocumentEntry | None:
    """The entry that stands for a document of ours that is made on demand, if it is that."""
    named = (one for one in entries if document in (one.uuid, one.unique_id))
    return next((one for one in named if one.state == "on-demand" and one.repository == house.repository), None)


def _owner(reader: Reader, document: str) -> int:
    located = reader.locate_entry(document)
    return located or next((patient for patient, _ in reader.locate_unique(document)), 0)


async def _made(house: House, entry: DocumentEntry, makes: OnDemandMaker) -> str | Refusal:
    """The uniqueId of what the maker makes, kept; or why there is none."""
    data = await makes(entry)
    return NOT_MADE if data is None else await _keep(house, entry, data)


async def _newest(house: House, entries: tuple[DocumentEntry, ...], entry: DocumentEntry) -> str | Refusal:
    """The uniqueId of the newest document of the entry's organisation and kind, told to be a snapshot of it."""
    alike = [one for one in latest(entries) if _is_alike(one, entry)]
    if not alike:
        return NOT_MADE
    found = max(alike, key=lambda one: (one.created or one.registered, one.registered, one.uuid))
    await house.wait(house.storage.act(partial(_tell_snapshot, house, found, entry)))
    return found.unique_id


def _is_alike(one: DocumentEntry, entry: DocumentEntry) -> bool:
    """Whether a document in force is of the entry's organisation, type and, where it says one, format."""
    kinds = [(one.type_code, entry.type_code), (one.format_code, entry.format_code or one.format_code)]
    return (
        (one.object_type, one.status) == ("stable", "approved")
        and one.state != "elsewhere"
        and owners(one) == owners(entry)
        and all(held and asked and (held.scheme, held.code) == (asked.scheme, asked.code) for held, asked in kinds)
    )


def _tell_snapshot(house: House, found: DocumentEntry, entry: DocumentEntry, transaction: Transaction) -> None:
    """Let the document be found as a snapshot of the entry, once."""
    links = (link for key in {found.patient, entry.patient} for link in transaction.associations(key))
    ends = (SNAPSHOT, found.uuid, entry.uuid)
    if all((link.type, link.source, link.target) != ends for link in links):
        made = Association(house.ids.uuid(), SNAPSHOT, found.uuid, entry.uuid, found.patient)
        transaction.add_association(made)


async def _keep(house: House, entry: DocumentEntry, data: bytes) -> str | Refusal:
    """Keep what was made beside its entry; its uniqueId, or why it could not be kept."""
    place = next(iter(owning(entry)), None)
    maker = Actor("system", "on-demand", "", organisation=place)
    number = next(iter(house.storage.reader().patient_ids(entry.patient)), None)
    handed = Handed(data, related=((SNAPSHOT, entry.uuid),))
    answer = await deliver(house, maker, Delivery((handed,), patient=number))
    return Refusal("made-on-demand", answer.code) if isinstance(answer, Refused) else answer.receipts[0].unique_id
