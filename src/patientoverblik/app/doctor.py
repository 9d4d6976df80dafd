"""What ``doctor`` looks at: Python, the database and its schema, the page assets, the port, and the sources."""

import sys
from collections.abc import Iterator

from patientoverblik.app import serving
from patientoverblik.app.settings import Settings
from patientoverblik.app.wiring import now, open_house
from patientoverblik.edges.cli.ports import Diagnosis
from patientoverblik.edges.portal.assets import load_assets
from patientoverblik.formats import profiles
from patientoverblik.problems import CATALOGUE
from patientoverblik.service.sources import source_states
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.sqlite import SqliteStorage


def diagnose(settings: Settings) -> tuple[Diagnosis, ...]:
    """Every thing looked at; nothing is changed, and a database that is not there is not made."""
    return (
        Diagnosis("python", sys.version_info >= (3, 11), sys.version.split()[0]),
        Diagnosis("mapping profiles", True, ", ".join(profile.id for profile in profiles())),
        _assets(),
        *_database(settings),
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
    if path is None or not path.exists():
        yield Diagnosis("database", True, "none yet; it is made at the first start")
        return
    try:
        storage = SqliteStorage(path)
    except StorageFault as fault:
        yield Diagnosis("database", False, CATALOGUE[fault.code].en)
        return
    broken = storage.broken_chains()
    yield Diagnosis("database", True, f"schema version {storage.schema_version}")
    yield Diagnosis("security trail", broken == 0, f"{broken} broken chains")
    yield from _sources(settings, storage)
    storage.close()


def _sources(settings: Settings, storage: SqliteStorage) -> Iterator[Diagnosis]:
    house = open_house(settings, storage)
    for source in source_states(house.sources, storage.reader().source_times(), now()):
        silent = source.state == "not-retrieved"
        yield Diagnosis(f"source {source.name}", not silent, source.state.replace("-", " "))


def _port(settings: Settings) -> Diagnosis:
    free = serving.port_is_free(settings)
    return Diagnosis("port", free, f"{settings.port} is {'free' if free else 'taken (perhaps by this service)'}")
