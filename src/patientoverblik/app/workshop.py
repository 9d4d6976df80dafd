"""The app as the command line sees it."""

import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

import msgspec

from patientoverblik.access import Actor
from patientoverblik.app import doctor, serving
from patientoverblik.app.demo import acting, keep_alive
from patientoverblik.app.settings import Settings
from patientoverblik.app.wiring import open_house, open_storage
from patientoverblik.demo.load import Loaded, load_demo
from patientoverblik.edges.cli.ports import Acting, Diagnosis
from patientoverblik.problems import CATALOGUE
from patientoverblik.service.house import House

T = TypeVar("T")


class AppWorkshop:
    """Opens what a command needs, and closes it again."""

    def __init__(self, settings: Settings) -> None:
        """Keep the settings; nothing is opened yet."""
        self.settings = settings

    def complete(self, act: Callable[[House], Awaitable[T]]) -> T:
        """Do one act on the database of the settings."""
        with opened(self.settings) as house:
            return asyncio.run(_awaited(act, house))

    def operator(self) -> Actor:
        """The one at the keyboard, who has the database in hand and delivers for anyone."""
        return Actor(kind="job", id=f"cli:{getpass.getuser()}", role="operator")

    def personas(self) -> Sequence[Acting]:
        """The demo's people, in the demo."""
        return acting() if self.settings.demo else ()

    def serve(self) -> int:
        """Serve the pages."""
        if not serving.port_is_free(self.settings):
            return _refuse("cli.port-taken")
        with opened(self.settings) as house:
            serving.tell(self.settings)
            serving.serve(self.settings, house)
        return 0

    def demo(self, load_only: bool) -> int:
        """Load the demo people into the database of the settings, and serve them."""
        settings = msgspec.structs.replace(self.settings, demo=True)
        if not load_only and not serving.port_is_free(settings):
            return _refuse("cli.port-taken")
        with opened(settings) as house:
            loaded = asyncio.run(_load(house))
            _progress_done(loaded)
            if not load_only:
                serving.tell(settings)
                serving.serve(settings, house)
        return 0

    def diagnose(self) -> Sequence[Diagnosis]:
        """Look at the installation."""
        return doctor.diagnose(self.settings)


@contextmanager
def opened(settings: Settings) -> Iterator[House]:
    """A house over the database of the settings, closed afterwards."""
    storage = open_storage(settings)
    try:
        yield open_house(settings, storage)
    finally:
        storage.close()


async def _awaited(act: Callable[[House], Awaitable[T]], house: House) -> T:
    return await act(house)


async def _load(house: House) -> Loaded:
    loaded = await load_demo(house, _progress)
    await keep_alive(house)
    return loaded


def _progress(done: int, of: int) -> None:
    if sys.stdout.isatty():
        sys.stdout.write(f"\rloading the demo people: {done} of {of} documents")
    elif done == 0:
        sys.stdout.write(f"loading the demo people: {of} documents …")
    sys.stdout.flush()


def _progress_done(loaded: Loaded) -> None:
    sys.stdout.write(f"\nready: {loaded.documents} documents, {loaded.new} of them new\n")
    sys.stdout.flush()


def _refuse(code: str) -> int:
    sys.stderr.write(f"{code}: {CATALOGUE[code].en}\n")
    return 2
