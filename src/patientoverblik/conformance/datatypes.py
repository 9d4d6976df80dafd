"""Rules of HL7 v3 data types release 1 that a schema cannot say, as MedCom's ART-DECOR rules hold them.

A rule is given an element and its attributes, and gives the codes it breaks; what elements of one name break together
stands in :mod:`twins`. ``KINDS`` says which rules belong to a data type; a more special type keeps the rules of the
more general one.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta, timezone
from functools import cache, lru_cache, partial

import msgspec
from lxml import etree

from patientoverblik.conformance.nulls import says_more_than_null
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
from patientoverblik.formats.cda.facts import HL7, XSI

Element = etree._Element
Said = Mapping[str, str]
"""An element's attributes, asked of the document once for all rules."""
Codes = tuple[str, ...]
Rule = Callable[[Element, Said], Codes]

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

FINE: Codes = ()
NULL_OR_VALUE: Codes = ("datatype.null-or-value",)
NULL_WITH_VALUE: Codes = ("datatype.null-with-value",)
UNEXPECTED_PART: Codes = ("datatype.unexpected-part",)
PARTS_AND_TEXT: Codes = ("datatype.parts-and-text",)
BAD_NUMBER: Codes = ("datatype.bad-number",)

UNITS_OF_TIME = {"", "us", "ms", "s", "min", "h", "d", "wk", "mo", "a"}

TELLS_OF_A_SYSTEM = {"code", "codeSystemName", "codeSystemVersion"}


def hl7(name: str) -> str:
    """A name of HL7's namespace as lxml writes it."""
    return f"{{{HL7}}}{name}"


TRANSLATION, ORIGINAL_TEXT, QUALIFIER = hl7("translation"), hl7("originalText"), hl7("qualifier")
REFERENCE = hl7("reference")
LOW, HIGH, CENTER, WIDTH = hl7("low"), hl7("high"), hl7("center"), hl7("width")


def attributes_of(node: Element) -> Said:
    """The attributes of an element."""
    return dict(node.items())  # type: ignore[arg-type]


def null_says_nothing_else(node: Element, said: Said) -> Codes:
    """Beside a null flavour stands no value, in the element and in everything under it."""
    if len(node) == 0 and "nullFlavor" not in said:
        return FINE
    return NULL_WITH_VALUE if says_more_than_null(node) else FINE


def identifier(_node: Element, said: Said) -> Codes:
    """II: a root or a null flavour; the root an OID or a UUID."""
    root = said.get("root")
    first = NULL_OR_VALUE if (root is None) == ("nullFlavor" not in said) else FINE
    return first if root is None or well_formed_identifier(root) else (*first, "datatype.bad-identifier")


@cache
def well_formed_identifier(root: str) -> bool:
    """Whether a root is an OID or a UUID; the norms' own roots come again and again."""
    return IDENTIFIER.fullmatch(root) is not None


def simple_code(_node: Element, said: Said) -> Codes:
    """CS: a code or a null flavour."""
    return NULL_OR_VALUE if ("code" in said) == ("nullFlavor" in said) else FINE


def code(node: Element, said: Said) -> Codes:
    """CD: a code with its system, or a null flavour, or the original text."""
    if "code" in said and "codeSystem" in said and "nullFlavor" not in said and not len(node):
        return FINE
    return tuple(less_than_a_code(node, said))


def less_than_a_code(node: Element, said: Said) -> Iterator[str]:
    """What is wrong with a code that is more or less than a code and its system."""
    known, null = "code" in said, "nullFlavor" in said
    if not (known or null) and not any(one.get("nullFlavor") is None for one in node.iterchildren(ORIGINAL_TEXT)):
        yield "datatype.null-or-value"
    if null and (known or "displayName" in said):
        yield "datatype.null-with-value"
    yield from system(node, said)
    if len(node):
        yield from translations(node)


def system(_node: Element, said: Said) -> Codes:
    """A code names its system, and what tells of a system or a code stands with it."""
    nameless = "codeSystem" not in said and not said.keys().isdisjoint(TELLS_OF_A_SYSTEM)
    loose = "displayName" in said and "code" not in said
    return (*(["datatype.code-without-system"] if nameless else []), *(["datatype.name-without-code"] if loose else []))


