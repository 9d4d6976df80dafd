"""How the security trail is sealed: chains, their heads, signed checkpoints over heads, and signed anchors.

Each chain links its entries by hash. That alone does not show that a chain's newest entries, or a
whole chain, are gone, nor that somebody computed all of it anew. A checkpoint signs the heads of every chain that grew
since the one before and names that one's digest, so that all checkpoints together cover all chains. What is written
after the newest checkpoint stands in the tail (``service/tail.py``): one slip per entry, keyed.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Protocol

import msgspec

_encode = msgspec.msgpack.Encoder().encode
HANDLE_DIGITS = 16
NOTHING_BEFORE = b"\x00" * 32
BEFORE_ALL = (-1, 0)


def place_of(chain: "Chain", number: int) -> str:
    """Where in the trail, without a patient."""
    return f"chain {chain.handle} entry {number}"


def chained(before: bytes, event: bytes) -> bytes:
    """The digest (32 bytes) of an event that follows a chain ending in ``before``."""
    return sha256(before + event).digest()


class Chain(msgspec.Struct, frozen=True, gc=False):
    """One chain of the trail: a patient's, or (``patient`` 0) an organisation's."""

    patient: int
    organisation: str = ""

    @property
    def handle(self) -> str:
        """What the chain is called where a patient key may not stand (DESIGN 14): hex, from the key one way."""
        return sha256(f"{self.patient}|{self.organisation}".encode()).hexdigest()[:HANDLE_DIGITS]


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One entry of a chain as it is kept. Numbers rise along a chain; ``digest`` covers all entries up to this one."""

    chain: Chain
    number: int
    data: bytes
    digest: bytes


