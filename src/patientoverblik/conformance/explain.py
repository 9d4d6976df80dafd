"""What is wrong with the structure of a document, element by element, in our own words.

libxml2 gives the verdict; it stops at the first fault in each content and speaks in texts that quote values. This
walk looks at an invalid document again with the facts, finds every fault, and names only words of the norm.
"""

from collections.abc import Iterator
from typing import cast

from lxml import etree

from patientoverblik.conformance.content import Misfit, misfits
from patientoverblik.conformance.fault import Fault
from patientoverblik.conformance.values import form
from patientoverblik.formats.cda.facts import FACTS, HL7, SDTC, XSI, Type, substitutes

ROOT = f"{{{HL7}}}ClinicalDocument"
XSI_TYPE, XSI_NIL = f"{{{XSI}}}type", f"{{{XSI}}}nil"
FREE = {f"{{{XSI}}}schemaLocation", f"{{{XSI}}}noNamespaceSchemaLocation"}
ELEMENTS = {tag for one in FACTS.types.values() for tag in one.children}
ATTRIBUTES = {name for one in FACTS.types.values() for name in one.attributes} | {XSI_TYPE, XSI_NIL}


def explain(root: etree._Element) -> Iterator[Fault]:
    """Every structural fault, in no particular order; nothing for a document that fits."""
    if root.tag != ROOT:
        yield fault("structure.not-a-cda-document", root)
        return
    yield from repeated_ids(root)
    waiting = [(root, FACTS.types[FACTS.root])]
    while waiting:
        node, declared = waiting.pop()
        yield from own_faults(node, declared)
        chosen = chosen_type(node, declared)
        if chosen:
            yield from attribute_faults(node, chosen)
            yield from text_faults(node, chosen)
            yield from content_faults(node, chosen)
            waiting += known_children(node, chosen)


def own_faults(node: etree._Element, declared: Type) -> Iterator[Fault]:
    """Faults in which type the element says it has."""
    if XSI_NIL in node.attrib:
        yield fault("structure.unexpected-attribute", node, XSI_NIL)
    if XSI_TYPE in node.attrib and chosen_type(node, declared) is None:
        yield fault("structure.bad-type", node, XSI_TYPE, about=declared.name)
    elif XSI_TYPE not in node.attrib and declared.abstract:
        yield fault("structure.missing-type", node, about="xsi:type")


def chosen_type(node: etree._Element, declared: Type) -> Type | None:
    """The type an element is to be held against; None if it names one that does not fit, or none where it must."""
    named = node.get(XSI_TYPE)
    if named is None:
        return None if declared.abstract else declared
    prefix, _, name = named.strip().rpartition(":")
    space = node.nsmap.get(prefix or None)
    full = {HL7: name, SDTC: f"sdtc:{name}"}.get(space or "", "")
    return FACTS.types[full] if full in substitutes(declared.name) else None


def attribute_faults(node: etree._Element, chosen: Type) -> Iterator[Fault]:
    """Attributes that do not belong, have a wrong value, or are missing."""
    for name, value in cast("list[tuple[str, str]]", node.items()):
        if name in (XSI_TYPE, XSI_NIL) or name in FREE:
            continue
        one = chosen.attributes.get(name)
        if one is None:
            known = name in ATTRIBUTES
            yield fault(f"structure.{'unexpected' if known else 'unknown'}-attribute", node, name)
        elif one.fixed and value != one.fixed:
            yield fault("structure.not-the-fixed-value", node, name, about=one.fixed)
        elif not form(one.simple_type)(value):
            yield fault("structure.bad-value", node, name, about=one.simple_type)
    for name, one in chosen.attributes.items():
        if one.use == "required" and name not in node.attrib:
            yield fault("structure.missing-attribute", node, about=word(name))


def text_faults(node: etree._Element, chosen: Type) -> Iterator[Fault]:
    """Text where only elements may stand, or text of a wrong form."""
    text = "".join([node.text or "", *(child.tail or "" for child in node)])
    if chosen.simple:
        if not form(chosen.name)(text):
            yield fault("structure.bad-text", node, about=chosen.name)
    elif not chosen.mixed and (text.strip() or (text and not chosen.children)):
        yield fault("structure.unexpected-text", node)


def known_children(node: etree._Element, chosen: Type) -> Iterator[tuple[etree._Element, Type]]:
    """The children whose type is known, to be looked at next."""
    for child in node.iterchildren("*"):
        known = chosen.children.get(child.tag)
        if known and not known.lax:
            yield child, FACTS.types[known.type]


def content_faults(node: etree._Element, chosen: Type) -> Iterator[Fault]:
    """What does not fit among the children."""
    children = list(node.iterchildren("*"))
    for misfit in misfits(chosen.name, [child.tag for child in children]):
        where = node if misfit.position < 0 else children[misfit.position]
        yield content_fault(misfit, where)


def content_fault(misfit: Misfit, where: etree._Element) -> Fault:
    """One misfit in the words of the catalogue."""
    if misfit.fault == "unexpected" and where.tag not in ELEMENTS:
        return fault("structure.unknown-element", where)
    about = " / ".join(word(name) for name in misfit.names) or word(where.tag)
    return fault(f"structure.{misfit.fault}-element", where, about=about)


def repeated_ids(root: etree._Element) -> Iterator[Fault]:
    """Narrative ``ID`` values that stand more than once."""
    seen = set()
    for node in root.iter("*"):
        identifier = node.get("ID")
        if identifier is not None:
            if identifier in seen:
                yield fault("structure.repeated-id", node, "ID")
            seen.add(identifier)


def fault(code: str, node: etree._Element, attribute: str = "", about: str = "") -> Fault:
    """A fault at an element or its attribute; without another subject it is about that."""
    return Fault(code, node, attribute, about or word(attribute or node.tag))


def word(tag: str) -> str:
    """A name of the norm as people write it, with ``sdtc:`` or ``xsi:``; a name that the norm does not know is left
    out."""
    if tag not in ELEMENTS and tag not in ATTRIBUTES and tag != ROOT:
        return ""
    space, _, name = tag.rpartition("}")
    return f"sdtc:{name}" if space == f"{{{SDTC}" else f"xsi:{name}" if space == f"{{{XSI}" else name
