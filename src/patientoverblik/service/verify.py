"""Whether the security trail is whole: every chain adds up, and every signed head is still there.

Findings name a place free of patients: a chain's handle and an entry's number, or a checkpoint's number. Everything is
read in pages, so a trail of any length is verified in the same memory.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from hashlib import sha256
from typing import TypeVar

import msgspec

from patientoverblik.problems import Finding
from patientoverblik.service.seals import (
    NOTHING_BEFORE,
    Anchor,
    Chain,
    Checkpoint,
    Entry,
    Head,
    Keys,
    SealedAnchor,
    SealedCheckpoint,
    TrailReader,
    chained,
)

Faults = Generator[Finding, None, int]
TOGETHER = 16
MOST_OPEN = 10_000
START = Entry(Chain(-1), 0, b"", NOTHING_BEFORE)
T = TypeVar("T")
_checkpoint = msgspec.msgpack.Decoder(Checkpoint).decode
_anchor = msgspec.msgpack.Decoder(Anchor).decode
_heads = msgspec.msgpack.Decoder(tuple[Head, ...]).decode


class Witnessed(msgspec.Struct, frozen=True):
    """A checkpoint that somebody outside the database remembers: its number and digest (hex)."""

    number: int
    digest: str


class Verified(msgspec.Struct, frozen=True):
    """How much of a trail was looked at; ``open_chains`` have entries no checkpoint covers yet (counted to 10 000)."""

    entries: int
    checkpoints: int
    open_chains: int


def verify(reader: TrailReader, keys: Keys, witnessed: Iterable[Witnessed] = ()) -> Generator[Finding, None, Verified]:
    """Every fault of the trail as it is found; in the end, how much was looked at."""
    entries = yield from chain_faults(reader)
    yield from _anchor_faults(reader, keys)
    checkpoints = yield from _checkpoint_faults(reader, keys, {one.number: one.digest for one in witnessed})
    return Verified(entries, checkpoints, len(reader.open_chains(MOST_OPEN)))


def chain_faults(reader: TrailReader) -> Faults:
    """Entries that do not follow from the one before, or from where their chain begins; how many were looked at."""
    seen = 0
    before = START
    for entry in reader.trail():
        if entry.chain != before.chain:
            before = beginning(reader, entry.chain)
        if chained(before.digest, entry.data) != entry.digest:
            yield Finding(_break(before, entry), place=place_of(entry.chain, entry.number))
        before = entry
        seen += 1
    return seen


def place_of(chain: Chain, number: int) -> str:
    """Where in the trail, without a patient."""
    return f"chain {chain.handle} entry {number}"


def _break(before: Entry, entry: Entry) -> str:
    return "trail.entry-missing" if entry.number > before.number + 1 else "trail.entry-changed"


def beginning(reader: TrailReader, chain: Chain) -> Entry:
    """What the first entry of a chain follows: nothing, or what its anchor says was last removed."""
    held = reader.anchor(chain)
    anchor = _decoded(_anchor, held.data) if held else None
    return Entry(chain, anchor.number, b"", anchor.digest) if anchor else Entry(chain, 0, b"", NOTHING_BEFORE)


def _anchor_faults(reader: TrailReader, keys: Keys) -> Generator[Finding]:
    for sealed in reader.anchors():
        if _signed_anchor(sealed, keys) is None:
            yield Finding("trail.anchor-changed", place=f"chain {sealed.chain.handle}")
        elif reader.head(sealed.chain) is None:
            yield Finding("trail.chain-gone", place=f"chain {sealed.chain.handle}")


def _signed_anchor(sealed: SealedAnchor, keys: Keys) -> Anchor | None:
    anchor = _decoded(_anchor, sealed.data)
    good = anchor and anchor.chain == sealed.chain and keys.signed(anchor.key, sealed.data, sealed.signature)
    return anchor if good else None


def _checkpoint_faults(reader: TrailReader, keys: Keys, witnessed: dict[int, str]) -> Faults:
    number, digest = 0, NOTHING_BEFORE
    for sealed in _checkpoints(reader):
        place = f"checkpoint {sealed.number}"
        if sealed.number != number + 1:
            yield Finding("trail.checkpoint-missing", place=f"checkpoint {number + 1}")
        elif not _is_whole(sealed, digest, keys) or witnessed.get(sealed.number, sealed.digest.hex()) != _hex(sealed):
            yield Finding("trail.checkpoint-changed", place=place)
        else:
            yield from _head_faults(reader, _heads(sealed.heads), keys)
        number, digest = sealed.number, sealed.digest
    for lost in sorted(one for one in witnessed if one > number):
        yield Finding("trail.checkpoint-missing", place=f"checkpoint {lost}")
    return number


def _hex(sealed: SealedCheckpoint) -> str:
    return sealed.digest.hex()


def _is_whole(sealed: SealedCheckpoint, before: bytes, keys: Keys) -> bool:
    """Whether a checkpoint is signed by a known key, follows the one before, and covers the heads it is kept with."""
    said = _decoded(_checkpoint, sealed.data)
    return (
        said is not None
        and (said.number, said.before, said.heads) == (sealed.number, before, sha256(sealed.heads).digest())
        and keys.signed(said.key, sealed.data, sealed.signature)
    )


def _head_faults(reader: TrailReader, heads: Iterable[Head], keys: Keys) -> Generator[Finding]:
    for head in heads:
        found = reader.digest_at(head.chain, head.number)
        if found == head.digest:
            continue
        code = "trail.rewritten" if found is not None else _lost(reader, head, keys)
        if code:
            yield Finding(code, place=place_of(head.chain, head.number))


def _lost(reader: TrailReader, head: Head, keys: Keys) -> str:
    """Why a signed entry is not there; empty where the retention period removed it."""
    held = reader.anchor(head.chain)
    anchor = _signed_anchor(held, keys) if held else None
    if anchor and anchor.number >= head.number:
        return ""
    newest = reader.head(head.chain)
    if newest is None:
        return "trail.chain-gone"
    return "trail.cut-off" if newest.number < head.number else "trail.entry-missing"


def _checkpoints(reader: TrailReader) -> Iterator[SealedCheckpoint]:
    after = 0
    while page := reader.checkpoints(after, TOGETHER):
        yield from page
        after = page[-1].number


def _decoded(decode: Callable[[bytes], T], data: bytes) -> T | None:
    """The value, None where the bytes are no such value: they may have been tampered with."""
    try:
        return decode(data)
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None