def translations(node: Element) -> Iterator[str]:
    """Translations of a code are codes with a system; an original text names its language well."""
    for one in node.iter(TRANSLATION):
        said = attributes_of(one)
        if "nullFlavor" in said:
            yield "datatype.null-with-value"
        if "code" not in said and "codeSystem" in said:
            yield "datatype.null-or-value"
        if "code" not in said:
            yield from system(one, said)
    if any(not LANGUAGE.fullmatch(one.get("language", "da")) for one in node.iter(ORIGINAL_TEXT)):
        yield "datatype.bad-language"


def no_qualifier(node: Element, _said: Said) -> Codes:
    """CE: no qualifiers."""
    return UNEXPECTED_PART if len(node) and node.find(QUALIFIER) is not None else FINE


def named_code(node: Element, _said: Said) -> Codes:
    """A code that must bear its display name."""
    nameless = all(one.get("code") is not None and one.get("displayName") is None for one in node.iter("*"))
    return ("datatype.code-without-name",) if nameless else FINE


def value(node: Element, said: Said) -> Codes:
    """Times and quantities: a value or a null flavour, or parts that say more."""
    null, known = "nullFlavor" in said, "value" in said
    return NULL_OR_VALUE if null == known and (known or not len(node)) else FINE


def whole_number(_node: Element, said: Said) -> Codes:
    """INT: digits without leading zeros after a minus."""
    return FINE if WHOLE_NUMBER.fullmatch(said.get("value", "")) else BAD_NUMBER


def positive(_node: Element, said: Said) -> Codes:
    """A number above zero."""
    known = said.get("value")
    return BAD_NUMBER if "nullFlavor" not in said and (known is None or int(known) <= 0) else FINE


def no_parts(node: Element, _said: Said) -> Codes:
    """A point in time has no parts."""
    return UNEXPECTED_PART if parts_of(node) else FINE


def operator(_node: Element, said: Said) -> Codes:
    """A null flavour does not combine with other times."""
    return NULL_WITH_VALUE if "nullFlavor" in said and said.get("operator", "I") != "I" else FINE


def inclusive(_node: Element, said: Said) -> Codes:
    """A bound that is not known is not said to be left out."""
    return NULL_WITH_VALUE if "nullFlavor" in said and said.get("inclusive", "true") != "true" else FINE


def interval(node: Element, said: Said) -> Codes:
    """IVL: a value or bounds, never both; bounds that are not the same and not beyond the end of time."""
    return tuple(wrong_parts(node, said)) if len(node) else FINE


def wrong_parts(node: Element, said: Said) -> Iterator[str]:
    """What is wrong with the parts of an interval."""
    parts = {child.tag: child for child in node.iterchildren("*")}
    if parts and "value" in said:
        yield "datatype.value-with-bounds"
    if WIDTH in parts and parts[WIDTH].get("unit") is not None and parts[WIDTH].get("value") is None:
        yield "datatype.unit-without-value"
    if WIDTH in parts and parts[WIDTH].get("unit", "") not in UNITS_OF_TIME:
        yield "datatype.bad-unit"
    if any(tag in parts and parts[tag].get("nullFlavor") == null for tag, null in ((LOW, "PINF"), (HIGH, "NINF"))):
        yield "datatype.bounds-in-wrong-order"


def interval_of_time(node: Element, _said: Said) -> Codes:
    """IVL_TS: the start is before the end; times that cannot be are told of by themselves."""
    low, high = (node.find(LOW), node.find(HIGH)) if len(node) else (None, None)
    if low is None or high is None:
        return FINE
    start, end = low.get("value", ""), high.get("value", "")
    begins, ends = instant(start), instant(end)
    wrong = (start and start == end) or (begins and ends and begins > ends)
    return ("datatype.bounds-in-wrong-order",) if wrong else FINE


def possible_time(node: Element, said: Said) -> Codes:
    """TS and its bounds: a date of the calendar and a time of the day."""
    stamps = [said.get("value", "")]
    if len(node):
        stamps += [one.get("value", "") for one in node.iterchildren(LOW, CENTER, HIGH)]
    return ("datatype.impossible-time",) if any(stamp and instant(stamp) is None for stamp in stamps) else FINE


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


def interval_of_numbers(node: Element, _said: Said) -> Codes:
    """IVL_INT: the lower bound is not above the upper."""
    low, high = (one.get("value") if one is not None else None for one in (node.find(LOW), node.find(HIGH)))
    wrong = low is not None and high is not None and int(low) > int(high)
    return ("datatype.bounds-in-wrong-order",) if wrong else FINE


def parts_of(node: Element) -> list[Element]:
    """The elements in an element, without comments."""
    return list(node.iterchildren("*")) if len(node) else []


