"""Serving: the pages on their address, the demo's sources kept alive, and what to open told once the server answers."""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from functools import partial
from pathlib import Path
from threading import Event
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
from patientoverblik.app.embedding import with_systems
from patientoverblik.app.feeds import feeding
from patientoverblik.app.fhir import with_fhir
from patientoverblik.app.following import following
from patientoverblik.app.guarding import at_the_gate
from patientoverblik.app.health import Leaving, looking, never, with_health
from patientoverblik.app.hints import say_examples
from patientoverblik.app.jobs import Job, running
from patientoverblik.app.keeping import keeping
from patientoverblik.app.leading import leading
from patientoverblik.app.leaving import LeavingServer
from patientoverblik.app.login import pages
from patientoverblik.app.logs import JSON
from patientoverblik.app.metrics import LEADS, Board, begin, metered, with_metrics
from patientoverblik.app.settings import Settings
from patientoverblik.app.tls import tls_options
from patientoverblik.app.tokens import tokens_of
from patientoverblik.app.trail import sealing
from patientoverblik.app.workers import Post
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
LOG = logging.getLogger(__name__)
BACKLOG = 1024
LOOPBACK = "127.0.0.1,::1"


def application(settings: Settings, house: House) -> Starlette:
    """The pages of an installation; the test login only in the demo. :class:`Fault` where their assets are missing."""
    personas = login_personas() if settings.demo else ()
    try:
        asked = with_systems(settings, house, _asked(settings, house, personas))
        return with_door(settings, house, with_fhir(settings, house, asked.tokens, pages(settings, house, asked)))
    except FileNotFoundError:
        raise Fault("cli.no-page-assets") from None


def served(
    settings: Settings,
    house: House,
    watch: Watch,
    board: Board | None = None,
    number: int = 0,
    leaving: Leaving = never,
) -> ASGIApp:
    """The application as the server calls it: behind the gate, counted, with what supervises it, and behind the
    proxies. ``board`` is where all workers count, ``number`` which of them this is."""
    counts = board or Board(1)
    look = looking(settings, house, watch, leaving)
    gated, guard = at_the_gate(settings, house, application(settings, house))
    counted = with_metrics(metered(gated, counts.line(number), house), settings, house, counts, look)
    healthy = with_health(counted, look, guard, house.clock)
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


def serve(settings: Settings, house: House, post: Post) -> None:
    """Serve until stopped. Requests are not logged: a path may hold a session's handle."""
    # The server ends gracefully by its own handler and then raises the signal anew, which must not count as a failure.
    signal.signal(signal.SIGTERM, _end)
    with (
        counted(settings, house) as counting,
        contextlib.suppress(KeyboardInterrupt),
        asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner,
    ):
        runner.run(_serve(settings, counting, post))


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


async def _serve(settings: Settings, house: House, post: Post) -> None:
    watch, leaving, line = Watch(house.clock), Event(), post.board.line(post.number)
    configuration = uvicorn.Config(
        served(settings, house, watch, post.board, post.number, leaving.is_set),
        proxy_headers=False,
        log_config=None if settings.log_form == JSON else uvicorn.config.LOGGING_CONFIG,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=10,
        ws="none",
        http=Connection,
        **tls_options(settings),
    )
    server = LeavingServer(configuration, leaving, settings.drain_seconds, partial(post.board.opened, post.number))
    async with (
        leading(house, partial(_in_the_background, settings, house), partial(_leads, line)),
        feeding(settings, house),
        _alive(settings, house),
        watching(settings.time_source, house, watch),
    ):
        post.port.listen(BACKLOG)  # a caller who comes now waits for the first answer instead of being turned away
        if post.watcher is not None:
            asyncio.get_running_loop().add_reader(post.watcher, _abandoned, server, post.watcher)
        begin(line)
        LOG.info("a worker serves")
        if post.speaks:
            tell(settings)
        settle()
        await server.serve(sockets=[post.port])


@contextlib.asynccontextmanager
async def _in_the_background(settings: Settings, house: House) -> AsyncIterator[None]:
    """What one worker does for all of them."""
    async with sealing(settings, house), following(house), keeping(settings, house):
        yield


def _leads(line: memoryview, leads: bool) -> None:
    line[LEADS] = int(leads)
    LOG.info("a worker leads: %s", leads)


def _abandoned(server: LeavingServer, watcher: int) -> None:
    """The process that watched is gone: so are we, in good order."""
    asyncio.get_running_loop().remove_reader(watcher)
    server.should_exit = True


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
    async with running(Job("heartbeat", partial(keep_alive, house), HEARTBEAT_SECONDS, first=HEARTBEAT_SECONDS)):
        yield


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
