"""Who a document names again in the very same words: read once, and counted in the books each time.

A plan writes out its authors, performers and organisations in every entry, which is mostly half of it. What is written
alike, letter for letter, is the same value. Where something was lost or warned of, each is read for itself, as its
place is told. Nothing is remembered beyond the document.
"""

from collections.abc import Callable
from typing import cast

from lxml import etree

from patientoverblik.formats.cda.datatypes import Wire
from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.cda.engine.walk import Walk
from patientoverblik.formats.cda.record import Organisation, Party, Place
from patientoverblik.formats.model import Books

Reader = Callable[[Element, Walk], Wire | None]

NAMED_AGAIN: frozenset[type[Wire]] = frozenset({Party, Organisation, Place})
"""What entries name. None of them holds an entry or its identifiers, which are counted one by one."""

_written = cast(Callable[..., str], etree.tostring)


def alike_once(read: Reader) -> Reader:
    """A reader that reads one of the elements that are written alike; a reading that is traced reads them all."""

    def read_unless_known(element: Element, walk: Walk) -> Wire | None:
        if walk.trace is not None:
            return read(element, walk)
        key = (read, _written(element, encoding="unicode", with_tail=False))
        if key not in walk.known:
            return _anew(key, element, walk)
        value, books = walk.known[key]
        walk.read += books.read
        walk.constant += books.constant
        walk.quiet += books.quiet
        return value

    return read_unless_known


def _anew(key: tuple[Reader, str], element: Element, walk: Walk) -> Wire | None:
    had_read, constant, quiet = walk.read, walk.constant, walk.quiet
    told = len(walk.losses) + len(walk.findings)
    value = key[0](element, walk)
    if len(walk.losses) + len(walk.findings) == told:
        walk.known[key] = value, Books(walk.read - had_read, walk.constant - constant, walk.quiet - quiet, lost=0)
    return value
