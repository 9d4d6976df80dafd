"""Evidence in one read, and what follows a look: every storage answers alike (one contract)."""

import sqlite3
from typing import Any

import msgspec

from patientoverblik.access import (
    Actor,
    Attempt,
    Custody,
    Evidence,
    FollowUp,
    Guardian,
    Notice,
    Opening,
    PersonFacts,
    Protection,
)
from patientoverblik.storage.memory import MemoryStorage
from patientoverblik.storage.postgres import PostgresStorage
from patientoverblik.storage.sql.evidence import several
from patientoverblik.storage.sql.followed import located
from patientoverblik.storage.sqlite import SqliteStorage
from patientoverblik.storage.union import ATTEMPTS_KEPT
from tests.storages.samples import DOCTOR, HOSPITAL, PRACTICE, RELATION, block, entry, power
from tests.storages.watcher import Watcher, scans

NOW = 1_790_000_000_000
OPENING = Opening("o", "doctor-1", "s", PRACTICE, 1, 2, "consent", "r")
ELSEWHERE = Actor("professional", "doctor-2", organisation=HOSPITAL)


def did(storage: Any, *works: Any) -> None:
    for work in works:
        storage.act(work).result(timeout=60)


def all_of(tx: Any, patient: int) -> None:
    """One row of each kind, written in another order than they are read."""
    tx.put_opening(patient, OPENING)
    tx.put_block(patient, block("b"))
    tx.put_custody(patient, Custody("c", 9))
    tx.put_person(patient, PersonFacts(born=5, family=(3,), employers=(PRACTICE,)))
    tx.put_protection(patient, Protection(9, 1, 2))
    tx.put_guardian(patient, Guardian("g", 9, ("plans",)))
    tx.put_power(patient, power("p"))
    tx.put_relation(patient, RELATION)


def test_all_evidence_comes_in_one_read(storage: Any) -> None:
    did(storage, lambda tx: all_of(tx, 1), lambda tx: tx.add_entry(entry(1)))
    assert storage.reader().evidence(1) == Evidence(
        relations=(RELATION,),
        powers=(power("p"),),
        blocks=(block("b"),),
        person=PersonFacts(born=5, family=(3,), employers=(PRACTICE,)),
        custodies=(Custody("c", 9),),
        guardians=(Guardian("g", 9, ("plans",)),),
        protections=(Protection(9, 1, 2),),
        openings=(OPENING,),
        keys=(1,),
    )
    assert storage.reader().evidence(2) == Evidence(keys=(2,))


def test_evidence_of_linked_keys_is_united_and_comes_apart_again(storage: Any) -> None:
    did(storage, lambda tx: all_of(tx, 3), lambda tx: tx.put_custody(1, Custody("d", 8)))
    did(storage, lambda tx: tx.link(1, 2), lambda tx: tx.link(2, 3))
    for key in (1, 2, 3):
        found = storage.reader().evidence(key)
        assert found.keys == (1, 2, 3)
        assert [one.id for one in found.custodies] == ["d", "c"]
        assert found.openings == (OPENING,)
    did(storage, lambda tx: tx.unlink(2, 3))
    assert storage.reader().evidence(1) == Evidence(custodies=(Custody("d", 8),), keys=(1, 2))


def test_evidence_of_many_patients_is_that_of_each(storage: Any) -> None:
    sharing_places, many = 2 + (1 << 43), (*range(10, 300), (1 << 63) - 1)
    for key in (1, 2, 4, sharing_places):
        did(storage, lambda tx, key=key: all_of(tx, key))
    did(storage, lambda tx: tx.put_custody(2, Custody("d", 8)), lambda tx: tx.link(3, 4), lambda tx: tx.link(5, 4))
    did(storage, *[lambda tx, key=key: tx.put_person(key, PersonFacts(born=key)) for key in many])
    reader, asked = storage.reader(), (1, 2, 3, 4, 6, sharing_places, *many)
    found = reader.evidences(asked)
    assert found == {key: reader.evidence(key) for key in asked}
    assert tuple(found) == asked
    assert reader.evidences(()) == {}
    did(storage, lambda tx: tx.put_block(1, block("new")))
    assert storage.reader().evidences((1,)) == {1: storage.reader().evidence(1)}


def test_rows_are_replaced_by_their_id(storage: Any) -> None:
    did(storage, lambda tx: all_of(tx, 1), lambda tx: tx.put_custody(1, Custody("c", 9, 1, 7)))
    did(storage, lambda tx: tx.put_protection(1, Protection(9, 0, 5)), lambda tx: tx.put_guardian(1, Guardian("g", 8)))
    found = storage.reader().evidence(1)
    assert (found.custodies, found.protections) == ((Custody("c", 9, 1, 7),), (Protection(9, 0, 5),))
    assert found.guardians == (Guardian("g", 8),)


def test_attempts_are_kept_in_order_until_they_are_old(storage: Any) -> None:
    old, mine, other = (Attempt(name, "s", at, "filtered") for name, at in (("a", NOW), ("a", NOW + 1), ("b", NOW + 1)))
    did(storage, *[lambda tx, one=one: tx.put_attempt(1, one) for one in (old, mine, other, mine)])
    assert storage.reader().attempts(1) == (old, mine, other)
    late = Attempt("c", "", NOW + ATTEMPTS_KEPT, "refused")
    did(storage, lambda tx: tx.put_attempt(1, late))
    assert storage.reader().attempts(1) == (mine, other, late)
    assert storage.reader().attempts(2) == ()
    assert storage.reader().evidence(1) == Evidence(keys=(1,))


