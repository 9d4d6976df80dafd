"""What strangers may send at once."""

import asyncio

import hypothesis.strategies as st
import pytest
from hypothesis import given

from patientoverblik.edges.guard import Guard, Limits, guarded, inflated, known
from patientoverblik.edges.guard.bodies import Bodies, Body
from patientoverblik.edges.guard.caller import Caller
from patientoverblik.problems import Fault

ROOM = Guard(hosts=frozenset({"door"}), bodies=4, body_bytes=1000)


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 400), st.booleans()), max_size=40))
def test_room_is_never_overdrawn_and_all_of_it_comes_back(sent):
    bodies, held = Bodies(4, 1000), []
    for where, size, ends in sent:
        body = Body(bodies, where)
        if body.take(size):
            held.append((where, size, body))
        assert sum(each[1] for each in held) <= 1000
        assert len([each for each in held if each[1]]) <= 4
        assert all(sum(each[1] for each in held if each[0] == one) <= 500 for one in "abc")
        if ends and held:
            held.pop()[2].release()
    for _, _, body in held:
        body.release()
        body.release()
    assert Body(bodies, "a").take(500)
    assert Body(bodies, "b").take(500)


def test_who_is_known_sends_what_they_will():
    bodies = Bodies(4, 1000)
    stranger = Caller(ROOM, Limits(), "192.0.2.1", "", 0, Body(bodies, "192.0.2.1"))
    with pytest.raises(Fault, match=r"portal\.busy"):
        stranger.sends(501)
    stranger.sends(500)
    stranger.counted("somebody")
    stranger.sends(10_000)
    assert Body(bodies, "192.0.2.1").take(500)


def answers(door, *bodies):
    """Send bodies at once, each in one piece, to a door that holds them until all have come; their statuses."""
    found = []

    async def refuse(scope, receive, send):
        await send({"type": "http.response.start", "status": 500, "headers": []})

    async def one(gate, address, body):
        async def receive():
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message):
            if message["type"] == "http.response.start":
                found.append((message["status"], dict(message["headers"]).get(b"retry-after")))

        scope = {"type": "http", "method": "POST", "path": "/", "client": (address, 1), "server": ("door", 80)}
        await gate({**scope, "scheme": "http", "query_string": b"", "headers": [(b"host", b"door")]}, receive, send)

    async def all_of_them():
        gate = guarded(door, ROOM, lambda scope, code: refuse, lambda: 0)
        await asyncio.gather(*(one(gate, address, body) for address, body in bodies))
        await one(gate, "192.0.2.9", b"x" * 500)

    asyncio.run(all_of_them())
    return found


def test_one_too_many_is_told_to_come_again_and_what_is_answered_makes_room():
    async def door(scope, receive, send):
        status = 200
        try:
            await receive()
        except Fault:
            status = 500
        await asyncio.sleep(0)
        await send({"type": "http.response.start", "status": status, "headers": [(b"retry-after", b"99")]})

    found = answers(door, ("192.0.2.1", b"x" * 500), ("192.0.2.2", b"x" * 500), ("192.0.2.3", b"x"))
    assert found == [(200, b"99"), (200, b"99"), (503, b"5"), (200, b"99")]


def test_a_door_that_knows_its_sender_makes_room():
    async def door(scope, receive, send):
        await receive()
        known(scope, "somebody")
        await asyncio.sleep(0)
        await send({"type": "http.response.start", "status": 200, "headers": []})

    assert [status for status, _ in answers(door, *[("192.0.2.1", b"x" * 400)] * 6)] == [200] * 7


def test_what_a_body_becomes_when_it_is_unpacked_counts_too():
    async def door(scope, receive, send):
        await receive()
        with pytest.raises(Fault):
            inflated(scope, 600)
        await send({"type": "http.response.start", "status": 500, "headers": []})

    assert answers(door, ("192.0.2.1", b"x")) == [(503, b"5")] * 2
