"""Values to store: small, made up, and different from each other where it matters."""

from hashlib import sha256
from itertools import count
from uuid import UUID

from patientoverblik.access import Actor, Block, Look, OrganisationRef, PowerOfAttorney, Relation, SecurityEvent
from patientoverblik.sharing.model import Author, Code, DocumentEntry, PatientId, StoredReading, SubmissionSet

CPR = "1.2.208.176.1.2"
SOR = "1.2.208.176.1.1"
PRACTICE = OrganisationRef(SOR, "1001", "Lægerne Testvej")
HOSPITAL = OrganisationRef(SOR, "2002", "Testhospitalet")
NANCY = PatientId(CPR, "2512489996")
OTHER = PatientId(CPR, "6112489996")
DOCTOR = Actor("professional", "doctor-1", organisation=PRACTICE)


class Ids:
    """Ids in order, so that two storages given the same acts make the same ids."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def uuid(self) -> str:
        return f"urn:uuid:{UUID(int=next(self._numbers), version=4)}"

    def patient_key(self) -> int:
        return 1000 + next(self._numbers)


def key_of(data: bytes) -> str:
    return sha256(data).hexdigest()


def entry(number: int, patient: int = 1, **changes: object) -> DocumentEntry:
    values: dict[str, object] = {
        "uuid": f"urn:uuid:00000000-0000-4000-8000-{number:012}",
        "logical_id": f"urn:uuid:00000000-0000-4000-8000-{number:012}",
        "version": 1,
        "patient": patient,
        "status": "approved",
        "unique_id": f"1.2.208.184^document-{number}",
        "content": key_of(f"document {number}".encode()),
        "repository": "1.2.3",
        "home": "urn:oid:1.2.208.176.8.1",
        "title": f"Plan {number}",
        "created": 1_700_000_000_000 + number,
        "registered": 1_700_000_100_000 + number,
        "type_code": Code("81215-6", "2.16.840.1.113883.6.1"),
        "authors": (Author(PRACTICE, "Hansen", ("Anna",)),),
        "parts": ("plans",),
    }
    return DocumentEntry(**{**values, **changes})  # type: ignore[arg-type]


def reading(content: str, stamp: str = "stamp-1") -> StoredReading:
    return StoredReading(content, stamp, b"care of " + content.encode(), b"record " * 200, b"losses")


def submission_set(number: int, patient: int = 1) -> SubmissionSet:
    return SubmissionSet(f"urn:uuid:set-{number}", f"1.2.3.{number}", patient, "1.2.3", 1_700_000_000_000)


def look(number: int, patient: int = 1) -> Look:
    return Look(
        f"look-{number}", patient, DOCTOR, "treatment", "rule", 1_700_000_000_000 + number, "overview", "view-1"
    )


def event(number: int, patient: int = 1, actor: Actor = DOCTOR) -> SecurityEvent:
    return SecurityEvent(f"event-{number}", patient, actor, "look", "done", "rule", 1_700_000_000_000 + number)


def block(name: str, **changes: object) -> Block:
    return Block(name, **changes)  # type: ignore[arg-type]


def power(name: str, holder: int = 9) -> PowerOfAttorney:
    return PowerOfAttorney(name, holder, ("plans",))


RELATION = Relation("own-gp", PRACTICE)
