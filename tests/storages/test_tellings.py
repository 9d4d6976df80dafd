"""What readers of withdrawn documents are told, on every storage; and links that are remembered when they are undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from patientoverblik.access import Actor
from patientoverblik.service.telling import Telling, organisation, person
from tests.storages.samples import DOCTOR, HOSPITAL
from tests.storages.test_contract import did

if TYPE_CHECKING:
    from patientoverblik.service.ports import Storage

NURSE = Actor("professional", "nurse", organisation=HOSPITAL)


def telling(name: str, reader: Actor = DOCTOR, patient: int = 1) -> Telling:
    return Telling(name, patient, f"document of {name}", "wrong", 5, reader, ("look-1",), 1, 2)


def test_a_telling_is_found_by_its_reader_their_organisation_and_the_patient(storage: Storage) -> None:
    told = [telling("a"), telling("b", NURSE), telling("c", DOCTOR, 2)]
    did(storage, lambda tx: [tx.put_telling(one) for one in told])
    reader = storage.reader()
    assert reader.tellings_of(person(DOCTOR)) == (told[0], told[2])
    assert reader.tellings_of(organisation(NURSE)) == (told[1],)
    assert reader.tellings_of("nobody") == ()
    assert reader.tellings(1) == (told[0], told[1])
    did(storage, lambda tx: tx.link(1, 2))
    assert storage.reader().tellings(2) == tuple(told)


def test_a_telling_is_replaced_by_its_id(storage: Storage) -> None:
    did(storage, lambda tx: tx.put_telling(telling("a")), lambda tx: tx.put_telling(replace(telling("a"), seen=9)))
    assert [one.seen for one in storage.reader().tellings_of(person(DOCTOR))] == [9]


def test_a_link_that_was_undone_is_remembered_and_one_that_never_was_is_not(storage: Storage) -> None:
    did(storage, lambda tx: tx.link(1, 2), lambda tx: tx.link(2, 3), lambda tx: tx.unlink(2, 1))
    did(storage, lambda tx: tx.unlink(1, 9), lambda tx: tx.unlink(2, 2))
    reader = storage.reader()
    assert (reader.linked_keys(1), reader.linked_keys(2)) == ((1,), (2, 3))
    assert [reader.once_linked(key) for key in (1, 2, 3, 9)] == [(1, 2, 3)] * 3 + [(9,)]
