"""Kinds of text: a line, words by reference into the narrative or inline, and words as a value."""

from patientoverblik.formats.cda.datatypes import ED, ST
from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.cda.engine.leaf import NULL, collapse, empty, plain, spare, taken
from patientoverblik.formats.cda.engine.narrative import words_of
from patientoverblik.formats.cda.engine.walk import BESIDE, NO_TARGET, Walk, blank
from patientoverblik.formats.cda.facts import HL7

_REFERENCE = f"{{{HL7}}}reference"
_ADDRESS = {"value": "value", **NULL}


def read_st(element: Element, walk: Walk) -> ST | None:
    """A string."""
    null = taken(element, NULL, "ST", walk).get("null", "")
    text = plain(element, walk)
    return ST(text=text, null=null) if text or null else None


def read_line(element: Element, walk: Walk) -> str | None:
    """A title or name that is text only."""
    for name, value in element.items():
        _quiet(element, name, value, "ST", walk)
    return plain(element, walk) or None


def _quiet(element: Element, name: str, value: str, of: str, walk: Walk) -> None:
    """An attribute of words; a null flavour NI is quiet, as absent words say the same."""
    if name == "nullFlavor" and value == "NI":
        walk.quiet += 1
    else:
        spare(element, name, value, of, walk)


def read_words(element: Element, walk: Walk) -> str | None:
    """Words by reference into the narrative, or inline; with both, the narrative's words are taken."""
    for name, value in element.items():
        _quiet(element, name, value, "ED", walk)
    pointed: str | None = None
    for child in element:
        if child.tag == _REFERENCE and pointed is None:
            pointed = follow(child, walk)
        else:
            walk.lose_tree(child)
        if not blank(child.tail):
            walk.lose_text(element, child, BESIDE)
    return beside(element, pointed, walk)


def beside(element: Element, pointed: str | None, walk: Walk) -> str | None:
    """The words of an element whose reference gave ``pointed``."""
    if blank(element.text):
        return pointed
    if not pointed:
        walk.read += 1
        return collapse(str(element.text))
    if collapse(str(element.text)) == collapse(pointed):
        walk.quiet += 1
    else:
        walk.lose_text(element, None, BESIDE)
    return pointed


def follow(reference: Element, walk: Walk) -> str:
    """The words a reference points at; a reference to nothing is kept as a loss with a warning."""
    value: str | None = None
    for name, said in reference.items():
        if name == "value":
            value = said
        else:
            spare(reference, name, said, "TEL", walk)
    empty(reference, walk)
    target = walk.target(reference, value[1:]) if value and value.startswith("#") else None
    if target is not None:
        walk.read += 1
        return words_of(target)
    if value is not None:
        walk.lose_attribute(reference, "value", NO_TARGET)
        walk.warn("cda.reference-without-target", reference)
    return ""


def read_ed(element: Element, walk: Walk) -> ED | None:
    """Words as a value of their own: inline, or the address of a thing elsewhere."""
    null = taken(element, NULL, "ED", walk).get("null", "")
    text, reference = "", ""
    if not blank(element.text):
        walk.read += 1
        text = collapse(str(element.text))
    for child in element:
        if child.tag == _REFERENCE and not reference:
            reference = taken(child, _ADDRESS, "TEL", walk).get("value", "")
            empty(child, walk)
        else:
            walk.lose_tree(child)
        if not blank(child.tail):
            walk.lose_text(element, child)
    return ED(text=text, reference=reference, null=null) if text or reference or null else None
