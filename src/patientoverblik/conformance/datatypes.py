"""Rules of HL7 v3 data types release 1 that a schema cannot say, as MedCom's ART-DECOR rules hold them.

A rule is given an element and yields the codes it breaks; what elements of one name break together stands in
:mod:`twins`. ``KINDS`` says which rules belong to a data type; a more special type keeps the rules of the more
general one.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from functools import cache, lru_cache, partial
from typing import cast

import msgspec
from lxml import etree

from patientoverblik.conformance.tables import Search
from patientoverblik.conformance.twins import (
    NULL_ALONE,
    SAME_CODE,
    SAME_IDENTIFIER,
    SAME_LINK,
    SAME_QUANTITY,
    SAME_WORDS,
    Together,
    text_of,
)
from patientoverblik.formats.cda.facts import HL7, SDTC, XSI

Element = etree._Element
Rule = Callable[[Element], Iterable[str]]

XSI_TYPE = f"{{{XSI}}}type"
IDENTIFIER = re.compile(
    r"[0-2](\.(0|[1-9][0-9]*))*|[A-Fa-f0-9]{8}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{4}-[A-Fa-f0-9]{12}"
)
"""An OID without leading zeros, or a UUID."""
NOT_IN_A_LINK = re.compile(r"[^!-~]|[\"<>\\^`{|}]")
"""Characters that must be escaped in an address (RFC 3987 to URI)."""
TIMESTAMP = re.compile(
    r"([0-9]{4})(?:([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})(?:([0-9]{2})(\.[0-9]+)?)?)?)?)?)?"
    r"(?:([+-])([0-9]{2})([0-9]{2})?)?"
)
"""Year to fraction of a second, as far as they are known, and the offset from UTC."""
LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]{2})?|[ix](-[a-z0-9]{2,8})+", re.IGNORECASE)
WHOLE_NUMBER = re.compile(r"-?[1-9][0-9]*|\+?[0-9]*")

NULLS = cast(Search, etree.XPath("descendant-or-self::*/@nullFlavor/.."))
UNITS_OF_TIME = {"", "us", "ms", "s", "min", "h", "d", "wk", "mo", "a"}

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


def hl7(name: str) -> str:
    """A name of HL7's namespace as lxml writes it."""
    return f"{{{HL7}}}{name}"


TRANSLATION, ORIGINAL_TEXT, QUALIFIER = hl7("translation"), hl7("originalText"), hl7("qualifier")
REFERENCE = hl7("reference")
LOW, HIGH, CENTER, WIDTH = hl7("low"), hl7("high"), hl7("center"), hl7("width")


def null_says_nothing_else(node: Element) -> Iterable[str]:
    """Beside a null flavour stands no value, in the element and in everything under it."""
    if len(node) == 0 and node.get("nullFlavor") is None:
        return ()
    wrong = any(not silent(one) and not partly_known(one) for one in NULLS(node))
    return ("datatype.null-with-value",) if wrong else ()


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


def identifier(node: Element) -> Iterator[str]:
    """II: a root or a null flavour; the root an OID or a UUID."""
    root = node.get("root")
    if (root is None) == (node.get("nullFlavor") is None):
        yield "datatype.null-or-value"
    if root is not None and not well_formed_identifier(root):
        yield "datatype.bad-identifier"


@cache
def well_formed_identifier(root: str) -> bool:
    """Whether a root is an OID or a UUID; the norms' own roots come again and again."""
    return IDENTIFIER.fullmatch(root) is not None


def simple_code(node: Element) -> Iterator[str]:
    """CS: a code or a null flavour."""
    if (node.get("code") is None) == (node.get("nullFlavor") is None):
        yield "datatype.null-or-value"


def code(node: Element) -> Iterator[str]:
    """CD: a code with its system, or a null flavour, or the original text."""
    known, null = node.get("code"), node.get("nullFlavor")
    said = known is not None or null is not None
    if not said and not any(one.get("nullFlavor") is None for one in node.iterchildren(ORIGINAL_TEXT)):
        yield "datatype.null-or-value"
    if null is not None and (known is not None or node.get("displayName") is not None):
        yield "datatype.null-with-value"
    yield from system(node)
    if len(node):
        yield from translations(node)


def system(node: Element) -> Iterator[str]:
    """A code names its system, and what tells of a system or a code stands with it."""
    named = [node.get(name) for name in ("code", "codeSystemName", "codeSystemVersion")]
    if node.get("codeSystem") is None and any(one is not None for one in named):
        yield "datatype.code-without-system"
    if node.get("displayName") is not None and node.get("code") is None:
        yield "datatype.name-without-code"


def translations(node: Element) -> Iterator[str]:
    """Translations of a code are codes with a system; an original text names its language well."""
    for one in node.iter(TRANSLATION):
        if one.get("nullFlavor") is not None:
            yield "datatype.null-with-value"
        if one.get("code") is None and one.get("codeSystem") is not None:
            yield "datatype.null-or-value"
        if one.get("code") is None:
            yield from system(one)
    if any(not LANGUAGE.fullmatch(one.get("language", "da")) for one in node.iter(ORIGINAL_TEXT)):
        yield "datatype.bad-language"


