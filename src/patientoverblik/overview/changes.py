"""Since when each line says what it says, and what it said before: worked out from the versions of its document.

Only versions that exist for the reader are compared, so nothing hidden is told (DESIGN 13). Who wrote a line, and when,
is no part of what it says.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import structs

from patientoverblik.overview.facts import Alias, Facts
from patientoverblik.overview.model import Line, LineValue

_NOT_SAID = frozenset({"place", "documented_by"})


def date_lines(current: Sequence[Facts], replaced: Sequence[Facts], lines: dict[str, Line], alias: Alias) -> None:
    """Give every line the time its words came (milliseconds UTC), and the words they took the place of."""
    older = {facts.origin.entry: facts for facts in replaced}
    for document in current:
        for line in document.lines.values():
            since, former = _since(document, line, older)
            shown = lines.get(alias.get(line.id, line.id))
            if shown is not None and since > shown.since:
                lines[shown.id] = structs.replace(shown, since=since, former=former)


def _since(document: Facts, line: Line, older: dict[str, Facts]) -> tuple[int, str]:
    """When the version was registered that first said it so, and what the version before it said."""
    version, said = document, _said(line.value)
    while True:
        before = next((older[entry] for entry in version.replaces if entry in older), None)
        told = None if before is None else before.lines.get(line.id)
        if before is None or told is None:
            return version.registered, ""
        if told.value is not line.value and _said(told.value) != said:
            return version.registered, _words(told.value)
        version = before


def _said(value: LineValue) -> tuple[Any, ...]:
    return tuple([getattr(value, name) for name in value.__struct_fields__ if name not in _NOT_SAID])


def _words(value: LineValue) -> str:
    return str(getattr(value, "words", "") or getattr(value, "title", ""))
