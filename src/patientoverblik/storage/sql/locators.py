"""From foreign ids to patient keys."""

from patientoverblik.sharing.model import PatientId, SubmissionSet
from patientoverblik.storage.fault import StorageFault
from patientoverblik.storage.sql.connection import Connection
from patientoverblik.storage.sql.packing import decode_set, encode
from patientoverblik.storage.sql.place import ENTRY, WITHIN, within
from patientoverblik.storage.sql.putting import once
from patientoverblik.storage.union import reachable

NEIGHBOURS = "select other from link where patient = ?"
NUMBER = "select patient from patient_locator where system = ? and value = ?"
UNIQUE = "select patient, content from unique_locator where unique_id = ?"
SET = "select patient from set_locator where unique_id = ?"
FOLDER = "select patient from folder_locator where unique_id = ?"
_CLAIM = "insert into unique_locator (unique_id, patient, content) values (?, ?, ?)"


class LocatorReads:
    """Look-ups by ids from outside."""

    def __init__(self, connection: Connection) -> None:
        """Read through ``connection``."""
        self._connection = connection

    def patient_key(self, patient: PatientId) -> int | None:
        """The key of a patient id."""
        row = self._connection.one(NUMBER, (patient.system, patient.value))
        return row[0] if row else None

    def linked_keys(self, patient: int) -> tuple[int, ...]:
        """The key and every key linked with it, ascending."""
        return reachable(patient, self._neighbours)

    def locate_unique(self, unique_id: str) -> tuple[tuple[int, str], ...]:
        """The patient key and content registered under an XDS uniqueId; a claim without an entry is none."""
        row = self._connection.one(UNIQUE, (unique_id,))
        return ((row[0], row[1].hex()),) if row and self._has_unique(row[0], unique_id) else ()

    def claim_of(self, unique_id: str) -> tuple[int, str] | None:
        """What an XDS uniqueId was last bound to."""
        row = self._connection.one(UNIQUE, (unique_id,))
        return (row[0], row[1].hex()) if row else None

    def locate_entry(self, uuid: str) -> int | None:
        """The patient key an entryUUID lies under."""
        row = self._connection.one("select patient from entry_locator where uuid = ?", (uuid,))
        return row[0] if row else None

    def locate_set(self, unique_id: str) -> tuple[int, SubmissionSet] | None:
        """A submission set by its uniqueId."""
        row = self._connection.one(SET, (unique_id,))
        return (row[0], self._set(row[0], unique_id)) if row else None

    def _neighbours(self, patient: int) -> list[int]:
        return [row[0] for row in self._connection.all(NEIGHBOURS, (patient,))]

    def _has_unique(self, patient: int, unique_id: str) -> bool:
        found = self._connection.one(
            f"select 1 from shelf where {WITHIN} and about = ? limit 1",  # noqa: S608
            (*within(patient, ENTRY), unique_id),
        )
        return found is not None

    def _set(self, patient: int, unique_id: str) -> SubmissionSet:
        row = self._connection.one(
            "select data from submission_set where patient = ? and unique_id = ?", (patient, unique_id)
        )
        return decode_set(row[0])


class LocatorWrites(LocatorReads):
    """Claims and links inside an act."""

    def claim_patient(self, patient: PatientId, key: int) -> int:
        """Bind a patient id to ``key`` unless it has one; the key in force."""
        held = self.patient_key(patient)
        if held is not None:
            return held
        self._connection.later(
            "insert into patient_locator (system, value, patient) values (?, ?, ?)",
            (patient.system, patient.value, key),
        )
        self._connection.later(
            "insert into patient_number (patient, system, value) values (?, ?, ?)",
            (key, patient.system, patient.value),
        )
        return key

    def link(self, one: int, other: int) -> None:
        """Link two patient keys; a key is always linked with itself."""
        if one != other:
            self._connection.later(once("link", "patient", "other"), (one, other))
            self._connection.later(once("link", "patient", "other"), (other, one))

    def unlink(self, one: int, other: int) -> None:
        """Undo exactly one link; nothing where there is none."""
        self._connection.later("delete from link where patient = ? and other = ?", (one, other))
        self._connection.later("delete from link where patient = ? and other = ?", (other, one))

    def claim_unique(self, unique_id: str, patient: int, content: str) -> None:
        """Bind an XDS uniqueId; a fault where a document of another patient or content has it."""
        held, wanted = self.claim_of(unique_id), (patient, content)
        if held not in (None, wanted) and self.locate_unique(unique_id):
            raise StorageFault("storage.conflict")
        if held is None:
            self._connection.later(_CLAIM, (unique_id, patient, bytes.fromhex(content)))
        elif held != wanted and self._connection.run(*_taking_over(unique_id, held, wanted)) != 1:
            raise StorageFault("storage.conflict")

    def add_set(self, submission_set: SubmissionSet) -> None:
        """Add a submission set; its uniqueId must be new."""
        found = submission_set
        self._connection.later(
            "insert into set_locator (unique_id, patient) values (?, ?)", (found.unique_id, found.patient)
        )
        self._connection.later(
            "insert into submission_set (patient, unique_id, data) values (?, ?, ?)",
            (found.patient, found.unique_id, encode(found)),
        )


def _taking_over(unique_id: str, held: tuple[int, str], wanted: tuple[int, str]) -> tuple[str, tuple[object, ...]]:
    """The statement that takes a claim over from its holder; it changes nothing where somebody else was first."""
    patient, content = wanted[0], bytes.fromhex(wanted[1])
    return (
        "update unique_locator set patient = ?, content = ? where unique_id = ? and patient = ? and content = ?",
        (patient, content, unique_id, held[0], bytes.fromhex(held[1])),
    )
