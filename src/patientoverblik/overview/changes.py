"""Since when each line says what it says, what it said before, and which lines a plan no longer has: worked out from
the versions of their document.

Only versions that exist for the reader are compared, so nothing hidden is told (DESIGN 13). Who wrote a line, and when,
is no part of what it says. To the patient, and who acts for them (``patients``), a version comes when they may see it.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import structs

from patientoverblik.overview.facts import Alias, Facts
from patientoverblik.overview.model import Dropped, Line, LineValue

_NOT_SAID = frozenset({"place", "documented_by"})


def date_lines(
    current: Sequence[Facts], replaced: Sequence[Facts], lines: dict[str, Line], alias: Alias, patients: bool
) -> None:
    """Give every line the time its words came (milliseconds UTC), and what they took the place of."""
    older = {facts.origin.entry: facts for facts in replaced}
    for document in current:
        for line in document.lines.values():
            since, former = _since(document, line, older, patients)
            shown = lines.get(alias.get(line.id, line.id))
            if shown is not None and since > shown.since:
                lines[shown.id] = structs.replace(shown, since=since, former=former)


def dropped_of(
    current: Sequence[Facts], replaced: Sequence[Facts], alias: Alias, patients: bool
) -> tuple[Dropped, ...]:
    """What stood in an earlier version of a plan and stands in it no longer, the newest first."""
    older = {facts.origin.entry: facts for facts in replaced}
    found = [one for document in current if document.plan for one in _dropped(document, older, alias, patients)]
    return tuple(sorted(found, key=lambda one: (-one.at, one.last.id)))


def _dropped(document: Facts, older: Mapping[str, Facts], alias: Alias, patients: bool) -> Iterator[Dropped]:
    """What any version of a document had and no later one has. A line without an identifier of its own is known by what
    it says: it has another id in every version."""
    later, plan = document, alias.get(document.plan, document.plan)
    ids, said = set(later.lines), set(map(_known_by, later.lines.values()))
    while (before := _before(later, older)) is not None:
        for line in before.lines.values():
            if line.kind != "plan" and line.id not in ids and _known_by(line) not in said:
                last = structs.replace(line, groups=(), related=(), plan=plan)
                yield Dropped(last, _came(later, patients), plan, document.origin.entry)
        ids |= set(before.lines)
        said |= set(map(_known_by, before.lines.values()))
        later = before


def _before(version: Facts, older: Mapping[str, Facts]) -> Facts | None:
    """The version that one replaced, None where the reader has none."""
    return next((older[entry] for entry in version.replaces if entry in older), None)


def _since(document: Facts, line: Line, older: Mapping[str, Facts], patients: bool) -> tuple[int, LineValue | None]:
    """When the version came that first said it so, and what the version before it said."""
    version, said = document, _said(line.value)
    while True:
        before = _before(version, older)
        told = None if before is None else before.lines.get(line.id)
        if before is None or told is None:
            return _came(version, patients), None
        if told.value is not line.value and _said(told.value) != said:
            return _came(version, patients), told.value
        version = before


def _came(version: Facts, patients: bool) -> int:
    return max(version.registered, version.shown_from) if patients else version.registered


def _said(value: LineValue) -> tuple[Any, ...]:
    return tuple([getattr(value, name) for name in value.__struct_fields__ if name not in _NOT_SAID])


def _known_by(line: Line) -> tuple[str, str]:
    """The kind of a line and its words."""
    return line.kind, str(getattr(line.value, "words", "") or getattr(line.value, "title", ""))
