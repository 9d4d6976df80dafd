"""What the acts of the service give back to the doors."""

from typing import Literal

import msgspec

from patientoverblik.access import FollowUpKind, Look, Override, Part
from patientoverblik.formats.model import Books, Loss
from patientoverblik.overview.model import Line, Overview, Wording
from patientoverblik.problems import Finding
from patientoverblik.sharing.model import DocumentEntry


class Shown(msgspec.Struct, frozen=True):
    """An overview that has been shown: the look it was written down as, and an ETag of what it rests on.

    Its ``filtered`` is the generic notice: to the citizen, that a block of theirs is in force; to others, that a block
    took something away.

    ``reason`` is the problem code of why the reader may see it, ``scope`` the parts they may. ``patient`` is the
    patient's key, for the door's own use; it is never shown (DESIGN 14). ``dead``: the patient is, and is said to be.
    ``override`` has set blocks aside, ``follow_ups`` are what the reader must account for, and ``may_override`` says
    that the reader could set blocks aside now. An open page asks anew at ``asked_again_at`` (ms UTC). ``since`` is the
    reader's visit before this one (ms UTC), 0 where there was none.
    """

    overview: Overview
    look: str
    etag: str
    reason: str
    scope: frozenset[Part]
    patient: int
    rule: str = ""
    dead: bool = False
    override: Override | None = None
    follow_ups: tuple[FollowUpKind, ...] = ()
    asked_again_at: int = 0
    may_override: bool = False
    since: int = 0


class Listed(msgspec.Struct, frozen=True):
    """A page of the entries that exist for the reader, newest first, with the total and the next page's cursor.

    ``filtered`` is the generic notice that a block took something away; ``override`` and ``asked_again_at`` as of
    :class:`Shown`.
    """

    entries: tuple[DocumentEntry, ...]
    total: int
    next: str
    filtered: bool
    look: str
    override: Override | None = None
    asked_again_at: int = 0


class Retrieved(msgspec.Struct, frozen=True):
    """A document's bytes exactly as submitted, and its entry.

    ``override`` and ``asked_again_at`` as of :class:`Shown`.
    """

    entry: DocumentEntry
    data: bytes
    look: str
    override: Override | None = None
    asked_again_at: int = 0


class Replayed(msgspec.Struct, frozen=True):
    """What a look showed. ``exact`` is False where something it rested on has changed; ``changed`` says what, by entry.

    ``look`` is the replay's own look.
    """

    overview: Overview
    original: Look
    look: str
    exact: bool
    changed: tuple[Finding, ...] = ()


class Receipt(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one document was received: where it stands, how it was read, and what was lost.

    ``status`` is "stored" or "stored-with-findings"; ``again`` says that the same document was here already.
    """

    entry: str
    unique_id: str
    status: Literal["stored", "stored-with-findings"]
    profile: str
    findings: tuple[Finding, ...]
    losses: tuple[Loss, ...]
    books: Books | None = None
    again: bool = False

    @property
    def percent_read(self) -> int:
        """The share of the document's places that are accounted for by the mapping, in whole percent; 0 if unread."""
        if self.books is None:
            return 0
        accounted = self.books.read + self.books.constant + self.books.quiet
        return 100 * accounted // max(1, accounted + self.books.lost)


class Received(msgspec.Struct, frozen=True):
    """A delivery that was stored whole: its submission set and a receipt per document, in the order delivered."""

    submission_set: str
    receipts: tuple[Receipt, ...]


class Refused(msgspec.Struct, frozen=True):
    """A delivery of which nothing was stored: the first code that says so, and everything found."""

    code: str
    findings: tuple[Finding, ...] = ()
    rule: str = ""


class Explanation(msgspec.Struct, frozen=True):
    """One party's part in a line: its document, the place in its reading, the XPath there, and the mapping line.

    ``path`` and ``mapping`` are empty where the document can no longer be read by today's mapping.
    """

    entry: str
    unique_id: str
    place: str
    path: str
    mapping: str


class Explained(msgspec.Struct, frozen=True):
    """A line and where each wording of it comes from, the shown one first.

    ``rule`` of the line says why its wordings stand together; ``versions`` are all wordings that every version of its
    documents has had, newest first. ``override`` and ``asked_again_at`` as of :class:`Shown`.
    """

    line: Line
    origins: tuple[Explanation, ...]
    look: str
    versions: tuple[Wording, ...] = ()
    override: Override | None = None
    asked_again_at: int = 0
