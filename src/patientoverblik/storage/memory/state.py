"""Everything the memory storage holds, as plain dictionaries of frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from patientoverblik.access import (
    Block,
    Look,
    PersonFacts,
    PowerOfAttorney,
    Relation,
    SecurityEvent,
    Session,
)
from patientoverblik.sharing.model import Association, DocumentEntry, PatientId, StoredReading, SubmissionSet

Chain = tuple[tuple[SecurityEvent, bytes], ...]


@dataclass(frozen=True)
class State:
    """One committed state, or the draft of the next; values are frozen, so a draft is a copy of the dictionaries."""

    patients: dict[PatientId, int] = field(default_factory=dict)
    links: dict[frozenset[int], None] = field(default_factory=dict)
    claims: dict[str, tuple[int, str]] = field(default_factory=dict)
    sets: dict[str, SubmissionSet] = field(default_factory=dict)
    entries: dict[int, tuple[DocumentEntry, ...]] = field(default_factory=dict)
    associations: dict[int, tuple[Association, ...]] = field(default_factory=dict)
    contents: dict[tuple[int, str], bytes] = field(default_factory=dict)
    readings: dict[tuple[int, str], StoredReading] = field(default_factory=dict)
    relations: dict[int, tuple[Relation, ...]] = field(default_factory=dict)
    blocks: dict[int, Mapping[str, Block]] = field(default_factory=dict)
    powers: dict[int, Mapping[str, PowerOfAttorney]] = field(default_factory=dict)
    persons: dict[int, PersonFacts] = field(default_factory=dict)
    looks: dict[int, tuple[Look, ...]] = field(default_factory=dict)
    events: dict[int, Chain] = field(default_factory=dict)
    organisation_events: dict[str, Chain] = field(default_factory=dict)
    sessions: dict[str, Session] = field(default_factory=dict)
    handles: dict[tuple[str, str], int] = field(default_factory=dict)
    sources: dict[str, int] = field(default_factory=dict)

    def draft(self) -> "State":
        """A copy whose dictionaries may be changed without anyone seeing it."""
        copies: dict[str, Any] = {part.name: dict(getattr(self, part.name)) for part in fields(self)}
        return State(**copies)
