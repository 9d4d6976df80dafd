"""Narrative: a section's text in canonical markup, the words at a place in it, and its way back to elements.

Canonical: HL7's narrative elements and their schema attributes in the author's order, without prefixes; white space
collapsed to one blank, kept between inline elements and dropped beside blocks. Other elements and attributes are lost.
"""

from collections.abc import Mapping
from typing import cast
from xml.sax.saxutils import escape, quoteattr

import msgspec
from lxml import etree

from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.cda.engine.walk import Walk
from patientoverblik.formats.cda.facts import FACTS, HL7, Attribute

_STRIP = len(HL7) + 2
_INLINE = frozenset(
    f"{{{HL7}}}{name}" for name in ("content", "linkHtml", "sub", "sup", "footnote", "footnoteRef", "renderMultiMedia")
)
_LINES = frozenset({"paragraph", "item", "tr", "caption", "table", "list", "thead", "tbody", "tfoot"})
_CELLS = frozenset({"td", "th"})
_SAFE = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)


class Markup(msgspec.Struct, frozen=True):
    """A narrative element of one name and type, made ready: its tags as they are written, and what may stand in it.

    ``known`` is shared by all elements of the type; the types hold each other, so it is filled after it is handed out.
    """

    open: str
    close: str
    inline: bool
    mixed: bool
    attributes: Mapping[str, Attribute]
    known: Mapping[str, "Markup"]


def _made_ready() -> Mapping[str, Markup]:
    """What may stand in a section's ``text``, by tag, and so on inwards."""
    narrative = [one for name, one in FACTS.types.items() if name.startswith("StrucDoc.")]
    known: dict[str, dict[str, Markup]] = {one.name: {} for one in narrative}
    for one in narrative:
        for tag, held in one.children.items():
            name, of = tag[_STRIP:], FACTS.types[held.type]
            words = (f"<{name}", f"</{name}>", tag in _INLINE)
            known[one.name][tag] = Markup(*words, of.mixed, of.attributes, known[of.name])
    return known[_TEXT.name]


_TEXT = FACTS.types["StrucDoc.Text"]
_WHOLE = Markup("", "", False, _TEXT.mixed, _TEXT.attributes, _made_ready())


def read_narrative(element: Element, walk: Walk) -> str | None:
    """The canonical markup inside a section's ``text``, None where there is nothing."""
    out: list[str] = []
    for name, value in element.items():
        if _TEXT.defaults().get(name) == value:
            walk.quiet += 1
        else:
            walk.lose_attribute(element, name)
    _inside(element, _WHOLE, walk, out)
    return "".join(out) or None


def words_of(element: Element) -> str:
    """The words inside a narrative element: lines by ``br`` and by block, cells apart by a blank."""
    if not len(element):
        return " ".join((element.text or "").split())
    out: list[str] = []
    _words(element, out)
    lines = (" ".join(line.split()) for line in "".join(out).split("\n"))
    return "\n".join(line for line in lines if line)


def parse_narrative(markup: str) -> etree._Element:
    """The ``text`` element that holds a canonical markup; ``ValueError`` if it is not well-formed."""
    try:
        return cast(etree._Element, etree.fromstring(f'<text xmlns="{HL7}">{markup}</text>', _SAFE))
    except etree.XMLSyntaxError:
        raise ValueError("narrative is not well-formed") from None


def canonical(markup: str) -> str:
    """Markup as it would be read back from a document; what the schema does not know is dropped."""
    return read_narrative(cast(Element, parse_narrative(markup)), Walk()) or ""


def _inside(element: Element, made: Markup, walk: Walk, out: list[str]) -> None:
    text, inline, mixed, known_of = element.text, made.inline, made.mixed, made.known.get
    before = inline
    for child in element[:] if len(element) else ():
        found = known_of(child.tag)
        here = child.tag in _INLINE if found is None else found.inline
        if text and (mixed or not text.isspace()):
            _text(text, before, here, walk, out)
        if found is None:
            walk.lose_tree(child)
        else:
            _child(child, found, walk, out)
        text, before = child.tail, here
    if text and (mixed or not text.isspace()):
        _text(text, before, inline, walk, out)


def _text(text: str, blank_before: bool, blank_after: bool, walk: Walk, out: list[str]) -> None:
    inner = " ".join(text.split())
    if not inner:
        if blank_before and blank_after:
            out.append(" ")
        return
    walk.read += 1
    if "&" in inner or "<" in inner or ">" in inner:
        inner = escape(inner)
    before = " " if blank_before and text[0].isspace() else ""
    out.append(f"{before}{inner} " if blank_after and text[-1].isspace() else before + inner)


def _child(child: Element, made: Markup, walk: Walk, out: list[str]) -> None:
    out.append(made.open)
    items = child.items()
    if items:
        _attributes(child, items, made.attributes, walk, out)
    begun = len(out)
    out.append(">")
    _inside(child, made, walk, out)
    if len(out) == begun + 1:
        out[begun] = "/>"
    else:
        out.append(made.close)


def _attributes(
    element: Element, items: list[tuple[str, str]], known_of: Mapping[str, Attribute], walk: Walk, out: list[str]
) -> None:
    for name, value in items:
        known = known_of.get(name)
        if known is None:
            walk.lose_attribute(element, name)
        elif value and known.silent == value:
            walk.quiet += 1
        else:
            walk.read += 1
            out.append(f" {name}={quoteattr(value)}")
            if name == "ID":
                walk.targets.setdefault(value, element)


def _words(element: Element, out: list[str]) -> None:
    name = str(element.tag)[_STRIP:]
    edge = "\n" if name in _LINES or name == "br" else " " if name in _CELLS else ""
    out.append(edge)
    out.append(_flat(element.text))
    for child in element:
        _words(child, out)
        out.append(_flat(child.tail))
    out.append(edge)


def _flat(text: str | None) -> str:
    return text.replace("\n", " ").replace("\r", " ") if text else ""
