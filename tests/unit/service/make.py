"""A small house on memory, and documents put on its shelf without going through a door."""

import asyncio
from concurrent.futures import Future
from hashlib import sha256
from itertools import count
from typing import Any

import msgspec

from patientoverblik import formats
from patientoverblik.access import (
    Actor,
    Block,
    Evidence,
    OrganisationRef,
    PersonFacts,
    PowerOfAttorney,
    Relation,
)
from patientoverblik.care import (
    Appointment,
    Concept,
    Contribution,
    DocumentFacts,
    Goal,
    Identifier,
    Intervention,
    Organisation,
    Participation,
    Party,
    Patient,
    Period,
    Plan,
    parse_moment,
)
from patientoverblik.overview.recent import Recent
from patientoverblik.service.house import House
from patientoverblik.service.sources import Source
from patientoverblik.sharing.model import Author, DocumentEntry, PatientId, StoredReading
from patientoverblik.storage.memory import MemoryStorage

SOR = "1.2.208.176.1.1"
CLINIC = OrganisationRef(SOR, "100", "Lægehuset")
HOSPITAL = OrganisationRef(SOR, "200", "Hospitalet")
PSYCHIATRY = OrganisationRef(SOR, "300", "Psykiatrien")
EYES = OrganisationRef(SOR, "400", "Øjenlægen")
CPR = PatientId("1.2.208.176.1.2", "2512489996")
OTHER_CPR = PatientId("1.2.208.176.1.2", "6101709999")
KEY, OTHER_KEY, HOLDER = 7, 8, 9
NOW = parse_moment("2026-11-23T12:00:00+01:00").earliest
HOUR, DAY = 3_600_000, 86_400_000
ADULT = PersonFacts(born=parse_moment("1948-12-25").earliest)

DOCTOR = Actor("professional", "doctor", "Læge", organisation=CLINIC)
STRANGER = Actor("professional", "stranger", organisation=OrganisationRef(SOR, "999"))
CITIZEN = Actor("citizen", "nancy", person=KEY)
RELATIVE = Actor("relative", "relative", person=HOLDER)
SYSTEM = Actor("system", "ehr", organisation=CLINIC)
JOB = Actor("job", "operator")

SOURCES = (
    Source("gp", "Lægehuset", "general-practice", "push", (CLINIC,), ("plans", "appointments"), DAY),
    Source("hospital", "Hospitalet", "region", "push", (HOSPITAL, PSYCHIATRY), ("plans",), DAY),
    Source("eyes", "Øjenlægen", "region", "push", (EYES,), ("plans",), DAY),
    Source("far", "Fjern Kommune", "municipality", "none"),
)


class Time:
    """A clock that stands still until it is moved."""

    def __init__(self, now: int = NOW) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now


class Counting:
    """Identifiers in the order they are asked for."""

    def __init__(self) -> None:
        self.numbers = count(1)

    def uuid(self) -> str:
        return f"urn:uuid:00000000-0000-4000-8000-{next(self.numbers):012d}"

    def patient_key(self) -> int:
        return 1000 + next(self.numbers)


async def wait(future: "Future[Any]") -> Any:
    return future.result(timeout=60)


def run(act: Any) -> Any:
    """Run one act of the service to its end."""
    return asyncio.run(act)


def a_house(**changes: Any) -> House:
    """A house with four sources, everyone heard from an hour ago, and one known adult patient."""
    house = House(
        storage=MemoryStorage(),
        clock=Time(),
        ids=Counting(),
        wait=wait,
        kept=Recent(100),
        repository="1.2.3.4",
        home="1.2.3.5",
        sources=SOURCES,
    )
    house = msgspec.structs.replace(house, **changes)
    house.storage.act(_furnish).result()
    return house


def _furnish(transaction: Any) -> None:
    transaction.claim_patient(CPR, KEY)
    transaction.put_person(KEY, ADULT)
    for source in ("gp", "hospital", "eyes"):
        transaction.touch_source(source, NOW - HOUR)


def learn(house: House, evidence: Evidence, patient: int = KEY) -> None:
    """Add evidence about a patient."""

    def work(transaction: Any) -> None:
        for relation in evidence.relations:
            transaction.put_relation(patient, relation)
        for block in evidence.blocks:
            transaction.put_block(patient, block)
        for power in evidence.powers:
            transaction.put_power(patient, power)
        for custody in evidence.custodies:
            transaction.put_custody(patient, custody)
        for guardian in evidence.guardians:
            transaction.put_guardian(patient, guardian)
        for protection in evidence.protections:
            transaction.put_protection(patient, protection)
        for opening in evidence.openings:
            transaction.put_opening(patient, opening)
        if evidence.person != PersonFacts():
            transaction.put_person(patient, evidence.person)

    house.storage.act(work).result()


TREATS = Evidence(relations=(Relation("own-gp", CLINIC),))
BLOCKS_EYES = Evidence(blocks=(Block("b1", origin=EYES),))
POWER = Evidence(powers=(PowerOfAttorney("p1", HOLDER, ("appointments",)),))


