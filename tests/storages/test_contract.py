"""What every storage does: the one contract, run on each of them."""

from __future__ import annotations

from concurrent.futures import Future
from random import Random
from threading import Event
from typing import TYPE_CHECKING, Any
from weakref import finalize

import pytest

from patientoverblik.access import OrganisationRef, PersonFacts, Relation, Session
from patientoverblik.service.visit import Visit
from patientoverblik.sharing.model import Association
from patientoverblik.storage.fault import StorageFault
from tests.storages.samples import (
    DOCTOR,
    HOSPITAL,
    NANCY,
    OTHER,
    PRACTICE,
    RELATION,
    block,
    entry,
    event,
    key_of,
    look,
    power,
    reading,
    submission_set,
)

if TYPE_CHECKING:
    from patientoverblik.service.ports import Storage, Transaction


def did(storage: Storage, *acts: Any) -> Any:
    """Run each act in its own transaction; the result of the last."""
    done: Future[Any] | None = None
    for act in acts:
        done = storage.act(act)
        done.result(timeout=60)
    return done.result() if done else None


def test_an_empty_storage_knows_nobody(storage: Storage) -> None:
    reader = storage.reader()
    assert reader.patient_key(NANCY) is None
    assert reader.linked_keys(7) == (7,)
    assert (reader.entries(7), reader.associations(7), reader.looks(7), reader.events(7)) == ((), (), (), ())
    assert (reader.locate_unique("x"), reader.locate_entry("x"), reader.locate_set("x")) == ((), None, None)
    assert (reader.content(7, key_of(b"")), reader.reading(7, key_of(b"")), reader.cares(7, [])) == (None, None, {})
    assert (reader.session("s"), reader.handle("s", "h"), dict(reader.source_times())) == (None, None, {})


def test_a_patient_id_keeps_the_key_it_was_first_given(storage: Storage) -> None:
    assert did(storage, lambda tx: tx.claim_patient(NANCY, 11)) == 11
    assert did(storage, lambda tx: tx.claim_patient(NANCY, 12)) == 11
    assert storage.reader().patient_key(NANCY) == 11
    assert storage.reader().patient_key(OTHER) is None


def test_entries_come_in_the_order_registered_and_keep_their_place_when_changed(storage: Storage) -> None:
    did(storage, lambda tx: [tx.add_entry(entry(number)) for number in (3, 1, 2)])
    did(storage, lambda tx: tx.put_entry(entry(1, status="deprecated", replaced_by=entry(2).uuid)))
    found = storage.reader().entries(1)
    assert [one.title for one in found] == ["Plan 3", "Plan 1", "Plan 2"]
    assert [one.status for one in found] == ["approved", "deprecated", "approved"]
    assert storage.reader().entry(1, entry(1).uuid) == found[1]
    assert storage.reader().entry(2, entry(1).uuid) is None
    assert storage.reader().locate_entry(entry(1).uuid) == 1


def test_an_entry_is_added_once_and_changed_only_where_it_is(storage: Storage) -> None:
    did(storage, lambda tx: tx.add_entry(entry(1)))
    with pytest.raises(StorageFault) as fault:
        did(storage, lambda tx: tx.add_entry(entry(1)))
    assert fault.value.code == "storage.conflict"
    with pytest.raises(StorageFault):
        did(storage, lambda tx: tx.put_entry(entry(2)))
    assert storage.reader().entries(1) == (entry(1),)


def test_a_unique_id_stands_for_one_document_of_one_patient(storage: Storage) -> None:
    one, name = entry(1), entry(1).unique_id

    def add(tx: Transaction) -> None:
        tx.claim_unique(name, 1, one.content)
        tx.add_entry(one)

    did(storage, add)
    assert storage.reader().locate_unique(name) == ((1, one.content),)
    for patient, content in ((1, key_of(b"other")), (2, one.content)):
        with pytest.raises(StorageFault) as fault:
            did(storage, lambda tx, patient=patient, content=content: tx.claim_unique(name, patient, content))
        assert fault.value.code == "storage.conflict"
    did(storage, lambda tx: tx.claim_unique(name, 1, one.content))


def test_a_claim_without_an_entry_is_no_document_and_may_be_taken_over(storage: Storage) -> None:
    name = entry(1).unique_id
    did(storage, lambda tx: tx.claim_unique(name, 5, key_of(b"never came")))
    assert storage.reader().locate_unique(name) == ()
    did(storage, lambda tx: tx.claim_unique(name, 1, entry(1).content), lambda tx: tx.add_entry(entry(1)))
    assert storage.reader().locate_unique(name) == ((1, entry(1).content),)


