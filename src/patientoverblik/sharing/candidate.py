"""One document on its way in, and what was found of it; used between the steps of a submission."""

import msgspec

from patientoverblik.problems import Finding
from patientoverblik.sharing.model import AssociationType, DocumentEntry
from patientoverblik.sharing.ownership import Key
from patientoverblik.sharing.submission import NewDocument


class Candidate(msgspec.Struct, frozen=True):
    """A document to judge: where it stands in the request, and its draft entry with the submitter.

    ``beside`` are the uuids of the submission's other documents, which it may be added to. ``acting`` are the
    organisations the sender speaks for, None where it is anybody.
    """

    place: str
    document: NewDocument
    draft: DocumentEntry
    beside: frozenset[str] = frozenset()
    acting: frozenset[Key] | None = None


class Verdict(msgspec.Struct, frozen=True):
    """What was found: the entry that is here already, faults that refuse it, notes that do not, and what it relates to.

    ``replaced`` are entries it takes the place of; ``links`` all its associations (type, target entryUUID).
    """

    known: DocumentEntry | None = None
    faults: tuple[Finding, ...] = ()
    notes: tuple[Finding, ...] = ()
    replaced: tuple[DocumentEntry, ...] = ()
    links: tuple[tuple[AssociationType, str], ...] = ()
