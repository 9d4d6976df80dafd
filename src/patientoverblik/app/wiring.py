"""A running service, put together from settings: storage, clock, ids, sources and organisations."""

import asyncio
import secrets
import time
import uuid
from collections.abc import Awaitable
from concurrent.futures import Future
from typing import TypeVar

from patientoverblik.app.access import with_access
from patientoverblik.app.demo import as_demo
from patientoverblik.app.feeds import posting
from patientoverblik.app.settings import Settings
from patientoverblik.overview.prepare import KEPT
from patientoverblik.overview.recent import Recent
from patientoverblik.service.house import House
from patientoverblik.service.ports import Storage
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.memory import MemoryStorage
from patientoverblik.storage.sqlite import SqliteStorage

T = TypeVar("T")

# Test arcs: an installation of its own sets its own OIDs when it joins a community.
REPOSITORY = "1.2.208.176.43210.8.10.11"
HOME = "1.2.208.176.43210.8.10"


class RandomIds:
    """Identifiers nobody can guess."""

    def uuid(self) -> str:
        """A random UUID, version 4."""
        return uuid.uuid4().urn

    def patient_key(self) -> int:
        """A random positive 63-bit integer."""
        return secrets.randbits(62) + 1


def now() -> int:
    """Milliseconds since 1970 UTC by the machine's clock."""
    return time.time_ns() // 1_000_000


def wait(future: "Future[T]") -> Awaitable[T]:
    """Wait for a commit on the running event loop."""
    return asyncio.wrap_future(future)


def open_storage(settings: Settings) -> Storage:
    """The database of the settings, made where it is not there; :class:`StorageFault` where it cannot be."""
    path = settings.database_file
    if path is None:
        return MemoryStorage()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise StorageFault("storage.disk") from None
    return SqliteStorage(path)


def open_house(settings: Settings, storage: Storage) -> House:
    """A service over a storage."""
    house = House(
        storage=posting(settings, storage),
        clock=now,
        ids=RandomIds(),
        wait=wait,
        kept=Recent(KEPT),
        repository=REPOSITORY,
        home=HOME,
        show_refused=settings.show_refused,
    )
    configured = with_access(house, settings.access_file)
    return as_demo(configured) if settings.demo else configured
