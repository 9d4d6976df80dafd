"""What has an end and may be forgotten once that is long past, of one patient key alone."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

from patientoverblik.access import (
    Block,
    Custody,
    FollowUp,
    Guardian,
    Notice,
    Opening,
    PowerOfAttorney,
    Protection,
    Relation,
)
from patientoverblik.access.ports import Kept
from patientoverblik.storage.sql.followed import FollowedWrites
from patientoverblik.storage.sql.packing import (
    decode_block,
    decode_custody,
    decode_follow_up,
    decode_guardian,
    decode_notice,
    decode_opening,
    decode_power,
    decode_protection,
    decode_relation,
    encode,
)
from patientoverblik.storage.sql.place import EVIDENCE, FOLLOWED, OF_PART, WITHIN, within

# By type: where it stands, as what kind, and how it is read.
_PLACES: Mapping[type, tuple[int, str, Callable[[bytes], Any]]] = {
    Relation: (EVIDENCE, "relation", decode_relation),
    PowerOfAttorney: (EVIDENCE, "power", decode_power),
    Block: (EVIDENCE, "block", decode_block),
    Custody: (EVIDENCE, "custody", decode_custody),
    Guardian: (EVIDENCE, "guardian", decode_guardian),
    Protection: (EVIDENCE, "protection", decode_protection),
    Opening: (EVIDENCE, "opening", decode_opening),
    FollowUp: (FOLLOWED, "follow-up", decode_follow_up),
    Notice: (FOLLOWED, "notice", decode_notice),
}
_DECODE = {kind: decode for _, kind, decode in _PLACES.values()}


class ForgettingWrites(FollowedWrites):
    """Listing and forgetting inside an act."""

    def kept_of(self, patient: int) -> tuple[Kept, ...]:
        """Everything that has an end, under this key alone."""
        return tuple(
            _DECODE[kind](data)
            for part in (EVIDENCE, FOLLOWED)
            for kind, data in self._connection.all(OF_PART, within(patient, part))
            if kind in _DECODE
        )

    def forget(self, patient: int, kept: Kept) -> None:
        """Take one away; nothing where there is none."""
        part, kind, _ = _PLACES[type(kept)]
        self._connection.later(
            f"delete from shelf where {WITHIN} and about = ? and name = ?",  # noqa: S608
            (*within(patient, part), kind, _name(kept)),
        )


def _name(kept: Kept) -> bytes:
    """The name of its row, as it was put."""
    if isinstance(kept, Relation):
        return sha256(encode(kept.told_of)).digest()
    return (str(kept.person) if isinstance(kept, Protection) else kept.id).encode()
