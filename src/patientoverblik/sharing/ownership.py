"""Whose a document is: only its author organisation, or its successor, may replace or withdraw it (DESIGN 11)."""

from collections.abc import Iterable, Sequence

from patientoverblik.access import OrganisationRef
from patientoverblik.sharing.model import DocumentEntry

Key = tuple[str, str]
Successions = Sequence[tuple[OrganisationRef, OrganisationRef]]


def owners(entry: DocumentEntry) -> frozenset[Key]:
    """The organisations a document belongs to: its authors'; else the submitter's, else the custodian's.

    The custodian comes last because many parties keep their documents with the same host.
    """
    authors = [author.organisation for author in entry.authors if author.organisation]
    return keys(authors) or keys([entry.submitter]) or keys([entry.custodian])


def keys(places: Iterable[OrganisationRef | None]) -> frozenset[Key]:
    """Organisations by identity, whatever they are called."""
    return frozenset(_key(place) for place in places if place is not None)


def may_change(entry: DocumentEntry, acting: frozenset[Key], successions: Successions = ()) -> bool:
    """Whether one of the acting organisations owns the document or has taken over from one that does."""
    return not owners(entry).isdisjoint(heirs(acting, successions))


def speaks_for(acting: frozenset[Key] | None, entry: DocumentEntry, successions: Successions = ()) -> bool:
    """Whether a sender that speaks for these organisations (None: for anybody) may change a document: it is theirs, or
    they keep it. That the sender's document names the owner as its author is not enough: anybody can write that."""
    if acting is None:
        return True
    return not heirs(acting, successions).isdisjoint(owners(entry) | keys([entry.custodian]))


def heirs(acting: frozenset[Key], successions: Successions) -> frozenset[Key]:
    """The acting organisations and every organisation they have taken over from, directly or in steps."""
    found = acting
    while True:
        more = found | {_key(former) for former, heir in successions if _key(heir) in found}
        if more == found:
            return found
        found = more


def owning(entry: DocumentEntry) -> tuple[OrganisationRef, ...]:
    """The owners as references, for a caller that decides who may deliver."""
    return tuple(place for place in entry.origins if _key(place) in owners(entry))


def _key(place: OrganisationRef) -> Key:
    return place.system, place.value
