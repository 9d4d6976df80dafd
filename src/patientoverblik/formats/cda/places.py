"""Where something stands in a document: an absolute XPath with positions and the prefixes h, xsi, sdtc.

Every step but the root bears its position. An element or attribute of another namespace is
``*[namespace-uri()='…'][n]``, so that each place can be looked up in the document by any XPath 1.0 engine.
"""

from collections.abc import Callable

from lxml import etree

from patientoverblik.formats.cda.facts import HL7, SDTC, XSI

PREFIXES = {HL7: "h", SDTC: "sdtc", XSI: "xsi"}


Place = Callable[[etree._Element, str], str]


def place(node: etree._Element, attribute: str = "") -> str:
    """The absolute path of an element, or of its attribute as lxml names it (``{namespace}name``)."""
    return placer()(node, attribute)


def placer() -> Place:
    """A function like :func:`place` for many places of one document: siblings counted once are not counted again.

    Without it the places of a hundred thousand faulty siblings would take time in proportion to the square of their
    number.
    """
    counted: dict[tuple[etree._Element, str], tuple[etree._Element, int]] = {}

    def place_of(node: etree._Element, attribute: str) -> str:
        steps = [step(one, counted) for one in (node, *node.iterancestors())]
        end = [f"@{attribute_test(attribute)}"] if attribute else []
        return "/" + "/".join([*reversed(steps), *end])

    return place_of


def step(node: etree._Element, counted: dict[tuple[etree._Element, str], tuple[etree._Element, int]]) -> str:
    """One step: the element's name and its position among siblings of that name."""
    space, _, local = node.tag[1:].rpartition("}") if node.tag[0] == "{" else ("", "", node.tag)
    prefix = PREFIXES.get(space)
    test = f"{prefix}:{local}" if prefix else f"*[{namespace_test(space)}]"
    parent = node.getparent()
    if parent is None:
        return test
    alike = node.tag if prefix else f"{{{space}}}*"
    position = count(node, alike, counted.get((parent, alike)))
    counted[(parent, alike)] = (node, position)
    return f"{test}[{position}]"


def count(node: etree._Element, alike: str, known: tuple[etree._Element, int] | None) -> int:
    """The position of an element among its siblings, counted back to one whose position is known."""
    position = 1
    for earlier in node.itersiblings(alike, preceding=True):
        if known and earlier is known[0]:
            return position + known[1]
        position += 1
    return known[1] if known and node is known[0] else position


def attribute_test(name: str) -> str:
    """The name of an attribute; a foreign one is known by its namespace."""
    qualified = etree.QName(name)
    if not qualified.namespace:
        return qualified.localname
    prefix = PREFIXES.get(qualified.namespace)
    return f"{prefix}:{qualified.localname}" if prefix else f"*[{namespace_test(qualified.namespace)}]"


def namespace_test(space: str) -> str:
    """A test for a namespace, in whichever quotes it does not hold itself."""
    quote = '"' if "'" in space else "'"
    return f"namespace-uri()={quote}{space}{quote}"
