"""What the access room needs from others: evidence to decide on, and somewhere to write looks and events.

Each evidence port stands for a national service (behandlingsrelation, samtykke, fuldmagt, person register); the
embedded default keeps all of them in the product's own storage.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from patientoverblik.access.followed import Attempt, FollowUp, Notice
from patientoverblik.access.model import (
    Block,
    Custody,
    Evidence,
    Guardian,
    Look,
    Opening,
    PersonFacts,
    PowerOfAttorney,
    Protection,
    Relation,
    SecurityEvent,
)
from patientoverblik.access.session import Session


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

    def evidence(self, patient: int) -> Evidence:
        """Everything a decision about the patient rests on, in one read."""

    def evidences(self, patients: Sequence[int]) -> Mapping[int, Evidence]:
        """The same for each of many patients, in few reads."""


class EvidenceKeeper(EvidenceSource, Protocol):
    """The embedded default: evidence kept in the product's own storage; each row has one id and is replaced by it."""

    def put_relation(self, patient: int, relation: Relation) -> None:
        """Add a relation, or replace what was told of the same one: it may have ended, or been confirmed."""

    def put_block(self, patient: int, block: Block) -> None:
        """Add a block, or replace the one with its id."""

    def put_power(self, patient: int, power: PowerOfAttorney) -> None:
        """Add a power of attorney, or replace the one with its id."""

    def put_person(self, patient: int, facts: PersonFacts) -> None:
        """Set what the register says of the patient."""

    def put_custody(self, patient: int, custody: Custody) -> None:
        """Add a custody, or replace the one with its id."""

    def put_guardian(self, patient: int, guardian: Guardian) -> None:
        """Add a guardian, or replace the one with its id."""

    def put_protection(self, patient: int, protection: Protection) -> None:
        """Add somebody protected, or replace what stands of that person."""

    def put_opening(self, patient: int, opening: Opening) -> None:
        """Add an opening, or replace the one with its id."""


class FollowedReader(Protocol):
    """What follows a look; linked keys are united, in the order it was written."""

    def attempts(self, patient: int) -> tuple[Attempt, ...]:
        """Every attempt at the patient that is kept, in the order it was made."""

    def follow_ups(self, patient: int) -> tuple[FollowUp, ...]:
        """Every follow-up of looks at the patient."""

    def follow_ups_of(self, organisation: str) -> tuple[FollowUp, ...]:
        """Every follow-up of looks by an organisation (identifier value; empty: by any), by deadline."""

    def pending_follow_ups(self) -> tuple[FollowUp, ...]:
        """Every follow-up that waits to be confirmed or answered, by deadline."""

    def notices(self, patient: int) -> tuple[Notice, ...]:
        """Every notice to the patient."""


Kept = Relation | PowerOfAttorney | Block | Custody | Guardian | Protection | Opening | FollowUp | Notice
"""What has an end and may be forgotten once that is long past."""


class FollowedKeeper(FollowedReader, Protocol):
    """What follows a look, kept inside a transaction."""

    def kept_of(self, patient: int) -> tuple[Kept, ...]:
        """Everything of the kind that is kept under this key alone."""

    def forget(self, patient: int, kept: Kept) -> None:
        """Take away what is kept under this key with the id of ``kept``; nothing where there is none."""

    def put_attempt(self, patient: int, attempt: Attempt) -> None:
        """Keep an attempt; those made two years before it are forgotten."""

    def put_follow_up(self, follow_up: FollowUp) -> None:
        """Add a follow-up, or replace the one with its id."""

    def put_notice(self, notice: Notice) -> None:
        """Add a notice, or replace the one with its id."""


class TrailWriter(Protocol):
    """Looks and security events, written in the act's own transaction. The product never reads the trail to work."""

    def add_look(self, look: Look) -> None:
        """Write a look into the patient's log."""

    def forget_look(self, look: Look) -> None:
        """Take a look out of the patient's log."""

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

    def open_sessions(self, at: int, most: int) -> tuple[Session, ...]:
        """At most so many sessions that have not run out at ``at`` (ms UTC), those begun last first."""

    def sessions_of(self, issuer: str, subject: str = "", sid: str = "") -> tuple[str, ...]:
        """Ids of the sessions an issuer vouched for, of a subject, of one of its own sessions, or both where both are
        given; none where neither is."""


class SessionKeeper(SessionReader, Protocol):
    """Sessions inside a transaction."""

    def put_session(self, session: Session) -> None:
        """Keep a session."""

    def end_session(self, session: str) -> None:
        """Forget a session and its handles."""

    def put_handle(self, session: str, handle: str, patient: int) -> None:
        """Let a handle stand for a patient key in a session."""

    def drop_expired(self, at: int) -> None:
        """Forget sessions that had run out by then (ms UTC), some at a time, and their handles."""

    def use_once(self, key: str, until: int, at: int) -> bool:
        """Whether ``key`` is used for the first time. It is remembered until ``until``, after which whoever presents
        it must be refused as too old; what is past that at ``at`` is forgotten (ms UTC)."""

    def count(self, key: str, until: int, at: int) -> int:
        """How often ``key`` has been counted, this time with it, by all workers; it is forgotten at ``until`` as the
        first of them said it, and what is past at ``at`` is forgotten (ms UTC)."""

    def take_turn(self, job: str, at: int, until: int) -> bool:
        """Whether a job is ours until ``until``, because nobody had it at ``at`` (ms UTC). Nobody has it who would have
        it longer than we do: that was said by a clock that has been set back since."""

    def keep_turn(self, job: str, held: int, until: int) -> bool:
        """Whether a job that was ours until ``held`` was still ours; then it is until ``until``."""

    def keep_secret(self, name: str, fresh: bytes) -> bytes:
        """The secret kept under a name; ``fresh`` where there was none. Every worker gets the same."""