def contribution(name: str, place: OrganisationRef = CLINIC, **more: Any) -> Contribution:
    """A plan with one goal and one intervention, each saying its document's name."""
    ids = (Identifier(system=SOR, value=place.value),)
    facts: dict[str, Any] = {
        "document": DocumentFacts(
            id=Identifier(system="1.2.208.184", value=name),
            title=f"Plan {name}",
            created=parse_moment("2026-10-01T10:00:00+02:00"),
            custodian=Organisation(ids=ids, name=place.name),
            profile="test",
        ),
        "patient": Patient(ids=(Identifier(system=CPR.system, value=CPR.value),)),
        "plan": Plan(place="plan", ids=(_id(name, "p"),), kind="pathway-plan", title=f"Plan {name}", status="active"),
        "goals": (
            Goal(place="g", ids=(_id(name, "g"),), kind="professional", words=f"Mål {name}", lifecycle="active"),
        ),
        "interventions": (
            Intervention(place="i", ids=(_id(name, "i"),), words=f"Indsats {name}", activity="in-progress"),
        ),
    }
    return Contribution(**(facts | more))


def _id(name: str, item: str) -> Identifier:
    return Identifier(system="1.2.208.184.1", value=f"{name}-{item}")


def an_entry(name: str, place: OrganisationRef = CLINIC, **more: Any) -> DocumentEntry:
    """An approved plan of a place; its uuid, uniqueId and content follow from its name."""
    facts: dict[str, Any] = {
        "uuid": f"urn:uuid:{name}",
        "logical_id": f"urn:uuid:{name}",
        "version": 1,
        "patient": KEY,
        "status": "approved",
        "unique_id": f"1.2.208.184^{name}",
        "content": sha256(name.encode()).hexdigest(),
        "repository": "1.2.3.4",
        "home": "1.2.3.5",
        "title": f"Plan {name}",
        "created": NOW - 30 * DAY,
        "registered": NOW - 20 * DAY,
        "authors": (Author(place),),
        "custodian": place,
        "parts": ("plans",),
        "profile": "test",
        "source": next((source.id for source in SOURCES if place in source.organisations), ""),
    }
    return DocumentEntry(**(facts | more))


def shelve(house: House, entry: DocumentEntry, care: Contribution | None, stamp: str = "s1") -> DocumentEntry:
    """Put a document and its reading on the shelf; its bytes are its name."""
    name = entry.unique_id.rpartition("^")[2]

    def work(transaction: Any) -> None:
        transaction.claim_unique(entry.unique_id, entry.patient, entry.content)
        transaction.add_entry(entry)
        transaction.add_content(entry.patient, entry.content, name.encode())
        if care is not None:
            kept = StoredReading(entry.content, stamp, msgspec.msgpack.encode(care), b"\x80")
            transaction.put_reading(entry.patient, kept)

    house.storage.act(work).result()
    return entry


def put(house: House, name: str, place: OrganisationRef = CLINIC, **more: Any) -> DocumentEntry:
    """Put a plan of a place on the shelf."""
    return shelve(house, an_entry(name, place, **more), contribution(name, place))


def a_document(
    name: str, place: OrganisationRef = CLINIC, made: str = "2026-10-01T10:00:00+02:00", **more: Any
) -> bytes:
    """A care plan as valid CDA, by a place; ``replaces`` are names of documents."""
    custodian = more.pop("custodian", place)
    replaced = tuple(Identifier(system="1.2.208.184", value=older) for older in more.pop("replaces", ()))
    said = contribution(name, place, **more)
    author = Participation(
        role="author",
        time=parse_moment(made),
        party=Party(kind="professional", organisation=said.document.custodian, ids=said.document.custodian.ids),
    )
    keeper = Organisation(ids=(Identifier(system=SOR, value=custodian.value),), name=custodian.name)
    facts = msgspec.structs.replace(
        said.document,
        created=parse_moment(made),
        authors=(author,),
        replaces=replaced,
        custodian=keeper,
        profile="cpd-2.0.0",
    )
    record = formats.compose(msgspec.structs.replace(said, document=facts), "cpd-2.0.0")
    return formats.write(record, "cpd-2.0.0")


def a_gp_appointment(reason: str) -> bytes:
    """An appointment in general practice as CDA, with its reason in title, words and code."""
    said = contribution("V", CLINIC)
    visit = Appointment(
        place="v",
        ids=(_id("V", "v"),),
        words=reason,
        status="booked",
        sector="general-practice",
        period=Period(start=parse_moment("2026-12-01T09:00:00+01:00"), end=parse_moment("2026-12-01T09:15:00+01:00")),
        reason=Concept(text=reason),
    )
    facts = msgspec.structs.replace(said.document, title=f"Aftale om {reason}", profile="apd-2.0.1")
    care = Contribution(document=facts, patient=said.patient, appointments=(visit,))
    return formats.write(formats.compose(care, "apd-2.0.1"), "apd-2.0.1")
