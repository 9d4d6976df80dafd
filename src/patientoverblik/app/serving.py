"""Serving: the pages on their address, the demo's sources kept alive, and what to open told once the server answers."""

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncIterator

import uvicorn
from starlette.applications import Starlette

from patientoverblik.app.demo import keep_alive, login_personas
from patientoverblik.app.settings import Settings
from patientoverblik.edges.portal.portal import portal
from patientoverblik.edges.portal.settings import PortalSettings
from patientoverblik.service.house import House

HEARTBEAT_SECONDS = 900


def application(settings: Settings, house: House) -> Starlette:
    """The pages of an installation; the test login only in the demo."""
    personas = login_personas() if settings.demo else ()
    return portal(house, PortalSettings(personas=personas, secure_cookies=settings.secure_cookies))


def port_is_free(settings: Settings) -> bool:
    """Whether the pages' port can be listened on."""
    with socket.socket() as asked:
        asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            asked.bind((settings.host, settings.port))
        except OSError:
            return False
    return True


def serve(settings: Settings, house: House) -> None:
    """Serve until stopped. Requests are not logged: a path may hold a session's handle."""
    asyncio.run(_serve(settings, house))


async def _serve(settings: Settings, house: House) -> None:
    configuration = uvicorn.Config(
        application(settings, house),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    async with _alive(settings, house):
        await uvicorn.Server(configuration).serve()


@contextlib.asynccontextmanager
async def _alive(settings: Settings, house: House) -> AsyncIterator[None]:
    """While the demo is served its sources say that they are there; others speak for themselves."""
    if not settings.demo:
        yield
        return
    await keep_alive(house)
    beating = asyncio.create_task(_beat(house))
    try:
        yield
    finally:
        beating.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await beating


async def _beat(house: House) -> None:
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        await keep_alive(house)


def tell(settings: Settings) -> None:
    """Say what to open, and as whom."""
    say = sys.stdout.write
    say(f"\nSamlet patientoverblik is served on http://{settings.host}:{settings.port}/\n")
    if settings.demo:
        say("Open it and choose who you are (test login, invented people only):\n")
        for persona in login_personas():
            say(f"  {persona.id:<28} {persona.name}\n")
        say("Professionals search for the test patient 251248-9996.\n")
    say("Stop with Ctrl-C.\n")
    sys.stdout.flush()
