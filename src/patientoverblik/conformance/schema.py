"""Our own schema of CDA with the sdtc extension, built in memory from the facts and compiled by libxml2.

The facts are rows; the schema document exists only while it is compiled. Two namespaces need two documents, the second
of which the compiler asks for by the address ``facts:sdtc``.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast

import msgspec
from lxml import etree

from patientoverblik.formats.cda.facts import ANY_NAME, HL7, SDTC, Attribute, Element, Facts, Group, SimpleType, Type

XS = "http://www.w3.org/2001/XMLSchema"
PREFIXES: dict[str | None, str] = {"xs": XS, None: HL7, "sdtc": SDTC}
SDTC_ADDRESS = "facts:sdtc"
FACETS = {"min_length": "minLength", "max_length": "maxLength", "min": "minInclusive", "max": "maxInclusive"}


class SdtcDocument(etree.Resolver):
    """Hands the compiler the document of the sdtc namespace; nothing else is fetched."""

    def __init__(self, document: bytes) -> None:
        """Keep the document to hand out."""
        self.document = document

    def resolve(self, system_url: str, public_id: str, context: Any = None) -> Any:  # noqa: ARG002
        """Answer the one address that our schema names."""
        return self.resolve_string(self.document if system_url == SDTC_ADDRESS else b"", context, base_url=system_url)


def compile_schema(facts: Facts) -> etree.XMLSchema:
    """The schema of a ClinicalDocument; only its verdict may be shared among threads, as it keeps the last error
    log."""
    ours, extension = (document(facts, namespace) for namespace in (HL7, SDTC))
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    parser.resolvers.add(SdtcDocument(extension))
    return etree.XMLSchema(etree.fromstring(ours, parser))


def document(facts: Facts, namespace: str) -> bytes:
    """The schema document of one namespace."""
    root = etree.Element(f"{{{XS}}}schema", nsmap=cast(Mapping[str, str], PREFIXES))
    root.set("targetNamespace", namespace)
    root.set("elementFormDefault", "qualified")
    add_import(root, namespace)
    for simple in facts.simple.values():
        if home(simple.name) == namespace:
            add_simple(root, united(simple, facts))
    for one in facts.types.values():
        if home(one.name) == namespace and not one.simple:
            add_type(root, one)
    add_globals(root, facts, namespace)
    return etree.tostring(root)


def add_import(root: etree._Element, namespace: str) -> None:
    """Each document knows the other; only HL7's says where the other is."""
    other = add(root, "import", namespace=SDTC if namespace == HL7 else HL7)
    if namespace == HL7:
        other.set("schemaLocation", SDTC_ADDRESS)


def add_globals(root: etree._Element, facts: Facts, namespace: str) -> None:
    """The document's root element, or every sdtc element and attribute that HL7's types take in."""
    if namespace == HL7:
        add(root, "element", name="ClinicalDocument", type=facts.root)
        return
    takers = [one for one in facts.types.values() if home(one.name) == HL7]
    taken = {part.tag: part.type for one in takers for part in elements(one.own) if home_of_tag(part.tag) == SDTC}
    for tag, name in taken.items():
        add(root, "element", name=local(tag), type=name)
    for attribute in {one.name: one for kind in takers for one in kind.own_attributes if one.name[0] == "{"}.values():
        add(root, "attribute", name=local(attribute.name), type=attribute.simple_type)


def united(simple: SimpleType, facts: Facts) -> SimpleType:
    """A union of lists of words as one list of them, as libxml2 would try member after member; any other as it is."""
    words = words_of(simple, facts) if simple.members else ()
    return msgspec.structs.replace(simple, base="xs:token", enumeration=words, members=()) if words else simple


def words_of(simple: SimpleType, facts: Facts) -> tuple[str, ...]:
    """The words that a type or its members list, each once; empty if one of those takes other words too."""
    members = [words_of(facts.simple[name], facts) if name in facts.simple else () for name in simple.members]
    if not all(members) or simple.pattern or simple.item or simple.facets:
        return ()
    return tuple(dict.fromkeys((*simple.enumeration, *(word for words in members for word in words))))


