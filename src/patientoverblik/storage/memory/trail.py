"""Looks, the security trail and its seals in the memory storage."""

from collections.abc import Callable, Iterator

import msgspec
from msgspec.structs import replace

from patientoverblik.access import Look, SecurityEvent
from patientoverblik.service.seals import (
    NOTHING_BEFORE,
    Chain,
    Entry,
    Head,
    SealedAnchor,
    SealedCheckpoint,
    Slip,
    TailEnd,
    TailKey,
    chained,
)
from patientoverblik.service.tail import beginning_of, slip_after
from patientoverblik.storage.chain import chain_of, event_bytes
from patientoverblik.storage.memory.state import State

LANE = 0
_event = msgspec.msgpack.Decoder(SecurityEvent).decode


class TrailReads:
    """Reading the citizen's log, and the trail for verification."""

    _now: Callable[[], State]

    def look(self, patient: int, look: str) -> Look | None:
        """One look by its id."""
        return next((found for found in self.looks(patient) if found.id == look), None)

    def looks(self, patient: int) -> tuple[Look, ...]:
        """Every look at the patient under this key, oldest first."""
        return self._now().looks.get(patient, ())

    def events(self, patient: int) -> tuple[SecurityEvent, ...]:
        """The chain of security events under this key, oldest first; none under 0, which is no patient."""
        return tuple(_event(entry.data) for entry in self.chain_entries(Chain(patient))) if patient else ()

    def trail(self) -> Iterator[Entry]:
        """Every entry, chain by chain."""
        for chain in _in_order(self._now()):
            yield from self.chain_entries(chain)

    def chain_entries(self, chain: Chain) -> Iterator[Entry]:
        """The entries of one chain in order."""
        return iter(self._now().trail.get(chain, ()))

    def digest_at(self, chain: Chain, number: int) -> bytes | None:
        """The digest of one entry."""
        return next((entry.digest for entry in self.chain_entries(chain) if entry.number == number), None)

    def head(self, chain: Chain) -> Head | None:
        """The newest entry of a chain."""
        entries = self._now().trail.get(chain, ())
        return Head(chain.patient, chain.organisation, entries[-1].number, entries[-1].digest) if entries else None

    def checkpoints(self, after: int, most: int) -> tuple[SealedCheckpoint, ...]:
        """Checkpoints in order, beginning after a number."""
        return tuple(sealed for sealed in self._now().checkpoints if sealed.number > after)[:most]

    def last_checkpoint(self) -> SealedCheckpoint | None:
        """The newest checkpoint."""
        return self._now().checkpoints[-1] if self._now().checkpoints else None

    def anchor(self, chain: Chain) -> SealedAnchor | None:
        """Where a chain begins, if not at its first entry."""
        return self._now().anchors.get(chain)

    def anchors(self) -> Iterator[SealedAnchor]:
        """Every anchor."""
        return iter(tuple(self._now().anchors.values()))

    def slips(self, after: tuple[int, int], most: int) -> tuple[Slip, ...]:
        """Slips behind (lane, number), by lane and number."""
        return tuple(self._now().slips[key] for key in sorted(self._now().slips) if key > after)[:most]

    def tail_ends(self) -> tuple[TailEnd, ...]:
        """The end of every lane."""
        newest = {lane: self._now().slips[lane, number] for lane, number in sorted(self._now().slips)}
        return tuple(slip.end for slip in newest.values())

    def open_chains(self, most: int) -> tuple[Chain, ...]:
        """Chains with entries that no checkpoint covers."""
        return tuple(dict.fromkeys(slip.chain for slip in self._now().slips.values() if not slip.sealed))[:most]

    def chains_after(self, after: Chain, most: int) -> tuple[Chain, ...]:
        """Chains in the order of their keys."""
        found = _in_order(self._now())
        return tuple(chain for chain in found if _key(chain) > _key(after))[:most]


class TrailWrites(TrailReads):
    """Writing looks and events, and sealing them."""

    _trail_key: TailKey

    def add_look(self, look: Look) -> None:
        """Write a look into the patient's log."""
        self._now().looks[look.patient] = (*self.looks(look.patient), look)

    def forget_look(self, look: Look) -> None:
        """Take a look out of the patient's log."""
        self._now().looks[look.patient] = tuple(one for one in self.looks(look.patient) if one.id != look.id)

    def add_event(self, event: SecurityEvent) -> None:
        """Append an event to the patient's chain, or to its organisation's where it has no patient."""
        chain, data = chain_of(event), event_bytes(event)
        head = self.head(chain)
        digest = chained(head.digest if head else NOTHING_BEFORE, data)
        entry = Entry(chain, head.number + 1 if head else 1, data, digest)
        self._now().trail[chain] = (*self._now().trail.get(chain, ()), entry)
        before = next(iter(self.tail_ends()), beginning_of(LANE))
        slip = slip_after(before, Head(chain.patient, chain.organisation, entry.number, digest), self._trail_key)
        self._now().slips[slip.lane, slip.number] = slip

    def add_checkpoint(self, sealed: SealedCheckpoint, tails: tuple[TailEnd, ...]) -> None:
        """Keep a checkpoint; what it covers of the tail is forgotten, but for the ends."""
        self._now().checkpoints.append(sealed)
        for tail in tails:
            for key in [key for key in self._now().slips if key[0] == tail.lane and key[1] < tail.number]:
                del self._now().slips[key]
            end = self._now().slips[tail.lane, tail.number]
            self._now().slips[tail.lane, tail.number] = replace(end, sealed=True)

    def cut(self, anchor: SealedAnchor, number: int) -> int:
        """Remove a chain's oldest entries and keep the anchor in their place."""
        held = self._now().trail[anchor.chain]
        kept = tuple(entry for entry in held if entry.number > number)
        self._now().trail[anchor.chain] = kept
        self._now().anchors[anchor.chain] = anchor
        return len(held) - len(kept)


def _in_order(state: State) -> list[Chain]:
    return sorted(state.trail, key=_key)


def _key(chain: Chain) -> tuple[int, str]:
    return chain.patient, chain.organisation
