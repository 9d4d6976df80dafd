"""Remarks and worklists, on every storage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from patientoverblik.service.remark import Remark, Step
from patientoverblik.service.visit import Visit
from patientoverblik.service.work import Work, key_of
from patientoverblik.storage.sql.place import VISIT, WITHIN, within
from patientoverblik.storage.sql.views import SqlReader
from tests.storages.samples import DOCTOR, HOSPITAL, PRACTICE
from tests.storages.test_contract import did

if TYPE_CHECKING:
    from patientoverblik.service.ports import Storage

CLINIC, WARD = key_of(PRACTICE), key_of(HOSPITAL)


def remark(name: str, patient: int = 1) -> Remark:
    return Remark(name, patient, "not-right", DOCTOR, 5, HOSPITAL, "Det er ikke sket", "urn:uuid:e", "l1", "Citat")


def work(name: str, organisation: str = CLINIC, patient: int = 1, follows: str = "series") -> Work:
    return Work(organisation, patient, name, "plan", follows, 5, "Plan")


def test_remarks_are_found_by_the_patient_and_the_keys_linked_with_it(storage: Storage) -> None:
    did(storage, lambda tx: [tx.put_remark(one) for one in (remark("b"), remark("a"), remark("c", 2))])
    assert [one.id for one in storage.reader().remarks(1)] == ["a", "b"]
    did(storage, lambda tx: tx.link(1, 2))
    assert [one.id for one in storage.reader().remarks(2)] == ["a", "b", "c"]


def test_a_remark_is_replaced_by_its_id_with_its_whole_trace(storage: Storage) -> None:
    answered = replace(remark("a"), state="answered", steps=(Step("answered", DOCTOR, 9, "Det er rettet"),))
    did(storage, lambda tx: tx.put_remark(remark("a")), lambda tx: tx.put_remark(answered))
    assert storage.reader().remarks(1) == (answered,)


def test_a_worklist_holds_its_organisations_facts_by_patient(storage: Storage) -> None:
    held = [work("b", patient=2), work("a", patient=2), work("z"), work("other", WARD)]
    did(storage, lambda tx: [tx.put_work(one) for one in held])
    assert [(one.patient, one.id) for one in storage.reader().work_of(CLINIC)] == [(1, "z"), (2, "a"), (2, "b")]
    assert storage.reader().work_of("nobody") == ()


def test_a_fact_is_replaced_by_its_id_and_forgotten_with_what_it_follows_from(storage: Storage) -> None:
    did(storage, lambda tx: [tx.put_work(work(name)) for name in ("a", "b")])
    did(storage, lambda tx: tx.put_work(replace(work("a", follows="newer"), words="Ny")))
    did(storage, lambda tx: tx.put_work(work("c", WARD)))
    did(storage, lambda tx: tx.put_work(work("d", patient=2)))
    did(storage, lambda tx: tx.drop_work(1, "series"))
    reader = storage.reader()
    assert [(one.patient, one.id, one.words) for one in reader.work_of(CLINIC)] == [(1, "a", "Ny"), (2, "d", "Plan")]
    assert reader.work_of(WARD) == ()


def test_a_visit_is_kept_in_place_of_the_one_before_for_its_reader_and_patient(storage: Storage) -> None:
    first, later = Visit(1, "doctor", 5), Visit(1, "doctor", 9, 5)
    did(storage, lambda tx: tx.put_visit(first), lambda tx: tx.put_visit(later))
    reader = storage.reader()
    assert (reader.visit(1, "doctor"), reader.visit(2, "doctor"), reader.visit(1, "nurse")) == (later, None, None)


def test_visits_of_many_looks_take_no_more_room_than_their_readers(storage: Storage) -> None:
    for at in range(1, 6):
        did(storage, lambda tx, at=at: [tx.put_visit(Visit(1, who, at)) for who in ("doctor", "nurse")])
    reader = storage.reader()
    assert [reader.visit(1, who).at for who in ("doctor", "nurse")] == [5, 5]
    if isinstance(reader, SqlReader):
        held = reader._connection.all(f"select place from trail where {WITHIN} order by place", within(1, VISIT))
        first = within(1, VISIT)[0]
        assert held == [(first,), (first + 1,)]


def test_what_one_reader_has_read_is_not_read_by_another(storage: Storage) -> None:
    did(storage, lambda tx: [tx.mark_read("doctor", name) for name in ("a", "b", "a")])
    reader = storage.reader()
    assert reader.work_read("doctor") == frozenset(("a", "b"))
    assert reader.work_read("nurse") == frozenset()
