"""How a reader is modelled: what is read of a page, in which order, and what it costs. The same rules for both ways."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

SCREEN = 900  # pixels in view at once
# Seconds of the keystroke-level model (Card, Moran and Newell 1980): to make up one's mind, point, and press; a key.
CLICK = 1.35 + 1.1 + 0.2
KEY = 0.28
WORDS_A_SECOND = 238 / 60  # silent reading (Brysbaert 2019)


@dataclass(frozen=True)
class Task:
    """One question: where a reader looks, which documents they open first, what they search for, and what must have
    been in view."""

    kind: str
    question: str
    headings: tuple[str, ...]
    titles: tuple[str, ...]
    search: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Block:
    """A line in view: its text, its level where it is a heading, where it stands in pixels, the fold it can open."""

    text: str
    level: int = 0
    top: float = 0
    bottom: float = 0
    fold: int = -1


@dataclass(frozen=True)
class Walk:
    """What a reader has done so far, how long they have waited for pages (seconds), and the facts (by number) that have
    been in view."""

    clicks: int = 0
    pages: int = 0
    words: int = 0
    keys: int = 0
    waited: float = 0
    at: float = 0
    seen: frozenset[int] = frozenset()
    read: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def seconds(self) -> float:
        """What it costs."""
        return self.clicks * CLICK + self.keys * KEY + self.words / WORDS_A_SECOND + self.waited


def is_done(walk: Walk, task: Task) -> bool:
    """Whether every fact has been in view."""
    return len(walk.seen) == len(task.facts)


def on_new_page(walk: Walk, waited: float) -> Walk:
    """The reader has waited (seconds) and stands at the top of a page that they have not read."""
    return replace(walk, pages=walk.pages + 1, waited=walk.waited + waited, at=0, read=frozenset())


def clicked(walk: Walk) -> Walk:
    """The reader has clicked something that was in view."""
    return replace(walk, clicks=walk.clicks + 1)


def typed(walk: Walk, word: str) -> Walk:
    """The reader has typed a word."""
    return replace(walk, keys=walk.keys + len(word))


def worth_reading(blocks: Sequence[Block], task: Task) -> Iterator[tuple[Block, bool]]:
    """Each line, and whether a reader reads it at once: headings, what stands before the first part, and what stands
    behind a heading with one of the task's words."""
    levels = {2: True}
    for block in blocks:
        if block.level > 1:
            levels = {level: told for level, told in levels.items() if level < block.level}
            levels[block.level] = mentions(block.text, task.headings)
        yield block, block.level > 0 or any(levels.values())


def mentions(text: str, words: Iterable[str]) -> bool:
    """Whether a text has one of the words."""
    return any(word.casefold() in text.casefold() for word in words)


def read(walk: Walk, task: Task, blocks: Iterable[Block]) -> Walk:
    """Read lines from the first to the last, but no further than until every fact stands in view."""
    for block in blocks:
        if is_done(walk, task):
            break
        if block.text not in walk.read:
            walk = _read_one(walk, task, block)
    return walk


def _read_one(walk: Walk, task: Task, block: Block) -> Walk:
    seen = {number for number, fact in enumerate(task.facts) if re.search(fact, block.text, re.S)}
    scrolls, at = _scrolled(walk.at, block)
    return replace(
        walk,
        words=walk.words + len(block.text.split()),
        keys=walk.keys + scrolls,
        at=at,
        seen=walk.seen | seen,
        read=walk.read | {block.text},
    )


def _scrolled(at: float, block: Block) -> tuple[int, float]:
    """How many screens a reader scrolls until a line is in view, and where they stand then."""
    if block.top < at:
        return 1, block.top
    screens = 0
    while block.bottom > at + SCREEN and block.top > at:
        screens, at = screens + 1, at + SCREEN
    return screens, at
