"""Generated narrative: where the author gave none, a table is made of the entries, and recognised again when read.

Its cells bear ids that begin with ``oversigt``, which entries refer to. Read back, the table is made again from the
values read: if it is the same but for the ids, the narrative is the profile's and the record keeps none; else it is
the author's.
"""

import re
from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape

import msgspec

from patientoverblik.formats.cda.datatypes import Wire
from patientoverblik.formats.cda.engine.wording import valued

GENERATED = 'ID="oversigt'
_MARKS = re.compile(r' ID="oversigt[^"]*"')


def table_of(heading: Wire, columns: Mapping[str, str], name: str) -> str:
    """The markup of a heading's table with ids under ``name``, without ids where that is empty.

    Empty where there is nothing to tell.
    """
    rows = [row for item in entries(heading) if (row := _cells(item, columns))]
    if not rows:
        return ""
    head = "".join(f"<th>{escape(column)}</th>" for column in columns)
    body = "".join(_row(cells, f"{name}.{number}" if name else "") for number, cells in enumerate(rows, 1))
    mark = f' ID="{name}"' if name else ""
    return f"<table{mark}><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def unless_authored(heading: Wire, columns: Mapping[str, str]) -> Wire:
    """The heading without its narrative if that is the table made of its own values."""
    text = str(getattr(heading, "text", ""))
    if _MARKS.sub("", text) == table_of(heading, columns, ""):
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


def _cells(item: Wire, columns: Mapping[str, str]) -> list[tuple[str, bool]]:
    cells = [
        (_lines(valued(item, path)), path.split("|")[0] == "words" and bool(getattr(item, "words", "")))
        for path in columns.values()
    ]
    return cells if any(text for text, _ in cells) else []


def _lines(text: str) -> str:
    if "\n" not in text:
        return " ".join(text.split())
    return "\n".join(" ".join(line.split()) for line in text.split("\n") if line.strip())


def _row(cells: list[tuple[str, bool]], name: str) -> str:
    return f"<tr>{''.join(_cell(text, name if pointed else '') for text, pointed in cells)}</tr>"


def _cell(text: str, name: str) -> str:
    inner = escape(text).replace("\n", "<br/>")
    mark = f' ID="{name}"' if name else ""
    return f"<td{mark}>{inner}</td>" if inner else f"<td{mark}/>"
