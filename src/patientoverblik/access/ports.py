"""What the access room needs from others: evidence to decide on, and somewhere to write looks and events.

Each evidence port stands for a national service (behandlingsrelation, samtykke, fuldmagt, person register); the
embedded default keeps all of them in the product's own storage.
"""

from typing import Protocol

from patientoverblik.access.model import Block, Look, PersonFacts, PowerOfAttorney, Relation, SecurityEvent, Session


class RelationEvidence(Protocol):
    """Treatment relations (BRS, nsp.md §6)."""

    def relations(self, patient: int) -> tuple[Relation, ...]:
        """Every known relation of the patient."""


class Consents(Protocol):
    """Blocks and consents (MinSpærring, nsp.md §7)."""

    def blocks(self, patient: int) -> tuple[Block, ...]:
        """Every block the patient has made, ended ones included."""


class Powers(Protocol):
    """Powers of attorney (Digital Fuldmagt, nsp.md §8)."""

    def powers(self, patient: int) -> tuple[PowerOfAttorney, ...]:
        """Every power of attorney the patient has given."""


class PersonRegister(Protocol):
    """Person-register facts and events (CPR)."""

    def person(self, patient: int) -> PersonFacts:
        """What the register says of the patient now."""


class EvidenceSource(RelationEvidence, Consents, Powers, PersonRegister, Protocol):
    """All evidence for one patient key; linked keys are already united."""


class EvidenceKeeper(EvidenceSource, Protocol):
    """The embedded default: evidence kept in the product's own storage; each row has one id and is replaced by it."""

    def put_relation(self, patient: int, relation: Relation) -> None:
        """Add a relation."""

    def put_block(self, patient: int, block: Block) -> None:
        """Add a block, or replace the one with its id."""

    def put_power(self, patient: int, power: PowerOfAttorney) -> None:
        """Add a power of attorney, or replace the one with its id."""

    def put_person(self, patient: int, facts: PersonFacts) -> None:
        """Set what the register says of the patient."""


class TrailWriter(Protocol):
    """Looks and security events, written in the act's own transaction. The product never reads the trail to work."""

    def add_look(self, look: Look) -> None:
        """Write a look into the patient's log."""

    def add_event(self, event: SecurityEvent) -> None:
        """Append an event to the patient's chain."""


class LookReader(Protocol):
    """The citizen's log and replay."""

    def look(self, patient: int, look: str) -> Look | None:
        """One look by its id."""

    def looks(self, patient: int) -> tuple[Look, ...]:
        """Every look at the patient, oldest first."""

    def events(self, patient: int) -> tuple[SecurityEvent, ...]:
        """The patient's chain of security events, oldest first (for verification only)."""


class SessionReader(Protocol):
    """Sessions, and the opaque handles a session has for patients (DESIGN 14)."""

    def session(self, session: str) -> Session | None:
        """A session by its id; ended ones are not told apart from unknown ones."""

    def handle(self, session: str, handle: str) -> int | None:
        """The patient key a handle stands for in this session and no other."""


class SessionKeeper(SessionReader, Protocol):
    """Sessions inside a transaction."""

    def put_session(self, session: Session) -> None:
        """Keep a session."""

    def end_session(self, session: str) -> None:
        """Forget a session and its handles."""

    def put_handle(self, session: str, handle: str, patient: int) -> None:
        """Let a handle stand for a patient key in a session."""
