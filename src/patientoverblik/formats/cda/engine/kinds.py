"""Kinds that read: each takes one element and gives one value, and keeps the books for the element and all below it.

A kind takes the attributes and children it knows; everything else in the element is lost where it stands.
"""

from collections.abc import Callable
from functools import lru_cache

from patientoverblik.formats.cda.datatypes import BL, CD, II, INT, IVLPQ, PQ, TEL, Edge, Limit, Time
from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.cda.engine.leaf import collapse, empty, finish, no_text, valued
from patientoverblik.formats.cda.engine.texts import read_words
from patientoverblik.formats.cda.engine.walk import Walk, blank
from patientoverblik.formats.cda.facts import HL7

_LOW, _HIGH = f"{{{HL7}}}low", f"{{{HL7}}}high"
_ORIGINAL, _TRANSLATION = f"{{{HL7}}}originalText", f"{{{HL7}}}translation"
_NO_EDGE = Edge(null="NI")

Reader = Callable[[Element, Walk], object]


def read_ii(element: Element, walk: Walk) -> II | None:
    """An identifier."""
    rest = dict(element.items())
    count = len(rest)
    root, extension = rest.pop("root", ""), rest.pop("extension", "")
    authority, null = rest.pop("assigningAuthorityName", ""), rest.pop("nullFlavor", "")
    walk.read += count - len(rest)
    if rest:
        finish(element, rest, "II", walk)
    if element.text or len(element):
        empty(element, walk)
    if root or extension or authority or null:
        return II(root=root, extension=extension, authority=collapse(authority) if authority else "", null=null)
    return None


def read_cd(element: Element, walk: Walk) -> CD | None:
    """A code, its display text, the words it was made from, and other codes for the same."""
    rest = dict(element.items())
    count = len(rest)
    code, system, name = rest.pop("code", ""), rest.pop("codeSystem", ""), rest.pop("codeSystemName", "")
    display, null = rest.pop("displayName", ""), rest.pop("nullFlavor", "")
    version = rest.pop("codeSystemVersion", "")
    walk.read += count - len(rest)
    if rest:
        finish(element, rest, "CD", walk)
    if element.text:
        no_text(element, walk)
    original, translations = code_children(element, walk) if len(element) else ("", ())
    if not (code or system or name or display or null or version or original or translations):
        return None
    if system:
        walk.systems.add(system)
    return CD(
        code=code,
        system=system,
        system_name=collapse(name) if name else "",
        system_version=version,
        display=collapse(display) if display else "",
        original_text=original,
        translations=translations,
        null=null,
    )


def code_children(element: Element, walk: Walk) -> tuple[str, tuple[CD, ...]]:
    """The original text and the translations of a code."""
    original, translations = "", []
    for child in element:
        if child.tag == _ORIGINAL and not original:
            original = read_words(child, walk) or ""
        elif child.tag == _TRANSLATION:
            found = read_cd(child, walk)
            translations += [found] if found else []
        else:
            walk.lose_tree(child)
        if not blank(child.tail):
            walk.lose_text(element, child)
    return original, tuple(translations)


def read_time(element: Element, walk: Walk) -> Time | None:
    """A point or an interval of time."""
    rest = dict(element.items())
    count = len(rest)
    value, null = rest.pop("value", ""), rest.pop("nullFlavor", "")
    walk.read += count - len(rest)
    if rest:
        finish(element, rest, "TS", walk)
    if element.text:
        no_text(element, walk)
    if not len(element):
        return point(value, null) if value or null else None
    low = high = None
    for child in element:
        if child.tag == _LOW and low is None:
            low = read_edge(child, walk)
        elif child.tag == _HIGH and high is None:
            high = read_edge(child, walk)
        else:
            walk.lose_tree(child)
        if not blank(child.tail):
            walk.lose_text(element, child)
    return interval(value, low, high, null)


@lru_cache(maxsize=4096)
def point(value: str, null: str) -> Time:
    """One point in time."""
    return Time(value=value, null=null)


def interval(value: str, low: Edge | None, high: Edge | None, null: str) -> Time | None:
    """An interval; "no information" said of the whole and of each end is said once."""
    if null == "NI" and not value and all(edge in (None, _NO_EDGE) for edge in (low, high)):
        return Time(null="NI")
    if not (value or null or low or high):
        return None
    return Time(value=value, low=low, high=high, null=null)


def read_edge(element: Element, walk: Walk) -> Edge | None:
    """One end of an interval of time."""
    rest = dict(element.items())
    count = len(rest)
    value, null, inclusive = rest.pop("value", ""), rest.pop("nullFlavor", ""), rest.pop("inclusive", "")
    walk.read += count - len(rest)
    if rest:
        finish(element, rest, "IVXB_TS", walk)
    if element.text or len(element):
        empty(element, walk)
    return Edge(value=value, null=null, inclusive=inclusive) if value or null or inclusive else None


def read_pq(element: Element, walk: Walk) -> PQ | None:
    """A quantity."""
    rest = dict(element.items())
    count = len(rest)
    value, unit, null = rest.pop("value", ""), rest.pop("unit", ""), rest.pop("nullFlavor", "")
    walk.read += count - len(rest)
    if rest:
        finish(element, rest, "PQ", walk)
    if element.text or len(element):
        empty(element, walk)
    return PQ(value=value, unit=unit, null=null) if value or unit or null else None


def read_ivl_pq(element: Element, walk: Walk) -> IVLPQ | None:
    """An interval of quantities."""
    rest = dict(element.items())
    count = len(rest)
    unit, null = rest.pop("unit", ""), rest.pop("nullFlavor", "")
    walk.read += count - len(rest)
    if rest:
        finish(element, rest, "IVL_PQ", walk)
    if element.text:
        no_text(element, walk)
    low = high = None
    for child in element:
        if child.tag == _LOW and low is None:
            low = read_limit(child, walk)
        elif child.tag == _HIGH and high is None:
            high = read_limit(child, walk)
        else:
            walk.lose_tree(child)
        if not blank(child.tail):
            walk.lose_text(element, child)
    return IVLPQ(low=low, high=high, unit=unit, null=null) if low or high or unit or null else None


def read_limit(element: Element, walk: Walk) -> Limit | None:
    """One end of an interval of quantities."""
    rest = dict(element.items())
    count = len(rest)
    value, unit = rest.pop("value", ""), rest.pop("unit", "")
    inclusive, null = rest.pop("inclusive", ""), rest.pop("nullFlavor", "")
    walk.read += count - len(rest)
    if rest:
        finish(element, rest, "IVXB_PQ", walk)
    if element.text or len(element):
        empty(element, walk)
    if value or unit or inclusive or null:
        return Limit(value=value, unit=unit, inclusive=inclusive, null=null)
    return None


def read_bl(element: Element, walk: Walk) -> BL | None:
    """A truth value."""
    value, null = valued(element, "BL", walk)
    return BL(value=value, null=null) if value or null else None


def read_int(element: Element, walk: Walk) -> INT | None:
    """A whole number."""
    value, null = valued(element, "INT", walk)
    return INT(value=value, null=null) if value or null else None


def read_tel(element: Element, walk: Walk) -> TEL | None:
    """A way of contact."""
    rest = dict(element.items())
    count = len(rest)
    value, use, null = rest.pop("value", ""), rest.pop("use", ""), rest.pop("nullFlavor", "")
    walk.read += count - len(rest)
    if rest:
        finish(element, rest, "TEL", walk)
    if element.text or len(element):
        empty(element, walk)
    return TEL(value=value, use=use, null=null) if value or use or null else None
