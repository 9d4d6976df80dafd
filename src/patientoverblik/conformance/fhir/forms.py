"""The forms of R4's primitive values (FHIR R4 datatypes.html), as patterns that the schema and the walk share.

A date must be one of the calendar; a reference of a kind is written so that the kind can be told.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from lxml import etree

_DAY = "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8])"
"""Every month with its days, but the leap day."""
_YEAR = "([1-9][0-9]{3}|0[1-9][0-9]{2}|00[1-9][0-9]|000[1-9])"
_LEAP = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][048]|[13579][26])00)-02-29"
_FULL = f"({_YEAR}-({_DAY})|{_LEAP})"
_ZONE = "(Z|[+-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))"
_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?"
_TEXT = r"[\s\S]*[^ \t\r\n][\s\S]*"
ID = r"[A-Za-z0-9.\-]{1,64}"
PATTERNS: Mapping[str, str] = {
    "base64Binary": r"[0-9A-Za-z+/= \t\r\n]*",
    "canonical": r"[^ \t\r\n]+",
    "code": r"[^ \t\r\n]+([ \t\r\n][^ \t\r\n]+)*",
    "date": f"({_YEAR}(-(0[1-9]|1[0-2]))?|{_FULL})",
    "dateTime": f"({_YEAR}(-(0[1-9]|1[0-2]))?|{_FULL}(T{_TIME}{_ZONE})?)",
    "id": ID,
    "instant": f"{_FULL}T{_TIME}{_ZONE}",
    "markdown": _TEXT,
    "oid": r"urn:oid:[0-2](\.(0|[1-9][0-9]*))+",
    "string": _TEXT,
    "time": _TIME,
    "uri": r"[^ \t\r\n]+",
    "url": r"[^ \t\r\n]+",
    "uuid": "urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
    "xhtml": r"[ \t\r\n]*<div[\s\S]*",
}
RANGES: Mapping[str, tuple[int, int]] = {
    "integer": (-(1 << 31), (1 << 31) - 1),
    "positiveInt": (1, (1 << 31) - 1),
    "unsignedInt": (0, (1 << 31) - 1),
}
"""The least and greatest value of each type of whole number."""
XHTML = "{http://www.w3.org/1999/xhtml}"
_MARKUP = frozenset(
    (
        *("a", "abbr", "acronym", "b", "big", "blockquote", "br", "caption", "cite", "code", "col", "colgroup", "dd"),
        *("dfn", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "kbd", "li", "ol", "p"),
        *("pre", "q", "samp", "small", "span", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead"),
        *("tr", "tt", "ul", "var"),
    )
)


@cache
def pattern(primitive: str) -> re.Pattern[str]:
    """The form of a primitive type's text, to be matched in full."""
    return re.compile(PATTERNS[primitive])


@cache
def leads_to(targets: tuple[str, ...]) -> str:
    """The pattern of a reference to some types: what is relative names one of them, what is absolute is left alone."""
    return rf"(#[\s\S]*|[A-Za-z][A-Za-z0-9+.\-]*:[\s\S]+|({'|'.join(targets)})([/?][\s\S]+))"


def fits(primitive: str, value: Any) -> bool:
    """Whether a JSON value is one of a primitive type."""
    if primitive == "boolean":
        return isinstance(value, bool)
    if primitive in RANGES:
        least, most = RANGES[primitive]
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
    if primitive == "decimal":
        return not isinstance(value, bool | str | list | dict | None)
    fitting = isinstance(value, str) and pattern(primitive).fullmatch(value) is not None
    return fitting and (primitive != "xhtml" or is_narrative(value))


def is_narrative(text: str) -> bool:
    """Whether text is a ``div`` of XHTML that holds no more than R4 allows (txt-1): no script, form, frame or event."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        return False
    try:
        root = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    except (etree.XMLSyntaxError, UnicodeEncodeError):
        return False
    return root.tag == f"{XHTML}div" and all(map(_is_harmless, root.iter("*")))


def _is_harmless(element: etree._Element) -> bool:
    tag = str(element.tag)
    named = tag.startswith(XHTML) and tag.removeprefix(XHTML) in _MARKUP
    return named and not any(str(name).lower().startswith("on") for name in element.attrib)
