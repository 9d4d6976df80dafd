"""The app as the command line sees it."""

import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from typing import TypeVar

import msgspec

from patientoverblik.access import Actor
from patientoverblik.app import doctor, serving, sheet
from patientoverblik.app.demo import acting, keep_alive
from patientoverblik.app.hints import say_examples
from patientoverblik.app.settings import Settings
from patientoverblik.app.wiring import open_house, open_storage
from patientoverblik.demo.load import Loaded, load_demo
from patientoverblik.edges.cli.ports import Acting, Diagnosis, Sheet, Told
from patientoverblik.overview import LineValue, Overview
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

    def has_database(self) -> bool:
        """Whether the database of the settings is there; a storage in memory always is."""
        path = self.settings.database_file
        return path is None or path.exists()

    def sheet(self, overview: Overview) -> Sheet:
        """An overview in the words of the pages."""
        return sheet.sheet(overview)

    def told(self, value: LineValue, view: str) -> Told:
        """One value of the domain in the words of the page of a view."""
        return sheet.words_of(value, view)

    def operator(self) -> Actor:
        """The one at the keyboard, who has the database in hand and delivers for anyone."""
        return Actor(kind="job", id=f"cli:{getpass.getuser()}", role="operator")

    def personas(self) -> Sequence[Acting]:
        """The demo's people, in the demo."""
        return acting() if self.settings.demo else ()

    def serve(self) -> int:
        """Serve the pages."""
        port = serving.listen(self.settings)
        if port is None:
            return _refuse("cli.port-taken")
        with port, opened(self.settings) as house:
            serving.serve(self.settings, house, port)
        return 0

    def demo(self, load_only: bool) -> int:
        """Load the demo people into the database of the settings, and serve them."""
        settings = msgspec.structs.replace(self.settings, demo=True)
        port = None if load_only else serving.listen(settings)
        if port is None and not load_only:
            return _refuse("cli.port-taken")
        with port or nullcontext(), opened(settings) as house:
            _progress_done(asyncio.run(_load(house)))
            if port is None:
                say_examples(settings)
            else:
                serving.serve(settings, house, port)
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
