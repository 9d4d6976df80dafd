"""Several questions in one go: how often a look asks, and that what goes wrong is told by the act it went wrong in."""

import threading
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from patientoverblik.service.visit import visited
from patientoverblik.sharing.model import PatientId
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.postgres import PostgresStorage
from patientoverblik.storage.postgres import wire as wires
from patientoverblik.storage.postgres.connection import connect
from patientoverblik.storage.postgres.wire import Failed, Question, Wire
from tests.storages.samples import NANCY, entry, event, look
from tests.storages.test_contract import did
from tests.storages.test_postgres import CUT, hold


@pytest.fixture
def storage(postgres: str) -> Iterator[PostgresStorage]:
    opened = PostgresStorage(postgres)
    yield opened
    opened.close()


@pytest.fixture
def wire(postgres: str) -> Iterator[Wire]:
    raw = connect(postgres)
    yield Wire(raw)
    raw.close()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many questions went in each go that was waited for."""
    seen: list[int] = []
    ask = Wire.ask
    monkeypatch.setattr(Wire, "ask", lambda self, questions: seen.append(len(questions)) or ask(self, questions))
    return seen


def test_what_a_look_reads_takes_two_questions_and_what_it_writes_two(
    storage: PostgresStorage, asked: list[int]
) -> None:
    did(storage, lambda tx: (tx.claim_patient(NANCY, 1), tx.add_entry(entry(1)), tx.touch_source("a", 1)))
    with storage.snapshot():
        asked.clear()
    assert asked == []
    with storage.snapshot() as reader:
        key = reader.patient_key(NANCY)
        reader.expect_look(key)
        held = reader.evidence(key), reader.linked_keys(key), reader.entries(key), reader.source_times()
    assert (held[1], held[2], held[3]) == ((1,), (entry(1),), {"a": 1})
    assert len(asked) == 2
    asked.clear()

    def write_a_look(tx: Any) -> None:
        tx.expect_visit(1, "reader")
        tx.add_event(event(1))
        tx.add_look(look(1))
        visited(tx, 1, "reader", 5)

    did(storage, write_a_look)
    assert len(asked) == 2


def test_what_a_list_reads_of_many_patients_takes_three_questions(storage: PostgresStorage, asked: list[int]) -> None:
    numbers = [PatientId("1.2", str(number)) for number in range(30)]
    for key, number in enumerate(numbers, 1):
        did(storage, lambda tx, key=key, number=number: (tx.claim_patient(number, key), tx.add_entry(entry(key, key))))
    with storage.snapshot() as reader:
        asked.clear()
        reader.expect_keys(numbers)
        keys = [reader.patient_key(one) for one in numbers]
        reader.expect_documents(keys)
        held = reader.evidences(keys), [(reader.linked_keys(key), reader.entries(key)) for key in keys]
    assert list(held[0]) == keys
    assert held[1] == [((key,), (entry(key, key),)) for key in keys]
    assert len(asked) == 3


def test_a_snapshot_sees_nothing_that_was_committed_after_its_first_question(storage: PostgresStorage) -> None:
    did(storage, lambda tx: tx.add_entry(entry(1)))
    with storage.snapshot() as reader:
        reader.expect_look(1)
        before = reader.evidence(1)
        did(storage, lambda tx: tx.add_entry(entry(2)))
        assert (reader.entries(1), reader.evidence(1)) == ((entry(1),), before)
    with storage.snapshot() as reader:
        assert reader.entries(1) == (entry(1), entry(2))


def test_what_was_asked_ahead_is_asked_again_where_something_has_changed(storage: PostgresStorage) -> None:
    question = ("select source, at from source_time",)

    def work(tx: Any) -> list[Any]:
        tx._connection.ahead(*question)
        before = tx._connection.all(*question)
        tx.touch_source("a", 1)
        return [before, tx._connection.all(*question)]

    assert did(storage, work) == [[], [("a", 1)]]


def test_a_fault_of_a_change_nobody_waited_for_is_told_by_its_own_act(storage: PostgresStorage) -> None:
    did(storage, lambda tx: tx.add_entry(entry(1)))
    free, held = hold(storage)
    acts = [storage.act(lambda tx, number=number: tx.add_entry(entry(number))) for number in (2, 1, 3)]
    free.set()
    held.result(timeout=60)
    faults = [each.exception(timeout=60) for each in acts]
    assert [isinstance(fault, StorageFault) for fault in faults] == [False, True, False]
    assert faults[1].args == ("storage.conflict",)
    assert storage.reader().entries(1) == (entry(1), entry(2), entry(3))


def test_an_act_that_raises_before_anything_was_sent_leaves_nothing(storage: PostgresStorage) -> None:
    free, held = hold(storage)

    def fail(tx: Any) -> None:
        tx.touch_source("wrong", 1)
        raise ValueError

    acts = [storage.act(work) for work in (fail, lambda tx: tx.touch_source("right", 1), fail)]
    alone = [fail, lambda tx: tx.touch_source("alone", 1)]
    free.set()
    held.result(timeout=60)
    assert [each.exception(timeout=60) is None for each in acts] == [False, True, False]
    assert [storage.act(work).exception(timeout=60) is None for work in alone] == [False, True]
    assert storage.reader().source_times() == {"right": 1, "alone": 1}


def test_an_act_whose_connection_was_cut_before_it_began_is_done_anew_on_its_new_lane(
    postgres: str, storage: PostgresStorage
) -> None:
    did(storage, lambda tx: tx.add_event(event(1)))
    with storage.snapshot() as reader:
        reader.events(1)
    with psycopg.connect(postgres, autocommit=True) as raw:
        raw.execute(CUT.encode())
    other = PostgresStorage(postgres)
    lanes: list[int] = []
    did(storage, lambda tx: (lanes.append(tx._connection.lane), tx.add_event(event(2))))
    with storage.snapshot() as reader:
        assert [one.id for one in reader.events(1)] == ["event-1", "event-2"]
    assert lanes == [0, 1]
    assert storage.broken_chains() == 0
    other.close()


def test_a_connection_that_was_cut_behind_the_last_question_of_a_reader_is_nobodys_fault(
    postgres: str, storage: PostgresStorage
) -> None:
    did(storage, lambda tx: tx.add_event(event(1)))
    for _ in range(2):
        with storage.snapshot() as reader:
            assert len(reader.events(1)) == 1
            with psycopg.connect(postgres, autocommit=True) as raw:
                raw.execute(CUT.encode())


def test_other_threads_run_while_an_answer_is_waited_for(wire: Wire, postgres: str) -> None:
    answers: list[Any] = []
    lock = Question("select pg_advisory_lock(?)", (7,))
    with psycopg.connect(postgres, autocommit=True) as other:
        other.execute("select pg_advisory_lock(7)")
        waiting = threading.Thread(target=lambda: answers.extend(wire.ask([lock])))
        waiting.start()
        while not other.execute("select 1 from pg_locks where not granted").fetchone():
            assert waiting.is_alive()
        other.execute("select pg_advisory_unlock(7)")
        waiting.join(timeout=10)
    assert len(answers) == 1


def test_values_come_back_as_they_went(wire: Wire) -> None:
    values = (-(2**63), "æøå ' \\", b"\x00\xff", None, 2**63 - 1)
    (answer,) = wire.ask([Question("select ?::bigint, ?::text, ?::bytea, ?::text, ?::bigint", values)])
    assert answer.rows == [values]


def test_questions_are_answered_in_order_and_none_behind_the_first_that_fails(wire: Wire) -> None:
    one, two, bad = Question("select ?", (1,)), Question("select ?", (2,)), Question("select 1 / ?", (0,))
    assert [answer.rows for answer in wire.ask([one, two])] == [[(1,)], [(2,)]]
    behind = Question("select 'behind', ?", (3,))
    for _ in range(2):
        with pytest.raises(Failed) as failed:
            wire.ask([one, bad, behind])
        assert failed.value.state == "22012"
    wire.tell(one)
    assert [answer.rows for answer in wire.ask([behind, two])] == [[("behind", 3)], [(2,)]]


def test_past_a_limit_statements_are_prepared_each_time(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wires, "STATEMENTS", 2)
    questions = [Question(f"select {number}, ?", (number,)) for number in range(5)]
    for _ in range(2):
        assert [answer.rows for answer in wire.ask(questions)] == [[(number, number)] for number in range(5)]
