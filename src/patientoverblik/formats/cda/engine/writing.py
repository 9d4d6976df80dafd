"""Kinds that write: each fills one element with a value. The other half of ``kinds``."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from lxml import etree

from patientoverblik.formats.cda.datatypes import (
    AD,
    BL,
    CD,
    ED,
    II,
    INT,
    IVLPQ,
    PN,
    PQ,
    ST,
    TEL,
    Edge,
    Limit,
    Null,
    Piece,
    Time,
    Wire,
)
from patientoverblik.formats.cda.engine.leaf import LINE, XSI_TYPE
from patientoverblik.formats.cda.facts import HL7

Pairs = Mapping[str, str]


def put(element: etree._Element, pairs: Pairs) -> None:
    """Set the attributes that have a value."""
    for name, value in pairs.items():
        if value:
            element.set(name, value)


def below(element: etree._Element, name: str) -> etree._Element:
    """A new HL7 child element."""
    return etree.SubElement(element, f"{{{HL7}}}{name}")


def text_of(text: str) -> str:
    """A text as it stands in a document, its line breaks as line separators."""
    return text.replace("\n", LINE)


def write_ii(element: etree._Element, value: II) -> None:
    """An identifier."""
    pairs = {"root": value.root, "extension": value.extension, "assigningAuthorityName": value.authority}
    put(element, {"nullFlavor": value.null, **pairs})


def write_cd(element: etree._Element, value: CD) -> None:
    """A code."""
    put(
        element,
        {
            "nullFlavor": value.null,
            "code": value.code,
            "codeSystem": value.system,
            "codeSystemName": value.system_name,
            "codeSystemVersion": value.system_version,
            "displayName": text_of(value.display),
        },
    )
    if value.original_text:
        below(element, "originalText").text = text_of(value.original_text)
    for one in value.translations:
        write_cd(below(element, "translation"), one)


def write_time(element: etree._Element, value: Time) -> None:
    """A point or an interval of time."""
    put(element, {"nullFlavor": value.null, "value": value.value})
    for name, edge in (("low", value.low), ("high", value.high)):
        if edge is not None:
            write_edge(below(element, name), edge)


def write_edge(element: etree._Element, value: Edge) -> None:
    """One end of an interval of time."""
    put(element, {"nullFlavor": value.null, "value": value.value, "inclusive": value.inclusive})


def write_pq(element: etree._Element, value: PQ) -> None:
    """A quantity."""
    put(element, {"nullFlavor": value.null, "value": value.value, "unit": value.unit})


def write_ivl_pq(element: etree._Element, value: IVLPQ) -> None:
    """An interval of quantities."""
    put(element, {"nullFlavor": value.null, "unit": value.unit})
    for name, limit in (("low", value.low), ("high", value.high)):
        if limit is not None:
            write_limit(below(element, name), limit)


def write_limit(element: etree._Element, value: Limit) -> None:
    """One end of an interval of quantities."""
    pairs = {"value": value.value, "unit": value.unit, "inclusive": value.inclusive}
    put(element, {"nullFlavor": value.null, **pairs})


def write_st(element: etree._Element, value: ST) -> None:
    """A string."""
    put(element, {"nullFlavor": value.null})
    element.text = text_of(value.text) or None


def write_ed(element: etree._Element, value: ED) -> None:
    """Words as a value, or the address of a thing elsewhere."""
    put(element, {"nullFlavor": value.null})
    element.text = text_of(value.text) or None
    if value.reference:
        below(element, "reference").set("value", value.reference)


def write_value(element: etree._Element, value: BL | INT) -> None:
    """A truth value or a whole number."""
    put(element, {"nullFlavor": value.null, "value": value.value})


def write_tel(element: etree._Element, value: TEL) -> None:
    """A way of contact."""
    put(element, {"nullFlavor": value.null, "value": value.value, "use": value.use})


def write_parts(element: etree._Element, value: AD | PN) -> None:
    """An address or a name."""
    put(element, {"nullFlavor": value.null, "use": value.use})
    last: etree._Element | None = None
    for part in value.parts:
        if part.kind:
            last = write_piece(element, part)
        elif last is None:
            element.text = (element.text or "") + text_of(part.text)
        else:
            last.tail = (last.tail or "") + text_of(part.text)


def write_piece(element: etree._Element, value: Piece) -> etree._Element:
    """One part of an address or a name."""
    made = below(element, value.kind)
    put(made, {"nullFlavor": value.null, "qualifier": value.qualifier})
    made.text = text_of(value.text) or None
    return made


def write_null(element: etree._Element, value: Null) -> None:
    """A value of which only is known why it is absent."""
    element.set("nullFlavor", value.flavor)


def write_any(element: etree._Element, value: Wire) -> None:
    """A value with its type said."""
    named = type_name(value)
    if named:
        element.set(XSI_TYPE, named)
    WRITERS[type(value)](element, value)


def type_name(value: Wire) -> str:
    """The xsi:type of a value, empty for a bare null."""
    if isinstance(value, Time):
        return "IVL_TS" if value.low or value.high else "TS"
    if isinstance(value, PN):
        return value.type or "PN"
    return "" if isinstance(value, Null) else cast(str, type(value).__struct_config__.tag)


WRITERS: dict[type[Wire], Callable[[etree._Element, Any], None]] = {
    II: write_ii,
    CD: write_cd,
    Time: write_time,
    PQ: write_pq,
    IVLPQ: write_ivl_pq,
    ST: write_st,
    ED: write_ed,
    BL: write_value,
    INT: write_value,
    TEL: write_tel,
    AD: write_parts,
    PN: write_parts,
    Null: write_null,
}
