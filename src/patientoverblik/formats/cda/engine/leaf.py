"""What every kind does with its element: take what it knows, and lose the rest where it stands."""

from collections.abc import Mapping

from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.cda.engine.walk import Walk, blank
from patientoverblik.formats.cda.facts import FACTS, XSI

LINE = "\u2028"
"""How a line break inside a text stands in a document: Unicode's line separator, as other white space collapses."""

XSI_TYPE = f"{{{XSI}}}type"
SAME = {
    "CD": ("CD", "CE", "CV", "CS", "CO"),
    "TS": ("TS", "IVL_TS"),
    "PN": ("PN", "EN", "ON", "TN"),
}
"""Types that are read as one; a value of the record is told apart by its own fields."""
_SILENT = {name: FACTS.types[name].defaults() for name in FACTS.types}

NULL = {"nullFlavor": "null"}
"""The one attribute of every type: why there is no value."""


def collapse(text: str) -> str:
    """A text with its white space collapsed, line separators kept as line breaks."""
    if LINE in text:
        return "\n".join(part for part in (" ".join(one.split()) for one in text.split(LINE)) if part)
    return " ".join(text.split())


def taken(element: Element, fields: Mapping[str, str], of: str, walk: Walk) -> dict[str, str]:
    """The values of an element's attributes by the field each one is; an empty value is none, the rest is accounted."""
    found: dict[str, str] = {}
    for name, value in element.items():
        field = fields.get(name)
        if field is None:
            spare(element, name, value, of, walk)
        else:
            walk.read += 1
            if value:
                found[field] = value
    return found


def spare(element: Element, name: str, value: str, of: str, walk: Walk) -> None:
    """An attribute that a kind did not take: silent where the schema says so, else lost."""
    if name == XSI_TYPE and value.rpartition(":")[2] in SAME.get(of, (of,)):
        walk.constant += 1
    elif _SILENT[of].get(name) == value or (name == "displayable" and value == "true"):
        walk.quiet += 1
    else:
        walk.lose_attribute(element, name)


def plain(element: Element, walk: Walk) -> str:
    """The text of an element that may hold text only; elements in it, and text after them, are lost."""
    text = element.text
    if len(element):
        leave(element, walk)
    if not text or text.isspace():
        return ""
    walk.read += 1
    return collapse(text)


def empty(element: Element, walk: Walk) -> None:
    """An element that may hold neither text nor elements."""
    if len(element):
        leave(element, walk)
    no_text(element, walk)


def no_text(element: Element, walk: Walk) -> None:
    """An element that may hold no text before its children."""
    if not blank(element.text):
        walk.lose_text(element, None)


def leave(element: Element, walk: Walk) -> None:
    """Lose the children of an element, and every text after a child."""
    for child in element:
        walk.lose_tree(child)
        if not blank(child.tail):
            walk.lose_text(element, child)
