"""What ``doctor`` looks at: Python, the database and its schema, the page assets, the port, and the sources."""

import asyncio
import os
import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import httpx
import msgspec

from patientoverblik.app import workers
from patientoverblik.app.database import MEMORY, Schema, open_database, schema_of
from patientoverblik.app.health import LIVE
from patientoverblik.app.login_faults import TEST_LOGIN
from patientoverblik.app.posture import clock, posture
from patientoverblik.app.revoking import revocation
from patientoverblik.app.settings import Settings
from patientoverblik.app.wiring import now, open_house
from patientoverblik.edges.cli.ports import Diagnosis
from patientoverblik.edges.identity.web import Known, Network
from patientoverblik.edges.portal.assets import load_assets
from patientoverblik.formats import profiles
from patientoverblik.problems import CATALOGUE, Fault
from patientoverblik.service.ports import Storage
from patientoverblik.service.sources import source_states
from patientoverblik.service.tail import said_by
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.memory import MemoryStorage
from patientoverblik.storage.sql.storage import SqlStorage

ANSWER_SECONDS = 2.0
MINUTE = 60_000
TWICE = 2  # a checkpoint may be late by as much as lies between two


def diagnose(settings: Settings) -> tuple[Diagnosis, ...]:
    """Every thing looked at; nothing is changed, and a database that is not there is not made."""
    return (
        Diagnosis("python", sys.version_info >= (3, 11), sys.version.split()[0]),
        Diagnosis("mapping profiles", True, ", ".join(profile.id for profile in profiles())),
        _assets(),
        *_database(settings),
        *_login(settings),
        *posture(settings),
        *revocation(settings),
        _port(settings),
    )


def _assets() -> Diagnosis:
    try:
        found = load_assets()
    except FileNotFoundError:
        return Diagnosis("page assets", False, "not laid out; run make setup")
    return Diagnosis("page assets", True, f"{len(found.files)} files")


def _database(settings: Settings) -> Iterator[Diagnosis]:
    path = settings.database_file
    if settings.database.startswith(MEMORY):
        yield Diagnosis("database", True, "in memory; nothing is kept")
    elif path and not path.exists():
        yield _place_for(path)
    else:
        yield from _existing(settings)


def _place_for(path: Path) -> Diagnosis:
    """Whether a database can be made: by the nearest folder that is there."""
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    writable = folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
    return Diagnosis(
        "database",
        writable,
        "none yet; it is made at the first start" if writable else "none yet, and its folder cannot be written",
    )


def _existing(settings: Settings) -> Iterator[Diagnosis]:
    try:
        schema = schema_of(settings.database)
        if schema and schema.found != schema.newest:
            yield _other_schema(schema, embedded=settings.database_file is not None)
            return
        storage = open_database(settings.database)
    except StorageFault as fault:
        yield Diagnosis("database", False, CATALOGUE[fault.code].en)
        return
    yield Diagnosis("database", True, f"schema version {schema.found if schema else 0}")
    yield from _content(settings, storage)
    storage.close()


def _other_schema(schema: Schema, embedded: bool) -> Diagnosis:
    """A newer schema is a fault; an older one too, but for an embedded file: the next command that opens it brings it
    forward."""
    found, newest = schema
    if embedded and found < newest:
        return Diagnosis("database", True, f"schema version {found}; brought forward to {newest} at the next start")
    code = "storage.newer-schema" if found > newest else "storage.older-schema"
    return Diagnosis("database", False, f"{CATALOGUE[code].en}: schema version {found}, this program's is {newest}")


def _content(settings: Settings, storage: MemoryStorage | SqlStorage) -> Iterator[Diagnosis]:
    try:
        broken = storage.broken_chains()
        yield Diagnosis("security trail", broken == 0, f"{broken} broken chains")
        yield from _seals(settings, storage)
        yield clock(tuple(storage.reader().source_times().values()))
        yield from _feeds(storage)
        yield from _sources(settings, storage)
    except StorageFault as fault:
        yield Diagnosis("database", False, CATALOGUE[fault.code].en)


def _seals(settings: Settings, storage: MemoryStorage | SqlStorage) -> Iterator[Diagnosis]:
    """Whether checkpoints come as often as they are to; a service that is running makes them."""
    if not settings.trail_key and not settings.demo:
        yield Diagnosis("trail seals", True, "none: no key is set (TRAIL_KEY)")
        return
    last, waits = said_by(storage.reader().last_checkpoint()), bool(storage.reader().open_chains(1))
    minutes = (now() - last.at) // MINUTE if last else 0
    told = f"last checkpoint {minutes} minutes ago" if last else "no checkpoint yet"
    found = f"{told}; entries wait for the next" if waits else f"{told}; nothing waits"
    yield Diagnosis("trail seals", not waits or minutes <= TWICE * settings.trail_minutes, found)


def _feeds(storage: Storage) -> Iterator[Diagnosis]:
    for queue in storage.reader().queues():
        found = f"{queue.waiting} waiting, {queue.failed} given up"
        yield Diagnosis(f"feed {queue.feed}", queue.failed == 0, found)


def _sources(settings: Settings, storage: Storage) -> Iterator[Diagnosis]:
    house = open_house(settings, storage)
    if not house.sources:
        yield Diagnosis("sources", True, "none named (PARTIES_FILE): no overview can tell who is missing")
    for source in source_states(house.sources, storage.reader().source_times(), now()):
        is_silent = source.state == "not-retrieved"
        found = "not heard from yet" if is_silent and not source.at else source.state.replace("-", " ")
        yield Diagnosis(f"source {source.name}", not is_silent or not source.at, found)


def _login(settings: Settings) -> Iterator[Diagnosis]:
    """Whether people can log in: the provider is asked what it says of itself and for its keys."""
    if settings.login_issuer in ("", TEST_LOGIN):
        yield Diagnosis("login", True, "test login of the demo" if settings.demo else "no provider; nobody can log in")
        return
    secret = settings.client_secret
    yield Diagnosis("client secret", True, "set" if secret else "none: a public client")
    try:
        metadata = asyncio.run(Known(Network(), settings.login_issuer).metadata(now()))
    except Fault as fault:
        yield Diagnosis("login", False, CATALOGUE[fault.code].en)
        return
    methods = ", ".join(metadata.code_challenge_methods_supported) or "not told"
    yield Diagnosis("login", True, f"provider answers; PKCE {methods}")


def _port(settings: Settings) -> Diagnosis:
    if workers.port_is_free(settings):
        return Diagnosis("port", True, f"{settings.port} is free")
    served = _is_live(settings)
    found = "answers as this service does" if served else "is taken (perhaps by this service)"
    return Diagnosis("port", served, f"{settings.port} {found}")


def _is_live(settings: Settings) -> bool:
    """Whether what has the port says that it lives, as this service does."""
    try:
        answer = httpx.get(f"{settings.served_at}{LIVE}", timeout=ANSWER_SECONDS, trust_env=False)
        told = msgspec.json.decode(answer.content, type=dict[str, object])
    except (httpx.HTTPError, msgspec.DecodeError):
        return False
    return answer.status_code == HTTPStatus.OK and told.get("status") == "ok"