def address(node: Element, said: Said) -> Codes:
    """AD: parts, or text, or a null flavour."""
    if "nullFlavor" in said:
        return FINE
    return PARTS_AND_TEXT if bool(parts_of(node)) == bool(text_of(node).strip()) else FINE


def name(node: Element, said: Said) -> Codes:
    """EN: parts, or text, or a null flavour."""
    parts, text = parts_of(node), bool(text_of(node).strip())
    first = PARTS_AND_TEXT if (parts and text) or not (parts or text or "nullFlavor" in said) else FINE
    words = [found.split() for part in parts if (found := part.get("qualifier"))]
    return (*first, "datatype.repeated") if any(len(each) != len(set(each)) for each in words) else first


def of_a_person(node: Element, _said: Said) -> Codes:
    """PN: no part is a legal status, which only organisations have."""
    legal = ["LS" in found.split() for part in parts_of(node) if (found := part.get("qualifier"))]
    return UNEXPECTED_PART if any(legal) else FINE


def whole_content(node: Element, said: Said) -> Codes:
    """ED: a check sum names its method, and what is compressed is binary or lies elsewhere."""
    nameless = "integrityCheck" in said and "integrityCheckAlgorithm" not in said
    return ("datatype.incomplete",) if nameless or ("compression" in said and not unpackable(node, said)) else FINE


def unpackable(node: Element, said: Said) -> bool:
    """Whether what is compressed lies elsewhere, or is binary."""
    elsewhere = any(one.get("value") is not None for one in node.iterchildren(REFERENCE))
    return elsewhere or (said.get("representation") == "B64" and bool(text_of(node).strip()))


def plain_name(node: Element, _said: Said) -> Codes:
    """ON: an organisation's name has no parts."""
    return UNEXPECTED_PART if parts_of(node) else FINE


def link(_node: Element, said: Said) -> Codes:
    """TEL: an address that needs no escaping, or a null flavour."""
    known = said.get("value")
    if "nullFlavor" in said:
        return FINE
    if known is None:
        return NULL_OR_VALUE
    return ("datatype.bad-address",) if NOT_IN_A_LINK.search(known) else FINE


def content(node: Element, said: Said) -> Codes:
    """Text that is not empty, or a null flavour."""
    if "nullFlavor" in said or (node.text and not node.text.isspace()):
        return FINE
    return FINE if parts_of(node) or text_of(node).strip() else ("datatype.empty",)


def null_code_in_text(_node: Element, said: Said) -> Codes:
    """SC: a null flavour has no code."""
    return NULL_WITH_VALUE if "nullFlavor" in said and ("code" in said or "displayName" in said) else FINE


def language(_node: Element, said: Said) -> Codes:
    """ED: the language is named as RFC 3066 says."""
    named = said.get("language")
    return FINE if named is None or LANGUAGE.fullmatch(named) else ("datatype.bad-language",)


def declared_type(kind: str, _node: Element, said: Said) -> Codes:
    """An ``xsi:type`` names the very type that the norm says."""
    named = said.get(XSI_TYPE)
    return FINE if named is None or named.rpartition(":")[2].strip() == kind else ("datatype.other-type",)


class Kind(msgspec.Struct, frozen=True):
    """A data type: the rules of one element, and the rules of elements of one name beside each other.

    ``of_values`` are those of its rules that a known value without parts may break: most elements are no more.
    """

    rules: tuple[Rule, ...] = ()
    together: tuple[Together, ...] = ()
    of_values: tuple[Rule, ...] = ()


def broken(node: Element, kind: Kind) -> Codes:
    """The codes of the rules that an element breaks, each once."""
    said = attributes_of(node)
    plain = "nullFlavor" not in said and XSI_TYPE not in said and not len(node)
    codes = FINE
    for rule in kind.of_values if plain else kind.rules:
        codes += rule(node, said)
    return tuple(dict.fromkeys(codes)) if codes else FINE


def typed(name: str, rules: tuple[Rule, ...], *together: Together) -> Kind:
    """A data type that ``xsi:type``, where it stands, must name."""
    of_values = tuple(rule for rule in rules if rule not in OF_MORE_THAN_A_VALUE)
    return Kind((*rules, partial(declared_type, name)), together, of_values)


OF_MORE_THAN_A_VALUE: tuple[Rule, ...] = (
    null_says_nothing_else,
    no_qualifier,
    no_parts,
    operator,
    inclusive,
    interval,
    interval_of_time,
    interval_of_numbers,
    of_a_person,
    plain_name,
    null_code_in_text,
)
"""Rules that only a null flavour or parts can break."""

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
