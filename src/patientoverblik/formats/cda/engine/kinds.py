"""Kinds that read: each takes one element and gives one value, and keeps the books for the element and all below it.

A kind takes the attributes and children it knows; everything else in the element is lost where it stands. Most are
attributes only and say which by a table; identifiers and codes are every second element of a document, and read theirs
one by one, which is twice as fast.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TypeVar

from patientoverblik.formats.cda.datatypes import BL, CD, II, INT, IVLPQ, PQ, TEL, Edge, Limit, Time, Wire
from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.cda.engine.leaf import NULL, collapse, empty, no_text, spare, taken
from patientoverblik.formats.cda.engine.texts import read_words
from patientoverblik.formats.cda.engine.walk import Walk, blank
from patientoverblik.formats.cda.facts import HL7

_LOW, _HIGH = f"{{{HL7}}}low", f"{{{HL7}}}high"
_ORIGINAL, _TRANSLATION = f"{{{HL7}}}originalText", f"{{{HL7}}}translation"
_NO_EDGE = Edge(null="NI")

W = TypeVar("W", bound=Wire)
E = TypeVar("E", Edge, Limit)
Reader = Callable[[Element, Walk], object]

_VALUE = {"value": "value", **NULL}
_UNIT = {"unit": "unit", **NULL}
_SELDOM = {"codeSystemVersion": "version", **NULL}
_NOTHING: Mapping[str, str] = {}


def attributes_only(made: type[W], of: str, fields: Mapping[str, str]) -> Callable[[Element, Walk], W | None]:
    """The reader of a type that is attributes and nothing else; ``fields`` says which field each of them is."""

    def read(element: Element, walk: Walk) -> W | None:
        found = taken(element, fields, of, walk)
        if element.text or len(element):
            empty(element, walk)
        return made(**found) if found else None

    return read


read_edge = attributes_only(Edge, "IVXB_TS", _VALUE | {"inclusive": "inclusive"})
read_limit = attributes_only(Limit, "IVXB_PQ", _VALUE | {"unit": "unit", "inclusive": "inclusive"})
read_pq = attributes_only(PQ, "PQ", _VALUE | {"unit": "unit"})
read_bl = attributes_only(BL, "BL", _VALUE)
read_int = attributes_only(INT, "INT", _VALUE)
read_tel = attributes_only(TEL, "TEL", _VALUE | {"use": "use"})


def read_ii(element: Element, walk: Walk) -> II | None:
    """An identifier."""
    root = extension = authority = null = ""
    for name, value in element.items():
        if name == "root":
            root = value
        elif name == "extension":
            extension = value
        elif name == "nullFlavor":
            null = value
        elif name == "assigningAuthorityName":
            authority = collapse(value)
        else:
            spare(element, name, value, "II", walk)
            continue
        walk.read += 1
    if element.text or len(element):
        empty(element, walk)
    if root or extension or authority or null:
        return II(root=root, extension=extension, authority=authority, null=null)
    return None


def read_cd(element: Element, walk: Walk) -> CD | None:
    """A code, its display text, the words it was made from, and other codes for the same."""
    code = system = system_name = display = ""
    seldom = _NOTHING
    for name, value in element.items():
        if name == "code":
            code = value
        elif name == "codeSystem":
            system = value
        elif name == "displayName":
            display = collapse(value)
        elif name == "codeSystemName":
            system_name = collapse(value)
        elif name in _SELDOM:
            seldom = {**seldom, _SELDOM[name]: value}
        else:
            spare(element, name, value, "CD", walk)
            continue
        walk.read += 1
    if element.text:
        no_text(element, walk)
    if system:
        walk.systems.add(system)
    words, others = code_children(element, walk) if len(element) else ("", ())
    if not (code or system or system_name or display or any(seldom.values()) or words or others):
        return None
    return CD(
        code=code,
        system=system,
        system_name=system_name,
        system_version=seldom.get("version", ""),
        display=display,
        original_text=words,
        translations=others,
        null=seldom.get("null", ""),
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
    found = taken(element, _VALUE, "TS", walk)
    value, null = found.get("value", ""), found.get("null", "")
    if element.text:
        no_text(element, walk)
    if not len(element):
        return point(value, null) if found else None
    low, high = _ends(element, read_edge, walk)
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


def read_ivl_pq(element: Element, walk: Walk) -> IVLPQ | None:
    """An interval of quantities."""
    found = taken(element, _UNIT, "IVL_PQ", walk)
    if element.text:
        no_text(element, walk)
    low, high = _ends(element, read_limit, walk)
    if not (found or low or high):
        return None
    return IVLPQ(low=low, high=high, unit=found.get("unit", ""), null=found.get("null", ""))


def _ends(element: Element, read: Callable[[Element, Walk], E | None], walk: Walk) -> tuple[E | None, E | None]:
    """The low and the high end of an interval."""
    low = high = None
    for child in element:
        if child.tag == _LOW and low is None:
            low = read(child, walk)
        elif child.tag == _HIGH and high is None:
            high = read(child, walk)
        else:
            walk.lose_tree(child)
        if not blank(child.tail):
            walk.lose_text(element, child)
    return low, high
