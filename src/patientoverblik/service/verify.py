"""Whether the security trail is whole: every chain adds up, every signed head and every slip of the tail is still
there, and there are as many entries as were written.

Findings name a place free of patients: a chain's handle and an entry's number, or a checkpoint's number. Everything is
read in pages, so a trail of any length is verified in the same memory.
"""

from collections.abc import Callable, Generator, Iterable, Iterator
from hashlib import sha256
from itertools import chain as concatenated
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
    TailEnd,
    TailKey,
    TrailReader,
    chained,
    place_of,
)
from patientoverblik.service.tail import all_slips, beginning_of, ends_of, length, said_by, tail_faults

Faults = Generator[Finding, None, int]
TOGETHER = 16
CHAINS_TOGETHER = 500
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


class Outside(msgspec.Struct, frozen=True):
    """What is known outside the database: checkpoints and ends of the tail that a witness remembers, and the key of the
    tail; without it the codes of the tail are not looked at."""

    checkpoints: tuple[Witnessed, ...] = ()
    ends: tuple[TailEnd, ...] = ()
    key: TailKey | None = None


NOTHING = Outside()


class Sealed(msgspec.Struct, frozen=True):
    """The number of the newest checkpoint, and whether all of them are as they were signed."""

    newest: int
    whole: bool


def verify(reader: TrailReader, keys: Keys, outside: Outside = NOTHING) -> Generator[Finding, None, Verified]:
    """Every fault of the trail as it is found; in the end, how much was looked at."""
    entries = yield from chain_faults(reader)
    removed = yield from _anchor_faults(reader, keys)
    sealed = yield from _checkpoint_faults(reader, keys, outside.checkpoints)
    written = yield from _tail_faults(reader, outside)
    if sealed.whole and written and written < entries + removed:
        yield from _added(reader)
    return Verified(entries, sealed.newest, len(reader.open_chains(MOST_OPEN)))


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


def _break(before: Entry, entry: Entry) -> str:
    return "trail.entry-missing" if entry.number > before.number + 1 else "trail.entry-changed"


def beginning(reader: TrailReader, chain: Chain) -> Entry:
    """What the first entry of a chain follows: nothing, or what its anchor says was last removed."""
    held = reader.anchor(chain)
    anchor = _decoded(_anchor, held.data) if held else None
    return Entry(chain, anchor.number, b"", anchor.digest) if anchor else Entry(chain, 0, b"", NOTHING_BEFORE)


def _anchor_faults(reader: TrailReader, keys: Keys) -> Faults:
    """Faults of anchors; how many entries they tell were removed."""
    removed = 0
    for sealed in reader.anchors():
        anchor = _signed_anchor(sealed, keys)
        removed += anchor.removed if anchor else 0
        if anchor is None:
            yield Finding("trail.anchor-changed", place=f"chain {sealed.chain.handle}")
        elif reader.head(sealed.chain) is None:
            yield Finding("trail.chain-gone", place=f"chain {sealed.chain.handle}")
    return removed


def removed_of(held: SealedAnchor | None) -> int:
    """How many entries an anchor says were removed."""
    anchor = _decoded(_anchor, held.data) if held else None
    return anchor.removed if anchor else 0


def _signed_anchor(sealed: SealedAnchor, keys: Keys) -> Anchor | None:
    anchor = _decoded(_anchor, sealed.data)
    good = anchor and anchor.chain == sealed.chain and keys.signed(anchor.key, sealed.data, sealed.signature)
    return anchor if good else None


def _checkpoint_faults(
    reader: TrailReader, keys: Keys, remembered: Iterable[Witnessed]
) -> Generator[Finding, None, Sealed]:
    number, digest, whole = 0, NOTHING_BEFORE, True
    witnessed = {one.number: one.digest for one in remembered}
    for sealed in _checkpoints(reader):
        if sealed.number != number + 1:
            yield Finding("trail.checkpoint-missing", place=f"checkpoint {number + 1}")
            whole = False
        elif not _is_whole(sealed, digest, keys) or witnessed.get(sealed.number, sealed.digest.hex()) != _hex(sealed):
            yield Finding("trail.checkpoint-changed", place=f"checkpoint {sealed.number}")
            whole = False
        else:
            yield from _head_faults(reader, _heads(sealed.heads), keys)
            yield from (Finding("trail.sealed-broken", place=place) for place in _checkpoint(sealed.data).broken)
        number, digest = sealed.number, sealed.digest
    for lost in sorted(one for one in witnessed if one > number):
        yield Finding("trail.checkpoint-missing", place=f"checkpoint {lost}")
        whole = False
    return Sealed(number, whole)


def _tail_faults(reader: TrailReader, outside: Outside) -> Faults:
    """Faults of the slips, and ends that a witness remembers and that are not there; how many entries were ever
    written, 0 where no checkpoint tells yet."""
    said = said_by(reader.last_checkpoint())
    sealed = ends_of(said)
    ends = yield from tail_faults(reader, all_slips(reader), sealed, outside.key)
    for end in outside.ends:
        if end.number >= sealed.get(end.lane, beginning_of(end.lane)).number and _slip_at(reader, end) != end:
            yield Finding("trail.tail-missing", place=f"lane {end.lane}")
    return said.entries + length(ends, sealed) if said and sealed else 0


def _slip_at(reader: TrailReader, end: TailEnd) -> TailEnd | None:
    return next((slip.end for slip in reader.slips((end.lane, end.number - 1), 1)), None)


def _added(reader: TrailReader) -> Generator[Finding]:
    """Entries that nobody wrote through the storage: those a chain ends in that no checkpoint or slip knows of; where
    there are none of these, others have been written behind them since."""
    known = frozenset(_covered(reader))
    told = False
    for chain in _chains(reader):
        newest = reader.head(chain)
        if newest is not None and chain not in known:
            yield Finding("trail.entry-added", place=place_of(chain, newest.number))
            told = True
    if not told:
        yield Finding("trail.entry-added", place="trail")


def _covered(reader: TrailReader) -> Iterator[Chain]:
    """Every chain whose newest entry is signed or in the tail."""
    heads = (head for sealed in _checkpoints(reader) for head in _heads(sealed.heads))
    signed = ((head.chain, head.number) for head in heads)
    for chain, number in concatenated(signed, ((slip.chain, slip.entry) for slip in all_slips(reader))):
        newest = reader.head(chain)
        if newest is not None and newest.number == number:
            yield chain


def _chains(reader: TrailReader) -> Iterator[Chain]:
    after = Chain(-1)
    while page := reader.chains_after(after, CHAINS_TOGETHER):
        yield from page
        after = page[-1]


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
