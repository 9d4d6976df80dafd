"""Serving: the pages on their address, the demo's sources kept alive, and what to open told once the server answers."""

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import msgspec
import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from patientoverblik.app.clock import Watch, watching
from patientoverblik.app.connection import Connection, with_certificate
from patientoverblik.app.demo import keep_alive, login_personas
from patientoverblik.app.feeds import feeding
from patientoverblik.app.following import following
from patientoverblik.app.guarding import at_the_gate
from patientoverblik.app.health import looking, with_health
from patientoverblik.app.hints import say_examples
from patientoverblik.app.login import pages
from patientoverblik.app.settings import Settings
from patientoverblik.app.tls import tls_options
from patientoverblik.app.tokens import tokens_of
from patientoverblik.app.trail import sealing
from patientoverblik.app.xds import with_door
from patientoverblik.edges.identity.certificate import with_peer
from patientoverblik.edges.portal.settings import Persona, PortalSettings
from patientoverblik.insight import Recorder
from patientoverblik.problems import Fault
from patientoverblik.service.house import House
from patientoverblik.service.reading import current_stamps

HEARTBEAT_SECONDS = 900
COLLECT_AFTER = (20_000, 20, 20)
MINUTE = 60_000
LOOPBACK = "127.0.0.1,::1"


def application(settings: Settings, house: House) -> Starlette:
    """The pages of an installation; the test login only in the demo. :class:`Fault` where their assets are missing."""
    personas = login_personas() if settings.demo else ()
    try:
        return with_door(settings, house, pages(settings, house, _asked(settings, house, personas)))
    except FileNotFoundError:
        raise Fault("cli.no-page-assets") from None


def served(settings: Settings, house: House, watch: Watch) -> ASGIApp:
    """The application as the server calls it: behind the gate, with what supervises it, and behind the proxies."""
    gated, guard = at_the_gate(settings, house, application(settings, house))
    healthy = with_health(gated, looking(settings, house, watch), guard, house.clock)
    return with_certificate(behind_proxies(healthy, settings.proxies))


def _asked(settings: Settings, house: House, personas: tuple[Persona, ...]) -> PortalSettings:
    return PortalSettings(
        personas=personas,
        secure_cookies=settings.secure,
        lifetime=settings.session_minutes * MINUTE,
        longest=settings.session_hours * 60 * MINUTE,
        ends_with_provider=settings.login_ends_session,
        tokens=tokens_of(settings, house),
    )


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
    with (
        counted(settings, house) as counting,
        contextlib.suppress(KeyboardInterrupt),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(_serve(settings, counting, port))


@contextlib.contextmanager
def counted(settings: Settings, house: House) -> Iterator[House]:
    """The house with its use counted, where the settings name a file for it."""
    if not settings.use_file:
        yield house
        return
    recorder = Recorder(Path(settings.use_file))
    try:
        yield msgspec.structs.replace(house, used=recorder)
    finally:
        recorder.close()


def _end(_sign: int, _frame: object) -> None:
    sys.exit(0)


async def _serve(settings: Settings, house: House, port: socket.socket) -> None:
    watch = Watch(house.clock)
    configuration = uvicorn.Config(
        served(settings, house, watch),
        proxy_headers=False,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
        ws="none",
        http=Connection,
        **tls_options(settings),
    )
    async with (
        sealing(settings, house),
        feeding(settings, house),
        following(house),
        _alive(settings, house),
        watching(settings.time_source, house, watch),
    ):
        port.listen()  # a caller who comes now waits for the first answer instead of being turned away
        tell(settings)
        settle()
        await uvicorn.Server(configuration).serve(sockets=[port])


def behind_proxies(application: Any, proxies: str = "") -> Any:
    """An application that is told whom a proxy speaks for, and yet whom it is connected to, by whom alone a client
    certificate may be handed over; ``proxies`` are networks, else what the environment names, else this machine."""
    believed = proxies or os.environ.get("FORWARDED_ALLOW_IPS", LOOPBACK)
    return with_peer(ProxyHeadersMiddleware(application, believed))  # type: ignore[arg-type]


def settle() -> None:
    """Load what every look needs, so that nobody's first look waits for it, and take it out of the collector's sight.

    Profiles, tables and compiled mappings live as long as the process; without this every full collection walks all
    of them in the middle of somebody's request. What looks leave behind holds no circles, so it is searched for them
    more seldom.
    """
    current_stamps()
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


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
    say(f"\nSamlet patientoverblik is served on {settings.served_at}/\n")
    if settings.demo:
        say("Open it and choose who you are (test login, invented people only):\n")
        for persona in login_personas():
            say(f"  {persona.id:<28} {persona.name}\n")
        say("Professionals search for the test patient 251248-9996.\n")
        say_examples(settings)
    say("Stop with Ctrl-C.\n")
    sys.stdout.flush()
