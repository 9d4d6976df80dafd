"""The app as the command line sees it."""

import asyncio
import getpass
import sys
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from typing import TypeVar

from patientoverblik.access import Actor, Refusal
from patientoverblik.app import backing, database, doctor, serving, sheet, trail, workers
from patientoverblik.app.copying import copy_database
from patientoverblik.app.demo import acting, keep_alive
from patientoverblik.app.export import exported_log
from patientoverblik.app.guarding import command
from patientoverblik.app.hints import say_examples
from patientoverblik.app.issuing import make_token
from patientoverblik.app.keys import SigningKey, public_pem
from patientoverblik.app.logs import log_to
from patientoverblik.app.settings import Settings
from patientoverblik.app.wiring import open_house, open_storage
from patientoverblik.demo.load import Loaded, load_demo
from patientoverblik.edges.cli.ports import Acting, CopyReport, Diagnosis, Exported, Schema, Sheet, Told, WantedToken
from patientoverblik.edges.guard import answering
from patientoverblik.insight import Report, read_events, report
from patientoverblik.overview import LineValue, Overview
from patientoverblik.overview.model import SourceState
from patientoverblik.problems import CATALOGUE, Fault, Finding
from patientoverblik.service.house import House
from patientoverblik.service.log import Search
from patientoverblik.service.outbox import Queue
from patientoverblik.service.sources import source_states
from patientoverblik.service.verify import Verified
from patientoverblik.sharing.model import PatientId

T = TypeVar("T")


class AppWorkshop:
    """Opens what a command needs, and closes it again."""

    def __init__(self, settings: Settings, words: Sequence[str] = ()) -> None:
        """Keep the settings and the words of the command; nothing is opened yet."""
        self.settings = settings
        self.words = words

    def complete(self, act: Callable[[House], Awaitable[T]]) -> T:
        """Do one act on the database of the settings."""
        with opened(self.settings, self.words) as house:
            return asyncio.run(_awaited(act, house))

    def has_database(self) -> bool:
        """Whether the database of the settings is there; a storage in memory always is."""
        return database.is_there(self.settings.database)

    def schema(self) -> Schema:
        """The schema the database of the settings has, and the one it should have."""
        found = database.schema_of(self.settings.database)
        return Schema(found.found, found.newest) if found else Schema(0, 0)

    def copy(self, source: str, target: str, tell: Callable[[str, int], None]) -> CopyReport:
        """Copy a database into an empty one."""
        return copy_database(source, target, tell)

    def backup(self, target: str, tell: Callable[[str, int], None]) -> CopyReport:
        """Back the database of the settings up into a new file."""
        return backing.backup(self.settings.database, Path(target), tell)

    def restore(self, source: str, tell: Callable[[str, int], None]) -> CopyReport:
        """Restore a backup into the empty database of the settings."""
        return backing.restore(Path(source), self.settings.database, tell)

    def migrate(self) -> None:
        """Bring the schema of the database of the settings forward."""
        database.migrate(self.settings.database)

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
        port = workers.listen(self.settings)
        if port is None:
            return _refuse("cli.port-taken")
        return self._serve_on(port, _nothing)

    def demo(self, load_only: bool) -> int:
        """Load the demo people into the database of the settings, and serve them; never into one that is not said to be
        a demo's, for the test login lets anybody in."""
        settings = self.settings
        if not settings.demo:
            return _refuse("cli.not-a-demo")
        port = None if load_only else workers.listen(settings)
        if port is None and not load_only:
            return _refuse("cli.port-taken")
        if port is not None:
            return self._serve_on(port, _load_demo)
        with opened(settings, self.words) as house:
            _load_demo(house)
        say_examples(settings)
        return 0

    def _serve_on(self, port: socket, prepare: Callable[[House], None]) -> int:
        """Serve with every worker on the port; this process is one of them, or watches them. Whatever is wrong with the
        database is told before there are several, and no connection is open when they are made."""
        log_to(self.settings.log_form)
        if self.settings.workers > 1:
            with opened(self.settings, self.words) as house:
                prepare(house)
        post = workers.man(self.settings, port)
        if isinstance(post, workers.Ended):
            return post.code
        with post.port, opened(self.settings, self.words) as house:
            if self.settings.workers == 1:
                prepare(house)
            serving.serve(self.settings, house, post)
        return 0

    def diagnose(self) -> Sequence[Diagnosis]:
        """Look at the installation."""
        return doctor.diagnose(self.settings)

    def token(self, wanted: WantedToken) -> str:
        """A token of the test issuer, in the demo."""
        return make_token(self.settings, wanted)

    def exported_log(
        self, house: House, actor: Actor, patient: PatientId, form: str, search: Search
    ) -> Awaitable[Exported | Refusal]:
        """Everything of a patient's log that fits, in another form."""
        return exported_log(self.settings, house, actor, patient, form, search)

    def use(self, since: str) -> Report | None:
        """The use from a day on."""
        path = self.settings.use_file
        return report(read_events(Path(path)), since) if path else None

    def sources(self) -> Sequence[SourceState]:
        """How each source stands."""
        with opened(self.settings, self.words) as house:
            return source_states(house.sources, house.storage.reader().source_times(), house.clock())

    def queues(self) -> Sequence[Queue]:
        """How each feed stands."""
        with opened(self.settings, self.words) as house:
            return house.storage.reader().queues()

    def given_up(self, feed: str, most: int) -> Sequence[str]:
        """The codes of messages of a feed that were given up."""
        with opened(self.settings, self.words) as house:
            return [message.fault for message in house.storage.reader().failed(feed, most)]

    def retry(self, feed: str) -> int:
        """Let what was given up be tried again."""
        with opened(self.settings, self.words) as house:
            return house.storage.act(lambda transaction: transaction.revive(feed, house.clock())).result()

    def verify_trail(self, tell: Callable[[Finding], None]) -> Verified:
        """Walk the security trail."""
        with opened(self.settings, self.words) as house:
            return trail.verify_trail(self.settings, house, tell)

    def seal_trail(self) -> int:
        """Seal the security trail."""
        key = self._signing_key()
        return self.complete(lambda house: trail.seal(self.settings, house, key))

    def remove_old_entries(self) -> int:
        """Remove entries of the trail older than the retention period."""
        return self.complete(lambda house: trail.remove_old_entries(self.settings, house))

    def trail_key(self) -> str:
        """The public half of the key that signs the trail."""
        return public_pem(self._signing_key())

    def _signing_key(self) -> SigningKey:
        key = trail.signing_key(self.settings)
        if key is None:
            raise Fault("trail.no-key")
        return key


@contextmanager
def opened(settings: Settings, words: Sequence[str] = ()) -> Iterator[House]:
    """A house over the database of the settings, closed afterwards; what is done in it comes of the command."""
    storage = open_storage(settings)
    try:
        house = open_house(settings, storage)
        with answering(command(house, words)):
            yield house
    finally:
        storage.close()


async def _awaited(act: Callable[[House], Awaitable[T]], house: House) -> T:
    return await act(house)


def _nothing(_: House) -> None:
    """What is kept is served as it is."""


def _load_demo(house: House) -> None:
    _progress_done(asyncio.run(_load(house)))


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
