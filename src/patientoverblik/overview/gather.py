"""Which documents speak now: the current ones, those withdrawn, those that cannot be read, and those a newer version
stands for.

A replaced document says nothing current, whatever became of its successor: unreadable, blocked or missing, it never
revives (DESIGN 11).
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from patientoverblik.care import Contribution
from patientoverblik.overview.attribution import owner_of, series_of
from patientoverblik.overview.model import UnreadDocument
from patientoverblik.overview.shield import shown_title
from patientoverblik.sharing.model import DocumentEntry

Held = tuple[DocumentEntry, Contribution | None]


class Gathered(msgspec.Struct, frozen=True, gc=False):
    """The documents by what they may say. ``doubled`` pairs a current document with a lower version that is
    approved too."""

    current: tuple[Held, ...]
    withdrawn: tuple[Held, ...]
    replaced: tuple[Held, ...]
    unread: tuple[DocumentEntry, ...]
    doubled: tuple[tuple[Held, Held], ...]


def gather(documents: Iterable[Held]) -> Gathered:
    """Sort the documents by what they may say; the order they come in does not matter."""
    once = _once(sorted(documents, key=_age))
    approved = [held for held in once if held[0].status == "approved"]
    doubled = _doubled(approved)
    lower = {held[0].uuid for _, held in doubled}
    standing = [held for held in approved if held[0].uuid not in lower]
    deprecated = [held for held in once if held[0].status != "approved"]
    return Gathered(
        current=tuple(held for held in standing if held[1] is not None),
        withdrawn=tuple(held for held in deprecated if not held[0].replaced_by and held[1] is not None),
        replaced=tuple(held for held in once if held[1] is not None and (held[0].replaced_by or held[0].uuid in lower)),
        unread=tuple(entry for entry, care in standing if care is None),
        doubled=tuple(doubled),
    )


def told_unread(entry: DocumentEntry) -> UnreadDocument:
    """An unread document as the overview lists it, with the code of why."""
    fault = next((finding.code for finding in entry.findings if finding.severity == "error"), "")
    named = next((each.organisation.name for each in entry.authors if each.organisation), "")
    return UnreadDocument(
        entry=entry.uuid,
        title=shown_title(entry),
        organisation=named or (entry.custodian.name if entry.custodian else ""),
        at=entry.created or entry.registered,
        code=fault or f"overview.{'unreadable' if entry.state == 'read' else entry.state}",
    )


def _age(held: Held) -> tuple[int, str]:
    return (held[0].registered, held[0].uuid)


def _once(documents: Sequence[Held]) -> list[Held]:
    """The same document registered more than once is one document (DESIGN 10)."""
    same: defaultdict[tuple[str, str], list[Held]] = defaultdict(list)
    for held in documents:
        same[held[0].unique_id, held[0].content].append(held)
    return [_standing(copies) if len(copies) > 1 else copies[0] for copies in same.values()]


def _standing(copies: list[Held]) -> Held:
    """Of one document's entries: a replaced one decides; a withdrawn one, unless it was registered again since."""
    replaced = [held for held in copies if held[0].replaced_by]
    if replaced:
        return replaced[0]
    withdrawn = max((held[0].deprecated_at for held in copies if held[0].status != "approved"), default=-1)
    again = [held for held in copies if held[0].status == "approved" and held[0].registered >= withdrawn]
    return again[0] if again else next(held for held in copies if held[0].status != "approved")


def _doubled(approved: list[Held]) -> list[tuple[Held, Held]]:
    """Pairs of the highest version and each lower one of the same set by the same organisation, all approved."""
    sets: defaultdict[str, list[Held]] = defaultdict(list)
    for held in approved:
        series = series_of(*held)
        if series:
            sets[series].append(held)
    return [pair for versions in sets.values() if len(versions) > 1 for pair in _pairs(versions)]


def _pairs(versions: list[Held]) -> list[tuple[Held, Held]]:
    pairs = []
    for owner in dict.fromkeys(map(_owner, versions)):
        own = [held for held in versions if _owner(held) in (owner, "")]
        highest = max(own, key=_version)
        pairs += [(highest, held) for held in own if held is not highest and _owner(held) == owner]
    return pairs


def _owner(held: Held) -> str:
    return owner_of(held[0])


def _version(held: Held) -> tuple[int, int, str]:
    entry, care = held
    stated = care.document.version if care is not None else None
    return (entry.series_version or stated or 0, entry.registered, entry.uuid)
