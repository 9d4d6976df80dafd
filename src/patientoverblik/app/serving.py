"""Serving: the pages on their address, the demo's sources kept alive, and what to open told once the server answers."""

import asyncio
import contextlib
import gc
import signal
import socket
import sys
from collections.abc import AsyncIterator

import uvicorn
import uvloop
from starlette.applications import Starlette

from patientoverblik.app.demo import keep_alive, login_personas
from patientoverblik.app.hints import say_examples
from patientoverblik.app.settings import Settings
from patientoverblik.edges.portal.portal import portal
from patientoverblik.edges.portal.settings import PortalSettings
from patientoverblik.problems import Fault
from patientoverblik.service.house import House

HEARTBEAT_SECONDS = 900


def application(settings: Settings, house: House) -> Starlette:
    """The pages of an installation; the test login only in the demo. :class:`Fault` where their assets are missing."""
    personas = login_personas() if settings.demo else ()
    try:
        return portal(house, PortalSettings(personas=personas, secure_cookies=settings.secure_cookies))
    except FileNotFoundError:
        raise Fault("cli.no-page-assets") from None


def listen(settings: Settings) -> socket.socket | None:
    """The pages' port, taken before anything is loaded so that nobody else can; None where somebody has it."""
    asked = socket.socket()
    asked.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        asked.bind((settings.host, settings.port))
    except OSError:
        asked.close()
        return None
    return asked


def port_is_free(settings: Settings) -> bool:
    """Whether the pages' port can be listened on."""
    asked = listen(settings)
    if asked is not None:
        asked.close()
    return asked is not None


def serve(settings: Settings, house: House, port: socket.socket) -> None:
    """Serve until stopped. Requests are not logged: a path may hold a session's handle."""
    # The server ends gracefully by its own handler and then raises the signal anew, which must not count as a failure.
    signal.signal(signal.SIGTERM, _end)
    with contextlib.suppress(KeyboardInterrupt), asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings, house, port))


def _end(_sign: int, _frame: object) -> None:
    sys.exit(0)


async def _serve(settings: Settings, house: House, port: socket.socket) -> None:
    configuration = uvicorn.Config(
        application(settings, house),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
    )
    async with _alive(settings, house):
        port.listen()  # a caller who comes now waits for the first answer instead of being turned away
        tell(settings)
        settle()
        await uvicorn.Server(configuration).serve(sockets=[port])


def settle() -> None:
    """Take the loaded program out of the collector's sight.

    Profiles, tables and compiled mappings live as long as the process; without this every full collection walks all
    of them in the middle of somebody's request.
    """
    gc.collect()
    gc.freeze()


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
    """A beat that the storage could not take is missed; the next one comes all the same."""
    while True:
        await asyncio.sleep(HEARTBEAT_SECONDS)
        with contextlib.suppress(Fault):
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
        say_examples(settings)
    say("Stop with Ctrl-C.\n")
    sys.stdout.flush()
