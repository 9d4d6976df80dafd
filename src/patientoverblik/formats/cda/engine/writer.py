"""The writer: a write tree per shape, walked with a value of the record; the result is the canonical document.

Children stand in the schema's order. A step that may repeat is written once per item, with only that item in it. An
element is written if some field below has a value, if it is a constant of its own line, or if it is owed (``!``).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec
from lxml import etree

from patientoverblik.formats.cda.datatypes import Wire
from patientoverblik.formats.cda.documents import Document, Heading
from patientoverblik.formats.cda.engine.element import Element
from patientoverblik.formats.cda.engine.model import LEAVES, FieldType
from patientoverblik.formats.cda.engine.narrative import parse_narrative, words_of
from patientoverblik.formats.cda.engine.places import Place, Step
from patientoverblik.formats.cda.engine.profile import Line, Shape, Source
from patientoverblik.formats.cda.engine.tables import layout_of, table_of
from patientoverblik.formats.cda.engine.tree import Builder, Instance, instance
from patientoverblik.formats.cda.engine.writing import WRITERS, text_of, write_any
from patientoverblik.formats.cda.facts import HL7, SDTC, XSI, child, tag

NAMESPACES: Any = {None: HL7, "xsi": XSI, "sdtc": SDTC}


@dataclass
class Node:
    """One element that may be written.

    ``items`` names the field that is written once per item through this element; ``owed`` ones follow when their parent
    stands.
    """

    tag: str
    order: int
    type: str
    key: object
    constants: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    children: list["Node"] = field(default_factory=list)
    field: str = ""
    kind: str = ""
    shape: "Plan | None" = None
    items: str = ""
    required: bool = False
    fixed: bool = False
    owed: bool = False


@dataclass
class Plan:
    """How a shape's value is written: its element's node, and which field is its narrative."""

    shape: Shape
    root: Node
    narrative: str = ""


@dataclass
class Page:
    """The document being written: the words its narratives hold, innermost last, and the ids taken."""

    words: list[dict[str, str]] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    def name(self) -> str:
        """A fresh id for a generated table."""
        number = next(n for n in range(1, len(self.taken) + 2) if f"oversigt{n}" not in self.taken)
        self.taken.add(f"oversigt{number}")
        return f"oversigt{number}"

    def pointer(self, words: str) -> str:
        """The id of the narrative element that says exactly these words, empty if none does."""
        return next((found[words] for found in reversed(self.words) if words in found), "")


def plan(builder: Builder, made: Instance, step: Step, done: dict[int, Plan]) -> Plan:
    """The write tree of a shape; ``done`` keeps those already made."""
    if id(made) in done:
        return done[id(made)]
    shape = made.shape
    root = Node("", 0, made.branch.type.name, None)
    result = done[id(made)] = Plan(shape, root)
    for one in (step, *shape.marks[:1]):
        _owe(root, one)
    for line in (one for one in shape.lines if one.written):
        if line.place.kind == "self":
            _owe(root, line.place.steps[0])
        else:
            _place(builder, made, root, line, done)
            result.narrative = line.field if line.place.kind == "narrative" else result.narrative
    _sort(root)
    return result


def _sort(node: Node) -> None:
    node.children.sort(key=lambda one: one.order)
    for one in node.children:
        _sort(one)


def _owe(node: Node, step: Step) -> None:
    for constant in step.constants:
        node.constants.setdefault(constant.attribute, constant.values[0])
    for place in step.owed:
        _chain(node, place, owed=True)


def _chain(node: Node, place: Place, owed: bool) -> None:
    """Constants below an element."""
    for number, step in enumerate(place.steps):
        before = len(node.children)
        parent, node = node, _step(node, step, ("constant", place.steps[number:]))
        if len(parent.children) > before:
            node.owed = owed
        node.fixed = node.fixed or not owed


def _step(parent: Node, step: Step, key: object) -> Node:
    """The child of a node for a step; equal keys are one element."""
    name = tag(step.names[0])
    known = child(parent.type, name)
    if known is None:
        raise AssertionError("a place that is not in the schema stops the load")
    wanted = key if known.repeats else name
    found = next((one for one in parent.children if one.tag == name and one.key == wanted), None)
    if found is None:
        found = Node(name, known.order, known.type, wanted)
        parent.children.append(found)
    _owe(found, step)
    return found


def _place(builder: Builder, made: Instance, node: Node, line: Line, done: dict[int, Plan]) -> None:
    if not line.field:
        _chain(node, line.place, owed=False)
        return
    wanted = made.fields[line.field]
    steps = line.place.steps
    repeated = _repeated(node, steps) if wanted.many else -1
    for number, step in enumerate(steps):
        key = ("items", line.field) if number == repeated else _signature(line, steps, number, wanted, builder.source)
        node = _step(node, step, key)
        node.items = line.field if number == repeated else node.items
        node.owed = False
    _end(builder, node, line, wanted, done)


def _signature(line: Line, steps: tuple[Step, ...], number: int, wanted: FieldType, source: Source) -> object:
    """What two lines must share to stand in one repeatable element: everything down to the last condition."""
    ends = source.shapes.get(line.place.kind or wanted.kind)
    marked = [place for place, step in enumerate(steps) if step.conditions]
    last = len(steps) - 1 if ends is not None and ends.marks else max(marked, default=-1)
    name = ends.name if ends is not None and ends.marks else ""
    return ("lines", steps[number : last + 1], name)


def _repeated(node: Node, steps: tuple[Step, ...]) -> int:
    """The deepest step that the schema lets repeat; where it lets none, the last (more than one is then not valid)."""
    here, found = node.type, None
    for number, step in enumerate(steps):
        known = child(here, tag(step.names[0]))
        if known is None:
            raise AssertionError("a place that is not in the schema stops the load")
        found = number if known.repeats else found
        here = known.type
    return len(steps) - 1 if found is None else found


def _end(builder: Builder, node: Node, line: Line, wanted: FieldType, done: dict[int, Plan]) -> None:
    if line.place.attribute:
        node.attributes[line.place.attribute] = line.field
        node.constants.pop(line.place.attribute, None)
        return
    kind = line.place.kind or ("line" if wanted.kind == "str" else wanted.kind)
    kind = f"typed {kind}" if node.type == "ANY" and kind in LEAVES else kind
    step = line.place.steps[-1]
    node.field, node.kind, node.required = line.field, kind, step.required
    node.constants, node.children, node.fixed = {}, [], False
    shape = builder.source.shapes.get(kind)
    if shape is not None:
        node.shape = plan(builder, instance(builder, shape, node.type, step), step, done)


def write_document(root: Plan, value: Wire, root_tag: str) -> bytes:
    """The canonical document of a record."""
    page = Page()
    page.taken |= {name for text in _narratives(value) for name in _ids(text)}
    element: etree._Element = etree.Element(root_tag, nsmap=NAMESPACES)
    _fill_shape(root, element, value, page)
    return etree.tostring(element, xml_declaration=True, encoding="UTF-8")


def _narratives(value: object) -> Iterator[str]:
    if isinstance(value, tuple):
        for one in value:
            yield from _narratives(one)
    elif isinstance(value, Heading | Document):
        if isinstance(value, Heading) and value.text:
            yield value.text
        for name in value.__struct_fields__:
            yield from _narratives(getattr(value, name))


def _ids(markup: str) -> Iterator[str]:
    for one in parse_narrative(markup).iter(etree.Element):
        if mark := one.get("ID"):
            yield mark


def _fill_shape(of: Plan, element: etree._Element, value: Wire, page: Page) -> None:
    values = msgspec.structs.asdict(value)
    if not of.narrative:
        _fill(of.root, element, values, page)
        return
    columns = tuple(of.shape.table.items())
    markup = values[of.narrative] or (table_of(value, layout_of(columns), page.name()) if columns else "")
    page.words.append(_index(markup))
    _fill(of.root, element, {**values, of.narrative: markup}, page)
    page.words.pop()


def _index(markup: str) -> dict[str, str]:
    """The first element with an id for each words the narrative says."""
    found: dict[str, str] = {}
    for one in parse_narrative(markup).iter(etree.Element) if 'ID="' in markup else ():
        if mark := one.get("ID"):
            found.setdefault(words_of(cast(Element, one)), mark)
    return found


def _fill(node: Node, element: etree._Element, values: dict[str, Any], page: Page) -> bool:
    """Write a node's constants, fields and children into its element; whether anything but constants was written."""
    for name, constant in node.constants.items():
        element.set(name, constant)
    filled = False
    for name, of in node.attributes.items():
        if values.get(of):
            element.set(name, values[of])
            filled = True
    made = [(one, found) for one in node.children for found in _elements(one, values, page)]
    filled = filled or any(not one.owed for one, _ in made)
    for one, found in made:
        if filled or not one.owed or not node.tag:
            element.append(found)
    return filled


