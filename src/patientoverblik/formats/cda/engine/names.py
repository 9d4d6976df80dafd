"""Kinds made of parts in order: names and addresses."""

from collections.abc import Callable, Mapping

from patientoverblik.formats.cda.datatypes import AD, PN, Piece
from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.cda.engine.leaf import NULL, collapse, plain, taken
from patientoverblik.formats.cda.engine.walk import Walk
from patientoverblik.formats.cda.facts import FACTS

_ADDRESS = {tag: tag.rpartition("}")[2] for tag in FACTS.types["AD"].children if not tag.endswith("useablePeriod")}
_NAME = {tag: tag.rpartition("}")[2] for tag in FACTS.types["EN"].children if not tag.endswith("validTime")}


_USE = {"use": "use", **NULL}
_PART = {"qualifier": "qualifier", **NULL}


def read_ad(element: Element, walk: Walk) -> AD | None:
    """An address."""
    found = taken(element, _USE, "AD", walk)
    parts = pieces(element, _ADDRESS, "ADXP", walk)
    return AD(parts=parts, **found) if parts or found else None


def read_pn(element: Element, walk: Walk, kind: str = "") -> PN | None:
    """A name."""
    found = taken(element, _USE, "PN", walk)
    parts = pieces(element, _NAME, "ENXP", walk)
    return PN(type=kind, parts=parts, **found) if parts or found else None


def named(kind: str) -> Callable[[Element, Walk], PN | None]:
    """The reader of names of one type."""
    return lambda element, walk: read_pn(element, walk, kind)


def pieces(element: Element, known: Mapping[str, str], of: str, walk: Walk) -> tuple[Piece, ...]:
    """The parts of a name or address in document order."""
    found: list[Piece] = []
    text = element.text
    if text and not text.isspace():
        walk.read += 1
        found.append(Piece(text=collapse(text)))
    for child in element[:] if len(element) else ():
        kind = known.get(child.tag)
        if kind is None:
            walk.lose_tree(child)
        elif (part := read_piece(child, kind, of, walk)) is not None:
            found.append(part)
        tail = child.tail
        if tail and not tail.isspace():
            walk.read += 1
            found.append(Piece(text=collapse(tail)))
    return tuple(found)


def read_piece(element: Element, kind: str, of: str, walk: Walk) -> Piece | None:
    """One part of a name or address, None where it is empty."""
    text = plain(element, walk)
    if element.keys():
        said = taken(element, _PART, of, walk)
        return Piece(kind=kind, text=text, **said) if text or said else None
    return Piece(kind=kind, text=text) if text else None
