"""The FHIR door on a port of its own, over the server the program uses, for clients that want a network."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn

from patientoverblik.app.connection import Connection
from tests.doors.fhir.world import Door, door

AT_MOST = 30


@contextmanager
def served(asked: Door) -> Iterator[str]:
    """The door's base address while it is served."""
    listening = socket.create_server(("127.0.0.1", 0))
    settings = uvicorn.Config(
        asked.browser._application, http=Connection, log_level="critical", lifespan="off", ws="none"
    )
    server = uvicorn.Server(settings)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[listening])), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/fhir"
    finally:
        server.should_exit = True
        thread.join(AT_MOST)
        listening.close()


@pytest.fixture
def asked() -> Door:
    """The door of a house with the story's documents, asked by a doctor."""
    return door()


@pytest.fixture
def address(asked: Door, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where it is served."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with served(asked) as told:
        yield told
