"""Reading elements whole: a value is all of an element's text or nothing, and what must be there once is there once.

Where a comment or an instruction splits a name, a reader that takes the first piece of text reads another name than the
one that was signed (canonical XML drops comments). Here such an element has no text at all.
"""

import re
from collections.abc import Iterator
from datetime import datetime

from lxml import etree

Element = etree._Element
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)")
_BLANK = " \t\r\n"


def elements(parent: Element, name: str = "*") -> Iterator[Element]:
    """The child elements with a name in Clark notation, all of them by default; comments are never among them."""
    return parent.iterchildren(name) if name != "*" else parent.iterchildren(tag=etree.Element)


def only(parent: Element | None, name: str) -> Element | None:
    """The child element of that name if there is exactly one."""
    found = list(elements(parent, name)) if parent is not None else []
    return found[0] if len(found) == 1 else None


def whole(element: Element | None) -> str:
    """All the text of an element, stripped of outer blanks; empty where it holds anything else than text."""
    return (element.text or "").strip(_BLANK) if element is not None and len(element) == 0 else ""


def milliseconds(text: str) -> int:
    """An xs:dateTime with a zone as milliseconds UTC; 0 where it has none or is no time."""
    if not _TIME.fullmatch(text):
        return 0
    try:
        return int(datetime.fromisoformat(_six_digits(text)).timestamp() * 1000)
    except (ValueError, OverflowError):
        return 0


def _six_digits(text: str) -> str:
    """Fractions of a second cut to microseconds, which is what Python reads."""
    return re.sub(r"(\.\d{6})\d+", r"\1", text)
