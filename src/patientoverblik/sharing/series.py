"""Series: all versions of one document of one owner, held together by its set id (CDA setId)."""

from collections.abc import Iterable, Iterator

from patientoverblik.problems import Finding
from patientoverblik.sharing.candidate import Candidate
from patientoverblik.sharing.model import DocumentEntry
from patientoverblik.sharing.ownership import Successions, owners, speaks_for


def same_series(one: DocumentEntry, other: DocumentEntry) -> bool:
    """Whether both are versions of one document; another owner's series is another one, whatever it is called."""
    return one.series != "" and one.series == other.series and not owners(one).isdisjoint(owners(other))


def judge_claim(candidate: Candidate, entries: Iterable[DocumentEntry], successions: Successions) -> Iterator[Finding]:
    """A fault where the document says it is a version of one that the sender may not speak for."""
    claimed = (entry for entry in entries if same_series(entry, candidate.draft))
    if any(not speaks_for(candidate.acting, entry, successions) for entry in claimed):
        yield Finding("sharing.target-unknown", place=candidate.place)


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
