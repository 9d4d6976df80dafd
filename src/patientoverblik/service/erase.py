"""Documents are erased for good by an officer: filed on the wrong person, test data, or a court's order.

In two steps: what would go is told with a code of it, and only what that code stands for goes. The citizen's log and
the security trail keep that somebody saw a document, and the trail that it was erased, by whom and on what ground.
"""

from collections.abc import Mapping
from hashlib import sha256
from typing import Literal, get_args

import msgspec

from patientoverblik.access import Actor, Refusal
from patientoverblik.service.evidence import NOBODY, ask, patient_key
from patientoverblik.service.house import House
from patientoverblik.service.ports import Transaction
from patientoverblik.service.trail import done, refused
from patientoverblik.service.work_facts import forget_quotes, retell
from patientoverblik.sharing.erasing import erase, going_with
from patientoverblik.sharing.model import DocumentEntry, PatientId
from patientoverblik.sharing.remove import Named

Ground = Literal["wrong-person", "test-data", "court-order"]
GROUNDS: tuple[Ground, ...] = get_args(Ground)
ACT = "erase"
CODE_DIGITS = 12
NOT_AN_OFFICER = Refusal("officer-erases", "service.may-not-remove")
UNKNOWN = Refusal("officer-erases", "service.nothing-to-erase")
CHANGED = Refusal("officer-erases", "service.erasure-changed")


class Erasure(msgspec.Struct, frozen=True):
    """What goes: documents, how many sets, folders and associations with them, and the code that stands for all of it.

    ``scrubbed`` is whether nothing of it is left on disk; False before it is done.
    """

    documents: tuple[DocumentEntry, ...]
    others: int
    code: str
    scrubbed: bool = False


async def what_would_go(
    house: House, actor: Actor, patient: PatientId, documents: frozenset[str] = frozenset()
) -> Erasure | Refusal:
    """What erasing these documents of a patient (all where none is named) would take away; nothing is changed."""

    def work(transaction: Transaction) -> Erasure | Refusal:
        key = patient_key(transaction, patient)
        named = _named(house, transaction, actor, key, documents)
        event = refused(house, actor, key, "erase-list", named) if isinstance(named, Refusal) else None
        transaction.add_event(event or done(house, actor, key, "erase-list", "officer-erases"))
        return named if isinstance(named, Refusal) else _told(named)

    return await house.wait(house.storage.act(work))


async def erase_documents(
    house: House, actor: Actor, patient: PatientId, documents: frozenset[str], ground: Ground, code: str
) -> Erasure | Refusal:
    """Erase what ``code`` stands for, and let nothing of it be left where it stood."""

    def work(transaction: Transaction) -> Erasure | Refusal:
        key = patient_key(transaction, patient)
        named = _named(house, transaction, actor, key, documents)
        refusal = named if isinstance(named, Refusal) else None if _told(named).code == code else CHANGED
        if refusal is not None or isinstance(named, Refusal):
            transaction.add_event(refused(house, actor, key, ACT, refusal or UNKNOWN))
            return refusal or UNKNOWN
        _erase(house, transaction, actor, named, ground)
        return _told(named)

    answer = await house.wait(house.storage.act(work))
    if isinstance(answer, Refusal):
        return answer
    return msgspec.structs.replace(answer, scrubbed=house.storage.scrub())


def _named(
    house: House, transaction: Transaction, actor: Actor, patient: int, documents: frozenset[str]
) -> Named | Refusal:
    permit = ask(house, transaction, actor, patient, "oversight", house.clock())
    if isinstance(permit, Refusal):
        return permit
    if actor.kind != "officer":
        return NOT_AN_OFFICER
    if patient == NOBODY:
        return UNKNOWN
    keys = transaction.linked_keys(patient)
    held = {entry.uuid for key in keys for entry in transaction.entries(key)}
    named = going_with(transaction, keys, documents or frozenset(held))
    known = {name for entry in named.entries for name in (entry.uuid, entry.unique_id)}
    return named if named.entries and documents <= known else UNKNOWN


def _told(named: Named) -> Erasure:
    names = sorted((*(one.uuid for one in named.objects), *(entry.content for entry in named.entries)))
    code = sha256("\n".join(names).encode()).hexdigest()[:CODE_DIGITS]
    return Erasure(named.entries, len(named.objects) - len(named.entries), code)


def _erase(house: House, transaction: Transaction, actor: Actor, named: Named, ground: Ground) -> None:
    """Take it away, and say so in the trail of each patient key it lay under."""
    erase(transaction, named)
    by_patient: dict[int, list[str]] = {patient: [] for patient in named.patients}
    for entry in named.entries:
        retell(transaction, house.kept, entry)
        forget_quotes(transaction, entry)
        by_patient[entry.patient].append(entry.uuid)
    _write(house, transaction, actor, by_patient, ground)


def _write(house: House, transaction: Transaction, actor: Actor, gone: Mapping[int, list[str]], ground: Ground) -> None:
    for patient, uuids in gone.items():
        transaction.add_event(done(house, actor, patient, ACT, f"erase-{ground}", tuple(uuids)))
