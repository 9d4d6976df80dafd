"""What may stand beside a null flavour: nothing that means anything, or for a few flavours where a value comes from."""

from typing import cast

from lxml import etree

from patientoverblik.conformance.tables import Search
from patientoverblik.conformance.twins import text_of
from patientoverblik.formats.cda.facts import SDTC, XSI

Element = etree._Element

XSI_TYPE = f"{{{XSI}}}type"
NULLS = cast(Search, etree.XPath("descendant-or-self::*/@nullFlavor/..", regexp=False))

SILENT = {"nullFlavor", "partType", XSI_TYPE, f"{{{XSI}}}nil"}
SILENT_VALUES = {
    ("integrityCheckAlgorithm", "SHA-1"),
    ("mediaType", "text/plain"),
    ("operator", "I"),
    ("representation", "TXT"),
    ("inclusive", "true"),
    ("unit", "1"),
}
STRUCTURE = {"classCode", "typeCode", "determinerCode", "moodCode"}
STRUCTURE_VALUES = {("codeSystem", "2.16.840.1.113883.5.139"), ("codeSystemName", "TimingEvent"), ("inverted", "false")}
VALUE_SET = {f"{{{SDTC}}}valueSet", f"{{{SDTC}}}valueSetVersion"}
OF_A_CODE = {"codeSystem", "codeSystemName", "codeSystemVersion", "extension"} | VALUE_SET
PARTLY_KNOWN = {"OTH", "NA", "UNC"}
"""Null flavours that may stand with a code system, an original text or a translation."""


def says_more_than_null(node: Element) -> bool:
    """Whether an element with a null flavour, this one or one under it, says more than that.

    An element without children is asked only where it has one.
    """
    nulls = NULLS(node) if len(node) else [node]
    return any(not silent(one) and not partly_known(one) for one in nulls)


def silent(node: Element) -> bool:
    """Whether an element holds nothing that means anything."""
    pairs = node.items()
    free, values = SILENT | STRUCTURE, SILENT_VALUES | STRUCTURE_VALUES
    said = [pair for pair in pairs if pair[0] not in free and pair not in values]
    return not said and not any(True for _ in node.iterchildren("*")) and not text_of(node).strip()


def partly_known(node: Element) -> bool:
    """Whether a null flavour is one that may name a system, and nothing but that stands with it."""
    said = [pair for pair in node.items() if pair[0] not in SILENT | OF_A_CODE and pair not in SILENT_VALUES]
    names = node.get("extension") is not None or node.get("codeSystem") is not None
    more = any(etree.QName(child).localname in ("originalText", "translation") for child in node.iterchildren("*"))
    return node.get("nullFlavor") in PARTLY_KNOWN and not said and (names or more)
