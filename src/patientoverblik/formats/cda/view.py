"""A whole document for a person to read, from its original bytes: header facts, and the narrative as neutral blocks.

Whatever the author wrote as text is kept, and only as text: of the narrative's markup (CDA R2 section 4.3.5) tables,
lists, paragraphs, captions, line breaks, sub and sup keep their shape; every other element is dropped and its text
stays where it stood. Nothing here is HTML: the pages escape every text. Faults are values, and the parser fetches and
expands nothing.
"""

from collections.abc import Iterator
from typing import Literal

import msgspec
from lxml import etree

from patientoverblik.formats.cda.headerview import HeaderFact, header_facts
from patientoverblik.formats.model import Unread
from patientoverblik.problems import Finding

NAMESPACE = "{urn:hl7-org:v3}"
DEEPEST = 40
LARGEST = 20_000_000
NOT_READABLE = Unread((Finding("cda.view-not-readable"),))

Mark = Literal["", "br", "sub", "sup"]
_CONTAINERS = frozenset({"table", "list", "paragraph"})
_WRAPPERS = frozenset({"thead", "tbody", "tfoot"})


class Run(msgspec.Struct, frozen=True):
    """Some text, or a line break."""

    text: str
    mark: Mark = ""


class Paragraph(msgspec.Struct, frozen=True):
    """Running text."""

    runs: tuple[Run, ...]
    kind: Literal["paragraph"] = "paragraph"


class Cell(msgspec.Struct, frozen=True):
    """A cell of a table; ``columns`` and ``rows`` are how many it spans."""

    blocks: tuple["Block", ...]
    head: bool = False
    columns: int = 1
    rows: int = 1


class Table(msgspec.Struct, frozen=True):
    """A table, row by row."""

    rows: tuple[tuple[Cell, ...], ...]
    caption: str = ""
    kind: Literal["table"] = "table"


class Entry(msgspec.Struct, frozen=True):
    """One item of a list."""

    blocks: tuple["Block", ...]


class List(msgspec.Struct, frozen=True):
    """A list."""

    items: tuple[Entry, ...]
    ordered: bool = False
    caption: str = ""
    kind: Literal["list"] = "list"


class Section(msgspec.Struct, frozen=True):
    """A section with its title, its blocks and its sub-sections."""

    title: str
    blocks: tuple["Block", ...]
    kind: Literal["section"] = "section"


Block = Paragraph | Table | List | Section


class DocumentView(msgspec.Struct, frozen=True):
    """A document: its title, what its header says, and its sections."""

    title: str
    facts: tuple[HeaderFact, ...]
    sections: tuple[Section, ...]


def document_view(data: bytes) -> DocumentView | Unread:
    """The view of a CDA document's bytes; ``Unread`` where they are no such document."""
    root = _root(data)
    if root is None or root.tag != f"{NAMESPACE}ClinicalDocument":
        return NOT_READABLE
    parts = root.findall(f"{NAMESPACE}component/{NAMESPACE}structuredBody/{NAMESPACE}component/{NAMESPACE}section")
    title = root.find(f"{NAMESPACE}title")
    return DocumentView(_text(title), header_facts(root), tuple(_section(part, 0) for part in parts))


def _root(data: bytes) -> etree._Element | None:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    if len(data) > LARGEST:
        return None
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None


def _section(part: etree._Element, depth: int) -> Section:
    narrative = part.find(f"{NAMESPACE}text")
    blocks = _blocks(narrative, depth) if narrative is not None else ()
    below = part.findall(f"{NAMESPACE}component/{NAMESPACE}section") if depth < DEEPEST else []
    return Section(_text(part.find(f"{NAMESPACE}title")), blocks + tuple(_section(each, depth + 1) for each in below))


