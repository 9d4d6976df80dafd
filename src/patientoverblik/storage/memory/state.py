"""Everything the memory storage holds, as plain dictionaries of frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

from patientoverblik.access import (
    Attempt,
    Block,
    Custody,
    FollowUp,
    Guardian,
    Look,
    Notice,
    Opening,
    PersonFacts,
    PowerOfAttorney,
    Protection,
    Relation,
    Session,
)
from patientoverblik.service.outbox import Message
from patientoverblik.service.remark import Remark
from patientoverblik.service.seals import Chain, Entry, SealedAnchor, SealedCheckpoint, Slip
from patientoverblik.service.subscription import Subscription
from patientoverblik.service.telling import Telling
from patientoverblik.service.visit import Visit
from patientoverblik.service.work import Work
from patientoverblik.sharing.model import Association, DocumentEntry, Folder, PatientId, StoredReading, SubmissionSet


class Waiting(NamedTuple):
    """A message in the outbox, and whether it was given up."""

    message: Message
    given_up: bool


@dataclass(frozen=True)
class State:
    """One committed state, or the draft of the next; values are frozen, so a draft is a copy of the dictionaries."""

    patients: dict[PatientId, int] = field(default_factory=dict)
    links: dict[frozenset[int], None] = field(default_factory=dict)
    claims: dict[str, tuple[int, str]] = field(default_factory=dict)
    sets: dict[str, SubmissionSet] = field(default_factory=dict)
    folders: dict[str, Folder] = field(default_factory=dict)
    entries: dict[int, tuple[DocumentEntry, ...]] = field(default_factory=dict)
    associations: dict[int, tuple[Association, ...]] = field(default_factory=dict)
    contents: dict[tuple[int, str], bytes] = field(default_factory=dict)
    readings: dict[tuple[int, str], StoredReading] = field(default_factory=dict)
    relations: dict[int, Mapping[tuple[str, str, str, int], Relation]] = field(default_factory=dict)
    blocks: dict[int, Mapping[str, Block]] = field(default_factory=dict)
    powers: dict[int, Mapping[str, PowerOfAttorney]] = field(default_factory=dict)
    persons: dict[int, PersonFacts] = field(default_factory=dict)
    custodies: dict[int, Mapping[str, Custody]] = field(default_factory=dict)
    guardians: dict[int, Mapping[str, Guardian]] = field(default_factory=dict)
    protections: dict[int, Mapping[int, Protection]] = field(default_factory=dict)
    openings: dict[int, Mapping[str, Opening]] = field(default_factory=dict)
    attempts: dict[int, Mapping[tuple[int, str, str], Attempt]] = field(default_factory=dict)
    follow_ups: dict[int, Mapping[str, FollowUp]] = field(default_factory=dict)
    notices: dict[int, Mapping[str, Notice]] = field(default_factory=dict)
    looks: dict[int, tuple[Look, ...]] = field(default_factory=dict)
    trail: dict[Chain, tuple[Entry, ...]] = field(default_factory=dict)
    slips: dict[tuple[int, int], Slip] = field(default_factory=dict)
    checkpoints: list[SealedCheckpoint] = field(default_factory=list)
    anchors: dict[Chain, SealedAnchor] = field(default_factory=dict)
    tellings: dict[int, Mapping[str, Telling]] = field(default_factory=dict)
    past_links: dict[frozenset[int], None] = field(default_factory=dict)
    outbox: dict[tuple[int, str, str], Waiting] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    handles: dict[tuple[str, str], int] = field(default_factory=dict)
    used: dict[str, int] = field(default_factory=dict)
    counted: dict[str, tuple[int, int]] = field(default_factory=dict)
    secrets: dict[str, bytes] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)
    remarks: dict[str, Remark] = field(default_factory=dict)
    work: dict[tuple[str, int, str], Work] = field(default_factory=dict)
    work_read: dict[tuple[str, str], None] = field(default_factory=dict)
    visits: dict[tuple[int, str], Visit] = field(default_factory=dict)
    grants: dict[str, tuple[int, int, bytes]] = field(default_factory=dict)
    spendables: dict[str, bytes] = field(default_factory=dict)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)

    def draft(self) -> "State":
        """A copy whose dictionaries may be changed without anyone seeing it."""
        copies: dict[str, Any] = {part.name: getattr(self, part.name).copy() for part in fields(self)}
        return State(**copies)
