"""Reading the tables of rules: each row knows its file and line, so that a fault can be named."""

import csv
from collections.abc import Callable, Mapping, Sequence
from importlib.resources import files
from typing import cast

from lxml import etree

from patientoverblik.conformance.conditions import of_attributes
from patientoverblik.formats.cda.facts import HL7, SDTC, XSI

Element = etree._Element
Row = Mapping[str, str]
Search = Callable[[Element], Sequence[Element]]
"""Elements found from an element."""
Condition = Callable[[Element], bool]
"""Whether something holds for an element."""

NAMESPACES = {"h": HL7, "sdtc": SDTC, "xsi": XSI, "re": "http://exslt.org/regular-expressions"}


class TableError(ValueError):
    """A fault in a table of rules, with the file and line it stands in; the program does not start with it."""

    def __init__(self, row: Row, reason: str) -> None:
        """Name the place and the reason."""
        super().__init__(f"{row['file']} line {row['line']}: {reason}")


def rows(name: str) -> list[Row]:
    """The rows of ``rules/<name>.csv``, each with ``file`` and ``line``."""
    text = files(__package__).joinpath("rules", f"{name}.csv").read_text(encoding="utf-8")
    return parse(name, text)


def parse(name: str, text: str) -> list[Row]:
    """The rows of a table's text; a row with too few or too many cells is a fault."""
    reader = csv.DictReader(text.splitlines())
    found: list[Row] = []
    for row in reader:
        known = {"file": f"{name}.csv", "line": str(reader.line_num)}
        if None in row or None in row.values():
            raise TableError(known, "the row has another number of cells than the heading")
        found.append({**row, **known})
    return found


def search(row: Row, path: str) -> Search:
    """A path to elements made ready; a fault in it names the row."""
    return cast(Search, compile_xpath(row, path))


def condition(row: Row, test: str) -> Condition:
    """A condition made ready; a fault in it names the row."""
    return of_attributes(test) or cast(Condition, compile_xpath(row, f"boolean({test})"))


def compile_xpath(row: Row, expression: str) -> etree.XPath:
    """An XPath made ready; a fault in it names the row."""
    try:
        return etree.XPath(expression, namespaces=NAMESPACES, smart_strings=False, regexp="re:" in expression)
    except etree.XPathSyntaxError as fault:
        raise TableError(row, f"not an XPath: {expression}") from fault