def follow_up(name: str, patient: int = 1, actor: Actor = DOCTOR, deadline: int = 5, **more: Any) -> FollowUp:
    return FollowUp(name, patient, "look", actor, "override", 1, deadline, **more)


def test_follow_ups_are_listed_by_patient_and_by_organisation(storage: Any) -> None:
    rows = [
        follow_up("a", 1, deadline=9),
        follow_up("b", 2),
        follow_up("c", 1, ELSEWHERE),
        follow_up("d", 1, Actor("professional", "x")),
    ]
    did(storage, *[lambda tx, one=one: tx.put_follow_up(one) for one in rows])
    reader = storage.reader()
    assert [one.id for one in reader.follow_ups(1)] == ["a", "c", "d"]
    assert [one.id for one in reader.follow_ups_of(PRACTICE.value)] == ["b", "a"]
    assert [one.id for one in reader.follow_ups_of("")] == ["b", "c", "d", "a"]
    assert reader.follow_ups_of("nobody") == ()
    did(storage, lambda tx: tx.put_follow_up(follow_up("a", 1, deadline=9, state="explained")))
    assert [one.state for one in storage.reader().follow_ups(1)] == ["explained", "pending", "pending"]


def test_follow_ups_of_many_patients_are_found_by_their_places(tmp_path: Any) -> None:
    path = tmp_path / "shelf.sqlite3"
    SqliteStorage(path).close()
    database = sqlite3.connect(path)
    for patients in ("select distinct patient from follow_up_locator", "select patient from follow_up_pending"):
        plan = [row[3] for row in database.execute(f"explain query plan {located(patients, own_places=False)}")]
        assert "SEARCH shelf USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)" in plan
    database.close()


def test_evidence_of_many_patients_is_found_by_their_places(tmp_path: Any) -> None:
    path = tmp_path / "shelf.sqlite3"
    SqliteStorage(path).close()
    database = sqlite3.connect(path)
    plan = [row[3] for row in database.execute(f"explain query plan {several(own_places=False)}", ("[1]",))]
    assert "SEARCH shelf USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)" in plan
    database.close()


def test_follow_ups_that_wait_are_found_until_they_are_answered(storage: Any) -> None:
    sharing_places = 1 + (1 << 43)
    rows = [follow_up("a", 1, deadline=9), follow_up("b", 2), follow_up("c", sharing_places), follow_up("d", 1)]
    did(storage, *[lambda tx, one=one: tx.put_follow_up(one) for one in rows])
    assert [one.id for one in storage.reader().pending_follow_ups()] == ["b", "c", "d", "a"]
    did(storage, lambda tx: tx.put_follow_up(follow_up("d", 1, state="explained")))
    did(storage, lambda tx: tx.put_follow_up(follow_up("b", 2, state="confirmed")))
    assert [(one.patient, one.id) for one in storage.reader().pending_follow_ups()] == [(sharing_places, "c"), (1, "a")]
    did(storage, lambda tx: tx.put_follow_up(follow_up("b", 2)))
    assert [one.id for one in storage.reader().pending_follow_ups()] == ["b", "c", "a"]


def test_notices_are_replaced_by_their_id_and_united(storage: Any) -> None:
    told = Notice("n", 1, "override", 5, DOCTOR)
    did(
        storage, lambda tx: tx.put_notice(told), lambda tx: tx.put_notice(Notice("n", 1, "override", 5, DOCTOR, seen=6))
    )
    did(storage, lambda tx: tx.link(1, 2))
    assert [one.seen for one in storage.reader().notices(2)] == [6]


def test_one_history_gives_equal_answers(tmp_path: Any, postgres: str) -> None:
    memory, sqlite = MemoryStorage(), SqliteStorage(tmp_path / "shelf.sqlite3")
    server = PostgresStorage(postgres)
    for made in (memory, sqlite, server):
        did(made, lambda tx: all_of(tx, 1), lambda tx: all_of(tx, 2), lambda tx: tx.link(1, 2))
        did(made, lambda tx: tx.put_block(2, block("b", valid_until=3)), lambda tx: tx.put_opening(1, OPENING))
    for key in (1, 2, 3):
        assert memory.reader().evidence(key) == sqlite.reader().evidence(key) == server.reader().evidence(key)
    server.close()
    sqlite.close()


def test_evidence_is_one_statement_and_walks_no_table(tmp_path: Any) -> None:
    path, watcher = tmp_path / "shelf.sqlite3", Watcher()
    storage = SqliteStorage(path, watcher)
    did(storage, lambda tx: all_of(tx, 1), lambda tx: tx.put_attempt(1, Attempt("a", "s", NOW, "refused")))
    did(storage, lambda tx: tx.put_follow_up(follow_up("a")))
    before = set(watcher.seen)
    reader = storage.reader()
    opening = set(watcher.seen)
    reader.evidence(1)
    assert len([one for one in watcher.seen - opening if "select" in one]) == 1
    reader.attempts(1), reader.follow_ups_of(PRACTICE.value), reader.notices(1)
    storage.close()
    assert watcher.offences() == []
    assert before
    assert scans(path, watcher.seen) == {}


def test_a_relation_told_again_stands_in_place_of_what_was_told(storage: Any) -> None:
    ended = msgspec.structs.replace(RELATION, valid_until=RELATION.valid_from + 9)
    other = msgspec.structs.replace(RELATION, valid_from=RELATION.valid_from + 20)
    did(storage, *[lambda tx, one=one: tx.put_relation(1, one) for one in (RELATION, other, ended)])
    assert storage.reader().relations(1) == (ended, other)
