"""What a line said in every version of its document, also in versions that are replaced or withdrawn (nothing is
deleted)."""

from collections.abc import Iterable, Sequence

from msgspec import structs

from patientoverblik.overview.facts import Facts
from patientoverblik.overview.gather import Held
from patientoverblik.overview.model import Line, Wording
from patientoverblik.overview.prepare import wordings_in


def mark_changed(replaced: Sequence[Facts], lines: dict[str, Line]) -> None:
    """Say of each line whether a replaced version of its document, or of one of those it gathers, had it too."""
    before = {line for facts in replaced for line in facts.lines}
    for line in [each for each in lines.values() if before and not before.isdisjoint(each.members or (each.id,))]:
        lines[line.id] = structs.replace(line, earlier=True)


def versions_of(documents: Iterable[Held], lines: Iterable[str], *, whole: bool = False) -> tuple[Wording, ...]:
    """Every wording of the lines (a line's id, or its ``members``) in the documents a permit lets through, newest
    first.

    Also wordings that were later entered in error are told here.
    """
    wanted = set(lines)
    found = [
        wording
        for entry, care in documents
        if care is not None
        for line, wording in wordings_in(entry, care, whole)
        if line in wanted
    ]
    return tuple(sorted(found, key=lambda each: (-each.attribution.at, each.attribution.entry, each.attribution.place)))