def test_bytes_come_back_as_they_went_in(storage: Storage) -> None:
    for data in (b"", b"x", "æøå".encode() * 4000, bytes(range(256)) * 8):
        did(storage, lambda tx, data=data: tx.add_content(1, key_of(data), data))
        assert storage.reader().content(1, key_of(data)) == data
        assert storage.reader().content(2, key_of(data)) is None


def test_what_an_act_brought_is_let_go_when_it_is_done_and_not_when_the_next_comes(storage: Storage) -> None:
    class Work:
        def __call__(self, _transaction: Transaction) -> None:
            return

    gone, work = Event(), Work()
    finalize(work, gone.set)
    did(storage, work)
    del work
    assert gone.wait(60)


@pytest.mark.parametrize(
    "data", [Random(1).randbytes(2_500_001), b"the same again " * 200_000, Random(2).randbytes(999_999)]
)
def test_a_large_document_comes_back_as_it_went_in_whether_it_can_be_compressed_or_not(
    storage: Storage, data: bytes
) -> None:
    content = key_of(data)
    for _ in range(2):
        did(storage, lambda tx: tx.add_content(1, content, data))
        assert storage.reader().content(1, content) == data
    assert did(storage, lambda tx: tx.content(1, content)) == data
    with pytest.raises(ZeroDivisionError):
        did(storage, lambda tx: (tx.add_content(2, content, data), 1 / 0))
    assert storage.reader().content(2, content) is None


def test_readings_are_kept_apart_and_replaced_by_newer_ones(storage: Storage) -> None:
    contents = [entry(number).content for number in range(5)]
    did(storage, lambda tx: [tx.put_reading(1, reading(content)) for content in contents[:4]])
    did(storage, lambda tx: tx.put_reading(1, reading(contents[0], "stamp-2")))
    found = storage.reader().cares(1, contents[:3] + contents[4:])
    assert found == {
        contents[0]: ("stamp-2", reading(contents[0]).care),
        contents[1]: ("stamp-1", reading(contents[1]).care),
        contents[2]: ("stamp-1", reading(contents[2]).care),
    }
    assert storage.reader().reading(1, contents[0]) == reading(contents[0], "stamp-2")
    assert storage.reader().reading(2, contents[0]) is None


def test_sets_and_associations_lie_with_their_patient(storage: Storage) -> None:
    links = [Association(f"a{n}", "has-member", "set", f"e{n}", 1, "Original") for n in (2, 1)]
    did(storage, lambda tx: tx.add_set(submission_set(1)), lambda tx: [tx.add_association(one) for one in links])
    assert storage.reader().locate_set("1.2.3.1") == (1, submission_set(1))
    assert storage.reader().associations(1) == tuple(links)
    assert storage.reader().associations(2) == ()
    with pytest.raises(StorageFault):
        did(storage, lambda tx: tx.add_set(submission_set(1, patient=2)))


def test_linked_keys_are_one_patient_and_unlinking_restores_exactly(storage: Storage) -> None:
    did(storage, lambda tx: (tx.put_block(1, block("a")), tx.put_block(2, block("b")), tx.put_power(3, power("p"))))
    did(storage, lambda tx: tx.put_person(2, PersonFacts(born=5, protected=True)))
    before = [storage.reader().blocks(key) for key in (1, 2, 3)]
    did(storage, lambda tx: tx.link(2, 1), lambda tx: tx.link(3, 2), lambda tx: tx.link(2, 1))
    assert storage.reader().linked_keys(3) == (1, 2, 3)
    assert set(storage.reader().blocks(3)) == {block("a"), block("b")}
    assert storage.reader().powers(1) == (power("p"),)
    assert storage.reader().person(1) == PersonFacts(born=5, protected=True)
    did(storage, lambda tx: tx.unlink(1, 2))
    assert storage.reader().linked_keys(1) == (1,)
    assert storage.reader().linked_keys(2) == (2, 3)
    did(storage, lambda tx: tx.unlink(3, 2))
    assert [storage.reader().blocks(key) for key in (1, 2, 3)] == before
    assert storage.reader().person(1) == PersonFacts()


def test_linking_a_key_with_itself_changes_nothing(storage: Storage) -> None:
    did(storage, lambda tx: tx.link(1, 1), lambda tx: tx.unlink(1, 1))
    assert storage.reader().linked_keys(1) == (1,)


