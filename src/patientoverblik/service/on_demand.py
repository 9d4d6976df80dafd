"""A document that is made when somebody asks for it, and kept as it was then (ITI-43 of an on-demand entry; TF-2 3.43).

What is made is delivered as any document is, by the organisation whose entry it is, and then fetched as any document
is: decided, held back and logged alike.
"""

from patientoverblik.access import Actor, Permit, Purpose, Refusal
from patientoverblik.service.deliver import deliver
from patientoverblik.service.delivery import Delivery, Handed
from patientoverblik.service.documents import retrieve
from patientoverblik.service.evidence import ask, patient_key
from patientoverblik.service.house import House
from patientoverblik.service.model import Refused, Retrieved
from patientoverblik.service.ports import Reader
from patientoverblik.service.trail import refuse
from patientoverblik.sharing.find import existing
from patientoverblik.sharing.model import DocumentEntry, PatientId
from patientoverblik.sharing.ownership import owning

NOT_MADE = Refusal("made-on-demand", "sharing.not-made")


async def fetch(
    house: House, actor: Actor, purpose: Purpose, document: str, patient: PatientId | int | None = None
) -> Retrieved | Refusal:
    """A document by entryUUID or uniqueId as :func:`retrieve` gives it; one that is made on demand is made first."""
    entry = None if house.makes is None else _on_demand(house, actor, purpose, document, patient)
    if entry is None or house.makes is None:
        return await retrieve(house, actor, purpose, document, patient)
    data = await house.makes(entry)
    if data is None:
        return await refuse(house, actor, entry.patient, "retrieve", NOT_MADE)
    kept = await _keep(house, entry, data)
    return await retrieve(house, actor, purpose, kept, patient) if isinstance(kept, str) else kept


def _on_demand(
    house: House, actor: Actor, purpose: Purpose, document: str, patient: PatientId | int | None
) -> DocumentEntry | None:
    """The entry that stands for a document of ours that is made on demand, if it is that and exists for the reader."""
    with house.storage.snapshot() as reader:
        key = _owner(reader, document) if patient is None else patient_key(reader, patient)
        permit = ask(house, reader, actor, key, purpose, house.clock())
        entries = existing(reader, permit)[0] if isinstance(permit, Permit) else ()
    named = (one for one in entries if document in (one.uuid, one.unique_id))
    return next((one for one in named if one.state == "on-demand" and one.repository == house.repository), None)


def _owner(reader: Reader, document: str) -> int:
    located = reader.locate_entry(document)
    return located or next((patient for patient, _ in reader.locate_unique(document)), 0)


async def _keep(house: House, entry: DocumentEntry, data: bytes) -> str | Refusal:
    """Keep what was made beside its entry; its uniqueId, or why it could not be kept."""
    place = next(iter(owning(entry)), None)
    maker = Actor("system", "on-demand", "", organisation=place)
    number = next(iter(house.storage.reader().patient_ids(entry.patient)), None)
    handed = Handed(data, related=(("is-snapshot-of", entry.uuid),))
    answer = await deliver(house, maker, Delivery((handed,), patient=number))
    return Refusal("made-on-demand", answer.code) if isinstance(answer, Refused) else answer.receipts[0].unique_id