def no_qualifier(node: Element) -> Iterable[str]:
    """CE: no qualifiers."""
    return ("datatype.unexpected-part",) if len(node) and node.find(QUALIFIER) is not None else ()


def named_code(node: Element) -> Iterator[str]:
    """A code that must bear its display name."""
    if all(one.get("code") is not None and one.get("displayName") is None for one in node.iter("*")):
        yield "datatype.code-without-name"


def value(node: Element) -> Iterable[str]:
    """Times and quantities: a value or a null flavour, or parts that say more."""
    null, known = node.get("nullFlavor") is not None, node.get("value") is not None
    return ("datatype.null-or-value",) if null == known and (known or not len(node)) else ()


def whole_number(node: Element) -> Iterator[str]:
    """INT: digits without leading zeros after a minus."""
    if not WHOLE_NUMBER.fullmatch(node.get("value", "")):
        yield "datatype.bad-number"


def positive(node: Element) -> Iterator[str]:
    """A number above zero."""
    known = node.get("value")
    if node.get("nullFlavor") is None and (known is None or int(known) <= 0):
        yield "datatype.bad-number"


def no_parts(node: Element) -> Iterable[str]:
    """A point in time has no parts."""
    return ("datatype.unexpected-part",) if any(True for _ in node.iterchildren("*")) else ()


def operator(node: Element) -> Iterable[str]:
    """A null flavour does not combine with other times."""
    wrong = node.get("nullFlavor") is not None and node.get("operator", "I") != "I"
    return ("datatype.null-with-value",) if wrong else ()


def inclusive(node: Element) -> Iterator[str]:
    """A bound that is not known is not said to be left out."""
    if node.get("nullFlavor") is not None and node.get("inclusive", "true") != "true":
        yield "datatype.null-with-value"


def interval(node: Element) -> Iterator[str]:
    """IVL: a value or bounds, never both; bounds that are not the same and not beyond the end of time."""
    parts = {child.tag: child for child in node.iterchildren("*")}
    if parts and node.get("value") is not None:
        yield "datatype.value-with-bounds"
    if WIDTH in parts and parts[WIDTH].get("unit") is not None and parts[WIDTH].get("value") is None:
        yield "datatype.unit-without-value"
    if WIDTH in parts and parts[WIDTH].get("unit", "") not in UNITS_OF_TIME:
        yield "datatype.bad-unit"
    if any(tag in parts and parts[tag].get("nullFlavor") == null for tag, null in ((LOW, "PINF"), (HIGH, "NINF"))):
        yield "datatype.bounds-in-wrong-order"


def interval_of_time(node: Element) -> Iterator[str]:
    """IVL_TS: the start is before the end; times that cannot be are told of by themselves."""
    low, high = node.find(LOW), node.find(HIGH)
    if low is None or high is None:
        return
    start, end = low.get("value", ""), high.get("value", "")
    begins, ends = instant(start), instant(end)
    if (start and start == end) or (begins and ends and begins > ends):
        yield "datatype.bounds-in-wrong-order"


def possible_time(node: Element) -> Iterator[str]:
    """TS and its bounds: a date of the calendar and a time of the day."""
    stamps = [one.get("value", "") for one in (node, *node.iterchildren(LOW, CENTER, HIGH))]
    if any(stamp and instant(stamp) is None for stamp in stamps):
        yield "datatype.impossible-time"


@lru_cache(maxsize=4096)
def instant(stamp: str) -> datetime | None:
    """The first moment a timestamp may mean, in UTC where it names no offset; None where there is no such moment."""
    parts = TIMESTAMP.fullmatch(stamp)
    if parts is None:
        return None
    known = [int(part) for part in parts.groups()[:6] if part]
    minutes = int(f"{parts[8]}1") * (int(parts[9]) * 60 + int(parts[10] or 0)) if parts[8] else 0
    year, month, day, hour, minute, second = [*known, *(0, 1, 1, 0, 0, 0)[len(known) :]]
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=timezone(timedelta(minutes=minutes)))
    except ValueError:
        return None


def interval_of_numbers(node: Element) -> Iterator[str]:
    """IVL_INT: the lower bound is not above the upper."""
    low, high = (one.get("value") if one is not None else None for one in (node.find(LOW), node.find(HIGH)))
    if low is not None and high is not None and int(low) > int(high):
        yield "datatype.bounds-in-wrong-order"


def address(node: Element) -> Iterator[str]:
    """AD: parts, or text, or a null flavour."""
    parts, text = len(node.findall("*")), bool(text_of(node).strip())
    if node.get("nullFlavor") is None and bool(parts) == text:
        yield "datatype.parts-and-text"


def name(node: Element) -> Iterator[str]:
    """EN: parts, or text, or a null flavour."""
    parts, text, null = len(node.findall("*")), bool(text_of(node).strip()), node.get("nullFlavor") is not None
    if (parts and text) or not (parts or text or null):
        yield "datatype.parts-and-text"
    words = [part.get("qualifier", "").split() for part in node.iterchildren("*")]
    if any(len(qualifiers) != len(set(qualifiers)) for qualifiers in words):
        yield "datatype.repeated"