def test_evidence_rows_are_replaced_by_their_id_and_keep_their_order(storage: Storage) -> None:
    did(storage, lambda tx: [tx.put_block(1, block(name)) for name in ("b", "a")])
    did(storage, lambda tx: tx.put_block(1, block("b", valid_until=9)))
    assert storage.reader().blocks(1) == (block("b", valid_until=9), block("a"))
    did(storage, lambda tx: (tx.put_relation(1, RELATION), tx.put_relation(1, RELATION)))
    assert storage.reader().relations(1) == (RELATION,)
    assert storage.reader().blocks(2) == ()


def test_looks_and_events_are_kept_in_order_and_chained(storage: Any) -> None:
    did(storage, lambda tx: [(tx.add_look(look(n)), tx.add_event(event(n))) for n in (2, 1, 3)])
    assert [one.id for one in storage.reader().looks(1)] == ["look-2", "look-1", "look-3"]
    assert [one.id for one in storage.reader().events(1)] == ["event-2", "event-1", "event-3"]
    assert storage.reader().look(1, "look-1") == look(1)
    assert storage.reader().look(2, "look-1") is None
    assert storage.broken_chains() == 0


def test_an_event_without_a_patient_belongs_to_its_organisations_chain(storage: Any) -> None:
    job = type(DOCTOR)("job", "nightly")
    did(
        storage,
        lambda tx: [tx.add_event(event(n, patient=0, actor=who)) for n, who in enumerate((DOCTOR, job, DOCTOR))],
    )
    assert storage.reader().events(0) == ()
    assert storage.broken_chains() == 0


def test_an_ended_session_is_unknown_and_so_are_its_handles(storage: Storage) -> None:
    session = Session("s1", DOCTOR, 1, 2)
    did(storage, lambda tx: (tx.put_session(session), tx.put_handle("s1", "h", 11), tx.put_handle("s2", "h", 12)))
    assert storage.reader().session("s1") == session
    assert (storage.reader().handle("s1", "h"), storage.reader().handle("s2", "h")) == (11, 12)
    did(storage, lambda tx: tx.end_session("s1"))
    assert (storage.reader().session("s1"), storage.reader().handle("s1", "h")) == (None, None)
    assert storage.reader().handle("s2", "h") == 12


def test_a_source_was_last_heard_from_at_its_latest_time(storage: Storage) -> None:
    did(storage, lambda tx: tx.touch_source("gp", 5), lambda tx: tx.touch_source("gp", 3))
    assert dict(storage.reader().source_times()) == {"gp": 5}


def test_an_act_that_fails_leaves_nothing_and_the_next_one_stands(storage: Storage) -> None:
    def half(tx: Transaction) -> None:
        tx.add_entry(entry(1))
        tx.add_content(1, entry(1).content, b"data")
        tx.add_event(event(1))
        raise ValueError("no")

    failing, standing = storage.act(half), storage.act(lambda tx: tx.add_entry(entry(2)))
    with pytest.raises(ValueError, match="no"):
        failing.result(timeout=60)
    standing.result(timeout=60)
    reader = storage.reader()
    assert (reader.entries(1), reader.events(1), reader.content(1, entry(1).content)) == ((entry(2),), (), None)
    assert reader.locate_entry(entry(1).uuid) is None


def test_an_act_reads_what_it_has_changed(storage: Storage) -> None:
    def work(tx: Transaction) -> tuple[int, tuple[int, ...]]:
        tx.add_entry(entry(1))
        tx.link(1, 2)
        return len(tx.entries(1)), tx.linked_keys(2)

    assert did(storage, work) == (1, (1, 2))


def test_a_snapshot_sees_one_state_while_others_commit(storage: Storage) -> None:
    did(storage, lambda tx: tx.add_entry(entry(1)))
    with storage.snapshot() as reader:
        assert len(reader.entries(1)) == 1
        did(storage, lambda tx: (tx.add_entry(entry(2)), tx.put_block(1, block("a"))))
        assert (len(reader.entries(1)), reader.blocks(1)) == (1, ())
        with storage.snapshot() as newer:
            assert len(newer.entries(1)) == 2
    assert len(storage.reader().entries(1)) == 2


def test_acts_and_commits_are_counted(storage: Any) -> None:
    did(storage, *[lambda tx, n=n: tx.add_event(event(n)) for n in range(3)])
    assert storage.acts == 3
    assert 1 <= storage.commits <= 3


