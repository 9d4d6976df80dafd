"""A request's head, over a real port: neither too large nor too slow a one holds the server."""

import asyncio
import socket
import threading
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import PlainTextResponse

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
)


@pytest.mark.parametrize("offer", OFFERS)
def test_an_offer_to_go_on_in_http_2_costs_no_body(offer):
    """Java's own client makes one in every request at an address without TLS."""
    with connected() as caller:
        caller.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n" + offer + b"\r\nh2c one")
        assert answer(caller).endswith(b"\r\n\r\n7")
        caller.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n" + offer + b"\r\ntwo")
        assert answer(caller).endswith(b"\r\n\r\n3")
