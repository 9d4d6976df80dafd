"""A running service, put together from settings: storage, clock, ids, sources and organisations."""

import asyncio
import secrets
import time
import uuid
from collections.abc import Awaitable
from concurrent.futures import Future
from typing import TypeVar

from patientoverblik.app.access import with_access
from patientoverblik.app.database import make_folder, open_database
from patientoverblik.app.demo import as_demo
from patientoverblik.app.feeds import posting
from patientoverblik.app.parties import with_parties
from patientoverblik.app.settings import Settings
from patientoverblik.app.soap_faults import consumers_of
from patientoverblik.app.trail import trail_key
from patientoverblik.edges.guard import current_cause
from patientoverblik.overview.prepare import KEPT
from patientoverblik.overview.recent import Recent
from patientoverblik.service.cause import Causing
from patientoverblik.service.house import House
from patientoverblik.service.ports import Storage

T = TypeVar("T")


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
    """The database of the settings; :class:`patientoverblik.storage.fault.StorageFault` where it cannot be opened."""
    make_folder(settings.database)  # first, since a demo's key stands in it too
    return open_database(settings.database, trail_key(settings))


def open_house(settings: Settings, storage: Storage) -> House:
    """A service over a storage."""
    house = House(
        storage=Causing(posting(settings, storage), current_cause),
        clock=now,
        ids=RandomIds(),
        wait=wait,
        kept=Recent(KEPT),
        repository=settings.repository_id,
        home=settings.home_community,
        show_refused=settings.show_refused,
        consumers=consumers_of(settings.consumers),
    )
    configured = with_parties(with_access(house, settings.access_file), settings.parties_file)
    return as_demo(configured) if settings.demo else configured
