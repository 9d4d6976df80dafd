"""Series: all versions of one document of one owner, held together by its set id (CDA setId)."""

from collections.abc import Iterable, Iterator

from patientoverblik.problems import Finding
from patientoverblik.sharing.candidate import Candidate
from patientoverblik.sharing.model import DocumentEntry
from patientoverblik.sharing.ownership import owners


def same_series(one: DocumentEntry, other: DocumentEntry) -> bool:
    """Whether both are versions of one document; another owner's series is another one, whatever it is called."""
    return one.series != "" and one.series == other.series and not owners(one).isdisjoint(owners(other))


def judge_series(
    candidate: Candidate, entries: Iterable[DocumentEntry], replaced: tuple[DocumentEntry, ...]
) -> Iterator[Finding]:
    """Notes on a new version: others of its series that stay approved beside it, and a number that is not higher."""
    draft = candidate.draft
    gone = {entry.uuid for entry in replaced}
    mine = [entry for entry in entries if same_series(entry, draft) and entry.unique_id != draft.unique_id]
    if any(entry.status == "approved" and entry.uuid not in gone for entry in mine):
        yield Finding("sharing.series-not-replaced", place=candidate.place)
    if draft.series_version and any(entry.series_version >= draft.series_version for entry in mine):
        yield Finding("sharing.version-not-higher", place=candidate.place)