def test_organisations_are_kept_whole(storage: Storage) -> None:
    one = entry(1, submitter=HOSPITAL, custodian=OrganisationRef(PRACTICE.system, PRACTICE.value, "Nyt navn"))
    did(storage, lambda tx: tx.add_entry(one))
    assert storage.reader().entries(1) == (one,)


def test_patients_whose_keys_end_alike_are_never_mixed(storage: Storage) -> None:
    one, other = 7, 7 + (1 << 43)

    def add(tx: Transaction, patient: int, first: int) -> None:
        for number in (first, first + 1):
            kept = entry(number, patient)
            tx.add_entry(kept)
            tx.add_content(patient, kept.content, f"document {number}".encode())
            tx.put_reading(patient, reading(kept.content, f"stamp-{number}"))
            tx.put_block(patient, block(f"block-{first}"))
            tx.add_look(look(number, patient))
            tx.add_event(event(number, patient))
            tx.add_association(Association(f"a{number}", "APND", "s", "t", patient))

    did(storage, lambda tx: (add(tx, one, 1), add(tx, other, 3), add(tx, one, 5)))
    reader = storage.reader()
    assert [kept.title for kept in reader.entries(one)] == ["Plan 1", "Plan 2", "Plan 5", "Plan 6"]
    assert [kept.title for kept in reader.entries(other)] == ["Plan 3", "Plan 4"]
    assert [kept.id for kept in reader.looks(other)] == ["look-3", "look-4"]
    assert [kept.id for kept in reader.events(one)] == ["event-1", "event-2", "event-5", "event-6"]
    assert [kept.id for kept in reader.blocks(other)] == ["block-3"]
    assert [kept.uuid for kept in reader.associations(other)] == ["a3", "a4"]
    assert reader.entry(other, entry(1).uuid) is None
    assert reader.content(other, entry(1).content) is None
    assert reader.cares(other, [entry(n).content for n in range(1, 7)]).keys() == {entry(n).content for n in (3, 4)}
    assert storage.broken_chains() == 0  # type: ignore[attr-defined]


def test_a_submission_that_was_announced_reads_what_any_other_does(storage: Storage) -> None:
    """What was said ahead is answered as it stands when it is asked, and nothing is kept of it."""
    one = entry(1)

    def reads(tx: Any) -> list[Any]:
        located = [
            tx.patient_key(NANCY),
            tx.locate_unique(one.unique_id),
            tx.locate_set("1.2^set"),
            tx.claim_of("1.2^new"),
        ]
        return [
            *located,
            tx.entries(1),
            tx.linked_keys(1),
            tx.events(1),
            tx.content(1, one.content),
            tx.subscriptions(1),
        ]

    def register(tx: Any) -> list[Any]:
        tx.expect_submission(NANCY, "1.2^set", (one.unique_id, "1.2^new"))
        tx.expect_registration(1, (one.content,))
        before = reads(tx)
        tx.claim_patient(NANCY, 1)
        tx.claim_unique(one.unique_id, 1, one.content)
        tx.add_entry(one)
        tx.add_content(1, one.content, b"document 1")
        tx.put_reading(1, reading(one.content))
        tx.add_event(event(1))
        return [before, reads(tx)]

    before, after = did(storage, register)
    assert before == [None, (), None, None, (), (1,), (), None, ()]
    assert after == [1, ((1, one.content),), None, None, (one,), (1,), (event(1),), b"document 1", ()]
    assert did(storage, reads) == after


def test_a_look_that_was_announced_reads_what_any_other_does(storage: Storage) -> None:
    did(
        storage,
        lambda tx: [tx.add_entry(entry(number, number)) for number in (1, 2, 3)],
        lambda tx: (tx.link(1, 2), tx.put_relation(2, Relation("own-gp", PRACTICE)), tx.touch_source("a", 5)),
        lambda tx: tx.put_visit(Visit(1, "reader", 7)),
    )
    with storage.snapshot() as reader, storage.snapshot() as other:
        reader.expect_look(1)
        for ask in (
            lambda from_: from_.evidence(1),
            lambda from_: [from_.entries(key) for key in from_.linked_keys(1)],
            lambda from_: from_.source_times(),
            lambda from_: [from_.visit(1, who) for who in ("reader", "nobody")],
        ):
            assert ask(reader) == ask(other)
        assert reader.linked_keys(1) == (1, 2)