def of_a_person(node: Element) -> Iterator[str]:
    """PN: no part is a legal status, which only organisations have."""
    if any("LS" in part.get("qualifier", "").split() for part in node.iterchildren("*")):
        yield "datatype.unexpected-part"


def whole_content(node: Element) -> Iterator[str]:
    """ED: a check sum names its method, and what is compressed is binary or lies elsewhere."""
    if node.get("integrityCheck") is not None and node.get("integrityCheckAlgorithm") is None:
        yield "datatype.incomplete"
    elsewhere = any(one.get("value") is not None for one in node.iterchildren(REFERENCE))
    binary = node.get("representation") == "B64" and bool(text_of(node).strip())
    if node.get("compression") is not None and not elsewhere and not binary:
        yield "datatype.incomplete"


def plain_name(node: Element) -> Iterator[str]:
    """ON: an organisation's name has no parts."""
    if any(True for _ in node.iterchildren("*")):
        yield "datatype.unexpected-part"


def link(node: Element) -> Iterator[str]:
    """TEL: an address that needs no escaping, or a null flavour."""
    known = node.get("value")
    if node.get("nullFlavor") is None:
        if known is None:
            yield "datatype.null-or-value"
        elif NOT_IN_A_LINK.search(known):
            yield "datatype.bad-address"


def content(node: Element) -> Iterator[str]:
    """Text that is not empty, or a null flavour."""
    if node.get("nullFlavor") is None and not any(True for _ in node.iterchildren("*")) and not text_of(node).strip():
        yield "datatype.empty"


def null_code_in_text(node: Element) -> Iterator[str]:
    """SC: a null flavour has no code."""
    if node.get("nullFlavor") is not None and (node.get("code") is not None or node.get("displayName") is not None):
        yield "datatype.null-with-value"


def language(node: Element) -> Iterable[str]:
    """ED: the language is named as RFC 3066 says."""
    said = node.get("language")
    return () if said is None or LANGUAGE.fullmatch(said) else ("datatype.bad-language",)


def declared_type(kind: str, node: Element) -> Iterable[str]:
    """An ``xsi:type`` names the very type that the norm says."""
    said = node.get(XSI_TYPE)
    return () if said is None or said.rpartition(":")[2].strip() == kind else ("datatype.other-type",)


class Kind(msgspec.Struct, frozen=True):
    """A data type: the rules of one element, and the rules of elements of one name beside each other."""

    rules: tuple[Rule, ...] = ()
    together: tuple[Together, ...] = ()


def typed(name: str, rules: tuple[Rule, ...], *together: Together) -> Kind:
    """A data type that ``xsi:type``, where it stands, must name."""
    return Kind((*rules, partial(declared_type, name)), together)


ANY: tuple[Rule, ...] = (null_says_nothing_else,)
TEXT: tuple[Rule, ...] = (*ANY, content, language)
CODE: tuple[Rule, ...] = (*ANY, code)
QUANTITY: tuple[Rule, ...] = (*ANY, value)
NAME: tuple[Rule, ...] = (*ANY, name)
IN_GROUP = (NULL_ALONE, SAME_QUANTITY)

KINDS: Mapping[str, Kind] = {
    "ANY": Kind(ANY),
    "AD": typed("AD", (*ANY, address), NULL_ALONE, SAME_WORDS),
    "BL": typed("BL", ANY),
    "CD": typed("CD", CODE, SAME_CODE),
    "CD-named": typed("CD", (*CODE, named_code), SAME_CODE),
    "CE": typed("CE", (*CODE, no_qualifier), SAME_CODE),
    "CS": typed("CS", (*ANY, simple_code)),
    "ED": typed("ED", (*TEXT, whole_content)),
    "EN": typed("EN", NAME, NULL_ALONE, SAME_WORDS),
    "II": typed("II", (*ANY, identifier), SAME_IDENTIFIER),
    "INT": typed("INT", (*QUANTITY, whole_number), *IN_GROUP),
    "INT-positive": typed("INT", (*QUANTITY, whole_number, positive), *IN_GROUP),
    "IVL_INT": typed("IVL_INT", (*QUANTITY, operator, interval, interval_of_numbers), *IN_GROUP),
    "IVL_TS": typed("IVL_TS", (*QUANTITY, operator, interval, interval_of_time, possible_time), *IN_GROUP),
    "IVXB_TS": typed("IVXB_TS", (*QUANTITY, inclusive), *IN_GROUP),
    "ON": typed("ON", (*NAME, plain_name), NULL_ALONE, SAME_WORDS),
    "PN": typed("PN", (*NAME, of_a_person), NULL_ALONE, SAME_WORDS),
    "PQ": typed("PQ", QUANTITY, *IN_GROUP),
    "SC": typed("SC", (*TEXT, system, null_code_in_text)),
    "ST": typed("ST", TEXT),
    "StrucDoc.Text": typed("", ANY),
    "TEL": typed("TEL", (*ANY, link), NULL_ALONE, SAME_LINK),
    "TS": typed("TS", (*QUANTITY, no_parts, possible_time), *IN_GROUP),
}