def _blocks(parent: etree._Element, depth: int) -> tuple[Block, ...]:
    """The blocks of an element: what is not a table, list or paragraph gathers into paragraphs of running text."""
    found: list[Block] = []
    runs: list[Run] = []
    for piece in _pieces(parent, depth):
        if isinstance(piece, Run):
            runs.append(piece)
        else:
            found += [*_paragraph(runs), piece]
            runs = []
    return (*found, *_paragraph(runs))


def _pieces(parent: etree._Element, depth: int, mark: Mark = "") -> Iterator[Run | Block]:
    yield from _run(parent.text, mark)
    for child in parent:
        yield from _child(child, depth, mark)
        yield from _run(child.tail, mark)


def _child(child: etree._Element, depth: int, mark: Mark) -> Iterator[Run | Block]:
    name = _name(child)
    if depth >= DEEPEST:
        yield from _run(_whole(child), mark)
    elif name == "br":
        yield Run("", "br")
        yield from _pieces(child, depth + 1, mark)
    elif name in _CONTAINERS:
        yield from _container(child, name, depth + 1)
    elif name in ("sub", "sup"):
        yield from _pieces(child, depth + 1, "sub" if name == "sub" else "sup")
    else:
        yield from _pieces(child, depth + 1, mark)


def _container(element: etree._Element, name: str, depth: int) -> Iterator[Block]:
    if name == "table":
        yield from _table(element, depth)
    elif name == "list":
        yield from _list(element, depth)
    else:
        yield from _blocks(element, depth)


def _table(element: etree._Element, depth: int) -> Iterator[Block]:
    """The table, then whatever text stands in it outside its cells and caption."""
    lines = [[cell for cell in line if _name(cell) in ("td", "th")] for line in _table_rows(element)]
    caption = _caption(element)
    yield Table(tuple(tuple(_cell(cell, depth) for cell in line) for line in lines if line), _text(caption))
    yield from _paragraph(_strays(element, {cell for line in lines for cell in line}, caption))


def _table_rows(element: etree._Element) -> Iterator[etree._Element]:
    for child in element:
        if _name(child) == "tr":
            yield child
        elif _name(child) in _WRAPPERS:
            yield from (line for line in child if _name(line) == "tr")


def _cell(element: etree._Element, depth: int) -> Cell:
    spans = (_span(element, "colspan"), _span(element, "rowspan"))
    return Cell(_blocks(element, depth + 1), _name(element) == "th", *spans)


def _span(element: etree._Element, name: str) -> int:
    written = element.get(name, "1")
    return min(100, max(1, int(written))) if written.isascii() and written.isdigit() and len(written) < 4 else 1


def _list(element: etree._Element, depth: int) -> Iterator[Block]:
    """The list, then whatever text stands in it outside its items and caption."""
    items = [child for child in element if _name(child) == "item"]
    caption = _caption(element)
    made = tuple(Entry(_blocks(child, depth)) for child in items)
    yield List(made, element.get("listType") == "ordered", _text(caption))
    yield from _paragraph(_strays(element, set(items), caption))


def _caption(element: etree._Element) -> etree._Element | None:
    return next((child for child in element if _name(child) == "caption"), None)


def _strays(element: etree._Element, taken: set[etree._Element], caption: etree._Element | None) -> list[Run]:
    """Text inside a table or list that stands in none of the elements already taken."""
    found = list(_run(element.text, ""))
    for child in element:
        if child is not caption and child not in taken:
            found += _strays(child, taken, caption)
        found += _run(child.tail, "")
    return [run for run in found if run.text.strip()]


def _paragraph(runs: list[Run]) -> tuple[Paragraph, ...]:
    said = any(run.text.strip() for run in runs)
    return (Paragraph(tuple(runs)),) if said else ()


def _run(text: str | None, mark: Mark) -> Iterator[Run]:
    if text:
        yield Run(text, mark)


def _text(element: etree._Element | None) -> str:
    return "" if element is None else " ".join(_whole(element).split())


def _whole(element: etree._Element) -> str:
    return "".join(str(part) for part in element.itertext())


def _name(element: etree._Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
