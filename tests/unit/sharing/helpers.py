"""Short ways to say what the tests of sharing say: who submits which document, and what came of it."""

from hashlib import sha256
from typing import Any

import msgspec

from patientoverblik.access import ALL_PARTS, Actor, OrganisationRef, Permit
from patientoverblik.access.permit import Terms, grant
from patientoverblik.sharing import Described, NewDocument, Rejected, Submission, Submitted, submit
from patientoverblik.sharing.model import Author, Code, DocumentEntry, PatientId
from patientoverblik.storage.memory import MemoryStorage
from tests.storages.samples import HOSPITAL, NANCY, OTHER, PRACTICE, Ids

PLAN = Code("81215-6", "2.16.840.1.113883.6.1")
APPOINTMENT = Code("39289-4", "2.16.840.1.113883.6.1")
NOW = 1_700_000_000_000

__all__ = ["APPOINTMENT", "HOSPITAL", "NANCY", "NOW", "OTHER", "PLAN", "PRACTICE", "World", "document", "permit_for"]


def document(
    name: str,
    text: str = "",
    author: OrganisationRef | None = PRACTICE,
    patients: tuple[PatientId, ...] = (NANCY,),
    says_replaces: tuple[str, ...] = (),
    related: tuple[tuple[Any, str], ...] = (),
    **metadata: Any,
) -> NewDocument:
    """A document with uniqueId ``1.2^name``; its bytes are made from name and text."""
    draft = DocumentEntry(
        uuid="",
        logical_id="",
        version=1,
        patient=0,
        status="approved",
        unique_id=f"1.2^{name}" if name else "",
        content="",
        repository="1.2.3",
        home="",
        title=name,
        type_code=PLAN,
        created=NOW,
        parts=("plans",),
        authors=(Author(author),) if author else (),
    )
    described = Described(msgspec.structs.replace(draft, **metadata), patients, says_replaces)
    data = f"{name}/{text}".encode()
    return NewDocument(described, data, sha256(data).hexdigest(), related=related)


class World:
    """A memory storage with its ids and a clock that goes one second for each act."""

    def __init__(self, storage: Any = None) -> None:
        self.storage = storage or MemoryStorage()
        self.ids = Ids()
        self.now = NOW

    def act(self, work: Any) -> Any:
        return self.storage.act(work).result(timeout=10)

    def submit(self, *documents: NewDocument, **facts: Any) -> Submitted | Rejected:
        self.now += 1000
        facts = {"patient": NANCY, "submitter": PRACTICE, **facts}
        return self.act(lambda tx: submit(tx, Submission(documents, **facts), self.ids, self.now))

    def stored(self, *documents: NewDocument, **facts: Any) -> DocumentEntry:
        answer = self.submit(*documents, **facts)
        assert isinstance(answer, Submitted), answer
        return answer.documents[0].entry

    def refused(self, *documents: NewDocument, **facts: Any) -> list[str]:
        before = self.storage._state
        answer = self.submit(*documents, **facts)
        assert isinstance(answer, Rejected), answer
        after = self.storage._state
        assert before == after, "a refused submission must change nothing"
        return [finding.code for finding in answer.findings]

    def entry(self, uuid: str) -> DocumentEntry:
        reader = self.storage.reader()
        found = reader.entry(reader.locate_entry(uuid), uuid)
        assert found is not None
        return found

    @property
    def patient(self) -> int:
        return self.storage.reader().patient_key(NANCY)


def permit_for(patient: int, **terms: Any) -> Permit:
    """A permit as the tests need it; the product makes them in ``access.decide`` alone."""
    facts: dict[str, Any] = {
        "patient": patient,
        "actor": Actor("professional", "doctor-1", organisation=PRACTICE),
        "on_behalf_of": 0,
        "purpose": "treatment",
        "rule": "test",
        "code": "access.treatment-relation",
        "scope": frozenset(ALL_PARTS),
        "blocks": (),
        "may_read_withheld": False,
        "valid_until": NOW * 2,
        "asked_again_at": NOW * 2,
    }
    return grant(Terms(**{**facts, **terms}))
