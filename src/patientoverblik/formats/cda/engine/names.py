"""Kinds made of parts in order: names and addresses."""

from collections.abc import Callable, Mapping

from patientoverblik.formats.cda.datatypes import AD, PN, Piece
from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.cda.engine.leaf import collapse, finish, plain
from patientoverblik.formats.cda.engine.walk import Walk
from patientoverblik.formats.cda.facts import FACTS

_ADDRESS = {tag: tag.rpartition("}")[2] for tag in FACTS.types["AD"].children if not tag.endswith("useablePeriod")}
_NAME = {tag: tag.rpartition("}")[2] for tag in FACTS.types["EN"].children if not tag.endswith("validTime")}


def read_ad(element: Element, walk: Walk) -> AD | None:
    """An address."""
    rest = dict(element.items())
    use, null = "", ""
    if rest:
        count = len(rest)
        use, null = rest.pop("use", ""), rest.pop("nullFlavor", "")
        walk.read += count - len(rest)
        if rest:
            finish(element, rest, "AD", walk)
    parts = pieces(element, _ADDRESS, "ADXP", walk)
    return AD(use=use, null=null, parts=parts) if parts or use or null else None


def read_pn(element: Element, walk: Walk, kind: str = "") -> PN | None:
    """A name."""
    rest = dict(element.items())
    use, null = "", ""
    if rest:
        count = len(rest)
        use, null = rest.pop("use", ""), rest.pop("nullFlavor", "")
        walk.read += count - len(rest)
        if rest:
            finish(element, rest, "PN", walk)
    parts = pieces(element, _NAME, "ENXP", walk)
    return PN(type=kind, use=use, null=null, parts=parts) if parts or use or null else None


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
    for child in element:
        kind = known.get(child.tag)
        if kind is not None:
            part = read_piece(child, kind, of, walk)
            if part is not None:
                found.append(part)
        else:
            walk.lose_tree(child)
        tail = child.tail
        if tail and not tail.isspace():
            walk.read += 1
            found.append(Piece(text=collapse(tail)))
    return tuple(found)


def read_piece(element: Element, kind: str, of: str, walk: Walk) -> Piece | None:
    """One part of a name or address."""
    items = element.items()
    qualifier = null = ""
    if items:
        rest = dict(items)
        count = len(rest)
        qualifier, null = rest.pop("qualifier", ""), rest.pop("nullFlavor", "")
        walk.read += count - len(rest)
        if rest:
            finish(element, rest, of, walk)
    text = plain(element, walk)
    if not (text or qualifier or null):
        return None
    return Piece(kind=kind, text=text, qualifier=qualifier, null=null)
