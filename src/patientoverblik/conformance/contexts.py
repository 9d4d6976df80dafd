"""The elements a row of a table is about.

A context is an absolute XPath, or ``section[t=OID extension]``: the elements of that name which bear the template
identifier (the extension may be left out), wherever they stand, optionally followed by ``/`` and a relative XPath.
``templateId[t=1.208*]`` are the template identifiers themselves whose root begins so. Templates are looked up once per
document, since searching the whole tree for each row is what would cost most.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from patientoverblik.conformance.tables import Element, Row, search
from patientoverblik.formats.cda.facts import tag

Templates = Mapping[str, Sequence[Element]]
"""The ``templateId`` elements of a document by their root."""
Find = Callable[[Element, Templates], Sequence[Element]]

SHORT = re.compile(r"(?P<name>\w+)\[t=(?P<root>[^]\s]+)(?: (?P<extension>[^]\s]+))?\](?:/(?P<rest>.+))?")
BEGINNING = re.compile(r"templateId\[t=(?P<root>[0-9.]+)\*\]")
TEMPLATE = tag("templateId")


def templates_of(root: Element) -> Templates:
    """Every template identifier of a document by its root."""
    found: dict[str, list[Element]] = {}
    for one in root.iter(TEMPLATE):
        found.setdefault(one.get("root", ""), []).append(one)
    return found


def is_absolute(text: str) -> bool:
    """Whether a context is an XPath from the document's root."""
    return text.startswith("/")


def find_context(row: Row, text: str) -> Find:
    """A context of a table made ready; a fault in it names the row."""
    if beginning := BEGINNING.fullmatch(text):
        return marks_beginning(beginning["root"])
    short = SHORT.fullmatch(text)
    if short is None:
        everywhere = search(row, text)
        return lambda root, _templates: everywhere(root)
    bearers = bearing(tag(short["name"]), short["root"], short["extension"])
    if not short["rest"]:
        return bearers
    rest = search(row, short["rest"])
    return lambda root, templates: [found for one in bearers(root, templates) for found in rest(one)]


def marks_beginning(beginning: str) -> Find:
    """The template identifiers whose root begins with some digits."""

    def find(_root: Element, templates: Templates) -> Sequence[Element]:
        return [one for root, marks in templates.items() if root.startswith(beginning) for one in marks]

    return find


def bearing(name: str, identifier: str, extension: str | None) -> Find:
    """The elements of one name that bear a template identifier, each once."""

    def find(_root: Element, templates: Templates) -> Sequence[Element]:
        marks = templates.get(identifier, ())
        parents = [one.getparent() for one in marks if extension is None or one.get("extension") == extension]
        return list(dict.fromkeys(one for one in parents if one is not None and one.tag == name))

    return find
