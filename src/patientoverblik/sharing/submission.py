"""What is handed in to be registered, and what comes of it."""

import msgspec

from patientoverblik.access import OrganisationRef
from patientoverblik.problems import Finding
from patientoverblik.sharing.model import AssociationType, Author, Code, DocumentEntry, Folder, PatientId, StoredReading


class Described(msgspec.Struct, frozen=True):
    """A document's metadata before it is registered.

    ``entry`` is a draft: no uuid, patient key or times of registration yet. ``patients`` are the valid patient ids the
    document itself names; ``replaces`` the uniqueIds of documents it says it replaces.
    """

    entry: DocumentEntry
    patients: tuple[PatientId, ...] = ()
    replaces: tuple[str, ...] = ()


class NewDocument(msgspec.Struct, frozen=True, omit_defaults=True):
    """One document of a submission.

    ``content`` is what its bytes are known by: their SHA-256 in hex. Of a document that is ``absent``, whose metadata
    alone are here, it is what stands for them, and there is no ``data``. ``related`` are the request's own associations
    from this document: (type, entryUUID of the target).
    """

    described: Described
    data: bytes
    content: str
    reading: StoredReading | None = None
    related: tuple[tuple[AssociationType, str], ...] = ()
    absent: bool = False

    def targets(self, *types: AssociationType) -> tuple[str, ...]:
        """The entryUUIDs this document is related to in one of these ways."""
        return tuple(target for type_, target in self.related if type_ in types)


class Link(msgspec.Struct, frozen=True, omit_defaults=True):
    """A membership that a submission asks for: of ``target`` in the folder ``source`` (entryUUIDs), or in the
    submission set itself where ``source`` is empty. ``label`` is Original or Reference (SubmissionSetStatus)."""

    source: str
    target: str
    label: str = ""
    uuid: str = ""


class Submission(msgspec.Struct, frozen=True, omit_defaults=True):
    """A submission set to be registered whole or not at all.

    ``patient`` is the patient id of the request's metadata; None takes the first document's. ``unique_id`` empty: the
    door has none and one is made. ``register_again``: the same document gets another entry (ITI-41), instead of the
    answer being the one there is. ``successors`` are recorded pairs (former organisation, the one that took over).
    ``folders`` are new ones, with their uuids; ``links`` memberships beside those of the documents in the set.
    ``acting`` are the organisations the sender speaks for: it changes nothing of others, whomever a document names as
    its author; None where it is anybody.
    """

    documents: tuple[NewDocument, ...]
    patient: PatientId | None = None
    submitter: OrganisationRef | None = None
    unique_id: str = ""
    source_id: str = ""
    title: str = ""
    author: Author | None = None
    content_type: Code | None = None
    register_again: bool = False
    successors: tuple[tuple[OrganisationRef, OrganisationRef], ...] = ()
    folders: tuple[Folder, ...] = ()
    links: tuple[Link, ...] = ()
    uuid: str = ""
    comments: str = ""
    intended_recipients: tuple[str, ...] = ()
    acting: tuple[OrganisationRef, ...] | None = None


class Accepted(msgspec.Struct, frozen=True):
    """One document of a submission as it is registered; ``again``: it was here before, and that entry is the answer."""

    entry: DocumentEntry
    again: bool = False


class Submitted(msgspec.Struct, frozen=True):
    """A submission that is registered. ``repeated``: the very same was submitted before, and this is its answer."""

    set_uuid: str
    patient: int
    documents: tuple[Accepted, ...]
    repeated: bool = False


class Rejected(msgspec.Struct, frozen=True):
    """An act that changed nothing, with every fault found; a finding's ``place`` is ``documents[n]`` or a field."""

    findings: tuple[Finding, ...]