def _elements(node: Node, values: dict[str, Any], page: Page) -> Iterator[etree._Element]:
    """The elements a node stands for: one per item, or one, or none."""
    if node.items:
        for item in values.get(node.items) or ():
            yield from _element(node, {node.items: item}, page)
    else:
        yield from _element(node, values, page)


def _element(node: Node, values: dict[str, Any], page: Page) -> Iterator[etree._Element]:
    element: etree._Element = etree.Element(node.tag)
    if node.field:
        if _fill_field(node, element, values.get(node.field), page):
            yield element
    elif _fill(node, element, values, page) or node.fixed or node.owed or node.required:
        yield element


def _fill_field(node: Node, element: etree._Element, value: Any, page: Page) -> bool:
    """Write a field's value into its element; whether the element stands."""
    if value is None or value == "":
        if node.required and node.kind != "narrative":
            element.set("nullFlavor", "NI")
        return node.required
    if node.shape is not None:
        _fill_shape(node.shape, element, value, page)
    elif isinstance(value, str):
        TEXTS[node.kind](element, value, page)
    elif node.kind == "Any" or node.kind.startswith("typed "):
        write_any(element, value)
    else:
        WRITERS[type(value)](element, value)
    return True


def _write_line(element: etree._Element, value: str, _: Page) -> None:
    element.text = text_of(value)


def _write_words(element: etree._Element, value: str, page: Page) -> None:
    mark = page.pointer(value)
    if mark:
        etree.SubElement(element, f"{{{HL7}}}reference").set("value", f"#{mark}")
    else:
        element.text = text_of(value)


def _write_narrative(element: etree._Element, value: str, _: Page) -> None:
    made = parse_narrative(value)
    element.text = made.text
    element.extend(list(made))


TEXTS: dict[str, Callable[[etree._Element, str, Page], None]] = {
    "line": _write_line,
    "words": _write_words,
    "narrative": _write_narrative,
}
