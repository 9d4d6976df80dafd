"""What every kind does with its element: take what it knows, and lose the rest where it stands."""

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


def collapse(text: str) -> str:
    """A text with its white space collapsed, line separators kept as line breaks."""
    if LINE in text:
        return "\n".join(part for part in (" ".join(one.split()) for one in text.split(LINE)) if part)
    return " ".join(text.split())


def finish(element: Element, rest: dict[str, str], of: str, walk: Walk) -> None:
    """What a kind did not take of its attributes: silent where the schema says so, else lost."""
    silent = _SILENT[of]
    for name, value in rest.items():
        if silent.get(name) == value or (name == "displayable" and value == "true"):
            walk.quiet += 1
        elif name == XSI_TYPE and value.rpartition(":")[2] in SAME.get(of, (of,)):
            walk.constant += 1
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


def leave(element: Element, walk: Walk, known: tuple[str, ...] = ()) -> None:
    """Lose the children of an element but the known ones, and every text after a child."""
    for child in element:
        if child.tag not in known:
            walk.lose_tree(child)
        if not blank(child.tail):
            walk.lose_text(element, child)


def nulls(element: Element, of: str, walk: Walk) -> str:
    """The null flavour of an element that has no other attribute of its own."""
    rest = dict(element.items())
    if not rest:
        return ""
    null = rest.pop("nullFlavor", "")
    walk.read += bool(null)
    if rest:
        finish(element, rest, of, walk)
    return null


def valued(element: Element, of: str, walk: Walk) -> tuple[str, str]:
    """The value and null flavour of an element that has nothing else."""
    rest = dict(element.items())
    count = len(rest)
    value, null = rest.pop("value", ""), rest.pop("nullFlavor", "")
    walk.read += count - len(rest)
    if rest:
        finish(element, rest, of, walk)
    empty(element, walk)
    return value, null