class Head(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """The newest entry of a chain at some time."""

    patient: int
    organisation: str
    number: int
    digest: bytes

    @property
    def chain(self) -> Chain:
        """The chain it is the head of."""
        return Chain(self.patient, self.organisation)


class TailEnd(msgspec.Struct, frozen=True, gc=False, array_like=True):
    """How far a lane of the tail had come: its newest slip's number and code."""

    lane: int
    number: int
    mac: bytes


class Slip(msgspec.Struct, frozen=True, gc=False):
    """That an entry was written: which, as which one of its lane (from 1, without gaps), and a code (HMAC) over that
    and the slip before, by the key with this id (both empty where the installation has no key).

    The newest slip that a checkpoint covers stays as ``sealed``: the next one follows it.
    """

    lane: int
    number: int
    chain: Chain
    entry: int
    key: str
    mac: bytes
    sealed: bool = False

    @property
    def end(self) -> TailEnd:
        """The lane's end while this slip is its newest."""
        return TailEnd(self.lane, self.number, self.mac)


class Checkpoint(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a signature says of the trail: number (from 1, without gaps), time (ms UTC), the digest of the checkpoint
    before, the digest of its heads, how many they are, and the id of the key that signs.

    ``tails`` is how far it covers the tail, ``entries`` how many the trail ever had up to there, and ``broken`` the
    places of what had been tampered with before it was made; checkpoints of before the tail was keyed have none of it.
    """

    number: int
    at: int
    before: bytes
    heads: bytes
    count: int
    key: str
    tails: tuple[TailEnd, ...] = ()
    entries: int = 0
    broken: tuple[str, ...] = ()


class Anchor(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a chain begins once its oldest entries were removed: the last removed one's number and digest, the time of
    removal (ms UTC), the id of the key that signs, and how many entries were ever removed (since that is told)."""

    chain: Chain
    number: int
    digest: bytes
    at: int
    key: str
    removed: int = 0


class Covered(msgspec.Struct, frozen=True):
    """What a checkpoint says of the tail, as :class:`Checkpoint` has it."""

    tails: tuple[TailEnd, ...]
    entries: int
    broken: tuple[str, ...]


class SealedCheckpoint(msgspec.Struct, frozen=True):
    """A checkpoint as it is kept: the bytes signed, the signature, and the heads it covers, encoded."""

    number: int
    data: bytes
    signature: bytes
    heads: bytes

    @property
    def digest(self) -> bytes:
        """What the next checkpoint names as the one before."""
        return sha256(self.data + self.signature).digest()


class SealedAnchor(msgspec.Struct, frozen=True):
    """An anchor as it is kept: the bytes signed and the signature."""

    chain: Chain
    data: bytes
    signature: bytes


class TailKey(Protocol):
    """What the tail is keyed with; a secret of the installation, outside the database."""

    @property
    def id(self) -> str:
        """The id of the key; empty where there is none."""

    def mac(self, data: bytes, /) -> bytes:
        """The code (HMAC-SHA-256, 32 bytes) of some bytes; empty where there is no key."""


class Unkeyed:
    """No key: slips then only say which entries no checkpoint covers."""

    id = ""

    def mac(self, _: bytes, /) -> bytes:
        """Nothing, whatever the bytes."""
        return b""


UNKEYED = Unkeyed()


class Signer(TailKey, Protocol):
    """A private key (Ed25519), and the secret that follows from it."""

    @property
    def id(self) -> str:
        """The id of the key, from its public half."""

    def sign(self, data: bytes) -> bytes:
        """The signature of some bytes."""


class Keys(Protocol):
    """Every public key that seals of this trail may be signed with, those of earlier years too."""

    def signed(self, key: str, data: bytes, signature: bytes) -> bool:
        """Whether the key of this id is known and signed these bytes."""


class TrailReader(Protocol):
    """The trail for verification only; the product never reads it to work (DESIGN 2)."""

    def trail(self) -> Iterator[Entry]:
        """Every entry of every chain, those of one chain in order and together; little of it in memory at a time."""

    def chain_entries(self, chain: Chain) -> Iterator[Entry]:
        """The entries of one chain in order."""

    def digest_at(self, chain: Chain, number: int) -> bytes | None:
        """The digest of one entry, None where there is none."""

    def head(self, chain: Chain) -> Head | None:
        """The newest entry of a chain."""

    def checkpoints(self, after: int, most: int) -> tuple[SealedCheckpoint, ...]:
        """At most so many checkpoints whose number is above ``after``, in order."""

    def last_checkpoint(self) -> SealedCheckpoint | None:
        """The newest checkpoint."""

    def anchor(self, chain: Chain) -> SealedAnchor | None:
        """Where a chain begins, if not at its first entry."""

    def anchors(self) -> Iterator[SealedAnchor]:
        """Every anchor."""

    def slips(self, after: tuple[int, int], most: int) -> tuple[Slip, ...]:
        """At most so many slips of the tail behind (lane, number), by lane and number; ``BEFORE_ALL`` is before all."""

    def tail_ends(self) -> tuple[TailEnd, ...]:
        """The end of every lane of the tail."""

    def open_chains(self, most: int) -> tuple[Chain, ...]:
        """At most so many chains that have entries no checkpoint covers."""

    def chains_after(self, after: Chain, most: int) -> tuple[Chain, ...]:
        """At most so many chains in the order of their keys, beginning after one; ``Chain(-1)`` is before all."""


class TrailSealer(TrailReader, Protocol):
    """Sealing the trail inside an act."""

    def add_checkpoint(self, sealed: SealedCheckpoint, tails: tuple[TailEnd, ...]) -> None:
        """Keep a checkpoint; slips up to these ends are covered and forgotten, but for the ends themselves."""

    def cut(self, anchor: SealedAnchor, number: int) -> int:
        """Remove the entries of a chain up to ``number`` and keep the anchor in their place; how many went."""


def sealed_checkpoint(
    before: SealedCheckpoint | None, heads: tuple[Head, ...], at: int, signer: Signer, tail: Covered
) -> SealedCheckpoint:
    """The next checkpoint, signed."""
    encoded = _encode(heads)
    statement = Checkpoint(
        number=before.number + 1 if before else 1,
        at=at,
        before=before.digest if before else NOTHING_BEFORE,
        heads=sha256(encoded).digest(),
        count=len(heads),
        key=signer.id,
        tails=tail.tails,
        entries=tail.entries,
        broken=tail.broken,
    )
    data = _encode(statement)
    return SealedCheckpoint(statement.number, data, signer.sign(data), encoded)


def sealed_anchor(head: Head, at: int, signer: Signer, removed: int) -> SealedAnchor:
    """An anchor behind an entry that is about to be removed, signed; ``removed`` as :class:`Anchor` counts them."""
    data = _encode(Anchor(head.chain, head.number, head.digest, at, signer.id, removed))
    return SealedAnchor(head.chain, data, signer.sign(data))
