"""Loads the demo: the registers' evidence, then every document through ``service.deliver`` like anybody's.

Loading again changes nothing: what is there is left as it is, and the story keeps the days it was first moved by.
"""

from collections.abc import Callable, Mapping

import msgspec

from patientoverblik.access import Actor, PersonFacts, Refusal
from patientoverblik.care import Identifier
from patientoverblik.care.systems import CPR
from patientoverblik.demo.child import child_story
from patientoverblik.demo.handing_in import written
from patientoverblik.demo.people import NO_POWER_NUMBER, PARENT_NUMBER, SPOUSE_NUMBER, Evidence, evidence
from patientoverblik.demo.psychiatry import psychiatric_story
from patientoverblik.demo.story import DAY, Delivery, Event, Withdrawal, days_until
from patientoverblik.demo.storyboard import storyboard
from patientoverblik.demo.wiring import system_of
from patientoverblik.service.deliver import deliver
from patientoverblik.service.delivery import Delivery as HandedIn
from patientoverblik.service.delivery import Handed
from patientoverblik.service.heartbeat import heartbeat
from patientoverblik.service.house import House
from patientoverblik.service.model import Refused
from patientoverblik.service.ports import Reader, Transaction
from patientoverblik.service.withdraw import withdraw
from patientoverblik.sharing.model import PatientId

Progress = Callable[[int, int], None]
HOLDERS = (SPOUSE_NUMBER, NO_POWER_NUMBER, PARENT_NUMBER)


class DemoRefusedError(RuntimeError):
    """A demo document was refused: a fault of the demo, named by the document's short name and the problem code."""


class Loaded(msgspec.Struct, frozen=True):
    """What came of loading: how many documents there are, how many of them are new, and how far the story was moved."""

    documents: int
    new: int
    days: int


async def load_demo(house: House, progress: Progress | None = None) -> Loaded:
    """Load the demo people so that the story's last visit lies within the last week of the house's clock."""
    reader = house.storage.reader()
    days = _days_moved(reader)
    days = days_until(house.clock(), storyboard()[-1].at) if days is None else days
    events = (*storyboard(days), *psychiatric_story(days), *child_story(days))
    # Worklists tell those who treat the patient when a document comes, so that is known first.
    await load_evidence(house)
    new = 0
    for number, event in enumerate(events):
        if progress:
            progress(number, len(events))
        new += await hand_in(house, event)
    await _say_hello(house)
    if progress:
        progress(len(events), len(events))
    return Loaded(len(events), new, days)


async def hand_in(house: House, event: Event) -> bool:
    """Hand one event in; False if it has happened already. Raises :class:`DemoRefusedError` if it is refused."""
    if isinstance(event, Withdrawal):
        return await _take_back(house, event)
    if house.storage.reader().locate_unique(unique_id(event.care.document.id)):
        return False
    answer = await deliver(house, system_of(event.by), HandedIn(documents=(Handed(written(event)),)))
    if isinstance(answer, Refused):
        raise DemoRefusedError(f"{event.name}: {answer.code}")
    return True


async def _take_back(house: House, event: Withdrawal) -> bool:
    reader, unique = house.storage.reader(), unique_id(event.document)
    for key, _ in reader.locate_unique(unique):
        for entry in reader.entries(key):
            if entry.unique_id == unique and entry.status == "approved":
                answer = await withdraw(house, system_of(event.by), key, entry.uuid)
                if isinstance(answer, Refusal):
                    raise DemoRefusedError(f"{event.name}: {answer.code}")
                return True
    return False


async def load_evidence(house: House) -> None:
    """Put the registers' evidence on the demo people into the house's storage."""
    await house.wait(house.storage.act(_put_evidence(house)))


async def _say_hello(house: House) -> None:
    """Every connected source says that it is there, also where it has nothing new."""
    for source in house.sources:
        if source.kind != "none":
            await heartbeat(house, Actor(kind="job", id="demo", name="Demo"), source.id)


def unique_id(identifier: Identifier) -> str:
    """The XDS uniqueId of the document with an identifier."""
    return f"{identifier.system}^{identifier.value}"


def _days_moved(reader: Reader) -> int | None:
    """By how many days the story that is there was moved; None if there is none."""
    first = next(event for event in storyboard() if isinstance(event, Delivery))
    for key, content in reader.locate_unique(unique_id(first.care.document.id)):
        created = next((entry.created for entry in reader.entries(key) if entry.content == content), 0)
        return round((created - first.at.earliest) / DAY)
    return None


def _put_evidence(house: House) -> Callable[[Transaction], None]:
    def work(transaction: Transaction) -> None:
        keys = {number: _key(house, transaction, number) for number in HOLDERS}
        for row in evidence():
            _put_row(transaction, _key(house, transaction, row.number), row, keys)

    return work


def _put_row(transaction: Transaction, patient: int, row: Evidence, holders: Mapping[str, int]) -> None:
    if transaction.person(patient) == PersonFacts():
        transaction.put_person(patient, row.person)
    known = transaction.relations(patient)
    for relation in row.relations:
        if relation not in known:
            transaction.put_relation(patient, relation)
    for number, power in row.powers.items():
        transaction.put_power(patient, msgspec.structs.replace(power, holder=holders[number]))
    for number, custody in row.custodies.items():
        transaction.put_custody(patient, msgspec.structs.replace(custody, holder=holders[number]))


def _key(house: House, transaction: Transaction, number: str) -> int:
    return transaction.claim_patient(PatientId(CPR, number), house.ids.patient_key())
