"""Narrative: a section's text in canonical markup, the words at a place in it, and its way back to elements.

Canonical: HL7's narrative elements and their schema attributes in the author's order, without prefixes; white space
collapsed to one blank, kept between inline elements and dropped beside blocks. Other elements and attributes are lost.
"""

from typing import cast
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.cda.engine.walk import Walk
from patientoverblik.formats.cda.facts import FACTS, HL7, Type

_STRIP = len(HL7) + 2
_INLINE = frozenset(
    f"{{{HL7}}}{name}" for name in ("content", "linkHtml", "sub", "sup", "footnote", "footnoteRef", "renderMultiMedia")
)
_LINES = frozenset({"paragraph", "item", "tr", "caption", "table", "list", "thead", "tbody", "tfoot"})
_CELLS = frozenset({"td", "th"})
_BREAK = f"{{{HL7}}}br"
_SAFE = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)


def read_narrative(element: Element, walk: Walk) -> str | None:
    """The canonical markup inside a section's ``text``, None where there is nothing."""
    out: list[str] = []
    of = FACTS.types["StrucDoc.Text"]
    for name, value in element.items():
        if of.defaults().get(name) == value:
            walk.quiet += 1
        else:
            walk.lose_attribute(element, name)
    _inside(element, of, walk, out)
    return "".join(out) or None


def words_of(element: Element) -> str:
    """The words inside a narrative element: lines by ``br`` and by block, cells apart by a blank."""
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


def _inside(element: Element, of: Type, walk: Walk, out: list[str]) -> None:
    inline = element.tag in _INLINE
    children = list(element)
    text = element.text
    if text:
        _text(text, inline, children[0].tag in _INLINE if children else inline, of, walk, out)
    for number, child in enumerate(children):
        found = of.children.get(child.tag)
        if found is None:
            walk.lose_tree(child)
        else:
            _child(child, FACTS.types[found.type], walk, out)
        tail = child.tail
        if tail:
            after = children[number + 1].tag in _INLINE if number + 1 < len(children) else inline
            _text(tail, child.tag in _INLINE, after, of, walk, out)


def _text(text: str, blank_before: bool, blank_after: bool, of: Type, walk: Walk, out: list[str]) -> None:
    if text.isspace():
        if of.mixed and blank_before and blank_after:
            out.append(" ")
        return
    walk.read += 1
    inner = escape(" ".join(text.split()))
    before = " " if blank_before and text[0].isspace() else ""
    out.append(f"{before}{inner} " if blank_after and text[-1].isspace() else before + inner)


def _child(child: Element, of: Type, walk: Walk, out: list[str]) -> None:
    name = child.tag[_STRIP:]
    out.append(f"<{name}")
    items = child.items()
    if items:
        _attributes(child, items, of, walk, out)
    begun = len(out)
    _inside(child, of, walk, out)
    if len(out) == begun:
        out.append("/>")
    else:
        out.insert(begun, ">")
        out.append(f"</{name}>")


def _attributes(element: Element, items: list[tuple[str, str]], of: Type, walk: Walk, out: list[str]) -> None:
    for name, value in items:
        known = of.attributes.get(name)
        if known is None:
            walk.lose_attribute(element, name)
        elif known.silent == value and value:
            walk.quiet += 1
        else:
            walk.read += 1
            out.append(f" {name}={quoteattr(value)}")


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
