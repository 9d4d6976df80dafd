"""The kind of a value whose type the document says (xsi:type)."""

from collections.abc import Callable

from patientoverblik.formats.cda.datatypes import Any, Null
from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.cda.engine.kinds import (
    read_bl,
    read_cd,
    read_ii,
    read_int,
    read_ivl_pq,
    read_pq,
    read_tel,
    read_time,
)
from patientoverblik.formats.cda.engine.leaf import SAME, XSI_TYPE
from patientoverblik.formats.cda.engine.names import named, read_ad, read_pn
from patientoverblik.formats.cda.engine.texts import read_ed, read_st
from patientoverblik.formats.cda.engine.walk import UNKNOWN_TYPE, Walk, blank
from patientoverblik.formats.cda.facts import HL7

_HL7 = f"{{{HL7}}}"


def read_any(element: Element, walk: Walk) -> Any | None:
    """A value whose type the document says."""
    named = element.get(XSI_TYPE)
    if named is None:
        return read_untyped(element, walk)
    prefix, local = named.rpartition(":")[::2] if ":" in named else ("", named)
    reader = BY_TYPE.get(local) if _is_hl7(element, prefix) else None
    if reader is None:
        walk.lose_tree(element, UNKNOWN_TYPE)
        return None
    return reader(element, walk)


def _is_hl7(element: Element, prefix: str) -> bool:
    """Whether a prefix means HL7 at an element: most often it is the element's own, which is quicker to ask."""
    if prefix == (element.prefix or ""):
        return element.tag.startswith(_HL7)
    return element.nsmap.get(prefix or None) == HL7


def typed(kind: str) -> Callable[[Element, Walk], Any | None]:
    """The reader of a value that must be of one type; another is lost."""
    wire = {"Time": "TS", "IVLPQ": "IVL_PQ"}.get(kind, kind)
    names = SAME.get(wire, (wire,))

    def read(element: Element, walk: Walk) -> Any | None:
        if (element.get(XSI_TYPE) or "").rpartition(":")[2] not in names:
            walk.lose_tree(element, UNKNOWN_TYPE)
            return None
        return read_any(element, walk)

    return read


def read_untyped(element: Element, walk: Walk) -> Null | None:
    """A value without a type: only a null flavour can be understood."""
    null = element.get("nullFlavor")
    if null is None or len(element.items()) > 1 or len(element) or not blank(element.text):
        walk.lose_tree(element, UNKNOWN_TYPE)
        return None
    walk.read += 1
    return Null(flavor=null)


BY_TYPE: dict[str, Callable[[Element, Walk], Any | None]] = {
    "PQ": read_pq,
    "IVL_PQ": read_ivl_pq,
    "CD": read_cd,
    "CE": read_cd,
    "CV": read_cd,
    "CS": read_cd,
    "CO": read_cd,
    "ST": read_st,
    "ED": read_ed,
    "II": read_ii,
    "BL": read_bl,
    "INT": read_int,
    "TS": read_time,
    "IVL_TS": read_time,
    "TEL": read_tel,
    "AD": read_ad,
    "PN": read_pn,
    "EN": named("EN"),
    "ON": named("ON"),
    "TN": named("TN"),
}
