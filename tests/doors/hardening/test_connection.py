"""A request's head, over a real port: neither too large nor too slow a one holds the server."""

import asyncio
import socket
import threading
from contextlib import contextmanager

import pytest
import uvicorn
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from uvicorn.server import ServerState

from patientoverblik.app import connection
from patientoverblik.app.connection import LARGEST_HEAD, Connection

AT_MOST = 20
PIECE = 300_000  # more than a socket gives at once


async def length(scope, receive, send):
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


@contextmanager
def connected():
    asked = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(length, http=Connection, log_level="critical", lifespan="off", ws="none"))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[asked])), daemon=True)
    thread.start()
    try:
        with socket.create_connection(asked.getsockname(), AT_MOST) as caller:
            yield caller
    finally:
        server.should_exit = True
        thread.join(AT_MOST)
        asked.close()


def answer(caller: socket.socket) -> bytes:
    """What comes until the server closes, or has said the length of a body."""
    found = b""
    try:
        while piece := caller.recv(65_536):
            found += piece
            if b"\r\n\r\n" in found and found.rpartition(b"\r\n\r\n")[2]:
                break
    except ConnectionError:
        pass
    return found


@pytest.mark.parametrize("head", [b"GET / HTTP/1.1\r\nx: ", b"GET /", b"GET / HTTP/1.1\r\n" + b"x: y\r\n" * 20_000])
def test_a_head_without_end_is_refused(head):
    with connected() as caller:
        try:
            caller.sendall(head)
            for _ in range(20):
                caller.sendall(b"x" * PIECE)
        except ConnectionError:
            return
        assert answer(caller).startswith(b"HTTP/1.1 400")


def test_a_large_body_after_a_small_head_is_none_of_it():
    with connected() as caller:
        for _ in range(3):
            caller.sendall(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % (4 * PIECE))
            for _ in range(4):
                caller.sendall(b"x" * PIECE)
            assert answer(caller).endswith(b"%d" % (4 * PIECE))


def test_a_head_as_large_as_may_be_is_read():
    with connected() as caller:
        caller.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nx: " + b"y" * (LARGEST_HEAD - 100) + b"\r\n\r\n")
        assert answer(caller).startswith(b"HTTP/1.1 200")


def test_a_head_that_does_not_come_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(connection, "HEAD_SECONDS", 0.0)
    with connected() as caller:
        caller.sendall(b"GET / HTTP/1.1\r\n")
        assert answer(caller) == b""


OFFERS = (
    b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEA\r\n",
    b"connection: upgrade\r\nupgrade:h2c\r\n",
    b"Connection: Upgrade\r\nUPGRADE: h2c, websocket\r\nUpgrade: TLS/1.2\r\n",
)


@pytest.mark.parametrize("offer", OFFERS)
def test_an_offer_to_go_on_in_http_2_costs_no_body(offer):
    """Java's own client makes one in every request at an address without TLS."""
    with connected() as caller:
        caller.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n" + offer + b"\r\nh2c one")
        assert answer(caller).endswith(b"\r\n\r\n7")
        caller.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n" + offer + b"\r\ntwo")
        assert answer(caller).endswith(b"\r\n\r\n3")


class Wire(asyncio.Transport):
    """A connection's other end, held in the hand."""

    def __init__(self):
        super().__init__({"peername": ("127.0.0.1", 1), "sockname": ("127.0.0.1", 2)})
        self.written, self.closed = b"", False

    def write(self, data):
        self.written += data

    def close(self):
        self.closed = True

    def is_closing(self):
        return self.closed

    def pause_reading(self):
        pass

    def resume_reading(self):
        pass


async def answered_in(pieces: list[bytes]) -> bytes:
    """What is answered to a request that comes in pieces."""
    made = Connection(uvicorn.Config(length, log_level="critical", lifespan="off", ws="none"), ServerState(), {})
    wire = Wire()
    made.connection_made(wire)
    for piece in pieces:
        made.data_received(piece)
        await asyncio.sleep(0)
    for _ in range(20):
        await asyncio.sleep(0)
    made.connection_lost(None)
    return wire.written


BODY = b"h2c\r\nUpgrade: h2c\r\n\r\nthree"
WHOLE = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n%b\r\n%b"


@settings(max_examples=200)
@given(st.sampled_from((b"", *OFFERS)), st.lists(st.integers(0, 200), max_size=6))
def test_a_request_is_read_alike_however_its_offer_is_cut(offer, cuts):
    """A head comes in as many pieces as the network pleases; what looks like an offer in the body stays there."""
    sent = WHOLE % (len(BODY), offer, BODY)
    ends = sorted(min(cut, len(sent)) for cut in cuts)
    pieces = [sent[begin:end] for begin, end in zip((0, *ends), (*ends, len(sent)), strict=True)]
    assert asyncio.run(answered_in([piece for piece in pieces if piece])).endswith(b"\r\n\r\n%d" % len(BODY))


def test_a_single_byte_after_an_answer_is_not_waited_for_without_end(monkeypatch):
    """A kept connection on which a head begins and does not go on is closed."""
    with connected() as caller:
        caller.sendall(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert answer(caller).endswith(b"0")
        monkeypatch.setattr(connection, "HEAD_SECONDS", 0.0)
        caller.sendall(b"\r")
        assert answer(caller) == b""
