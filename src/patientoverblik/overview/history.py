"""What a line said in every version of its document, also in versions that are replaced or withdrawn (nothing is
deleted)."""

from collections.abc import Iterable

from patientoverblik.overview.gather import Held
from patientoverblik.overview.model import Wording
from patientoverblik.overview.prepare import wordings_in


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
