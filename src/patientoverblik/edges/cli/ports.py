"""What the command line needs of the app: a running service, somebody to act as, the words of the pages, and the
long-running commands."""

from collections.abc import Awaitable, Callable, Sequence
from typing import NamedTuple, Protocol, TypeVar

import msgspec

from patientoverblik.access import Actor, Purpose, Refusal
from patientoverblik.insight import Report
from patientoverblik.overview import LineValue, Overview
from patientoverblik.overview.model import SourceState
from patientoverblik.problems import Finding
from patientoverblik.service.house import House
from patientoverblik.service.log import Search
from patientoverblik.service.outbox import Queue
from patientoverblik.service.verify import Verified
from patientoverblik.sharing.model import PatientId

T = TypeVar("T")
QUERY = "iti18"
READING = "user/*.rs"


class Acting(msgspec.Struct, frozen=True):
    """Somebody to act as, the purpose they look with, and their own number where they are a citizen or a relative."""

    id: str
    name: str
    actor: Actor
    purpose: Purpose
    own: PatientId | None = None


class Diagnosis(msgspec.Struct, frozen=True):
    """One thing the doctor looked at: ``fine`` or not, and what was found in one sentence."""

    what: str
    fine: bool
    found: str


class WantedToken(msgspec.Struct, frozen=True):
    """Which token is wanted of the test issuer: its kind, whose (a persona, else the first), the transaction a SOAP
    header is for (``iti41``), and the scope of an access token."""

    kind: str
    persona: str
    transaction: str = QUERY
    scope: str = READING


class Schema(msgspec.Struct, frozen=True):
    """The version of a database's schema, 0 where it has none, and the newest this program knows."""

    found: int
    newest: int


class TableReport(NamedTuple):
    """A table of a copy: rows, bytes of content, a digest of the rows, and whether the source has the same."""

    table: str
    rows: int
    bytes: int
    digest: str
    same: bool


class CopyReport(msgspec.Struct, frozen=True):
    """What a copy came to. ``wrong`` documents are not what their hash says."""

    whole: bool
    tables: tuple[TableReport, ...]
    copied: int
    documents: int
    wrong: int
    broken_chains: int
    copy_seconds: float
    compare_seconds: float


class Told(msgspec.Struct, frozen=True):
    """One thing in words: what it is, facts about it, short marks such as its status, and where it comes from.

    ``line`` is the line's id where it is one of the overview's.
    """

    words: str
    facts: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    origin: str = ""
    line: str = ""


class Group(msgspec.Struct, frozen=True):
    """Things that stand together; ``title`` may be empty."""

    title: str
    told: tuple[Told, ...]


class Part(msgspec.Struct, frozen=True):
    """A section of the overview: what must be said of its gaps, and its groups."""

    title: str
    notes: tuple[str, ...]
    groups: tuple[Group, ...]


class Sheet(msgspec.Struct, frozen=True):
    """An overview in words: its title, how complete it is, what must be known before reading on, and its parts."""

    title: str
    completeness: str
    notices: tuple[str, ...]
    parts: tuple[Part, ...]


class Exported(msgspec.Struct, frozen=True):
    """A log in another form: one text or several, and how many looks the form cannot tell."""

    texts: tuple[str, ...]
    left_out: int = 0


class Workshop(Protocol):
    """The app as the command line sees it."""

    def complete(self, act: Callable[[House], Awaitable[T]]) -> T:
        """Open the database, do one act, and close it again."""

    def has_database(self) -> bool:
        """Whether there is a database to look into; looking must not make one."""

    def schema(self) -> Schema:
        """The database's schema; nothing is changed."""

    def copy(self, source: str, target: str, tell: Callable[[str, int], None]) -> CopyReport:
        """Copy a database into an empty one; ``tell`` is told the rows of each table as they come."""

    def backup(self, target: str, tell: Callable[[str, int], None]) -> CopyReport:
        """Back the database up into a new file, while workers serve."""

    def restore(self, source: str, tell: Callable[[str, int], None]) -> CopyReport:
        """Restore a backup into the database, which is empty."""

    def migrate(self) -> None:
        """Bring the database's schema forward."""

    def sheet(self, overview: Overview) -> Sheet:
        """An overview in the words of the pages."""

    def told(self, value: LineValue, view: str) -> Told:
        """One value of the domain in the words of the page of a view."""

    def operator(self) -> Actor:
        """The one who delivers from the command line."""

    def personas(self) -> Sequence[Acting]:
        """Everybody the command line may look as; empty outside the demo."""

    def serve(self) -> int:
        """Serve the pages until stopped; the exit code."""

    def demo(self, load_only: bool) -> int:
        """Load the demo people and, unless ``load_only``, serve them; the exit code."""

    def diagnose(self) -> Sequence[Diagnosis]:
        """Look at the installation."""

    def token(self, wanted: WantedToken) -> str:
        """A token of the test issuer for a persona; a :class:`patientoverblik.problems.Fault` outside the demo."""

    def exported_log(
        self, house: House, actor: Actor, patient: PatientId, form: str, search: Search
    ) -> Awaitable[Exported | Refusal]:
        """Everything of a patient's log that fits, as ``csv``, ``fhir`` or ``minlog``."""

    def use(self, since: str) -> Report | None:
        """The use from a day on, None where no use is counted."""

    def sources(self) -> Sequence[SourceState]:
        """How each configured source stands now."""

    def queues(self) -> Sequence[Queue]:
        """How each feed stands."""

    def given_up(self, feed: str, most: int) -> Sequence[str]:
        """The codes of messages of a feed that were given up, at most so many."""

    def retry(self, feed: str) -> int:
        """Let what was given up be tried again; how many."""

    def verify_trail(self, tell: Callable[[Finding], None]) -> Verified:
        """Walk the security trail and tell each fault; how much was looked at."""

    def seal_trail(self) -> int:
        """Seal the security trail; how many checkpoints were made."""

    def remove_old_entries(self) -> int:
        """Remove entries of the trail older than the retention period; how many went."""

    def trail_key(self) -> str:
        """The public half of the key that signs the trail, as PEM."""
