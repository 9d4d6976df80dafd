"""What sharing needs of a storage: reading a patient's shelf, and changing it inside one transaction.

Every method that touches a patient's rows names the patient key, so a patient's data lie together (DESIGN, Scale).
Look-ups by a foreign id go through a locator keyed by that id.
"""

from collections.abc import Sequence
from typing import Protocol

from patientoverblik.sharing.model import Association, DocumentEntry, Folder, PatientId, StoredReading, SubmissionSet


class NewIds(Protocol):
    """New identifiers for what is registered."""

    def uuid(self) -> str:
        """A new random UUID as ``urn:uuid:…``."""

    def patient_key(self) -> int:
        """A new random positive 63-bit integer."""


class Locators(Protocol):
    """From a foreign id to the patient key it lies under."""

    def patient_key(self, patient: PatientId) -> int | None:
        """The key of a patient id, None if it was never seen."""

    def linked_keys(self, patient: int) -> tuple[int, ...]:
        """The key itself and every key linked with it, ascending."""

    def locate_unique(self, unique_id: str) -> tuple[tuple[int, str], ...]:
        """(patient key, content hash) of every document registered under an XDS uniqueId; never more than one key."""

    def claim_of(self, unique_id: str) -> tuple[int, str] | None:
        """(patient key, content hash) that an XDS uniqueId was last bound to, whether or not it has an entry still."""

    def locate_entry(self, uuid: str) -> int | None:
        """The patient key an entryUUID lies under."""

    def locate_set(self, unique_id: str) -> tuple[int, SubmissionSet] | None:
        """A submission set by its uniqueId."""

    def locate_folder(self, unique_id: str) -> int | None:
        """The patient key that a folder's uniqueId lies under."""

    def locate_object(self, uuid: str) -> int | None:
        """The patient key a set, folder or association lies under."""


class Shelf(Locators, Protocol):
    """A patient's documents, read only."""

    def entries(self, patient: int) -> tuple[DocumentEntry, ...]:
        """Every entry under one key, in the order they were registered."""

    def entry(self, patient: int, uuid: str) -> DocumentEntry | None:
        """One entry."""

    def associations(self, patient: int) -> tuple[Association, ...]:
        """Every association under one key, in the order they were registered."""

    def sets(self, patient: int) -> tuple[SubmissionSet, ...]:
        """Every submission set under one key, by time and uuid."""

    def folders(self, patient: int) -> tuple[Folder, ...]:
        """Every folder under one key, by uuid."""

    def content(self, patient: int, content: str) -> bytes | None:
        """A document's bytes by content hash (SHA-256, hex), exactly as submitted."""

    def cares(self, patient: int, contents: Sequence[str]) -> dict[str, tuple[str, bytes]]:
        """(stamp, care contribution in MessagePack) for each content that has a reading; the record is not fetched."""

    def reading(self, patient: int, content: str) -> StoredReading | None:
        """A document's whole reading."""


class OpenShelf(Shelf, Protocol):
    """A patient's documents inside a transaction that may change them."""

    def expect_submission(self, patient: PatientId | None, set_id: str, documents: Sequence[str]) -> None:
        """Say that a submission for a patient begins, with the uniqueIds of the set (empty: none) and of its documents:
        a storage whose database is far away may fetch what it will read in one go. The answers are the same."""

    def expect_registration(self, patient: int, contents: Sequence[str]) -> None:
        """Say that documents with these content hashes are to be registered under a patient key, in the same way."""

    def claim_patient(self, patient: PatientId, key: int) -> int:
        """Bind a patient id to ``key`` unless it has one; the key in force."""

    def link(self, one: int, other: int) -> None:
        """Link two patient keys."""

    def unlink(self, one: int, other: int) -> None:
        """Undo exactly one link."""

    def claim_unique(self, unique_id: str, patient: int, content: str) -> None:
        """Bind an XDS uniqueId to a patient and a content; a claim without an entry may be taken over."""

    def add_set(self, submission_set: SubmissionSet) -> None:
        """Add a submission set."""

    def add_folder(self, folder: Folder) -> None:
        """Add a folder; its uuid must be new, and its uniqueId but for a later version's."""

    def put_folder(self, folder: Folder) -> None:
        """Replace the folder with the same uuid."""

    def add_entry(self, entry: DocumentEntry) -> None:
        """Add an entry."""

    def put_entry(self, entry: DocumentEntry) -> None:
        """Replace the entry with the same uuid (status, deprecation)."""

    def add_association(self, association: Association) -> None:
        """Add an association."""

    def put_association(self, association: Association) -> None:
        """Replace the association with the same uuid; it keeps its place in the order."""

    def add_content(self, patient: int, content: str, data: bytes) -> None:
        """Keep a document's bytes under its hash; the same bytes twice are kept once."""

    def put_reading(self, patient: int, reading: StoredReading) -> None:
        """Keep or replace a document's reading."""

    def remove_entry(self, patient: int, uuid: str) -> None:
        """Take an entry away; its bytes stay until they are removed too."""

    def remove_set(self, submission_set: SubmissionSet) -> None:
        """Take a submission set away; its members stay."""

    def remove_folder(self, folder: Folder) -> None:
        """Take a folder away; its members stay."""

    def remove_association(self, patient: int, uuid: str) -> None:
        """Take an association away."""

    def remove_content(self, patient: int, content: str) -> None:
        """Take a document's bytes and its reading away."""
