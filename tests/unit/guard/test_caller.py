"""Whom a request is counted for."""

import pytest
from starlette.datastructures import Headers

from patientoverblik.edges.guard import Guard, Limits, Rates, known, turned_away
from patientoverblik.edges.guard.caller import CALLER, Caller, Known, address, shown_in

AT = 1_700_000_000_000


@pytest.mark.parametrize(
    ("client", "counted"),
    [
        (("192.0.2.1", 5), "192.0.2.1"),
        (("2001:db8:1:2:aaaa::1", 5), "2001:db8:1:2::"),
        (("2001:db8:1:2:bbbb::9", 6), "2001:db8:1:2::"),
        (("2001:db8:1:3::1", 6), "2001:db8:1:3::"),
        (("testclient", 5), "testclient"),
        (None, ""),
    ],
)
def test_an_address_is_counted_whole_and_an_ipv6_one_by_its_network(client, counted):
    assert address({"client": client}) == counted


def test_a_header_is_what_is_shown_before_a_cookie():
    cookie = Headers({"cookie": "other=1; overblik=secret"})
    both = Headers({"cookie": "overblik=secret", "authorization": "Bearer token"})
    assert shown_in(cookie, "overblik") == shown_in(Headers({"authorization": "Bearer secret"}), "overblik")
    assert shown_in(both, "overblik") == shown_in(Headers({"authorization": "Bearer token"}), "overblik")
    assert shown_in(Headers({"cookie": "other=secret"}), "overblik") == b""
    assert b"secret" not in shown_in(cookie, "overblik")
    assert shown_in(cookie, "indlejret", "overblik") == shown_in(cookie, "overblik")
    assert shown_in(Headers({"cookie": "overblik=a; indlejret=secret"}), "indlejret", "overblik") == shown_in(
        cookie, "overblik"
    )


def caller(limits: Limits, who: str = "", **rates: int) -> Caller:
    return Caller(Guard(rates=Rates(**rates)), limits, "192.0.2.1", who, AT)


def test_who_is_known_is_counted_as_themselves_and_their_address_no_longer():
    limits = Limits()
    for _ in range(5):
        scope = {CALLER: caller(limits, address=1, actor=5)}
        assert not scope[CALLER].asks("GET", "/")
        assert known(scope, "citizen nancy") == 0
    assert caller(limits, address=1, actor=5).asks("GET", "/") is False
    assert known({CALLER: caller(limits, address=1, actor=5)}, "citizen nancy") > 0


def test_a_door_may_turn_away_whom_it_alone_can_know():
    limits = Limits()
    first, second = ({CALLER: caller(limits, actor=1)} for _ in range(2))
    assert not turned_away(first, "system a")
    assert turned_away(second, "system a")
    assert second[CALLER].late > 0
    assert not turned_away({}, "system a")


def test_whoever_is_known_before_is_not_counted_twice_for_a_request():
    limits = Limits()
    scope = {CALLER: caller(limits, "somebody", actor=2)}
    assert not scope[CALLER].asks("GET", "/")
    assert known(scope, "citizen nancy") == 0
    assert not caller(limits, "somebody", actor=2).asks("GET", "/")


def test_what_is_remembered_is_bounded():
    remembered = Known(2)
    for each in (b"a", b"b", b"c"):
        remembered.put(each, each.decode())
    assert [remembered.get(each) for each in (b"a", b"b", b"c")] == ["", "b", "c"]