def add_simple(root: etree._Element, simple: SimpleType) -> None:
    """One simple type: a union, a list, or a restriction with its facets."""
    node = add(root, "simpleType", name=simple.name.removeprefix("sdtc:"))
    if simple.members:
        add(node, "union", memberTypes=" ".join(simple.members))
    elif simple.item:
        add(node, "list", itemType=simple.item)
    else:
        add_facets(add(node, "restriction", base=simple.base), simple)


def add_facets(node: etree._Element, simple: SimpleType) -> None:
    """What a restriction demands of its base."""
    if simple.pattern:
        add(node, "pattern", value=simple.pattern)
    for value in simple.enumeration:
        add(node, "enumeration", value=value)
    for name, value in simple.facets.items():
        add(node, FACETS[name], value=value)


def add_type(root: etree._Element, one: Type) -> None:
    """One complex type; what it inherits is left to the compiler."""
    node = add(root, "complexType", name=one.name.removeprefix("sdtc:"))
    if one.mixed:
        node.set("mixed", "true")
    if one.abstract:
        node.set("abstract", "true")
    if one.base:
        node = add(add(node, "complexContent"), one.derivation, base=one.base)
    if one.own.parts:
        add_group(node, one.own, one.name)
    for attribute in one.own_attributes:
        add_attribute(node, attribute)


def add_group(node: etree._Element, group: Group, owner: str) -> None:
    """A sequence or choice with its parts."""
    made = add(node, group.kind)
    occurs(made, group.minimum, group.maximum)
    for part in group.parts:
        if isinstance(part, Group):
            add_group(made, part, owner)
        else:
            add_element(made, part, owner)


def add_element(node: etree._Element, element: Element, owner: str) -> None:
    """An element in a content model: of the owner's own namespace, by reference to the other, or any foreign one."""
    if element.tag == ANY_NAME:
        made = add(node, "any", namespace="##other", processContents="skip")
    elif home_of_tag(element.tag) != home(owner):
        made = add(node, "element", ref=f"sdtc:{local(element.tag)}")
    else:
        made = add(node, "element", name=local(element.tag))
        if not element.lax:
            made.set("type", element.type)
    occurs(made, element.minimum, element.maximum)


def add_attribute(node: etree._Element, attribute: Attribute) -> None:
    """An attribute with its use, default or fixed value."""
    foreign = attribute.name[0] == "{"
    own = {"name": attribute.name, "type": attribute.simple_type}
    known = {"ref": f"sdtc:{local(attribute.name)}"} if foreign else own
    made = add(node, "attribute", **known, use=attribute.use)
    for name in ("default", "fixed"):
        if value := getattr(attribute, name):
            made.set(name, value)


def occurs(node: etree._Element, minimum: int, maximum: int | None) -> None:
    """How often a part may stand."""
    node.set("minOccurs", str(minimum))
    node.set("maxOccurs", "unbounded" if maximum is None else str(maximum))


def elements(group: Group) -> Iterable[Element]:
    """Every element named in a content model."""
    for part in group.parts:
        yield from elements(part) if isinstance(part, Group) else (part,)


def add(parent: etree._Element, name: str, /, **attributes: str) -> etree._Element:
    """A new element of the schema language."""
    return etree.SubElement(parent, f"{{{XS}}}{name}", attributes)


def home(type_name: str) -> str:
    """The namespace a type belongs to."""
    return SDTC if type_name.startswith("sdtc:") else HL7


def home_of_tag(tag: str) -> str:
    """The namespace of a tag; any foreign one counts as HL7's own place."""
    return SDTC if tag.startswith(f"{{{SDTC}}}") else HL7


def local(tag: str) -> str:
    """The name without its namespace."""
    return tag.rpartition("}")[2]
