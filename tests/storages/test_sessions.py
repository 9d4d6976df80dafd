"""Sessions on every storage: found by who vouched for them, forgotten when they have run out; and what is used once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from patientoverblik.access import Actor, Session
from tests.storages.test_contract import did

if TYPE_CHECKING:
    from patientoverblik.service.ports import Storage

DOCTOR = Actor("professional", "laege")
ISSUER = "https://login.example"


def session(name: str, subject: str = "", sid: str = "", issuer: str = ISSUER, expires: int = 100) -> Session:
    return Session(name, DOCTOR, 1, expires, issuer=issuer, subject=subject, sid=sid)


@pytest.fixture
def kept(storage: Storage) -> Any:
    several = (
        session("a", "nancy", "1"),
        session("b", "nancy", "2"),
        session("c", "bo", "3"),
        session("d", "nancy", "1", "https://other.example"),
        session("e", issuer=""),
    )
    did(storage, lambda tx: [tx.put_session(each) for each in several])
    return storage


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"subject": "nancy"}, ("a", "b")),
        ({"sid": "2"}, ("b",)),
        ({"subject": "nancy", "sid": "1"}, ("a",)),
        ({"subject": "bo", "sid": "1"}, ()),
        ({}, ()),
    ],
)
def test_sessions_are_found_by_the_issuers_words_for_them(kept: Storage, asked: Any, found: Any) -> None:
    assert kept.reader().sessions_of(ISSUER, **asked) == found


def test_a_session_nobody_vouched_for_is_found_by_no_issuer(kept: Storage) -> None:
    assert kept.reader().sessions_of("", subject="", sid="") == ()


def test_an_ended_session_is_found_no_more(kept: Storage) -> None:
    did(kept, lambda tx: tx.end_session("a"))
    assert kept.reader().sessions_of(ISSUER, subject="nancy") == ("b",)


def test_a_session_keeps_its_issuer_and_its_end(storage: Storage) -> None:
    one = Session("s", DOCTOR, 1, 50, "token", ISSUER, "nancy", "7", 90)
    did(storage, lambda tx: tx.put_session(one))
    assert storage.reader().session("s") == one


def test_sessions_that_have_run_out_are_forgotten_with_their_handles(storage: Storage) -> None:
    did(storage, lambda tx: [tx.put_session(session(name, "x", expires=end)) for name, end in (("a", 9), ("b", 10))])
    did(storage, lambda tx: (tx.put_handle("a", "h", 11), tx.put_handle("b", "h", 12), tx.drop_expired(9)))
    reader = storage.reader()
    assert (reader.session("a"), reader.handle("a", "h")) == (None, None)
    assert (reader.sessions_of(ISSUER, subject="x"), reader.handle("b", "h")) == (("b",), 12)


def test_what_is_used_once_is_refused_until_it_is_too_old(storage: Storage) -> None:
    def use(key: str, until: int, at: int) -> bool:
        return bool(did(storage, lambda tx: tx.use_once(key, until, at)))

    assert use("jti:1", 10, 1)
    assert not use("jti:1", 99, 9)
    assert use("jti:2", 10, 9)
    assert use("jti:1", 20, 10), "what is past is forgotten"


def test_a_job_is_one_workers_at_a_time(storage: Storage) -> None:
    def take(at: int, until: int, job: str = "seal") -> bool:
        return bool(did(storage, lambda tx: tx.take_turn(job, at, until)))

    def keep(held: int, until: int) -> bool:
        return bool(did(storage, lambda tx: tx.keep_turn("seal", held, until)))

    assert take(1, 10)
    assert take(1, 10, "another")
    assert not take(9, 18), "somebody has it"
    assert keep(10, 15)
    assert not keep(10, 20), "it was ours until 15, not until 10"
    assert not take(14, 23)
    assert take(15, 24), "whoever had it has not kept it"
    assert not keep(15, 99), "who lost it is told so"
    assert keep(24, 16), "what is left of a turn can be given back"
    assert take(16, 25)
    assert take(2, 12), "who has it for longer than we would said so by a clock that was set back"


def test_the_first_secret_kept_under_a_name_is_the_one(storage: Storage) -> None:
    assert did(storage, lambda tx: tx.keep_secret("login", b"first")) == b"first"
    assert did(storage, lambda tx: tx.keep_secret("login", b"second")) == b"first"
    assert did(storage, lambda tx: tx.keep_secret("other", b"second")) == b"second"


def test_what_is_counted_is_counted_until_its_time_is_over(storage: Storage) -> None:
    def count(key: str, until: int, at: int) -> int:
        return int(did(storage, lambda tx: tx.count(key, until, at)))

    assert [count("entry:a", 10, at) for at in (1, 2, 9)] == [1, 2, 3]
    assert count("entry:b", 10, 9) == 1
    assert count("entry:a", 20, 10) == 1, "what is past is forgotten"


def test_the_sessions_that_are_open_those_begun_last_first(storage: Storage) -> None:
    made = [("a", 10, 1), ("b", 20, 2), ("c", 30, 3), ("d", 40, 3)]
    for name, end, start in made:
        one = msgspec.structs.replace(session(name, name, expires=end), started=start)
        did(storage, lambda tx, one=one: tx.put_session(one))
    assert [one.id for one in storage.reader().open_sessions(10, 9)] == ["c", "d", "b"]
    assert [one.id for one in storage.reader().open_sessions(10, 2)] == ["c", "d"]
