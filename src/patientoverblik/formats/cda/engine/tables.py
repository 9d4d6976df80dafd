"""Generated narrative: where the author gave none, a table is made of the entries, and recognised again when read.

Its cells bear ids that begin with ``oversigt``, which entries refer to. Read back, the table is made again from the
values read: if it is the same but for the ids, the narrative is the profile's and the record keeps none; else it is
the author's.
"""

import re
from collections.abc import Iterator
from functools import cache
from xml.sax.saxutils import escape

import msgspec

from patientoverblik.formats.cda.datatypes import Wire
from patientoverblik.formats.cda.engine.wording import Path, paths_of, valued

GENERATED = 'ID="oversigt'
_MARKED = re.compile(r"[&<>\n]")
_MARKS = re.compile(r' ID="oversigt[^"]*"')


class Column(msgspec.Struct, frozen=True):
    """A column of a table: the ways to its value, and whether entries may refer to its cells, as they hold words."""

    paths: tuple[Path, ...]
    words: bool


class Layout(msgspec.Struct, frozen=True):
    """The columns of a shape's table, made ready: the markup of their headings, and where their values come from."""

    head: str
    columns: tuple[Column, ...]


@cache
def layout_of(table: tuple[tuple[str, str], ...]) -> Layout:
    """The layout of a table that a profile gives as headings and paths."""
    head = "".join(f"<th>{escape(title)}</th>" for title, _ in table)
    columns = tuple(Column(paths_of(text), text.split("|")[0] == "words") for _, text in table)
    return Layout(f"<thead><tr>{head}</tr></thead>", columns)


def table_of(heading: Wire, layout: Layout, name: str) -> str:
    """The markup of a heading's table with ids under ``name``, without ids where that is empty.

    Empty where there is nothing to tell.
    """
    rows = [row for item in entries(heading) if (row := _cells(item, layout.columns))]
    if not rows:
        return ""
    body = "".join([_row(cells, f"{name}.{number}" if name else "") for number, cells in enumerate(rows, 1)])
    mark = f' ID="{name}"' if name else ""
    return f"<table{mark}>{layout.head}<tbody>{body}</tbody></table>"


def unless_authored(heading: Wire, layout: Layout) -> Wire:
    """The heading without its narrative if that is the table made of its own values."""
    text = str(getattr(heading, "text", ""))
    if _MARKS.sub("", text) == table_of(heading, layout, ""):
        return msgspec.structs.replace(heading, text="")
    return heading


def entries(heading: Wire) -> Iterator[Wire]:
    """The entries that stand directly under a heading, in the order they are written."""
    for name in ("plan", "items", "statuses", "responsibilities", "relatives"):
        found = getattr(heading, name, None)
        if isinstance(found, tuple):
            yield from found
        elif found is not None:
            yield found


def _cells(item: Wire, columns: tuple[Column, ...]) -> list[tuple[str, bool]]:
    worded = bool(getattr(item, "words", ""))
    cells = [(_lines(valued(item, one.paths)), one.words and worded) for one in columns]
    return cells if any(text for text, _ in cells) else []


def _lines(text: str) -> str:
    if "\n" not in text:
        return " ".join(text.split())
    return "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())


def _row(cells: list[tuple[str, bool]], name: str) -> str:
    return f"<tr>{''.join([_cell(text, name if pointed else '') for text, pointed in cells])}</tr>"


def _cell(text: str, name: str) -> str:
    mark = f' ID="{name}"' if name else ""
    inner = escape(text).replace("\n", "<br/>") if _MARKED.search(text) else text
    return f"<td{mark}>{inner}</td>" if inner else f"<td{mark}/>"
