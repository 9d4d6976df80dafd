"""What a person writes on a page becomes a document with them as author, by the line every document goes (issue 7.4).

The document is composed from care values and written by its profile, then understood, checked and registered like one
that a party's own system hands in. Who may write is decided by whoever calls.
"""

from datetime import UTC, datetime

import msgspec

from patientoverblik import formats
from patientoverblik.access import Actor, Permit, Refusal
from patientoverblik.care import (
    COPENHAGEN,
    Coding,
    Contribution,
    DocumentFacts,
    Identifier,
    Moment,
    Organisation,
    Participation,
    Party,
    Patient,
    Period,
    PersonName,
    moment_of,
)
from patientoverblik.care.systems import CPR
from patientoverblik.service.contributions import contributions
from patientoverblik.service.deliver import Then, make, register
from patientoverblik.service.delivery import Delivery, Handed
from patientoverblik.service.house import House
from patientoverblik.service.model import Received, Refused
from patientoverblik.service.ports import Reader
from patientoverblik.service.trail import refused, write
from patientoverblik.sharing.amend import latest
from patientoverblik.sharing.lookup import entries_of_all
from patientoverblik.sharing.model import DocumentEntry
from patientoverblik.sharing.stated import Stated

NORMAL = Coding(system="2.16.840.1.113883.5.25", code="N")
MEDCOM = "1.2.208.184"
Held = tuple[DocumentEntry, Contribution]


class Sheet(msgspec.Struct, frozen=True):
    """A document about to be written: its profile, title, who writes, and the organisation that keeps it.

    ``before`` is the version it takes the place of, None where it is the first. An answer is as confidential as what it
    answers.
    """

    profile: str
    title: str
    writer: Party
    keeper: Organisation
    at: Moment
    before: DocumentFacts | None = None
    confidentiality: Coding = NORMAL


async def write_document(
    house: House,
    permit: Permit,
    care: Contribution,
    profile: str,
    then: Then | None = None,
    stated: Stated = Stated(),  # noqa: B008 - a frozen value
) -> Received | Refused:
    """Write a contribution with a profile, and register it in the name of whom the permit is for; ``then`` is done in
    the same act, and ``stated`` is what is said of it beside it: when the patient sees it, whom alone it is for."""
    data = formats.write(formats.compose(care, profile), profile)
    delivery = Delivery((Handed(data, stated),))
    made = make(house, permit, delivery)
    if isinstance(made, Refused):
        await write(house, refused(house, permit.actor, permit.patient, "deliver", Refusal(made.rule, made.code)))
        return made
    return await register(house, permit.actor, permit, delivery, made, then)


def facts_of(house: House, sheet: Sheet) -> DocumentFacts:
    """What the document says of itself: the next version of the one before, else the first of a series."""
    before = sheet.before
    return DocumentFacts(
        id=new_id(house),
        series=new_id(house) if before is None else before.series,
        version=1 if before is None else (before.version or 0) + 1,
        replaces=() if before is None else (before.id,),
        title=sheet.title,
        created=sheet.at,
        authors=(Participation(role="author", party=at_work(sheet.writer, sheet.keeper), time=sheet.at),),
        custodian=sheet.keeper,
        language="da-DK",
        confidentiality=sheet.confidentiality,
        period=Period(start=sheet.at) if before is None else before.period,
    )


def at_work(writer: Party, keeper: Organisation) -> Party:
    """The writer as an author, whom the norm wants with organisation, address and telephone (DK CDA Header)."""
    place = writer.organisation or keeper
    return msgspec.structs.replace(writer, organisation=place, addresses=place.addresses, telecoms=place.telecoms)


def held_documents(house: House, reader: Reader, patient: int, profiles: tuple[str, ...]) -> tuple[Held, ...]:
    """The documents of these profiles that are in force, whoever may see them, in the order registered."""
    every = latest(entries_of_all(reader, reader.linked_keys(patient)))
    entries = [one for one in every if one.profile in profiles and one.status == "approved"]
    read = contributions(reader, house.kept, entries)
    return tuple((one, care) for one in entries if (care := read[one.content].care) is not None)


def patient_of(house: House, reader: Reader, permit: Permit) -> Patient | None:
    """The patient as the newest document names them, without their address; None where nobody has a number."""
    every = latest(entries_of_all(reader, reader.linked_keys(permit.patient)))
    entries = sorted((one for one in every if one.source_patient), key=lambda one: (one.created, one.uuid))
    read = contributions(reader, house.kept, entries[-1:])
    named = next((one.care.patient for one in read.values() if one.care), None)
    if named is None:
        return _numbered(reader, permit)
    return msgspec.structs.replace(named, addresses=(), telecoms=(), general_practice=None)


def new_id(house: House) -> Identifier:
    """A new identifier under the root that MedCom's profiles advise."""
    return Identifier(system=MEDCOM, authority="MedCom", value=house.ids.uuid().removeprefix("urn:uuid:"))


def moment(at: int) -> Moment:
    """An instant (milliseconds UTC) on the Danish clock, to the second."""
    return moment_of(datetime.fromtimestamp(at // 1000, UTC).astimezone(COPENHAGEN))


def writer_of(actor: Actor, patient: Patient) -> Party:
    """Who writes: the patient, or a relative under their own name."""
    if actor.kind == "citizen":
        return Party(kind="patient", ids=patient.ids, name=patient.name or named(actor.name))
    return Party(kind="relative", name=named(actor.name))


def named(name: str) -> PersonName:
    """A name in one text as a document has it: the last word is the family name."""
    given, _, family = name.strip().rpartition(" ")
    return PersonName(given=tuple(given.split()), family=(family,) if family else ())


def _numbered(reader: Reader, permit: Permit) -> Patient | None:
    numbers = reader.patient_ids(permit.patient)
    ids = tuple(Identifier(system=one.system, value=one.value) for one in numbers if one.system == CPR)
    own = named(permit.actor.name) if permit.actor.kind == "citizen" else None
    return Patient(ids=ids, name=own) if ids else None
