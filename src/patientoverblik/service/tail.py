"""The tail of the trail: what no checkpoint covers yet, one keyed slip for each entry.

The codes of a lane follow one from another, so that no entry of the tail can be changed, moved, left out or added, nor
a chain cut, by somebody without the key. What they do not show is that all that was written after some moment is gone,
every lane as it was then: that takes somebody outside the database who remembers an end.
"""

from collections.abc import Generator, Iterable, Mapping
from hmac import compare_digest

import msgspec

from patientoverblik.problems import Finding
from patientoverblik.service.seals import (
    BEFORE_ALL,
    Checkpoint,
    Head,
    SealedCheckpoint,
    Slip,
    TailEnd,
    TailKey,
    TrailReader,
    place_of,
)

TOGETHER = 1000
Ends = Mapping[int, TailEnd]
_encode = msgspec.msgpack.Encoder().encode
_checkpoint = msgspec.msgpack.Decoder(Checkpoint).decode


def slip_after(before: TailEnd, head: Head, key: TailKey) -> Slip:
    """The slip of an entry that has just become the head of its chain, behind the newest of its lane."""
    mac = key.mac(_stated(before, head))
    return Slip(before.lane, before.number + 1, head.chain, head.number, key.id, mac)


def beginning_of(lane: int) -> TailEnd:
    """What the very first slip of a lane follows."""
    return TailEnd(lane, 0, b"")


def said_by(sealed: SealedCheckpoint | None) -> Checkpoint | None:
    """What a checkpoint says; None where there is none, or somebody made it unreadable."""
    try:
        return _checkpoint(sealed.data) if sealed else None
    except (msgspec.DecodeError, msgspec.ValidationError):
        return None


def ends_of(said: Checkpoint | None) -> dict[int, TailEnd]:
    """How far a checkpoint covers each lane; nothing where it was made before the tail was keyed."""
    return {end.lane: end for end in said.tails} if said else {}


def length(ends: Ends, covered: Ends) -> int:
    """How many slips the lanes have from what is covered up to their ends."""
    return sum(end.number - covered.get(lane, beginning_of(lane)).number for lane, end in ends.items())


def all_slips(reader: TrailReader) -> Generator[Slip]:
    """Every slip, by lane and number, little of it in memory at a time."""
    after = BEFORE_ALL
    while page := reader.slips(after, TOGETHER):
        yield from page
        after = (page[-1].lane, page[-1].number)


def tail_faults(
    reader: TrailReader, slips: Iterable[Slip], ends: Ends, key: TailKey | None
) -> Generator[Finding, None, dict[int, TailEnd]]:
    """Slips that do not follow from the one before or do not fit their entry, beginning at the ``ends`` of the newest
    checkpoint; the end of each lane. Without a key, codes are not looked at."""
    newest: dict[int, TailEnd] = {}
    for slip in slips:
        code = _fault(reader, slip, newest.get(slip.lane), ends, key)
        if code:
            yield Finding(code, place=place_of(slip.chain, slip.entry))
        newest[slip.lane] = slip.end
    for lane in ends.keys() - newest.keys():
        yield Finding("trail.tail-missing", place=f"lane {lane}")
    return newest


def _fault(reader: TrailReader, slip: Slip, before: TailEnd | None, ends: Ends, key: TailKey | None) -> str:
    if before is None and slip.lane in ends:
        return _fault_of_first(slip, ends[slip.lane])
    before = before or beginning_of(slip.lane)
    if slip.number != before.number + 1:
        return "trail.tail-missing"
    digest = reader.digest_at(slip.chain, slip.entry)
    if digest is None:
        return "trail.cut-off"
    head = Head(slip.chain.patient, slip.chain.organisation, slip.entry, digest)
    return "" if _fits(slip, _stated(before, head), ends, key) else "trail.tail-changed"


def _fault_of_first(slip: Slip, end: TailEnd) -> str:
    """The first slip of a lane is the one that the newest checkpoint names."""
    if slip.end == end:
        return ""
    return "trail.tail-changed" if slip.number == end.number else "trail.tail-missing"


def _fits(slip: Slip, stated: bytes, ends: Ends, key: TailKey | None) -> bool:
    """Whether a slip says what was stated; one without a code only before the first checkpoint that covers a tail."""
    if not slip.key:
        return not ends
    return key is None or (slip.key == key.id and compare_digest(slip.mac, key.mac(stated)))


def _stated(before: TailEnd, head: Head) -> bytes:
    return _encode((before.mac, before.lane, before.number + 1, head))
