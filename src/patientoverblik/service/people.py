"""What the person register tells: birth, death, custody, guardians, protection, a new number; in force at once.

Who is protected could be found through the people around them: a child's card, a spouse's relatives. So protection is
written down with each of them as well, whichever of the two was told first.
"""

from collections.abc import Iterator

import msgspec

from patientoverblik.access import (
    Actor,
    Custody,
    Guardian,
    PersonFacts,
    PowerOfAttorney,
    Protection,
    Refusal,
    Relation,
)
from patientoverblik.problems import Finding
from patientoverblik.service.evidence import NOBODY, ask, patient_key
from patientoverblik.service.house import House
from patientoverblik.service.ports import Transaction
from patientoverblik.service.trail import done, refused
from patientoverblik.sharing.link import link, unlink
from patientoverblik.sharing.model import PatientId

UNKNOWN = Refusal("no-such-patient", "service.no-patient")
NOT_LINKED = Refusal("numbers-are-linked", "sharing.not-linked")


class PersonEvent(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a register tells of one patient; what is empty is not told. ``facts`` stand in place of what was
    known, but family is only added to. ``number`` is another of the same patient's, ``apart`` one that was told to be
    and is not: the link between the two is undone."""

    facts: PersonFacts | None = None
    custodies: tuple[Custody, ...] = ()
    guardians: tuple[Guardian, ...] = ()
    powers: tuple[PowerOfAttorney, ...] = ()
    relations: tuple[Relation, ...] = ()
    number: PatientId | None = None
    apart: PatientId | None = None


async def person_event(house: House, actor: Actor, patient: PatientId | int, event: PersonEvent) -> int | Refusal:
    """Take in what a register tells (a job's act); the patient's key. A patient never seen is given one."""

    def work(transaction: Transaction) -> int | Refusal:
        key = patient_key(transaction, patient)
        permit = ask(house, transaction, actor, key, "maintenance", house.clock())
        if isinstance(permit, Refusal):
            transaction.add_event(refused(house, actor, key, "person-event", permit))
            return permit
        known = key or _new(house, transaction, patient)
        if known == NOBODY:
            transaction.add_event(refused(house, actor, NOBODY, "person-event", UNKNOWN))
            return UNKNOWN
        parted = _part(transaction, known, event.apart)
        if isinstance(parted, Refusal):
            transaction.add_event(refused(house, actor, known, "person-event", parted))
            return parted
        joined = _join(house, transaction, known, event.number)
        _take_in(transaction, known, event, house.clock())
        for one in (known, *parted, *joined):
            transaction.add_event(done(house, actor, one, "person-event", permit.rule))
        return known

    return await house.wait(house.storage.act(work))


def _part(transaction: Transaction, patient: int, number: PatientId | None) -> tuple[int, ...] | Refusal:
    """Undo the link with a number that is somebody else's; its key, theirs again with every other link it has."""
    if number is None:
        return ()
    other = transaction.patient_key(number)
    if other is None or isinstance(unlink(transaction, patient, other), Finding):
        return NOT_LINKED
    return (other,)


def _join(house: House, transaction: Transaction, patient: int, number: PatientId | None) -> tuple[int, ...]:
    """Link a patient with another number of theirs. One never seen gets a key of its own, so that it can be parted
    from them again; its key, where it is another."""
    if number is None:
        return ()
    other = transaction.claim_patient(number, house.ids.patient_key())
    return () if isinstance(link(transaction, patient, other), Finding) else (other,)


def _take_in(transaction: Transaction, patient: int, event: PersonEvent, at: int) -> None:
    """Write down what a register tells, and what follows from it for the people around the patient."""
    if event.facts is not None:
        transaction.put_person(patient, _with_family(event.facts, transaction.person(patient)))
    for custody in event.custodies:
        transaction.put_custody(patient, custody)
    for guardian in event.guardians:
        transaction.put_guardian(patient, guardian)
    for power in event.powers:
        transaction.put_power(patient, power)
    for relation in event.relations:
        transaction.put_relation(patient, relation)
    _tell_family(transaction, patient, at)


def _with_family(facts: PersonFacts, known: PersonFacts) -> PersonFacts:
    """Family is only added to: one who is no longer family may still be found through the other's documents."""
    return msgspec.structs.replace(facts, family=tuple(dict.fromkeys((*known.family, *facts.family))))


def _new(house: House, transaction: Transaction, patient: PatientId | int) -> int:
    return NOBODY if isinstance(patient, int) else transaction.claim_patient(patient, house.ids.patient_key())


def _tell_family(transaction: Transaction, patient: int, at: int) -> None:
    """Family is mutual, and each protects the other."""
    for other in _near(transaction, patient):
        facts = transaction.person(other)
        if patient not in facts.family:
            facts = msgspec.structs.replace(facts, family=(*facts.family, patient))
            transaction.put_person(other, facts)
        _protect(transaction, other, patient, at)
        _protect(transaction, patient, other, at)


def _near(transaction: Transaction, patient: int) -> Iterator[int]:
    evidence = transaction.evidence(patient)
    custody, guardians = (one.holder for one in evidence.custodies), (one.holder for one in evidence.guardians)
    near = (*evidence.person.family, *custody, *guardians)
    yield from (key for key in dict.fromkeys(near) if key not in (NOBODY, *evidence.keys))


def _protect(transaction: Transaction, told: int, person: int, at: int) -> None:
    """Write down with ``told`` that ``person`` is protected; that it is over, if it was written down before."""
    facts = transaction.person(person)
    known = any(one.person == person for one in transaction.evidence(told).protections)
    if facts.protected:
        transaction.put_protection(told, Protection(person, facts.protected_from, facts.protected_until))
    elif known:
        transaction.put_protection(told, Protection(person, 0, at))
