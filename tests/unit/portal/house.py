"""A house with the memory storage and acts that answer with made values: the pages without the rest of the service."""

import asyncio
import itertools
from pathlib import Path

import msgspec

from patientoverblik.access import Actor, Look, OrganisationRef, Refusal
from patientoverblik.edges.portal import Acts, Persona, PortalSettings, Whose
from patientoverblik.service.house import House
from patientoverblik.service.log import LogPage, entry_of
from patientoverblik.service.model import Explained, Explanation, Listed, Retrieved, Shown
from patientoverblik.sharing.model import DocumentEntry, PatientId
from patientoverblik.storage.memory.storage import MemoryStorage
from tests.unit.portal import sample

CPR = "1.2.208.176.1.2"
NANCY = PatientId(CPR, sample.CPR)
KEY, RELATIVE_KEY = 4711, 4712
GP = OrganisationRef("1.2.208.176.1.4", "123456", sample.GP)
DOCUMENT = Path(__file__).with_name("document.xml")


class Numbers:
    """Ids in order."""

    def __init__(self) -> None:
        self._count = itertools.count(1)

    def uuid(self) -> str:
        return f"urn:uuid:00000000-0000-4000-8000-{next(self._count):012}"

    def patient_key(self) -> int:
        return next(self._count)


def house(now: int = sample.NOW, clock: list[int] | None = None) -> House:
    """A house; the one time in ``clock`` is what it reads each time it asks."""
    storage = MemoryStorage()
    storage.act(lambda transaction: transaction.claim_patient(NANCY, KEY)).result()
    storage.act(lambda transaction: transaction.claim_patient(PatientId(CPR, "7102509989"), RELATIVE_KEY)).result()
    times = [now] if clock is None else clock
    return House(
        storage=storage,
        clock=lambda: times[0],
        ids=Numbers(),
        wait=asyncio.wrap_future,
        kept={},
        repository="1",
        home="2",
    )


def personas() -> tuple[Persona, ...]:
    own = Whose("Dig selv", NANCY, "own-overview")
    return (
        Persona("laege", "Anna Læge", "Praktiserende læge hos Lægerne Testvej", Actor("professional", "laege", "Anna Læge", "læge", GP)),
        Persona("fremmed", "Bo Fremmed", "Læge uden relation til patienten", Actor("professional", "fremmed", "Bo Fremmed", "læge", GP)),
        Persona("nancy", "Nancy Ann Test Berggren", "Patienten selv", Actor("citizen", "nancy", "Nancy Ann Test Berggren"), NANCY, (own,)),
        Persona("paaroerende", "Datteren", "Har fuldmagt fra Nancy", Actor("relative", "paaroerende", "Datteren"), PatientId(CPR, "7102509989"),
                (Whose("Nancy (fuldmagt)", NANCY, "on-behalf"), Whose("Dig selv", PatientId(CPR, "7102509989"), "own-overview"))),
    )  # fmt: skip


def given(kind, **fields):
    """A value of the service with the fields a page reads; the others are as they are without being told, or empty."""
    empty = {each.name: () for each in msgspec.structs.fields(kind) if each.required}
    return kind(**{**empty, **fields})


def acts(shown=sample.overview, document: bytes | None = None) -> Acts:
    def refusal(house, actor, patient):
        key = patient if isinstance(patient, int) else house.storage.reader().patient_key(patient) or 0
        if actor.id == "fremmed":
            return Refusal("citizen-dead", "access.closed-after-death")
        return None if key == KEY else Refusal("no-relation", "access.no-relation")

    async def look(house, actor, patient, purpose, view):
        return refusal(house, actor, patient) or given(
            Shown, overview=shown(view), look="urn:uuid:look", etag='"e"', reason="access.treatment-relation"
        )

    async def retrieve(house, actor, purpose, document_id, patient=None):
        data = document if document is not None else DOCUMENT.read_bytes()
        return refusal(house, actor, patient) or given(Retrieved, entry=entries()[0], data=data, look="urn:uuid:look")

    async def list_documents(house, actor, patient, purpose):
        return refusal(house, actor, patient) or given(Listed, entries=entries(), look="urn:uuid:look", filtered=False)

    async def explain(house, asked, line):
        found = shown(asked.view).lines.get(line)
        if refusal(house, asked.actor, asked.patient) or found is None:
            return refusal(house, asked.actor, asked.patient) or Refusal("no-such-line", "service.no-line")
        places = [
            Explanation(
                each.attribution.entry, each.attribution.unique_id, each.attribution.place, "/x/y[1]", "goal <- y"
            )
            for each in found.wordings
        ]
        return Explained(found, tuple(places), "urn:uuid:look", sample.versions(found))

    async def log(house, actor, patient):
        return refusal(house, actor, patient) or looks()

    async def log_page(house, actor, patient, search):
        titles = {entry.uuid: entry.title for entry in entries()}
        found = tuple(entry_of(look, titles, own=look.actor.kind == "citizen") for look in looks())
        return refusal(house, actor, patient) or LogPage(found, len(found))

    return Acts(
        look=look, retrieve=retrieve, list_documents=list_documents, log=log, log_page=log_page, explain=explain
    )


def entries() -> tuple[DocumentEntry, ...]:
    def entry(number, version, status, replaced_by=""):
        return DocumentEntry(
            uuid=f"urn:uuid:00000000-0000-4000-8000-{number:012}", logical_id=f"urn:uuid:l{number}", version=1, patient=KEY, status=status,
            unique_id=f"1.2.3^{number}", content="0" * 64, repository="1", home="2", title="Plan for KOL og type 2-diabetes", custodian=GP,
            created=sample.NOW - number * 86_400_000, series="1.2.3^serie", series_version=version, replaced_by=replaced_by,
        )  # fmt: skip

    return (entry(1, 2, "approved"), entry(2, 1, "deprecated", "urn:uuid:00000000-0000-4000-8000-000000000001"))


def looks() -> tuple[Look, ...]:
    doctor = Actor("professional", "laege", "Anna Læge", "læge", GP)
    return (
        Look("urn:uuid:2", KEY, doctor, "treatment", "professional-relation", sample.NOW, "overview", "professional"),
        Look(
            "urn:uuid:1",
            KEY,
            Actor("citizen", "nancy", "Nancy"),
            "own-overview",
            "own-overview",
            sample.NOW - 1,
            "document",
            "document",
        ),
    )


def settings(**changes) -> PortalSettings:
    return PortalSettings(**{"personas": personas(), "acts": acts(), **changes})
